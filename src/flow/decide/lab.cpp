// Bounds and runs on a stated problem. Covered by flow/decide/lab_test.cpp.
#include "flow/decide/lab.h"

#include <algorithm>
#include <numeric>

#include "flow/decide/mix.h"
#include "flow/decide/sample.h"

namespace dropsmith::decide {

namespace {

// When chances move, each period has its own: the least over a price of stock, mu >= 0, of
// stock * mu + sum over periods of the most that a look earns above mu; convex in mu, found by ternary search.
double lp_bound_of_changing(const LabProblem& problem) {
    const auto bound = [&](double mu) {
        double sum = mu * static_cast<double>(problem.stock);
        for (std::size_t t = 0; t < problem.arrivals.size(); ++t) {
            double most = 0;
            for (std::size_t k = 0; k < problem.values.size(); ++k)
                most = std::max(most, problem.chance(t, k) * (problem.values[k] - mu));
            sum += problem.arrivals[t] * most;
        }
        return sum;
    };
    double low = 0, high = *std::max_element(problem.values.begin(), problem.values.end());
    for (int i = 0; i < 200; ++i) {
        const double a = low + (high - low) / 3, b = high - (high - low) / 3;
        (bound(a) < bound(b) ? high : low) = bound(a) < bound(b) ? b : a;
    }
    return bound((low + high) / 2);
}

}  // namespace

double lp_bound(const LabProblem& problem) {
    const double looks = std::accumulate(problem.arrivals.begin(), problem.arrivals.end(), 0.0);
    if (looks <= 0) return 0;
    if (!problem.lift.empty()) return lp_bound_of_changing(problem);
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
                gain = std::max(gain, problem.chance(t, k) * (problem.values[k] - bid));
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
        const double gain = problem_.chance(period, k) * (problem_.values[k] - bid);
        if (gain > most) most = gain, best = k;
    }
    return best;
}

double Optimum::loss(std::size_t period, std::int64_t stock, std::optional<std::size_t> chosen) const {
    if (stock <= 0) return 0;
    const double bid = at(period + 1, stock) - at(period + 1, stock - 1);
    double most = 0;
    for (std::size_t k = 0; k < problem_.values.size(); ++k)
        most = std::max(most, problem_.chance(period, k) * (problem_.values[k] - bid));
    const double had = chosen ? problem_.chance(period, *chosen) * (problem_.values[*chosen] - bid) : 0;
    return problem_.arrivals[period] * (most - had);
}

LabRun lab_run(const LabProblem& problem, const Optimum& optimum, LabPolicy& policy, Random& random) {
    LabRun run;
    auto stock = problem.stock;
    for (std::size_t t = 0; t < problem.arrivals.size() && stock > 0; ++t) {
        const auto arm = policy.price(t, stock, random);
        ++run.decisions;
        run.lost += optimum.loss(t, stock, arm);
        if (!arm) continue;
        const bool look = draw_uniform(random) < problem.arrivals[t];
        if (!look && problem.looks_seen) continue;
        const bool sold = look && draw_uniform(random) < problem.chance(t, *arm);
        if (sold) run.earned += problem.values[*arm], --stock;
        policy.saw(t, *arm, sold);
    }
    return run;
}

}  // namespace dropsmith::decide
