// Does a price test eat full-price sales? Neighbours are the other SKUs of the line's product and brand; what they sell
// at full price in each whole hour since the test began is held against the same hours of up to seven days before it.
// The test is stopped when they sold less by more than the merchant bears and chance does not explain it: the Chernoff
// bound of the binomial split is below 1 % shared out over all reviews of the window, so that looking often does not
// stop an innocent test. Pure; any thread. Covered by flow/decide/governors_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "model/drop.h"
#include "model/state.h"

namespace dropsmith::decide {

struct NeighbourSales {
    std::int64_t before = 0, after = 0;              // units
    std::int64_t hours_before = 0, hours_after = 0;  // that they were counted in
};

std::vector<SkuId> neighbours_of(const State& state, SkuId sku);
NeighbourSales neighbour_sales(const Prices& prices, const std::vector<SkuId>& neighbours, Instant test_began,
                               Instant now);
bool eats_full_price(const NeighbourSales& sales, Rate borne, std::uint32_t reviews);

// What facts do to the memory: units sold at full price, by hour, of the last 15 days.
void count_full_price(Prices& slice, SkuId sku, std::int64_t units, Instant at);

}  // namespace dropsmith::decide
