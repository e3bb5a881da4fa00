// What was read and checked, sent to the shop by its routes. All or nothing: sales are staged and published at the end,
// else abandoned. One thread. Covered by edge/cli/import_send_test.cpp with a door of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "edge/cli/door.h"
#include "edge/cli/import_book.h"
#include "edge/cli/import_goods.h"

namespace dropsmith::cli {

struct Sent {
    std::uint64_t taken = 0, unchanged = 0;
    std::uint64_t created = 0, changed = 0;  // products, places
};

struct SendSales {
    std::string file_name, file_digest, format;
    bool replace_unfinished = false;  // abandon an import that somebody left unfinished
};

using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

Result<Sent, std::string> send_sales(Door& door, const Book& book, const SendSales& how, const Progress& progress);
Result<Sent, std::string> send_products(Door& door, const Goods& goods, const Progress& progress);
Result<Sent, std::string> send_stock(Door& door, Goods& goods, bool create_places, const Progress& progress);

struct ShopFacts {
    std::string currency, time_zone;
};
Result<ShopFacts, std::string> ask_shop(Door& door);

}  // namespace dropsmith::cli
