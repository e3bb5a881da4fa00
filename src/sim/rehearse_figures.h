// Quantiles of a rehearsal's runs, and what they say of the plan in sentences: for JSON and for people alike. Pure.
// Covered by sim/rehearse_test.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/rehearse.h"

namespace dropsmith::sim {

struct Spread {
    double mean = 0, p05 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0;
    explicit Spread(std::vector<double> values);
    template <class Write>
    void each(Write write) const {
        write("mean", mean), write("p05", p05), write("p25", p25), write("p50", p50), write("p75", p75),
            write("p95", p95);
    }
};

std::size_t best_fixed(const std::vector<PolicyRuns>& policies);  // by mean margin; policies[0] is the plan's own
// What a person should look at before this plan is scheduled; each with its figure.
std::vector<std::string> weak_spots(const Rehearsal& plan, const std::vector<PolicyRuns>& policies);

}  // namespace dropsmith::sim
