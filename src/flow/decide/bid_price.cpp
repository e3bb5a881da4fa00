// The hull by its slopes, and the bid. Covered by flow/decide/bid_price_test.cpp.
#include "flow/decide/bid_price.h"

#include <algorithm>
#include <cmath>

#include "flow/decide/lanes.h"

namespace dropsmith::decide {

PriceHull price_hull(std::span<const float> values, const float* rates, std::size_t stride) {
    PriceHull hull;
    std::array<float, limits::bands_max + 1> slope{};
    float rate = 0, earned = 0;
    while (hull.size < values.size()) {  // the steepest way to a faster price, until none earns more
        std::size_t next = values.size();
        float steepest = 0;
        for (std::size_t k = 0; k < values.size(); ++k) {
            const float faster = rates[k * stride];
            if (faster <= rate * 1.0001F + 1e-9F) continue;
            const float rise = (faster * values[k] - earned) / (faster - rate);
            if (rise > steepest) steepest = rise, next = k;
        }
        if (next == values.size()) break;
        rate = rates[next * stride], earned = rate * values[next];
        hull.rate[hull.size] = rate, slope[hull.size++] = steepest;
    }
    for (std::size_t i = 0; i < hull.size; ++i) hull.drop[i] = slope[i] - slope[i + 1];
    return hull;
}

// Abramowitz and Stegun 26.2.17.
float normal_chance(float z) {
    if (z > 5) return 1;
    if (z < -5) return 0;
    const float a = std::fabs(z), t = 1 / (1 + 0.2316419F * a);
    const float tail =
        0.3989423F * exp_of(-0.5F * a * a) * t *
        (0.31938153F + t * (-0.356563782F + t * (1.781477937F + t * (-1.821255978F + 1.330274429F * t))));
    return z > 0 ? 1 - tail : tail;
}

// The chance that at least n are asked for. By the cube roots of Wilson and Hilferty and of Paulson, which are within a
// few thousandths even for means below one, where the normal law is not.
float chance_of(DemandModel model, float rate, float looks, float n) {
    if (n <= 0) return 1;
    if (model == DemandModel::counts) {
        const float s = 1 / (9 * n);
        return normal_chance((cube_root(looks * rate / n) - (1 - s)) / std::sqrt(s));
    }
    const float failures = looks - n + 1;
    if (failures <= 0 || rate >= 1) return rate >= 1 && looks >= n ? 1.0F : 0.0F;
    const float ratio = cube_root(rate * failures / (n * (1 - rate))), a = 1 / (9 * n), b = 1 / (9 * failures);
    return normal_chance(((1 - b) * ratio - (1 - a)) / std::sqrt(a + ratio * ratio * b));
}

float bid_price(const PriceHull& hull, DemandModel model, float looks_left, float stock) {
    if (looks_left <= 0) return 0;
    float bid = 0;
    for (std::size_t i = 0; i < hull.size; ++i)
        bid += hull.drop[i] * chance_of(model, hull.rate[i], looks_left, stock);
    return bid;
}

}  // namespace dropsmith::decide
