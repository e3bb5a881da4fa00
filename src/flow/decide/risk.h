// Conservative exploration (after Wu, Shariff, Lattimore and Szepesvari, "Conservative bandits", ICML 2016): a band
// other than the baseline is tried only when, with the stated confidence, the expected margin so far and through the
// next period stays at least 1 - a of what the baseline would have earned. What a band is worth is its lower confidence
// bound, so that nothing is taken for granted of a band that has not been seen. Periods are weighed by the visitors
// that came in them: nine quiet hours do not pay for one busy one. Units are taken for Poisson at a rate per visitor;
// the bounds hold for all the window at once, whichever bands are asked when, by Garivier and Cappe's slices of time
// (COLT 2011): exp(-s) for one moment is e * ceil(s * ln(most / least exposure)) * exp(-s) for all of them. Judged
// while units last. Pure; any thread. Covered by flow/decide/governors_test.cpp.
#pragma once

#include <cstddef>
#include <vector>

namespace dropsmith::decide {

struct RiskArm {
    double value = 0;    // of a unit sold: contribution
    double periods = 0;  // that it was asked, in periods with average arrivals
    double sales = 0;
};

struct RiskAsk {
    std::vector<RiskArm> arms;
    std::size_t baseline = 0;
    double at_risk = 0;        // a
    double confidence = 0.95;  // 1 - delta
    double periods_all = 1;    // of the window
    double next = 1;           // arrivals of the coming period, of an average one
};

// Bounds of a Poisson rate from `sales` in `periods` that fail with probability exp(-strength) each (Chernoff).
double rate_below(double sales, double periods, double strength);
double rate_above(double sales, double periods, double strength);  // infinite when nothing has been seen

// The strength at which all bounds of a window hold together but for `failing`; below `exposure_least` none is given.
inline constexpr double exposure_least = 0.05;
double strength_for(std::size_t bounds, double periods_all, double failing);

bool may_explore(const RiskAsk& ask, std::size_t arm);

}  // namespace dropsmith::decide
