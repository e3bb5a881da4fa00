// What the demo's shop sells. Invented. Covered by sim/demo_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/numbers.h"

namespace dropsmith::sim {

struct DemoProduct {
    std::string_view sku, title, story;
    std::int64_t price, unit_cost;  // pence, as shown and net
    double units_a_day;             // in an ordinary week
};
std::span<const DemoProduct> demo_products();  // SKU ids are 1, 2, 3 … in this order

struct DemoLine {
    std::size_t product;  // index into demo_products
    std::int64_t cap;
    std::int64_t visitors;  // who would think of buying it, over the window
    double interest;        // their median limit, as a share of the list price
};
struct DemoDrop {
    std::string_view slug, title, story;
    Duration opens_after;  // of the demo's start
    Duration window;
    Rate preorder_share;
    std::vector<DemoLine> lines;
};
const std::vector<DemoDrop>& demo_drops();

}  // namespace dropsmith::sim
