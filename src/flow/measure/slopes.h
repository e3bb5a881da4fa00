// Price slopes by themselves: least squares of log units on log price, the Poisson maximum likelihood of units on log
// price, and partial pooling of several noisy slopes. A slope is the own-price elasticity with its sign (-2.6: a price
// higher by 1 % sells 2.6 % less). These two say what is in the figures, not what the price caused: where discounts
// follow demand they are biased (elasticity.h has the estimator that is not). Floating point; pure; any thread. Covered
// by flow/measure/slopes_test.cpp: the closed forms, the formulas by hand, and tests/replay/dominicks.py on real
// prices.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace dropsmith::measure {

struct Slope {
    double value = 0, se = 0;  // se: of the model's own likelihood unless it says otherwise
    std::size_t n = 0;         // observations used
    double low() const { return value - 1.959963984540054 * se; }
    double high() const { return value + 1.959963984540054 * se; }
};

struct PriceUnits {
    double price = 0, units = 0;
    double exposure = 1;  // time on offer, or shoppers; the rate is units / exposure
};

// nullopt: fewer than two different prices, or nothing sold. Prices above 0; least squares skips rows without units.
std::optional<Slope> log_log_slope(std::span<const PriceUnits> rows);
std::optional<Slope> poisson_slope(std::span<const PriceUnits> rows);

struct Pooled {
    Slope mean;                 // of the population that the slopes come from
    double between_sd = 0;      // how much they truly differ (Paule & Mandel 1982)
    std::vector<Slope> slopes;  // each drawn towards the mean by its own uncertainty; se of the pooled value
};
// Empirical Bayes: slope_i ~ N(truth_i, se_i^2), truth_i ~ N(mean, between_sd^2). A slope with se 0 or not finite
// counts as unknown and becomes the mean. nullopt: none is known.
std::optional<Pooled> pool(std::span<const Slope> slopes);

}  // namespace dropsmith::measure
