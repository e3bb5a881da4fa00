// The laboratory against figures computed by an independent program (docs/concepts/price-bands.md): the fluid bound,
// the exact optimum, and what the published policy earns on the instance of its paper (FSW-1) and on short drops
// (DROP-4).
#include "flow/decide/lab.h"

#include <gtest/gtest.h>

#include <cmath>

#include "flow/decide/mix.h"

namespace dropsmith::decide {
namespace {

LabProblem problem(std::vector<double> values, std::vector<double> chances, std::size_t periods, std::int64_t stock) {
    return {std::move(values), std::move(chances), std::vector<double>(periods, 1.0), stock, {}};
}
LabProblem fsw1(std::size_t periods, double scarcity) {
    return problem({29.90, 34.90, 39.90, 44.90}, {0.8, 0.6, 0.3, 0.1}, periods,
                   static_cast<std::int64_t>(scarcity * static_cast<double>(periods) + 1e-9));
}

double mean_earned(const LabProblem& p, std::string_view name, std::uint64_t runs) {
    const Optimum optimum(p);
    double sum = 0;
    for (std::uint64_t run = 0; run < runs; ++run) {
        Random random(7, run);
        const auto policy = lab_policy(name, p, optimum);
        EXPECT_NE(policy, nullptr) << name;
        if (!policy) return 0;
        sum += lab_run(p, *policy, random).earned;
    }
    return sum / static_cast<double>(runs);
}

TEST(Lab, FluidPlanMatchesReference) {
    const struct {
        double scarcity, expected;
    } cases[] = {{.10, 4.49},  {.15, 6.36},  {.20, 8.23},  {.25, 10.10},
                 {.30, 11.97}, {.50, 17.95}, {.70, 22.43}, {.90, 23.92}};
    for (const auto& c : cases) EXPECT_NEAR(lp_bound(fsw1(100, c.scarcity)) / 100, c.expected, 1e-2) << c.scarcity;
    EXPECT_NEAR(lp_bound(fsw1(100, .25)) / 100, 10.1, 1e-9);
    EXPECT_NEAR(lp_bound(fsw1(100, .50)) / 100, 17.95, 1e-9);
    const double values[] = {29.90, 34.90, 39.90, 44.90}, chances[] = {0.8, 0.6, 0.3, 0.1};
    const auto mix = best_mix(values, chances, 0.25);  // three quarters at 39.90, a quarter at 44.90
    EXPECT_EQ(std::max(mix.first, mix.second), 3u);
    EXPECT_EQ(std::min(mix.first, mix.second), 2u);
    EXPECT_NEAR(mix.first == 3 ? mix.first_share : mix.second_share, .25, 1e-12);
}

TEST(Lab, OptimumMatchesReference) {
    const struct {
        double scarcity;
        std::size_t periods;
        double expected;
    } cases[] = {{.25, 20, 193.948905},   {.25, 50, 478.316018},     {.25, 72, 718.506652}, {.25, 100, 1001.542970},
                 {.25, 200, 2012.415387}, {.25, 1000, 10093.504081}, {.50, 20, 347.978041}, {.50, 72, 1281.550306},
                 {.50, 100, 1784.409976}, {.50, 500, 8964.767734}};
    for (const auto& c : cases)
        EXPECT_NEAR(Optimum(fsw1(c.periods, c.scarcity)).value(), c.expected, 1e-6) << c.periods;
    const std::vector<double> bands{24, 30, 36}, elastic{.60, .40, .18}, cold{.30, .14, .05}, hype{.70, .62, .52};
    EXPECT_NEAR(Optimum(problem(bands, elastic, 72, 14)).value(), 476.837288, 1e-6);
    EXPECT_NEAR(Optimum(problem(bands, elastic, 100, 45)).value(), 1240.841641, 1e-6);
    EXPECT_NEAR(Optimum(problem(bands, hype, 50, 15)).value(), 539.973623, 1e-6);
    EXPECT_NEAR(Optimum(problem(bands, cold, 100, 30)).value(), 680.826456, 1e-6);
}

TEST(Lab, KnownOptimumEarnsItsValueAndNothingEarnsMore) {
    const auto p = fsw1(72, .5);
    const double value = Optimum(p).value();
    EXPECT_NEAR(mean_earned(p, "dp-known", 4000) / value, 1.0, 0.005);
    for (const auto* name : {"engine", "ts-update", "ts-fixed", "fixed:0", "fixed:3"})
        EXPECT_LT(mean_earned(p, name, 400), value) << name;
}

// 500 runs have a standard error of 0.7 points at T = 100 (published reproduction); bounds are four of them.
TEST(Lab, PublishedPolicyEarnsWhatTheReferenceSays) {
    const auto share = [](std::size_t periods, double scarcity, std::string_view name) {
        const auto p = fsw1(periods, scarcity);
        return 100 * mean_earned(p, name, 500) / lp_bound(p);
    };
    EXPECT_NEAR(share(100, .25, "ts-update"), 94.66, 2.8);
    EXPECT_NEAR(share(500, .25, "ts-update"), 98.59, 1.5);
    EXPECT_NEAR(share(100, .50, "ts-update"), 93.83, 2.8);
    EXPECT_NEAR(share(1000, .50, "ts-update"), 99.14, 1.0);
    EXPECT_NEAR(share(100, .25, "ts-fixed"), 82.19, 2.8);
    EXPECT_NEAR(share(1000, .50, "ts-fixed"), 96.69, 1.5);
}

TEST(Lab, HistoryHelps) {
    auto p = fsw1(50, .5);
    const double without = mean_earned(p, "ts-update", 800);
    for (const double chance : p.chances) p.history.push_back({0, 100, 100 * chance, true});
    EXPECT_GT(mean_earned(p, "ts-update", 800), without * 1.02);
}

TEST(Lab, SameSeedSameRun) {
    const auto p = fsw1(72, .25);
    EXPECT_EQ(mean_earned(p, "engine", 50), mean_earned(p, "engine", 50));
}

TEST(Lab, UnknownPolicyIsSaid) {
    const auto p = fsw1(10, .5);
    const Optimum optimum(p);
    for (const auto* name : {"", "ts", "fixed:", "fixed:4", "fixed:1x", "fixed:-1"})
        EXPECT_EQ(lab_policy(name, p, optimum), nullptr) << name;
}

}  // namespace
}  // namespace dropsmith::decide
