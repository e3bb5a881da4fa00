// Draws have the moments they should; propensities are a distribution, keep to explore_share, and are what is really
// drawn.
#include "flow/decide/policy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "base/sized_testing.h"
#include "flow/decide/sample.h"

namespace dropsmith::decide::policy_test {
namespace {

constexpr int draws = sized(200'000, 20'000);

struct Moments {
    double mean = 0, variance = 0;
};
Moments moments(const std::function<double()>& draw, int n = draws) {
    double sum = 0, squares = 0;
    for (int i = 0; i < n; ++i) {
        const double x = draw();
        sum += x, squares += x * x;
    }
    return {sum / n, squares / n - sum / n * sum / n};
}

TEST(Draws, HaveTheirMoments) {  // tolerances are over five standard errors of the mean
    Random random(1);
    const auto expect = [](Moments m, double mean, double variance) {
        EXPECT_NEAR(m.mean, mean, 5 * std::sqrt(variance / draws) + 1e-9);
        EXPECT_NEAR(m.variance / variance, 1, sized(0.03, 0.1));
    };
    expect(moments([&] { return draw_uniform(random); }), 0.5, 1.0 / 12);
    expect(moments([&] { return draw_normal(random); }), 0, 1);
    expect(moments([&] { return draw_gamma(random, 1); }), 1, 1);
    expect(moments([&] { return draw_gamma(random, 7.5); }), 7.5, 7.5);
    expect(moments([&] { return draw_beta(random, 2, 5); }), 2.0 / 7, 10.0 / 49 / 8);
    for (const double mean : {0.3, 4.0, 29.0, 31.0, 300.0})
        expect(moments([&] { return static_cast<double>(draw_poisson(random, mean)); }), mean, mean);
}

PolicyAsk ask() {
    PolicyAsk ask;
    ask.arms = {{12, 10, 40, true}, {18, 10, 25, true}, {24, 10, 10, true}};
    ask.stock_left = 30, ask.periods_left = 20, ask.prior_rate = 1;
    return ask;
}

TEST(Choose, PropensitiesAreADistributionAndAreDrawnFrom) {
    std::map<std::size_t, int> drawn;
    std::vector<double> logged(3);
    const int times = sized(3000, 400);
    for (int i = 0; i < times; ++i) {
        Random random(5, static_cast<std::uint64_t>(i));
        const auto choice = choose(engine_policy(), ask(), 200, whole, random);
        Rate sum;
        for (const auto p : choice.propensity) sum += p;
        ASSERT_EQ(sum, whole);
        ASSERT_GT(choice.propensity[choice.arm], Rate{});
        ++drawn[choice.arm];
        for (std::size_t k = 0; k < 3; ++k) logged[k] += static_cast<double>(choice.propensity[k].n) / 1e6;
    }
    const double near = sized(0.04, 0.11);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(drawn[k] / double(times), logged[k] / times, near) << k;
}

TEST(Choose, ExploreShareBoundsAllArmsButTheLikeliest) {
    Random random(9);
    auto free = ask();
    Choice wide = choose(engine_policy(), free, 1000, whole, random);
    const auto most = [&] { return *std::max_element(wide.propensity.begin(), wide.propensity.end()); };
    for (free.stock_left = 10; most() > Rate{800'000} && free.stock_left < 60; free.stock_left += 0.1)
        wide = choose(engine_policy(), free, 1000, whole, random);
    free.stock_left -= 0.1;  // a stock between two plans, where two bands are worth the same
    EXPECT_FALSE(wide.explore_bound);
    ASSERT_LT(*std::max_element(wide.propensity.begin(), wide.propensity.end()), Rate{900'000})
        << "the example must explore";
    const auto narrow = choose(engine_policy(), free, 1000, Rate{100'000}, random);
    EXPECT_TRUE(narrow.explore_bound);
    EXPECT_EQ(*std::max_element(narrow.propensity.begin(), narrow.propensity.end()), Rate{900'000});
    EXPECT_EQ(std::accumulate(narrow.propensity.begin(), narrow.propensity.end(), Rate{}), whole);
    const auto none = choose(engine_policy(), free, 1000, Rate{}, random);
    EXPECT_EQ(none.propensity[none.arm], whole);
}

TEST(Choose, ScarceStockAsksMoreAndUnlawfulBandsAreNeverDrawn) {
    const auto chance_of_top = [](double stock) {
        auto a = ask();
        a.stock_left = stock;
        Random random(3);
        return choose(engine_policy(), a, 1000, whole, random).propensity[2];
    };
    EXPECT_GT(chance_of_top(5), chance_of_top(60));
    auto a = ask();
    a.arms[0].lawful = a.arms[1].lawful = false;
    Random random(4);
    EXPECT_EQ(choose(engine_policy(), a, 500, whole, random).propensity[2], whole);
}

TEST(Choose, SameSeedSameChoice) {
    Random a(11), b(11);
    const auto x = choose(engine_policy(), ask(), 500, Rate{200'000}, a),
               y = choose(engine_policy(), ask(), 500, Rate{200'000}, b);
    EXPECT_EQ(x.arm, y.arm);
    EXPECT_EQ(x.propensity, y.propensity);
}

}  // namespace
}  // namespace dropsmith::decide::policy_test
