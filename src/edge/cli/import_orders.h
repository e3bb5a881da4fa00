// Orders of the past from a merchant's export into the book: any CSV by a mapping, Shopify's orders, Square's items.
// Each reader checks every row and notes what is wrong by row and column; rows with a problem are not in the book.
// One thread. Covered by edge/cli/import_orders_test.cpp.
#pragma once

#include <functional>
#include <string>

#include "edge/cli/import_book.h"
#include "edge/cli/import_mapping.h"
#include "edge/cli/import_table.h"

namespace dropsmith::cli {

enum class DateOrder : unsigned char { unknown, day_first, month_first };

using Tick = std::function<void(std::uint64_t row)>;  // after each row, for progress

void read_mapped_orders(Table& table, const Mapping& mapping, Book& book, const Tick& tick);
void read_shopify_orders(Table& table, Book& book, const Tick& tick);
void read_square_items(Table& table, DateOrder order, Book& book, const Tick& tick);

}  // namespace dropsmith::cli
