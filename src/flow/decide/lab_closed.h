// What is known of pricing in closed form, as judges: Gallego and van Ryzin's optimum for exponential demand (1994),
// the best price under constant elasticity and under logit demand, and what a schedule of prices earns exactly when
// it is fixed beforehand. Pure; any thread. Covered by flow/decide/lab_closed_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "flow/decide/lab.h"

namespace dropsmith::decide {

// Demand A * exp(-a p) in continuous time, n units, time t.
struct ExponentialDemand {
    double crowd = 1;   // A
    double appeal = 1;  // a
    double value(int units, double time) const;       // J(n, t)
    double price(int units, double time) const;       // what to ask then
    double fluid_bound(int units, double time) const;
    double run_out_price(int units, double time) const;  // the fixed price that would just sell all
    double fixed_value(int units, double time, double price) const;
};

double price_at_elasticity(double cost, double elasticity);        // elasticity > 1
double price_at_logit(double a, double b, double cost);            // demand 1 / (1 + exp(-(a - b p)))
double profit_at_logit(double a, double b, double cost, double price);

// Exact: the price of each period is given beforehand.
double schedule_value(const LabProblem& problem, const std::vector<std::size_t>& arm_by_period);

// The best schedule of at most one change, at a multiple of `step` periods.
struct Taper {
    double value = 0;
    std::size_t first = 0, then = 0, at = 0;
};
enum class TaperKind : unsigned char { fixed, down, up };
Taper best_taper(const LabProblem& problem, TaperKind kind, std::size_t step);

}  // namespace dropsmith::decide
