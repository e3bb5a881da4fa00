// Random variates. Covered by flow/decide/policy_test.cpp (moments) and through every lab run.
#include "flow/decide/sample.h"

#include <cmath>

namespace dropsmith::decide {

double draw_uniform(Random& random) { return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1.0p-53; }

double draw_normal(Random& random) {
    for (;;) {
        const double x = 2 * draw_uniform(random) - 1, y = 2 * draw_uniform(random) - 1, s = x * x + y * y;
        if (s > 0 && s < 1) return x * std::sqrt(-2 * std::log(s) / s);
    }
}

double draw_gamma(Random& random, double shape) {
    const double d = shape - 1.0 / 3.0, c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = draw_normal(random), t = 1 + c * x;
        if (t <= 0) continue;
        const double v = t * t * t, u = draw_uniform(random);
        if (u < 1 - 0.0331 * x * x * x * x || std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
    }
}

double draw_beta(Random& random, double a, double b) {
    const double x = draw_gamma(random, a), y = draw_gamma(random, b);
    return x / (x + y);
}

std::int64_t draw_poisson(Random& random, double mean) {
    std::int64_t count = 0;
    while (mean > 30) {  // the time of the m-th arrival is gamma(m): either it lies within, or the rest is binomial
        const double m = std::floor(mean * 7 / 8), at = draw_gamma(random, m);
        if (at > mean) {
            for (std::int64_t i = 1; i < static_cast<std::int64_t>(m); ++i) count += draw_uniform(random) < mean / at;
            return count;
        }
        count += static_cast<std::int64_t>(m), mean -= at;
    }
    for (double left = std::exp(-mean), product = draw_uniform(random); product > left; product *= draw_uniform(random))
        ++count;
    return count;
}

}  // namespace dropsmith::decide
