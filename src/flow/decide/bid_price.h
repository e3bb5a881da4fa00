// What one more unit in stock is worth when demand is known, in closed form. Of the concave hull of (units a look
// sells, value it earns) take the prices 1 ... m from dear and slow to cheap and fast; mu_i is the slope that leads
// to price i. A unit is worth mu_1 if it certainly runs out even at the dearest price, nothing if it is left over at
// the cheapest:
//     bid(n) = sum over i of (mu_i - mu_{i+1}) * P(D_i >= n),   mu_{m+1} = 0
// with D_i what would be asked at price i in the time that is left (binomial looks or Poisson counts). Exact for one
// price; selling at the price of most rate * (value - bid) earns 99.9 % of the exact optimum on GRID-252
// (flow/decide/bid_price_test.cpp), at any stock and horizon, without a table. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/limits.h"

namespace dropsmith::decide {

enum class DemandModel : unsigned char {
    one_look,  // a look buys or not
    counts,    // units a period are Poisson
};

struct PriceHull {
    std::array<float, limits::bands_max> rate{}, drop{};  // units a look; mu_i - mu_{i+1}
    std::size_t size = 0;
};

// rates may come in any order; a price that is never best is left out. `stride` between the rates of one hypothesis.
PriceHull price_hull(std::span<const float> values, const float* rates, std::size_t stride);

float bid_price(const PriceHull& hull, DemandModel model, float looks_left, float stock);

// The same of many hypotheses at once, in lanes: to the bit what the functions above say of each.
struct PriceHulls {
    std::size_t count = 0;
    std::vector<float> rate, drop;  // [step * count + hypothesis]; as many steps as prices, a step not taken drops by 0
};
PriceHulls price_hulls(std::span<const float> values, std::span<const float> rates, std::size_t count);
void bid_prices(const PriceHulls& hulls, DemandModel model, std::span<const float> looks_left, float stock,
                std::span<float> bids);

// P(Poisson(rate * looks) >= n) for each rate, n > 0, in lanes.
void chances_of_counts(std::span<const float> rates, float looks, float n, std::span<float> out);

float normal_chance(float z);                                            // P(Z <= z), to 1e-6
float chance_of(DemandModel model, float rate, float looks, float n);  // P(D >= n)

}  // namespace dropsmith::decide
