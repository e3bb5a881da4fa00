// Least squares, Poisson likelihood, pooling. Covered by flow/measure/slopes_test.cpp.
#include "flow/measure/slopes.h"

#include <algorithm>
#include <cmath>

namespace dropsmith::measure {

std::optional<Slope> log_log_slope(std::span<const PriceUnits> rows) {
    double n = 0, x = 0, y = 0;
    const auto usable = [](const PriceUnits& row) { return row.price > 0 && row.units > 0 && row.exposure > 0; };
    for (const auto& row : rows)
        if (usable(row)) n += 1, x += std::log(row.price), y += std::log(row.units / row.exposure);
    if (n < 2) return std::nullopt;
    x /= n, y /= n;
    double sxx = 0, sxy = 0, syy = 0;
    for (const auto& row : rows) {
        if (!usable(row)) continue;
        const double dx = std::log(row.price) - x, dy = std::log(row.units / row.exposure) - y;
        sxx += dx * dx, sxy += dx * dy, syy += dy * dy;
    }
    if (sxx < 1e-12 * n) return std::nullopt;
    Slope slope{sxy / sxx, 0, static_cast<std::size_t>(n)};
    if (n > 2) slope.se = std::sqrt(std::max(0.0, syy - slope.value * sxy) / (n - 2) / sxx);
    return slope;
}

// units_i ~ Poisson(exposure_i e^(a + b x_i)). For a given b the best a is closed, so Newton runs on b alone; the
// profile likelihood is concave in b.
std::optional<Slope> poisson_slope(std::span<const PriceUnits> rows) {
    std::vector<double> xs;
    std::vector<const PriceUnits*> used;
    double units = 0, sold_x = 0;
    for (const auto& row : rows) {
        if (row.price <= 0 || row.units < 0 || row.exposure <= 0) continue;
        used.push_back(&row), xs.push_back(std::log(row.price));
        units += row.units, sold_x += row.units * xs.back();
    }
    if (used.size() < 2 || units <= 0) return std::nullopt;
    const auto [lowest, highest] = std::minmax_element(xs.begin(), xs.end());
    if (*highest - *lowest < 1e-9) return std::nullopt;
    const double centre = sold_x / units;
    double b = 0;
    for (int step = 0; step < 200; ++step) {
        double weight = 0, first = 0, second = 0;
        for (std::size_t i = 0; i < xs.size(); ++i) {
            const double x = xs[i] - centre, w = used[i]->exposure * std::exp(b * x);
            weight += w, first += w * x, second += w * x * x;
        }
        const double mean = first / weight, spread = second / weight - mean * mean;
        if (spread < 1e-14) return std::nullopt;  // all was sold at one end of the prices: no finite maximum
        const double move = std::clamp(-mean / spread, -1.0, 1.0);
        b += move;
        if (std::fabs(b) > 60) return std::nullopt;
        if (std::fabs(move) < 1e-12) return Slope{b, 1 / std::sqrt(units * spread), xs.size()};
    }
    return std::nullopt;
}

namespace {

bool known(const Slope& slope) { return slope.se > 0 && std::isfinite(slope.se) && std::isfinite(slope.value); }

struct Mean {
    double value = 0, weight = 0, spread = 0;  // spread: sum of weighted squares about it
};

Mean mean_at(std::span<const Slope> slopes, double between) {
    Mean mean;
    for (const auto& slope : slopes) {
        if (!known(slope)) continue;
        const double w = 1 / (slope.se * slope.se + between);
        mean.weight += w, mean.value += w * slope.value;
    }
    mean.value /= mean.weight;
    for (const auto& slope : slopes)
        if (known(slope)) {
            const double off = slope.value - mean.value;
            mean.spread += off * off / (slope.se * slope.se + between);
        }
    return mean;
}

}  // namespace

std::optional<Pooled> pool(std::span<const Slope> slopes) {
    const auto count = static_cast<double>(std::count_if(slopes.begin(), slopes.end(), known));
    if (count < 1) return std::nullopt;
    double between = 0;  // the variance at which the weighted squares are what chance alone would give
    if (count > 1 && mean_at(slopes, 0).spread > count - 1) {
        double low = 0, high = 1;
        while (mean_at(slopes, high).spread > count - 1 && high < 1e6) high *= 2;
        for (int i = 0; i < 80; ++i) {
            const double mid = (low + high) / 2;
            (mean_at(slopes, mid).spread > count - 1 ? low : high) = mid;
        }
        between = (low + high) / 2;
    }
    const auto mean = mean_at(slopes, between);
    Pooled pooled;
    pooled.between_sd = std::sqrt(between);
    pooled.mean = {mean.value, 1 / std::sqrt(mean.weight), static_cast<std::size_t>(count)};
    for (const auto& slope : slopes) {
        const double own = known(slope) ? 1 / (slope.se * slope.se) : 0;
        const double share = between > 0 ? own / (own + 1 / between) : 0;  // of the slope's own evidence
        const double within = share > 0 ? share / own : between;
        pooled.slopes.push_back({share * (known(slope) ? slope.value : 0) + (1 - share) * mean.value,
                                 std::sqrt(within + (1 - share) * (1 - share) / mean.weight), slope.n});
    }
    return pooled;
}

}  // namespace dropsmith::measure
