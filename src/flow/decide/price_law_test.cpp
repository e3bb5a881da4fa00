// The law's points tell what an integral over a fine grid tells; functions in lanes are exact enough; history is
// believed for ratios, loosely for the level, however much of it there is.
#include "flow/decide/price_law.h"

#include <gtest/gtest.h>

#include <cmath>

#include "flow/decide/lanes.h"

namespace dropsmith::decide::price_law_test {
namespace {

TEST(Lanes, FunctionsAreNearTheLibrarys) {
    for (float x = -60; x < 60; x += 0.037F) {
        const double d = static_cast<double>(x);
        EXPECT_NEAR(static_cast<double>(exp_of(x)) / std::exp(d), 1, 1e-6) << x;
        const float y = exp_of(x / 2);
        EXPECT_NEAR(static_cast<double>(log_of(y)), std::log(static_cast<double>(y)), 3e-6) << y;
        EXPECT_NEAR(static_cast<double>(cube_root(y)) / std::cbrt(static_cast<double>(y)), 1, 1e-6) << y;
    }
    EXPECT_EQ(cube_root(0), 0);
    EXPECT_EQ(sum_lanes(100, [](std::size_t j) { return static_cast<float>(j); }), 4950);
}

DemandPrior two_bands() {
    DemandPrior prior;
    prior.model = DemandModel::counts, prior.arms = 2, prior.expected = 2;
    prior.law.price = {0.8, 1.1}, prior.law.level = std::log(2.0);
    return prior;
}

double mean(const Hypotheses& set, std::size_t arm) {
    double sum = 0;
    for (std::size_t j = 0; j < set.count; ++j)
        sum += static_cast<double>(set.weight[j]) * static_cast<double>(set.of(arm)[j]);
    return sum;
}

// Means of both rates by summing over a grid of level, elasticity, each band's own part and the shift.
std::array<double, 2> by_grid(const DemandPrior& prior, const std::vector<Seen>& seen) {
    const auto& law = prior.law;
    std::array<double, 2> sum{};
    double all = 0;
    const auto prior_of = [&](double a, double b) {  // of the log rates, by the law's own covariance
        const double x = std::log(law.price[0]), y = std::log(law.price[1]);
        const auto square = [](double s) { return s * s; };
        const double aa = square(law.level_sd) + square(law.elasticity_sd * x) + square(law.band_sd),
                     bb = square(law.level_sd) + square(law.elasticity_sd * y) + square(law.band_sd),
                     ab = square(law.level_sd) + square(law.elasticity_sd) * x * y, det = aa * bb - ab * ab;
        const double p = a - (law.level - law.elasticity * x), q = b - (law.level - law.elasticity * y);
        return -0.5 * (bb * p * p - 2 * ab * p * q + aa * q * q) / det;
    };
    for (double a = -4; a < 5; a += 0.04)
        for (double b = -4; b < 5; b += 0.04) {
            const double ra = std::exp(a), rb = std::exp(b);
            double log = prior_of(a, b) + seen[0].sales * a - seen[0].looks * ra + seen[1].sales * b -
                         seen[1].looks * rb;
            if (!prior.history.empty()) {
                double past = 0;
                for (double e = -3.5; e < 3.5; e += 0.05)
                    past += std::exp(-0.5 * e * e / (prior.history_shift * prior.history_shift) +
                                     prior.history[0].sales * (a + e) - prior.history[0].looks * ra * std::exp(e) +
                                     prior.history[1].sales * (b + e) - prior.history[1].looks * rb * std::exp(e));
                log += std::log(past + 1e-300);
            }
            const double w = std::exp(log);
            all += w, sum[0] += w * ra, sum[1] += w * rb;
        }
    return {sum[0] / all, sum[1] / all};
}

TEST(PriceLaw, TellsWhatAFineGridTells) {
    auto prior = two_bands();
    for (const auto& seen : {std::vector<Seen>{{0, 0}, {0, 0}}, {{0, 0}, {6, 3}}, {{3, 14}, {10, 12}},
                             {{0, 0}, {12, 0}}}) {
        const auto set = laid_by_law(prior, seen);
        const auto exact = by_grid(prior, seen);
        EXPECT_GT(set.alive(), 100);
        for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(mean(set, k) / exact[k], 1, 0.04) << k;
    }
    prior.history = {{4, 12}, {10, 14}};
    for (const auto& seen : {std::vector<Seen>{{0, 0}, {0, 0}}, {{0, 0}, {6, 15}}}) {
        const auto set = laid_by_law(prior, seen);
        const auto exact = by_grid(prior, seen);
        for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(mean(set, k) / exact[k], 1, 0.04) << k;
    }
}

TEST(PriceLaw, MuchHistoryTellsTheRatioAndLeavesTheLevelOpen) {
    auto prior = two_bands();
    prior.history = {{400, 1200}, {400, 400}};
    const auto set = laid_by_law(prior, std::vector<Seen>(2));
    EXPECT_NEAR(mean(set, 1) / mean(set, 0), 1.0 / 3, 0.02);
    double square = 0;
    for (std::size_t j = 0; j < set.count; ++j) {
        const double off = static_cast<double>(set.log_rate[j]) - std::log(mean(set, 0));
        square += static_cast<double>(set.weight[j]) * off * off;
    }
    EXPECT_GT(std::sqrt(square), 0.4);  // level 0.8 and shift 0.7 leave 0.53
    EXPECT_LT(std::sqrt(square), 0.65);
}

}  // namespace
}  // namespace dropsmith::decide::price_law_test
