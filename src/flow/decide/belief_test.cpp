// The belief against the exact optimum over beliefs, which a recursion over counts of looks and sales gives for a short
// window; and that what is learned moves it the right way.
#include "flow/decide/belief.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace dropsmith::decide::belief_test {
namespace {

// Two prices: looks and sales at each. The Bayes-optimal value under the very prior of the engine, and the engine's.
struct Exact {
    std::shared_ptr<const Prepared> prepared;
    int periods, stock;
    bool engine;
    std::map<std::array<int, 4>, double> known;

    double value(const Belief& belief, std::array<int, 4> seen) {
        const int gone = seen[0] + seen[2], sold = seen[1] + seen[3];
        if (gone == periods || sold == stock) return 0;
        if (const auto at = known.find(seen); at != known.end()) return at->second;
        std::array<double, 2> worth{};
        for (std::size_t k = 0; k < 2; ++k) {
            double ignored = 0;
            const double chance = belief.expected(k, {1}, ignored);
            for (const bool sale : {false, true}) {
                Belief next = belief;
                next.saw(k, 1, sale);
                auto then = seen;
                then[2 * k] += 1, then[2 * k + 1] += sale;
                worth[k] += (sale ? chance : 1 - chance) *
                            ((sale ? static_cast<double>(prepared->values[k]) : 0) + value(next, then));
            }
        }
        const auto wished = belief.worth(stock - sold, {static_cast<float>(periods - gone - 1)}, {1});
        const double out = engine ? worth[wished[1] > wished[0] ? 1 : 0] : std::max(worth[0], worth[1]);
        return known[seen] = out;
    }
};

TEST(Belief, EarnsNearlyTheOptimumOverBeliefs) {
    for (const auto& [low, high, stock] : {std::tuple{24.0, 36.0, 3}, {10.0, 30.0, 6}, {20.0, 26.0, 12}}) {
        DemandPrior prior;
        prior.arms = 2, prior.expected = stock / 12.0;
        const auto prepared = Prepared::of(prior, std::vector<double>{low, high});
        const double best = Exact{prepared, 12, stock, false, {}}.value(Belief(prepared), {});
        const double ours = Exact{prepared, 12, stock, true, {}}.value(Belief(prepared), {});
        EXPECT_LE(ours, best * 1.0001);
        EXPECT_GE(ours, best * 0.99) << low << " " << high << " " << stock;
    }
}

TEST(Belief, SilenceAtTheTopLowersAllPrices) {
    DemandPrior prior;
    prior.arms = 3, prior.expected = 0.3;
    Belief belief(Prepared::of(prior, std::vector<double>{24, 30, 36}));
    double ignored = 0;
    const double before = belief.expected(0, {1}, ignored);
    for (int i = 0; i < 15; ++i) belief.saw(2, 1, 0);
    EXPECT_LT(belief.expected(0, {1}, ignored), before);
    const auto worth = belief.worth(10, {30}, {1});
    EXPECT_GT(*std::max_element(worth.begin(), worth.begin() + 2), worth[2]);
}

TEST(Belief, TotalsAndSingleLooksTellTheSame) {
    DemandPrior prior;
    prior.arms = 2, prior.expected = 0.3;
    const auto prepared = Prepared::of(prior, std::vector<double>{20, 30});
    Belief one(prepared), all(prepared);
    for (int i = 0; i < 10; ++i) one.saw(0, 1, i < 4);
    all.saw(0, 10, 4);
    double ignored = 0;
    for (std::size_t k = 0; k < 2; ++k)
        EXPECT_NEAR(one.expected(k, {1}, ignored), all.expected(k, {1}, ignored), 1e-4) << k;
}

// The same by every count that may come: the steps of a ladder teach half of it at least, and more by no more than
// the error of their chances.
TEST(Belief, WhatPeriodsTeachIsMostOfWhatTheirCountsWould) {
    for (const double stock : {20.0, 60.0}) {
        DemandPrior prior;
        prior.model = DemandModel::counts, prior.arms = 3, prior.expected = 1;
        prior.law.price = {0.8, 1.0, 1.2};
        const auto prepared = Prepared::of(prior, std::vector<double>{24, 30, 36});
        const auto& set = prepared->set;
        constexpr double left = 40;
        std::array<std::vector<double>, 3> gain;
        std::array<double, 3> plain{};
        for (std::size_t k = 0; k < 3; ++k)
            for (std::size_t j = 0; j < set.count; ++j) {
                const auto hull = price_hull(prepared->values, set.rate.data() + j, set.count);
                const double bid = bid_price(hull, prior.model, static_cast<float>(left), static_cast<float>(stock));
                gain[k].push_back(static_cast<double>(set.weight[j]) * static_cast<double>(set.of(k)[j]) *
                                  (static_cast<double>(prepared->values[k]) - bid));
                plain[k] += gain[k].back();
            }
        const double best = *std::max_element(plain.begin(), plain.end());
        const auto worth = Belief(prepared).worth(stock, {static_cast<float>(left)}, {1});
        for (std::size_t k = 0; k < 3; ++k) {
            double most = 0;
            for (const double periods : {2.0, 8.0}) {
                double after = 0;
                for (int sold = 0; sold < 600; ++sold) {
                    std::array<double, 3> then{};
                    for (std::size_t j = 0; j < set.count; ++j) {
                        const double mean = periods * static_cast<double>(set.of(k)[j]);
                        const double chance = std::exp(sold * std::log(mean) - mean - std::lgamma(sold + 1.0));
                        for (std::size_t other = 0; other < 3; ++other) then[other] += chance * gain[other][j];
                    }
                    after += *std::max_element(then.begin(), then.end());
                }
                most = std::max(most, (left + 1 - periods) / periods * (after - best));
            }
            const double taught = (worth[k] - plain[k]) / 0.3;
            EXPECT_GT(most, 0.0005 * best) << "the example must teach something";
            EXPECT_LE(taught, 1.06 * most + 0.002 * best) << stock << " " << k;
            EXPECT_GE(taught, 0.5 * most - 0.008 * best) << stock << " " << k;
        }
    }
}

// Both rates are known: nothing is left to learn.
TEST(Belief, WhatIsKnownTeachesNothing) {
    DemandPrior prior;
    prior.model = DemandModel::counts, prior.arms = 2, prior.expected = 5;
    prior.law.price = {0.8, 1.0};
    const std::vector<double> values{24, 30};
    const auto known = Belief::after(prior, values, {{4'000, 32'000}, {4'000, 16'000}});
    const auto worth = known.worth(1e6, {40}, {1});
    double ignored = 0;
    for (std::size_t k = 0; k < 2; ++k)
        EXPECT_NEAR(worth[k], values[k] * known.expected(k, {1}, ignored), 0.001 * worth[0]) << k;
}

}  // namespace
}  // namespace dropsmith::decide::belief_test
