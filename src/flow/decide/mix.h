// The fluid plan of one period: which prices to offer in which shares so that a scarce stock lasts,
//     max sum x_k v_k r_k   subject to   sum x_k r_k <= capacity,  sum x_k <= 1,  x >= 0
// with v_k the value of a unit at price k and r_k the units that a period sells at it. Two constraints: an optimum has
// at most two positive x, so all pairs are tried, exactly. Pure; any thread. Covered by flow/decide/lab_test.cpp.
#pragma once

#include <cstddef>
#include <span>

namespace dropsmith::decide {

struct Mix {
    std::size_t first = 0, second = 0;
    double first_share = 0, second_share = 0;  // together at most 1; the rest of the time nothing need be offered
    double value = 0;
};

Mix best_mix(std::span<const double> values, std::span<const double> rates, double capacity);

}  // namespace dropsmith::decide
