// Covered by flow/decide/governors_test.cpp.
#include "flow/decide/risk.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dropsmith::decide {
namespace {

// Divergence of a Poisson with mean `seen` from one with mean `rate`.
double divergence(double seen, double rate) {
    return seen > 0 ? rate - seen + seen * std::log(seen / rate) : rate;
}

}  // namespace

double rate_below(double sales, double periods, double strength) {
    if (sales <= 0 || periods < exposure_least) return 0;
    const double seen = sales / periods;
    double low = 0, high = seen;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (middle > 0 && periods * divergence(seen, middle) <= strength ? high : low) = middle;
    }
    return low;
}

double rate_above(double sales, double periods, double strength) {
    if (periods < exposure_least) return std::numeric_limits<double>::infinity();
    const double seen = std::max(0.0, sales) / periods;
    double low = seen, high = seen + 2 * std::sqrt(strength * (seen + 1) / periods) + 2 * strength / periods + 1;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (periods * divergence(seen, middle) <= strength ? low : high) = middle;
    }
    return high;
}

double strength_for(std::size_t bounds, double periods_all, double failing) {
    const double many = static_cast<double>(bounds) * std::exp(1.0);
    const double slices = std::log(std::max(2.0, periods_all / exposure_least));
    double strength = 1;
    for (int i = 0; i < 60; ++i) strength = std::log(many * std::ceil(strength * slices) / failing);
    return strength;
}

bool may_explore(const RiskAsk& ask, std::size_t arm) {
    if (arm == ask.baseline) return true;
    const auto& base = ask.arms[ask.baseline];
    if (base.value <= 0) return true;  // it earns nothing: there is nothing to lose by the promise
    const double failing = std::max(1e-12, 1 - ask.confidence);
    double explored = 0, periods = ask.next;
    for (const auto& one : ask.arms) periods += one.periods;
    const double strength = strength_for(2 * ask.arms.size(), std::max({1.0, ask.periods_all, periods}), failing);
    for (std::size_t k = 0; k < ask.arms.size(); ++k) {
        const auto& one = ask.arms[k];
        if (k == ask.baseline) continue;
        const double times = one.periods + (k == arm ? ask.next : 0);
        if (times <= 0) continue;
        const double rate = one.value >= 0 ? rate_below(one.sales, one.periods, strength)
                                           : rate_above(one.sales, one.periods, strength);
        explored += times * one.value * rate;
    }
    const double spare = base.periods - (1 - ask.at_risk) * periods;  // periods of the baseline beyond what is promised
    if (spare >= 0) return explored + spare * base.value * rate_below(base.sales, base.periods, strength) >= 0;
    const double most = rate_above(base.sales, base.periods, strength);
    return std::isfinite(most) && explored + spare * base.value * most >= 0;
}

}  // namespace dropsmith::decide
