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

namespace {

// Abramowitz and Stegun 26.2.17.
inline float normal_lane(float z) {
    const float a = std::fabs(z), t = 1 / (1 + 0.2316419F * a);
    const float tail =
        0.3989423F * exp_of(-0.5F * a * a) * t *
        (0.31938153F + t * (-0.356563782F + t * (1.781477937F + t * (-1.821255978F + 1.330274429F * t))));
    const float inside = z > 0 ? 1 - tail : tail;
    return z > 5 ? 1 : z < -5 ? 0 : inside;
}

// The chance that at least n > 0 are asked for. By the cube roots of Wilson and Hilferty and of Paulson, which are
// within a few thousandths even for means below one, where the normal law is not. No branch, so that lanes keep step.
inline float counts_lane(float rate, float looks, float n, float s, float root) {
    return normal_lane((cube_root(looks * rate / n) - (1 - s)) / root);
}
inline float looks_lane(float rate, float looks, float n, float a) {
    const float failures = looks - n + 1;
    const bool certain = rate >= 1, too_few = failures <= 0;
    const float q = certain ? 0.5F : rate, f = too_few ? 1.0F : failures;
    const float ratio = cube_root(q * f / (n * (1 - q))), b = 1 / (9 * f);
    const float chance = normal_lane(((1 - b) * ratio - (1 - a)) / std::sqrt(a + ratio * ratio * b));
    return certain ? (looks >= n ? 1.0F : 0.0F) : too_few ? 0.0F : chance;
}

// Through a block of its own, which nothing else can point to: so that lanes are vector code at -O2 too.
template <typename Term>
void add_lanes(std::size_t count, float* to, Term term) {
    std::size_t j = 0;
    for (; j + 16 <= count; j += 16) {
        float block[16];
        for (std::size_t i = 0; i < 16; ++i) block[i] = term(j + i);
        for (std::size_t i = 0; i < 16; ++i) to[j + i] += block[i];
    }
    for (; j < count; ++j) to[j] += term(j);
}

}  // namespace

float normal_chance(float z) { return normal_lane(z); }

float chance_of(DemandModel model, float rate, float looks, float n) {
    if (n <= 0) return 1;
    const float s = 1 / (9 * n);
    return model == DemandModel::counts ? counts_lane(rate, looks, n, s, std::sqrt(s)) : looks_lane(rate, looks, n, s);
}

float bid_price(const PriceHull& hull, DemandModel model, float looks_left, float stock) {
    if (looks_left <= 0) return 0;
    float bid = 0;
    for (std::size_t i = 0; i < hull.size; ++i)
        bid += hull.drop[i] * chance_of(model, hull.rate[i], looks_left, stock);
    return bid;
}

DROPSMITH_WIDE_LANES
PriceHulls price_hulls(std::span<const float> values, std::span<const float> rates, std::size_t count) {
    const std::size_t arms = values.size();
    PriceHulls out{count, std::vector<float>(arms * count), std::vector<float>(arms * count)};
    std::vector<float> state(5 * count, 0.0F);
    float *rate = state.data(), *earned = rate + count, *steepest = earned + count, *next_rate = steepest + count,
          *next_earned = next_rate + count;
    for (std::size_t step = 0; step < arms; ++step) {
        std::fill(steepest, steepest + count, 0.0F);
        for (std::size_t k = 0; k < arms; ++k) {
            const float value = values[k];
            const float* of = rates.data() + k * count;
            each_lane(count, [=](std::size_t j) {
                const float faster = of[j], earns = faster * value;
                const bool is_faster = faster > rate[j] * 1.0001F + 1e-9F;
                const float rise = (earns - earned[j]) / (is_faster ? faster - rate[j] : 1.0F);
                const bool take = is_faster & (rise > steepest[j]);
                steepest[j] = take ? rise : steepest[j];
                next_rate[j] = take ? faster : next_rate[j];
                next_earned[j] = take ? earns : next_earned[j];
            });
        }
        float* const kept = out.rate.data() + step * count;
        float* const drop = out.drop.data() + step * count;
        float* const before = drop - (step > 0 ? count : 0);
        const bool first = step == 0;
        each_lane(count, [=](std::size_t j) {
            const bool found = steepest[j] > 0;
            rate[j] = found ? next_rate[j] : rate[j], earned[j] = found ? next_earned[j] : earned[j];
            kept[j] = rate[j], drop[j] = steepest[j];
            before[j] = first ? drop[j] : before[j] - steepest[j];
        });
    }
    return out;
}

DROPSMITH_WIDE_LANES
void chances_of_counts(std::span<const float> rates, float looks, float n, std::span<float> out) {
    const float s = 1 / (9 * n), root = std::sqrt(s);
    const float* const rate = rates.data();
    std::fill(out.begin(), out.end(), 0.0F);
    add_lanes(rates.size(), out.data(), [=](std::size_t j) { return counts_lane(rate[j], looks, n, s, root); });
}

DROPSMITH_WIDE_LANES
void bid_prices(const PriceHulls& hulls, DemandModel model, std::span<const float> looks_left, float stock,
                std::span<float> bids) {
    const std::size_t count = hulls.count, steps = count > 0 ? hulls.rate.size() / count : 0;
    float* const bid = bids.data();
    const float* const looks = looks_left.data();
    std::fill(bids.begin(), bids.end(), 0.0F);
    const bool none_left = stock <= 0;
    const float n = none_left ? 1 : stock, s = 1 / (9 * n), root = std::sqrt(s);
    for (std::size_t step = 0; step < steps; ++step) {
        const float* const rate = hulls.rate.data() + step * count;
        const float* const drop = hulls.drop.data() + step * count;
        if (none_left)
            add_lanes(count, bid, [=](std::size_t j) { return drop[j]; });
        else if (model == DemandModel::counts)
            add_lanes(count, bid, [=](std::size_t j) { return drop[j] * counts_lane(rate[j], looks[j], n, s, root); });
        else
            add_lanes(count, bid, [=](std::size_t j) { return drop[j] * looks_lane(rate[j], looks[j], n, s); });
    }
    each_lane(count, [=](std::size_t j) { bid[j] = looks[j] > 0 ? bid[j] : 0; });
}

}  // namespace dropsmith::decide
