// Covered by flow/decide/price_law_test.cpp.
#include "flow/decide/price_law.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/limits.h"
#include "flow/decide/lanes.h"
#include "flow/decide/points.h"

namespace dropsmith::decide {
namespace {

constexpr std::size_t most = limits::bands_max;
constexpr double widen = 1.15;  // of the points against the normal law at the mode, whose tails are too thin
constexpr float rate_least = 1e-9F;

using Row = std::array<double, most>;
using Matrix = std::array<Row, most>;

// Lower root of a positive matrix.
Matrix root_of(const Matrix& of, std::size_t n) {
    Matrix l{};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = of[i][j];
            for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
            l[i][j] = i == j ? std::sqrt(std::max(sum, 1e-9)) : sum / l[j][j];
        }
    return l;
}
void forward(const Matrix& l, Row& x, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < i; ++k) x[i] -= l[i][k] * x[k];
        x[i] /= l[i][i];
    }
}
void back(const Matrix& l, Row& x, std::size_t n) {
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t k = i + 1; k < n; ++k) x[i] -= l[k][i] * x[k];
        x[i] /= l[i][i];
    }
}

struct Law {  // of the log rates before today
    std::size_t n;
    Row mean{};
    Matrix precision{};
    explicit Law(const DemandPrior& prior) : n(prior.arms) {
        const auto& law = prior.law;
        Matrix spread{};
        Row x{};
        for (std::size_t k = 0; k < n; ++k) {
            x[k] = std::log(law.price[k]);
            mean[k] = law.level - law.elasticity * x[k];
        }
        const auto square = [](double s) { return s * s; };
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                spread[i][j] = square(law.level_sd) + square(law.elasticity_sd) * x[i] * x[j] +
                               (i == j ? square(law.band_sd) : 0);
        const auto root = root_of(spread, n);
        for (std::size_t i = 0; i < n; ++i) {
            Row unit{};
            unit[i] = 1;
            forward(root, unit, n), back(root, unit, n);
            for (std::size_t j = 0; j < n; ++j) precision[j][i] = unit[j];
        }
    }
};

// Earlier drops near the mode: a normal law, their arms coupled by the shift that they share (Sherman and Morrison).
struct Past {
    double units = 0, shift_variance = 0;
    Matrix precision{};
    Row pull{};
    Past(const DemandPrior& prior, std::size_t n) : shift_variance(prior.history_shift * prior.history_shift) {
        Row own{}, at{};
        double all = 0;
        for (std::size_t k = 0; k < n && k < prior.history.size(); ++k) {
            const auto& seen = prior.history[k];
            if (seen.looks <= 0) continue;
            units += seen.sales, all += own[k] = seen.sales + 0.5;
            at[k] = std::log(own[k] / seen.looks);
        }
        const double shared = 1 / (1 / shift_variance + all);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                precision[i][j] = (i == j ? own[i] : 0) - own[i] * own[j] * shared;
                pull[i] += precision[i][j] * at[j];
            }
    }
};

struct Mode {
    Row at{};
    Matrix root{};
    Mode(const Law& law, const Past& past, const std::vector<Seen>& seen) {
        const auto n = law.n;
        at = law.mean;
        for (int step = 0; step < 20; ++step) {
            Matrix curved{};
            Row slope{};
            for (std::size_t i = 0; i < n; ++i) {
                const double expected = seen[i].looks * std::exp(at[i]);
                slope[i] = seen[i].sales - expected + past.pull[i];
                for (std::size_t j = 0; j < n; ++j) {
                    curved[i][j] = law.precision[i][j] + past.precision[i][j] + (i == j ? expected : 0);
                    slope[i] -= law.precision[i][j] * (at[j] - law.mean[j]) + past.precision[i][j] * at[j];
                }
            }
            root = root_of(curved, n);
            forward(root, slope, n), back(root, slope, n);
            double largest = 0;
            for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, std::fabs(slope[i]));
            const double part = std::min(1.0, 1.5 / std::max(largest, 1e-12));
            for (std::size_t i = 0; i < n; ++i) at[i] += part * slope[i];
            if (largest < 1e-4) break;
        }
    }
};

// Adds log of: the chance that earlier drops sold `units` where `expected` would have sold in today's market, theirs
// having stood e^shift higher, the shift integrated out around its likeliest value.
void add_past(const Past& past, const std::vector<float>& expected, std::vector<float>& logs) {
    const auto units = static_cast<float>(past.units), loose = static_cast<float>(1 / past.shift_variance);
    const float* of = expected.data();
    float* log = logs.data();
    each_lane(logs.size(), [=](std::size_t j) {
        float shift = 0, drawn = of[j];
        for (int step = 0; step < 4; ++step) {
            const float move = (units - drawn - loose * shift) / (drawn + loose);
            shift += move > 1.5F ? 1.5F : move < -1.5F ? -1.5F : move;
            drawn = of[j] * exp_of(shift);
        }
        log[j] += units * shift - drawn - 0.5F * loose * shift * shift - 0.5F * log_of(drawn + loose);
    });
}

}  // namespace

DROPSMITH_WIDE_LANES
Hypotheses laid_by_law(const DemandPrior& prior, const std::vector<Seen>& seen) {
    const auto n = prior.arms, count = std::min(prior.count, points_kept);
    const Law law(prior);
    const Past past(prior, n);
    const Mode mode(law, past, seen);
    Matrix spread{};  // [arm][coordinate]
    for (std::size_t i = 0; i < n; ++i) {
        Row unit{};
        unit[i] = widen;
        back(mode.root, unit, n);
        for (std::size_t k = 0; k < n; ++k) spread[k][i] = unit[k];
    }
    Row pulled{};  // the law's slope at the mode
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) pulled[i] += law.precision[i][j] * (mode.at[j] - law.mean[j]);

    Hypotheses out{n, count, std::vector<float>(n * count), std::vector<float>(count), {},
                   std::vector<float>(n * count)};
    std::vector<float> offs(n * count), logs(count), before(count);  // of the mode, by arm
    float* const log = logs.data();
    float* const drawn = before.data();
    for (std::size_t i = 0; i < n; ++i) {
        const float* z = normal_points(i);
        each_lane(count, [=](std::size_t j) { log[j] += 0.5F * z[j] * z[j]; });
    }
    for (std::size_t k = 0; k < n; ++k) {
        float* const off = offs.data() + k * count;
        for (std::size_t i = k; i < n; ++i) {
            const float* z = normal_points(i);
            const auto along = static_cast<float>(spread[k][i]);
            each_lane(count, [=](std::size_t j) { off[j] += along * z[j]; });
        }
        const bool known = k < prior.history.size() && prior.history[k].looks > 0;
        const auto middle = static_cast<float>(mode.at[k]), at = static_cast<float>(std::exp(mode.at[k]));
        const auto sold = static_cast<float>(seen[k].sales + (known ? prior.history[k].sales : 0) - pulled[k]);
        const auto looks = static_cast<float>(seen[k].looks);
        const auto looks_before = static_cast<float>(known ? prior.history[k].looks : 0);
        float* const rate = out.rate.data() + k * count;
        float* const log_rate = out.log_rate.data() + k * count;
        each_lane(count, [=](std::size_t j) {
            rate[j] = rate_least + at * exp_of(off[j]);
            log_rate[j] = middle + off[j];
            log[j] += sold * off[j] - looks * (rate[j] - at);
            drawn[j] += looks_before * rate[j];
        });
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k <= i; ++k) {
            const auto p = static_cast<float>(law.precision[i][k] * (i == k ? 0.5 : 1));
            const float* one = offs.data() + i * count;
            const float* other = offs.data() + k * count;
            each_lane(count, [=](std::size_t j) { log[j] -= p * one[j] * other[j]; });
        }
    if (!prior.history.empty()) add_past(past, before, logs);
    const float top = *std::max_element(logs.begin(), logs.end());
    float* const weight = out.weight.data();
    each_lane(count, [=](std::size_t j) { weight[j] = exp_of(log[j] - top); });
    const float scale = 1 / sum_lanes(count, [=](std::size_t j) { return weight[j]; });
    each_lane(count, [=](std::size_t j) { weight[j] *= scale; });
    return out;
}

}  // namespace dropsmith::decide
