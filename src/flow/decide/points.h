// The quasi-random points that hypotheses are laid at: Halton's sequence, always the same, and the normal quantiles of
// its coordinates. Pure; any thread. Covered by flow/decide/hypotheses_test.cpp.
#pragma once

#include <cstddef>

namespace dropsmith::decide {

inline constexpr std::size_t points_kept = 512, coordinates = 11;

double point(std::size_t j, std::size_t coordinate);             // in (0, 1)
double normal_point(std::size_t j, std::size_t coordinate);      // its normal quantile
const float* normal_points(std::size_t coordinate);              // of the first points_kept

}  // namespace dropsmith::decide
