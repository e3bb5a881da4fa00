// Elasticities out of randomised decisions: what is recovered, how often the interval holds the truth, and the plain
// regression that endogenous timing fools on the very same periods.
#include "flow/measure/elasticity.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/random.h"

namespace dropsmith::measure::elasticity_test {
namespace {

double uniform(Random& random) { return (static_cast<double>(random.next() >> 11) + .5) * 0x1.0p-53; }
int poisson(Random& random, double mean) {
    int count = 0;
    for (double left = std::exp(-mean), product = uniform(random); product > left; product *= uniform(random)) ++count;
    return count;
}

constexpr std::array<std::int64_t, 3> bands{2400, 3000, 3600};
constexpr std::int64_t list = 3000;

struct World {
    double own = -2.6, cross = 0;
    int drops = 12, periods = 72;
    double scale = 3;    // units a period at list price, at the start
    bool blind = false;  // prices by a coin, whatever the demand
};

// A policy of the bad kind: it discounts when demand has been weak, which it is late in a window. Its chances are
// logged.
std::vector<Period> play(const World& world, std::uint64_t seed) {
    Random random(seed);
    std::vector<Period> out;
    for (int drop = 0; drop < world.drops; ++drop) {
        const double level = world.scale * std::exp(.5 * (uniform(random) - .5));
        std::array<std::vector<Period>, 2> lines;
        std::array<double, 2> before{3, 3};
        for (int t = 0; t < world.periods; ++t) {
            const double season = (.35 + 1.3 * std::exp(-t / 12.0)) * (1 + .4 * std::sin(t * 2 * 3.14159 / 24));
            std::array<double, 2> x{};
            for (std::size_t i = 0; i < 2; ++i) {
                const double weak = world.blind ? .5 : std::exp(-before[i] / 2);
                const std::array<double, 3> chance{.1 + .7 * weak, .1, .8 - .7 * weak};
                double ticket = uniform(random);
                std::size_t arm = 0;
                while (arm < 2 && ticket >= chance[arm]) ticket -= chance[arm++];
                Period period;
                period.key = {DropId{static_cast<std::uint64_t>(drop) + 1}, static_cast<std::uint32_t>(i),
                              ChannelId{1}};
                period.sku = SkuId{i + 1};
                period.from = Instant{t * 3'600'000}, period.to = period.from + hours(1), period.offered = hours(1);
                period.price = Money{bands[arm]}, period.list_price = Money{list};
                for (std::size_t k = 0; k < 3; ++k) period.chances.push_back({Money{bands[k]}, chance[k]});
                x[i] = std::log(static_cast<double>(bands[arm]) / static_cast<double>(list));
                lines[i].push_back(period);
            }
            for (std::size_t i = 0; i < 2; ++i) {
                const double mean = level * season * std::exp(world.own * x[i] + world.cross * x[1 - i]);
                lines[i].back().units = poisson(random, mean);
                before[i] = .6 * before[i] + .4 * static_cast<double>(lines[i].back().units);
            }
        }
        for (const auto& line : lines) out.insert(out.end(), line.begin(), line.end());
    }
    return out;
}

TEST(Elasticity, EndogenousTimingFoolsRegressionAndNotUs) {
    double ours = 0, poisson_mle = 0, least = 0;
    int n = 0, held = 0;
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        const auto found = elasticity_of(play({}, seed), 0);
        ASSERT_TRUE(found.common);
        ours += found.common->value, held += found.common->low <= -2.6 && -2.6 <= found.common->high;
        poisson_mle += found.own[0].poisson->value, least += found.own[0].least->value, ++n;
    }
    EXPECT_NEAR(ours / n, -2.6, .05);
    EXPECT_GT(std::fabs(poisson_mle / n + 2.6), .4);  // the alarm rings: the same periods, without the chances
    EXPECT_GT(std::fabs(least / n + 2.6), .4);
    EXPECT_GE(held, n * 90 / 100);
    EXPECT_LE(held, n * 99 / 100);
    RecordProperty("held_of_120", held);
    RecordProperty("poisson_mle", std::to_string(poisson_mle / n)), RecordProperty("least", std::to_string(least / n));
}

TEST(Elasticity, OneSkuWithOneDropIsHonestlyWide) {
    World small;
    small.drops = 1;
    int held = 0, told = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        const auto found = elasticity_of(play(small, seed), 0);
        if (!found.own[0].own) continue;
        ++told, held += found.own[0].own->low <= -2.6 && -2.6 <= found.own[0].own->high;
    }
    EXPECT_GT(told, 75);
    EXPECT_GE(held, told * 90 / 100);
}

TEST(Elasticity, CrossIsFoundWhereItIsAndNotWhereItIsNot) {
    World world;
    world.drops = 20;
    double none = 0, some = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const auto apart = elasticity_of(play(world, seed), 0);
        World rivals = world;
        rivals.cross = .8;
        const auto near = elasticity_of(play(rivals, seed), 0);
        ASSERT_TRUE(apart.pooled_cross && near.pooled_cross);
        none += apart.pooled_cross->mean.value / 8, some += near.pooled_cross->mean.value / 8;
        EXPECT_NEAR(near.common->value, -2.6, .35);
    }
    EXPECT_NEAR(none, 0, .1);
    EXPECT_NEAR(some, .8, .1);
}

// The second SKU is a bundle with the first in it: buyers of the one are those of the other.
TEST(Elasticity, ABundleStandsBesideWhatItIsMadeOf) {
    World world;
    world.drops = 30, world.cross = .8;
    State state;
    for (const auto* code : {"GLASS", "PICNIC"}) {
        Sku sku;
        sku.id = SkuId{state.catalogue.skus.size() + 1}, sku.terms.sku = code;
        state.catalogue.skus.push_back(sku);
    }
    const auto plain = elasticity_json(elasticity_of(play(world, 3), 0), state);
    EXPECT_EQ(plain.find("bundle"), std::string::npos);
    EXPECT_EQ(plain.find("components"), std::string::npos);
    state.catalogue.skus[1].terms.components = {{SkuId{1}, Quantity{2}}};
    const auto told = elasticity_json(elasticity_of(play(world, 3), 0), state);
    EXPECT_NE(told.find(R"("components":[{"sku":"GLASS","units":2}])"), std::string::npos) << told;
    for (const auto* row : {R"({"sku":"GLASS","price_of":"PICNIC",)", R"({"sku":"PICNIC","price_of":"GLASS",)"}) {
        const auto at = told.find(row);
        ASSERT_NE(at, std::string::npos) << told;
        EXPECT_EQ(told.substr(told.find('}', told.find("alone", at))).substr(0, 19), R"(},"bundle":"PICNIC")") << told;
    }
    EXPECT_NE(told.find("GLASS gains when PICNIC becomes dearer"), std::string::npos) << told;
    EXPECT_NE(told.find("a bundle and what it is made of"), std::string::npos);
}

TEST(Elasticity, NothingDrawnNothingTold) {
    auto periods = play({}, 1);
    for (auto& period : periods) period.chances = {{period.price, 1.0}};
    const auto found = elasticity_of(periods, 3);
    EXPECT_FALSE(found.common);
    EXPECT_FALSE(found.own[0].own);
    EXPECT_FALSE(found.own[0].pooled);
    EXPECT_TRUE(found.own[0].poisson);  // the plain regression would have answered
    EXPECT_EQ(found.unexplained, 3u);
    const auto json = elasticity_json(found, State{});
    EXPECT_NE(json.find("too little"), std::string::npos) << json;
}

// Sessions drawn to two prices at the same moments, in a season that no price explains.
std::vector<Period> sides(double own, double share, std::uint64_t seed) {
    Random random(seed);
    std::vector<Period> out;
    for (int t = 0; t < 96; ++t) {
        const double season = (.2 + 2 * std::exp(-t / 12.0)) * (1 + .5 * std::sin(t * 2 * 3.14159 / 24));
        for (const bool cohort : {false, true}) {
            Period period;
            period.key = {DropId{1}, 0, ChannelId{1}}, period.sku = SkuId{1};
            period.side = cohort ? Side::cohort : Side::rest;
            period.from = Instant{t * 3'600'000}, period.to = period.from + hours(1);
            period.price = Money{cohort ? 2400 : 3600}, period.list_price = Money{list};
            period.chances = {{Money{2400}, share}, {Money{3600}, 1 - share}};
            const double part = cohort ? share : 1 - share;
            period.offered = Duration{static_cast<std::int64_t>(part * 3'600'000)};
            const double x = std::log(static_cast<double>(period.price.n) / static_cast<double>(list));
            for (int hold = poisson(random, 6 * season * part * std::exp(own * x)); hold > 0; --hold) {
                const int units = uniform(random) < .2 ? 2 : 1;
                period.units += units, period.unit_squares += units * units;
            }
            out.push_back(period);
        }
    }
    return out;
}

TEST(Elasticity, SidesOfACohortAreDrawsOfSessions) {
    int held = 0, told = 0, all = 0;
    double sum = 0;
    const std::uint64_t drops = 200;
    for (std::uint64_t seed = 1; seed <= drops; ++seed) {
        const auto found = elasticity_of(sides(-2.6, .25, seed), 0);
        ++all;
        ASSERT_EQ(found.own.size(), 1u);
        EXPECT_EQ(found.drawn, 96u);  // a pair of sides is one draw
        if (!found.own[0].own) continue;
        ++told;
        const auto& own = *found.own[0].own;
        sum += own.value, held += own.low <= -2.6 && -2.6 <= own.high;
    }
    EXPECT_GE(told * 10, all * 9);
    EXPECT_NEAR(sum / told, -2.6, .15);
    EXPECT_GE(held * 100, told * 91);
    EXPECT_LE(held * 100, told * 99);
}

}  // namespace
}  // namespace dropsmith::measure::elasticity_test
