// Draws from the posteriors of demand, all from the one integer Random: the same seed gives the same draws. Floating
// point stays here and in the policies; what enters a fact is rounded by its caller. One thread per Random. Covered by
// flow/decide/policy_test.cpp.
#pragma once

#include "base/random.h"

namespace dropsmith::decide {

double draw_uniform(Random& random);                   // in (0, 1)
double draw_normal(Random& random);                    // Marsaglia's polar method
double draw_gamma(Random& random, double shape);       // scale 1, shape >= 1; Marsaglia & Tsang 2000
double draw_beta(Random& random, double a, double b);  // a, b >= 1
std::int64_t draw_poisson(Random& random,
                          double mean);  // by counting exponential gaps, halved by gamma above 30 (Ahrens & Dieter)

}  // namespace dropsmith::decide
