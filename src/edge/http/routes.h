// The routes, a table per room; router.cpp and openapi.cpp see them as one (routes.cpp). Each handler stands beside its
// table.
#pragma once

#include <span>

#include "edge/http/route.h"

namespace dropsmith::http {

std::span<const Route> all_routes();

std::span<const Route> shop_routes();
std::span<const Route> grant_routes();
std::span<const Route> catalogue_routes();
std::span<const Route> stock_routes();
std::span<const Route> import_routes();
std::span<const Route> drop_routes();
std::span<const Route> price_routes();
std::span<const Route> price_hand_routes();
std::span<const Route> offer_routes();
std::span<const Route> template_routes();
std::span<const Route> selling_routes();
std::span<const Route> order_routes();
std::span<const Route> payment_routes();
std::span<const Route> transfer_routes();
std::span<const Route> room_routes();
std::span<const Route> waiting_routes();
std::span<const Route> measure_routes();
std::span<const Route> signal_routes();
std::span<const Route> people_routes();
std::span<const Route> site_routes();

}  // namespace dropsmith::http
