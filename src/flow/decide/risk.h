// Conservative exploration (after Wu, Shariff, Lattimore and Szepesvari, "Conservative bandits", ICML 2016): a band
// other than the baseline is tried only when, with the stated confidence, the expected margin so far and through the
// next period stays at least 1 - a of what the baseline would have earned. What a band is worth is its lower confidence
// bound, so that nothing is taken for granted of a band that has not been seen. Units a period are taken for Poisson;
// the bounds hold for all periods of the window at once. Judged while units last. Pure; any thread. Covered by
// flow/decide/governors_test.cpp.
#pragma once

#include <cstddef>
#include <vector>

namespace dropsmith::decide {

struct RiskArm {
    double value = 0;    // of a unit sold: contribution
    double periods = 0;  // that it was asked
    double sales = 0;
};

struct RiskAsk {
    std::vector<RiskArm> arms;
    std::size_t baseline = 0;
    double at_risk = 0;        // a
    double confidence = 0.95;  // 1 - delta
    double periods_all = 1;    // of the window
};

// Bounds of a Poisson rate from `sales` in `periods` that fail with probability exp(-strength) each (Chernoff).
double rate_below(double sales, double periods, double strength);
double rate_above(double sales, double periods, double strength);  // infinite when nothing has been seen

bool may_explore(const RiskAsk& ask, std::size_t arm);

}  // namespace dropsmith::decide
