// The closed bid price against exact dynamic programming: what is earned by selling at it, and the one-price case.
#include "flow/decide/bid_price.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "flow/decide/lab_grid.h"

namespace dropsmith::decide::bid_price_test {
namespace {

// Exact expectation of what is earned by the closed bid price, demand known, one look a period.
double earned(const LabProblem& problem) {
    std::vector<float> values(problem.values.begin(), problem.values.end());
    std::vector<float> rates(problem.chances.begin(), problem.chances.end());
    const auto hull = price_hull(values, rates.data(), 1);
    const auto stock = static_cast<std::size_t>(problem.stock);
    std::vector<double> value(stock + 1, 0.0), next(stock + 1, 0.0);
    for (std::size_t left = 0; left < problem.arrivals.size(); ++left) {
        for (std::size_t n = 1; n <= stock; ++n) {
            const float bid = bid_price(hull, DemandModel::one_look, static_cast<float>(left), static_cast<float>(n));
            std::size_t best = 0;
            for (std::size_t k = 1; k < values.size(); ++k)
                if (rates[k] * (values[k] - bid) > rates[best] * (values[best] - bid)) best = k;
            next[n] = value[n] + problem.chances[best] * (problem.values[best] + value[n - 1] - value[n]);
        }
        value.swap(next);
    }
    return value[stock];
}

TEST(BidPrice, EarnsTheOptimumToATenthOfAPercentWhenDemandIsKnown) {
    const struct {
        std::size_t periods;
        double mean, worst;
    } cases[] = {{24, 99.88, 98.5}, {72, 99.94, 99.3}, {144, 99.96, 99.5}};
    for (const auto& c : cases) {
        double sum = 0, worst = 100;
        const auto grid = grid_252(c.periods);
        for (const auto& problem : grid.problems) {
            const double percent = 100 * earned(problem) / Optimum(problem).value();
            EXPECT_LE(percent, 100 + 1e-9);
            sum += percent, worst = std::min(worst, percent);
        }
        EXPECT_GE(sum / static_cast<double>(grid.problems.size()), c.mean) << c.periods;
        EXPECT_GE(worst, c.worst) << c.periods;
    }
}

TEST(BidPrice, OfOnePriceIsTheChanceThatTheUnitSells) {
    const float value = 10, rate = 0.3F;
    const auto hull = price_hull({&value, 1}, &rate, 1);
    ASSERT_EQ(hull.size, 1u);
    double below = 0, chance = std::pow(0.7, 20);  // binomial(20, .3)
    for (int n = 1; n <= 20; ++n) {
        below += chance;
        chance *= (20.0 - n + 1) / n * 0.3 / 0.7;
        EXPECT_NEAR(bid_price(hull, DemandModel::one_look, 20, static_cast<float>(n)), 10 * (1 - below), 0.05) << n;
    }
}

TEST(BidPrice, HullLeavesOutWhatIsNeverBest) {
    const float values[] = {24, 30, 36};
    const float elastic[] = {0.6F, 0.4F, 0.18F}, hype[] = {0.3F, 0.3F, 0.3F}, dull[] = {0.6F, 0.2F, 0.18F};
    EXPECT_EQ(price_hull(values, elastic, 1).size, 3u);
    EXPECT_EQ(price_hull(values, hype, 1).size, 1u);  // nobody minds: only the dearest
    EXPECT_EQ(price_hull(values, dull, 1).size, 2u);  // the middle is dearer than the low one and hardly faster
    EXPECT_EQ(bid_price(price_hull(values, elastic, 1), DemandModel::counts, 0, 5), 0);
}

TEST(BidPrice, OfManyHypothesesIsToTheBitThatOfEach) {
    constexpr std::size_t count = 203, arms = 4;
    const std::vector<float> values{0, 18.5F, 24, 31};  // an arm that may not be asked has no value
    std::vector<float> rates(arms * count), left(count), bids(count);
    std::uint64_t seed = 7;
    const auto draw = [&seed] { return static_cast<float>(splitmix64(seed) >> 40) * 0x1p-24F; };
    for (auto& rate : rates) rate = draw() < 0.1F ? 0.999F : draw() < 0.1F ? 1e-9F : draw();
    for (std::size_t j = 0; j < 20; ++j) rates[2 * count + j] = rates[1 * count + j];  // equally fast
    for (std::size_t j = 20; j < 25; ++j)
        for (std::size_t k = 0; k < arms; ++k) rates[k * count + j] = 0;
    for (const auto model : {DemandModel::one_look, DemandModel::counts})
        for (const float stock : {0.0F, 1.0F, 7.0F, 60.0F}) {
            for (auto& looks : left) looks = std::floor(draw() * 80);
            const auto hulls = price_hulls(values, rates, count);
            bid_prices(hulls, model, left, stock, bids);
            for (std::size_t j = 0; j < count; ++j) {
                const auto hull = price_hull(values, rates.data() + j, count);
                for (std::size_t i = 0; i < arms; ++i)
                    EXPECT_EQ(hulls.drop[i * count + j], i < hull.size ? hull.drop[i] : 0) << j << " " << i;
                EXPECT_EQ(bids[j], bid_price(hull, model, left[j], stock)) << j << " " << stock << " " << left[j];
            }
        }
}

}  // namespace
}  // namespace dropsmith::decide::bid_price_test
