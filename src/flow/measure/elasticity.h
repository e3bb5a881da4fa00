// Price elasticities from the engine's own randomised decisions. At each decision the policy drew the price with logged
// chances e_k, so given everything before it the price that stood, x = log(price / list price), differs from its
// expectation X = sum e_k x_k by pure chance. At the true elasticity b the demand brought back to list price, y e^(-b
// x), has the same mean whatever was drawn; so
//     sum over decisions of (x - X) (y e^(-b (x - X)) - m) = 0,    m: what the line sold before, at the price X
// has expectation 0 at the true b, however the policy timed its discounts, however demand moves over the window and
// whatever was learned meanwhile (a multiplicative structural mean model, Robins 1994; m only saves variance). Its
// terms are martingale differences: the interval is where |sum| <= 1.96 sqrt(sum of squares). Plain regressions stand
// beside it so that their bias can be seen. SKUs are pooled in part (slopes.h). A cross-elasticity asks the same of
// another line's drawn price, after the own price has been taken out. In a cohort drop the sessions were drawn, not the
// moment: the two sides of a piece share season, level and stock, so their sum over both,
//     (x_c - X) y_c e^(-b (x_c - X)) + (x_r - X) y_r e^(-b (x_r - X)),    X = s x_c + (1 - s) x_r,
// has expectation 0 without any m; its square is counted hold by hold. Definition "elasticity/2". Pure; any thread.
// Covered by flow/measure/elasticity_test.cpp: recovery, coverage, and the least squares that is fooled by endogenous
// timing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flow/measure/periods.h"
#include "flow/measure/slopes.h"
#include "model/state.h"

namespace dropsmith::measure {

struct Trial {                 // a period of a line; those of one line and drop follow each other in time
    double x = 0, mean_x = 0;  // log(price / list price) that stood, and its expectation under the logged chances
    double units = 0;
    double exposure = 1;
    std::uint32_t series = 0;  // the line in its drop: what sold before is looked up within it
    double squares = -1;       // of a side of the sessions: sum of squares of what each hold took; else below 0
};

struct Interval {
    double value = 0, low = 0, high = 0;
    double se() const { return (high - low) / 3.919927969080108; }
};
// nullopt: the drawn prices do not bound it within -12 … 8: too little was drawn to tell.
std::optional<Interval> randomised_slope(std::span<const Trial> trials);

struct OwnElasticity {
    SkuId sku;
    std::optional<Interval> own;          // from this SKU alone
    std::optional<Slope> pooled;          // drawn towards the mean of all
    std::optional<Slope> poisson, least;  // plain regressions on the same periods, without the chances
    std::uint64_t drawn = 0, drops = 0;   // decisions with more than one possible price; drops with one
    std::int64_t units = 0;
};

struct CrossElasticity {  // of what `sku` sells, when `price_of` becomes dearer
    SkuId sku, price_of;
    Interval own;
    Slope pooled;
};

struct Elasticity {
    std::vector<OwnElasticity> own;
    std::vector<CrossElasticity> cross;
    std::optional<Interval> common;  // one elasticity for all SKUs
    std::optional<Pooled> pooled, pooled_cross;
    std::uint64_t periods = 0, drawn = 0, unexplained = 0;
};

Elasticity elasticity_of(const std::vector<Period>& periods, std::uint64_t unexplained);
std::string elasticity_json(const Elasticity& found, const State& state);

}  // namespace dropsmith::measure
