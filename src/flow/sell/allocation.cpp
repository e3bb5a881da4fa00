// See the header. Covered by flow/sell/allocation_test.cpp.
#include "flow/sell/allocation.h"

#include <algorithm>

namespace dropsmith::sell {

std::vector<PlaceShare> free_by_place(const Stock& stock, const DropLine& line, PlaceId pickup_at) {
    std::vector<PlaceShare> out;
    for (const auto& use : line.places) {
        if (pickup_at && use.place != pickup_at) continue;
        const auto* row = stock.find(line.terms.sku, use.place);
        const auto left = std::min(use.allotted - use.held - use.sold, row ? row->free : Quantity{0});
        if (left > Quantity{0}) out.push_back({use.place, left});
    }
    std::sort(out.begin(), out.end(), [](const PlaceShare& a, const PlaceShare& b) { return a.place < b.place; });
    return out;
}

Quantity free_in_line(const DropLine& line, const std::vector<PlaceShare>& free) {
    Quantity sum;
    for (const auto& share : free) sum += share.units;
    return std::max(Quantity{0}, std::min(sum, line.free()));
}

std::vector<PlaceShare> allocate(const std::vector<PlaceShare>& free, Quantity wanted) {
    const auto most = std::max_element(free.begin(), free.end(),
                                       [](const PlaceShare& a, const PlaceShare& b) { return a.units < b.units; });
    if (most != free.end() && most->units >= wanted) return {{most->place, wanted}};
    std::vector<PlaceShare> out;
    for (const auto& share : free) {
        const auto units = std::min(share.units, wanted);
        if (units == Quantity{0}) break;
        out.push_back({share.place, units});
        wanted -= units;
    }
    CHECK_BECAUSE(wanted == Quantity{0}, "more was allocated than is free");
    return out;
}

}  // namespace dropsmith::sell
