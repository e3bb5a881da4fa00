// Bounds and runs on a stated problem. Covered by flow/decide/lab_test.cpp.
#include "flow/decide/lab.h"

#include <algorithm>
#include <numeric>

#include "flow/decide/mix.h"
#include "flow/decide/sample.h"

namespace dropsmith::decide {

double lp_bound(const LabProblem& problem) {
    const double looks = std::accumulate(problem.arrivals.begin(), problem.arrivals.end(), 0.0);
    if (looks <= 0) return 0;
    return looks * best_mix(problem.values, problem.chances, static_cast<double>(problem.stock) / looks).value;
}

Optimum::Optimum(const LabProblem& problem) : problem_(problem), stock_(problem.stock) {
    const auto periods = problem.arrivals.size();
    best_.assign((periods + 1) * static_cast<std::size_t>(stock_ + 1), 0.0);
    for (std::size_t t = periods; t-- > 0;)
        for (std::int64_t n = 1; n <= stock_; ++n) {
            const double bid = at(t + 1, n) - at(t + 1, n - 1);
            double gain = 0;
            for (std::size_t k = 0; k < problem.values.size(); ++k)
                gain = std::max(gain, problem.chances[k] * (problem.values[k] - bid));
            best_[t * static_cast<std::size_t>(stock_ + 1) + static_cast<std::size_t>(n)] =
                at(t + 1, n) + problem.arrivals[t] * gain;
        }
}

std::optional<std::size_t> Optimum::arm(std::size_t period, std::int64_t stock) const {
    if (stock <= 0) return std::nullopt;
    const double bid = at(period + 1, stock) - at(period + 1, stock - 1);
    std::optional<std::size_t> best;
    double most = 0;
    for (std::size_t k = 0; k < problem_.values.size(); ++k) {
        const double gain = problem_.chances[k] * (problem_.values[k] - bid);
        if (gain > most) most = gain, best = k;
    }
    return best;
}

LabRun lab_run(const LabProblem& problem, LabPolicy& policy, Random& random) {
    LabRun run;
    auto stock = problem.stock;
    for (std::size_t t = 0; t < problem.arrivals.size() && stock > 0; ++t) {
        const auto arm = policy.price(t, stock, random);
        ++run.decisions;
        if (!arm || draw_uniform(random) >= problem.arrivals[t]) continue;
        const bool sold = draw_uniform(random) < problem.chances[*arm];
        if (sold) run.earned += problem.values[*arm], --stock;
        policy.saw(*arm, sold);
    }
    return run;
}

}  // namespace dropsmith::decide
