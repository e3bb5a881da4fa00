// Covered by tests/http/access_matrix.py, tests/http/openapi.py.
#include "edge/http/routes.h"

#include <vector>

namespace dropsmith::http {

std::span<const Route> all_routes() {
    static const std::vector<Route> routes = [] {
        std::vector<Route> all;
        for (const auto table :
             {shop_routes(), grant_routes(), catalogue_routes(), stock_routes(), drop_routes(),
              price_hand_routes(), offer_routes(), price_routes(), template_routes(),
              selling_routes(), order_routes(), payment_routes(), transfer_routes(),
              room_routes(), waiting_routes(), import_routes(), measure_routes(),
              signal_routes(), people_routes(), site_routes()})
            all.insert(all.end(), table.begin(), table.end());
        return all;
    }();
    return routes;
}

}  // namespace dropsmith::http
