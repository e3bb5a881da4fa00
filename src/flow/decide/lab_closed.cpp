// Closed forms. Covered by flow/decide/lab_closed_test.cpp.
#include "flow/decide/lab_closed.h"

#include <algorithm>
#include <cmath>

namespace dropsmith::decide {
namespace {

double lambert_w(double x) {  // x > 0, by Halley's steps
    double w = x < 1 ? x : std::log(x);
    for (int i = 0; i < 60; ++i) {
        const double e = std::exp(w), f = w * e - x;
        w -= f / (e * (w + 1) - (w + 2) * f / (2 * w + 2));
    }
    return w;
}

}  // namespace

double ExponentialDemand::value(int units, double time) const {
    const double busy = crowd * time / std::exp(1.0);
    double term = 1, sum = 1;
    for (int i = 1; i <= units; ++i) sum += term *= busy / i;
    return std::log(sum) / appeal;
}
double ExponentialDemand::price(int units, double time) const {
    return value(units, time) - value(units - 1, time) + 1 / appeal;
}
double ExponentialDemand::run_out_price(int units, double time) const {
    return std::log(crowd * time / units) / appeal;
}
double ExponentialDemand::fluid_bound(int units, double time) const {
    const double busy = crowd * time / std::exp(1.0);
    return units < busy ? units * run_out_price(units, time) : busy / appeal;
}
double ExponentialDemand::fixed_value(int units, double time, double price) const {
    const double mean = crowd * std::exp(-appeal * price) * time;  // price * E min(units, Poisson(mean))
    double chance = std::exp(-mean), below = 0, sold = 0;
    for (int i = 0; i < units; ++i) sold += i * chance, below += chance, chance *= mean / (i + 1);
    return price * (sold + units * (1 - below));
}

double price_at_elasticity(double cost, double elasticity) { return cost * elasticity / (elasticity - 1); }

double price_at_logit(double a, double b, double cost) {
    return cost + (1 + lambert_w(std::exp(a - b * cost - 1))) / b;
}
double profit_at_logit(double a, double b, double cost, double price) {
    return (price - cost) / (1 + std::exp(-(a - b * price)));
}

double schedule_value(const LabProblem& problem, const std::vector<std::size_t>& arm_by_period) {
    const auto stock = static_cast<std::size_t>(problem.stock);
    std::vector<double> value(stock + 1, 0.0);
    for (std::size_t t = problem.arrivals.size(); t-- > 0;)
        for (std::size_t n = stock; n > 0; --n) {
            const auto arm = arm_by_period[t];
            const double sells = problem.arrivals[t] * problem.chance(t, arm);
            value[n] += sells * (problem.values[arm] + value[n - 1] - value[n]);
        }
    return value[stock];
}

Taper best_taper(const LabProblem& problem, TaperKind kind, std::size_t step) {
    Taper best;
    const auto periods = problem.arrivals.size(), arms = problem.values.size();
    std::vector<std::size_t> schedule(periods);
    const auto consider = [&](std::size_t first, std::size_t then, std::size_t at) {
        for (std::size_t t = 0; t < periods; ++t) schedule[t] = t < at ? first : then;
        const double value = schedule_value(problem, schedule);
        if (value > best.value) best = {value, first, then, at};
    };
    for (std::size_t first = 0; first < arms; ++first) {
        consider(first, first, periods);
        if (kind == TaperKind::fixed) continue;
        for (std::size_t then = 0; then < arms; ++then)
            if (kind == TaperKind::down ? then < first : then > first)
                for (std::size_t at = step; at < periods; at += step) consider(first, then, at);
    }
    return best;
}

}  // namespace dropsmith::decide
