// Covered by flow/decide/hypotheses_test.cpp.
#include "flow/decide/points.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace dropsmith::decide {
namespace {

constexpr std::array<unsigned, coordinates> primes{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31};

double radical_inverse(std::size_t index, unsigned base) {
    double digit = 1, out = 0;
    for (; index > 0; index /= base) digit /= base, out += digit * static_cast<double>(index % base);
    return out;
}

// Acklam's rational approximation of the normal quantile, 1e-9.
double normal_quantile(double p) {
    constexpr double a[] = {-39.69683028665376, 220.9460984245205, -275.9285104469687,
                            138.3577518672690,  -30.66479806614716, 2.506628277459239};
    constexpr double b[] = {-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972,
                            -13.28068155288572};
    constexpr double c[] = {-0.007784894002430293, -0.3223964580411365, -2.400758277161838,
                            -2.549732539343734,    4.374664141464968,   2.938163982698783};
    constexpr double d[] = {0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416};
    if (p > 0.97575) return -normal_quantile(1 - p);
    if (p < 0.02425) {
        const double q = std::sqrt(-2 * std::log(std::max(p, 1e-12)));
        return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
               ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    }
    const double q = p - 0.5, r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

struct Tables {  // [coordinate * points_kept + j]
    std::vector<double> even, normal;
    std::vector<float> narrow;
    Tables() {
        for (std::size_t of = 0; of < coordinates; ++of)
            for (std::size_t j = 0; j < points_kept; ++j) {
                even.push_back(radical_inverse(j + 1, primes[of]));
                normal.push_back(normal_quantile(even.back()));
                narrow.push_back(static_cast<float>(normal.back()));
            }
    }
};

const Tables& tables() {
    static const Tables made;
    return made;
}

}  // namespace

double point(std::size_t j, std::size_t of) {
    return j < points_kept ? tables().even[of * points_kept + j] : radical_inverse(j + 1, primes[of]);
}

double normal_point(std::size_t j, std::size_t of) {
    return j < points_kept ? tables().normal[of * points_kept + j] : normal_quantile(point(j, of));
}

const float* normal_points(std::size_t of) { return tables().narrow.data() + of * points_kept; }

}  // namespace dropsmith::decide
