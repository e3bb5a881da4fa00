// The governors of the gate, each first shown to ring: conservative exploration keeps its promise in at least the
// stated share of 10,000 simulated drops (and a policy without it does not); a cascade trips the breaker within five
// decisions and 1,000 ordinary drops never do; a test that eats full-price sales is stopped and innocent ones are not;
// a brand's exposure holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/sized_testing.h"
#include "flow/decide/cannibal.h"
#include "flow/decide/cascade.h"
#include "flow/decide/exposure.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/propose.h"
#include "flow/decide/risk.h"
#include "flow/decide/sample.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::governors_test {
namespace {

// --- revenue at risk

TEST(Risk, BoundsOfARate) {  // the Chernoff bound, solved: T * kl(mean, rate) = strength
    EXPECT_EQ(rate_below(0, 10, 3), 0);
    EXPECT_NEAR(rate_above(0, 10, 3), 0.3, 1e-9);
    for (const double rate : {rate_below(40, 10, 3), rate_above(40, 10, 3)})
        EXPECT_NEAR(10 * (rate - 4 + 4 * std::log(4 / rate)), 3, 1e-6);
    EXPECT_LT(rate_below(40, 10, 3), 4);
    EXPECT_GT(rate_above(40, 10, 3), 4);
}

TEST(Risk, NothingIsTriedBeforeItIsEarned) {
    RiskAsk ask{{{12, 0, 0}, {18, 0, 0}}, 1, 0.1, 0.95, 72};
    EXPECT_TRUE(may_explore(ask, 1));
    EXPECT_FALSE(may_explore(ask, 0));
    ask.arms[1] = {18, 8, 24};
    EXPECT_FALSE(may_explore(ask, 0));  // 8 of 9 periods is less than 90 %
    ask.arms[1] = {18, 9, 27};
    EXPECT_TRUE(may_explore(ask, 0));  // 9 of 10 is 90 %, whatever the other band is worth
    ask.at_risk = 0.01;
    EXPECT_FALSE(may_explore(ask, 0));
}

struct Campaign {
    int drops = sized(10'000, 400), broken = 0;
    std::uint64_t explored = 0, periods = 0;
};

Campaign simulate(bool conservative, double at_risk, double confidence) {
    Campaign out;
    Random random(11);
    for (int drop = 0; drop < out.drops; ++drop) {
        const double top = 0.2 + 4 * draw_uniform(random);
        const double middle = top * (1 + 1.5 * draw_uniform(random)), low = middle * (1 + draw_uniform(random));
        const double rates[] = {low, middle, top};
        RiskAsk ask{{{8, 0, 0}, {14, 0, 0}, {20, 0, 0}}, 2, at_risk, confidence, 72};
        double earned = 0, promised = 0;
        bool broken = false;
        for (int period = 0; period < 72; ++period) {
            std::size_t wanted = random.below(3);  // a policy that would try anything
            if (conservative && !may_explore(ask, wanted)) wanted = 2;
            auto& arm = ask.arms[wanted];
            arm.periods += 1, arm.sales += static_cast<double>(draw_poisson(random, rates[wanted]));
            earned += arm.value * rates[wanted], promised += (1 - at_risk) * 20 * rates[2];
            broken = broken || earned < promised * (1 - 1e-12);
            out.explored += wanted != 2, ++out.periods;
        }
        out.broken += broken;
    }
    return out;
}

TEST(Risk, ThePromiseIsBrokenInAtMostTheStatedShareOfDrops) {
    for (const auto& [at_risk, confidence] : {std::pair{0.1, 0.95}, {0.2, 0.9}, {0.05, 0.5}}) {
        const auto kept = simulate(true, at_risk, confidence);
        EXPECT_LE(kept.broken, (1 - confidence) * kept.drops) << at_risk;
        EXPECT_GT(kept.explored, 0u) << "a governor that never lets anything be tried proves nothing";
        RecordProperty("broken_at_" + std::to_string(at_risk), kept.broken);
        RecordProperty("explored_ppm_at_" + std::to_string(at_risk),
                       std::to_string(kept.explored * 1'000'000 / kept.periods));
    }
    const auto reckless = simulate(false, 0.1, 0.95);
    EXPECT_GT(reckless.broken, reckless.drops / 4) << "without it the promise is broken: the alarm rings";
}

TEST(Risk, TheGateGoesBackToTheBandNearestToTheListPrice) {
    SampleShop shop;
    auto terms = shop.terms();
    terms.pricing.revenue_at_risk = Rate{100'000};
    const auto key = shop.open(terms);
    EXPECT_EQ(shop.price(key).price, Money{3000});  // the list price, not the highest band
    for (int review = 1; review <= 30; ++review) {
        shop.now = shop.now + hours(1);
        ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
        ProposePrice proposal;
        proposal.key = key, proposal.arm = 0;
        proposal.inputs.based_on = shop.state.head;
        proposal.inputs.policy = "reckless/1", proposal.inputs.periods_left = 1;
        for (const auto band : terms.lines[0].bands) proposal.inputs.arms.push_back({band, 0, 0, Rate{}});
        proposal.inputs.arms[0].propensity = whole;
        ASSERT_EQ(shop.word(proposal), "");
        const auto& arms = shop.price(key).arms;
        if (review < 9) {
            EXPECT_EQ(shop.price(key).price, Money{3000}) << review;
        }
        EXPECT_LE(arms[0].exposure + arms[2].exposure, static_cast<std::uint64_t>(review) * 100'000) << review;
    }
}

// --- cascades

struct TwoLines {
    SampleShop shop;
    std::vector<LineKey> keys;
    explicit TwoLines(std::vector<Money> bands, std::size_t lines = 2, std::size_t channels = 1) {
        shop.state.catalogue.skus[1].terms.unit_cost = Money{1000};
        auto terms = shop.terms();
        terms.pricing.explore_share = whole;
        terms.lines[0].bands = std::move(bands), terms.lines[0].list_price = terms.lines[0].bands.back();
        if (lines == 2) terms.lines.push_back(terms.lines[0]), terms.lines[1].sku = shop.bare;
        if (channels == 2) {
            const auto till = ChannelId{shop.state.places.channels.size() + 1};
            shop.state.places.channels.push_back({till, 1, "till", ChannelMode::own, true, {}});
            terms.channels.push_back(till);
        }
        const auto drop = shop.open(terms).drop;
        for (std::uint32_t i = 0; i < lines; ++i)
            for (const auto channel : terms.channels) keys.push_back({drop, i, channel});
    }
    bool propose(const LineKey& key, std::uint32_t arm) {  // off the cadence too: any fact is newer than the last price
        ProposePrice proposal;
        proposal.key = key, proposal.arm = arm;
        proposal.inputs.based_on = shop.state.head;
        proposal.inputs.policy = "answering/1", proposal.inputs.periods_left = 1;
        for (const auto band : bands_of(shop.drop(key.drop).lines[key.line].terms))
            proposal.inputs.arms.push_back({band, 0, 0, Rate{}});
        proposal.inputs.arms[arm].propensity = whole;
        const auto verdict = shop.ask(proposal);
        EXPECT_TRUE(verdict.ok()) << verdict.error().detail;
        bool halted = false;
        for (const auto& fact : *verdict) halted = halted || fact.as<PricesHalted>();
        return halted;
    }
};

std::vector<Money> ladder_of(int bands, std::int64_t top = 4'000) {
    std::vector<Money> out;
    for (int k = bands - 1; k >= 0; --k) out.push_back(Money{top - 200 * k});
    return out;
}

// Each line goes one band below the other: down through the bands, until something stops it.
int cascade(TwoLines& two, int most) {
    for (int decision = 1; decision <= most; ++decision) {
        const auto& mine = two.keys[static_cast<std::size_t>(decision + 1) % two.keys.size()];
        const auto arm = static_cast<std::uint32_t>(std::max(0, 7 - decision));
        if (two.propose(mine, arm)) return decision;
    }
    return most + 1;
}

TEST(Cascade, TripsWithinFiveDecisionsOverSkusAndOverChannels) {
    TwoLines skus(ladder_of(8));
    EXPECT_LE(cascade(skus, 7), 5);
    TwoLines channels(ladder_of(8), 1, 2);
    EXPECT_LE(cascade(channels, 7), 5);
    const auto& key = channels.keys[0];
    const auto before = channels.shop.price(key).price;
    channels.shop.now = channels.shop.now + hours(1);
    channels.propose(key, 0);  // halted: it stands, and the trail says why
    EXPECT_EQ(channels.shop.price(key).price, before);
    EXPECT_EQ(channels.shop.price(key).halted_by, Guardrail::cascade);
    EXPECT_EQ(channels.shop.word(ResumePrices{key.drop, ""}), "bad_value");
    EXPECT_EQ(channels.shop.word(ResumePrices{key.drop, "looked at it"}), "");
    EXPECT_EQ(channels.shop.word(ResumePrices{key.drop, "again"}), "wrong_state");
    channels.propose(key, 0);
    EXPECT_LT(channels.shop.price(key).price, before);
}

TEST(Cascade, RisesTripToo) {
    TwoLines two(ladder_of(8));
    two.propose(two.keys[0], 0), two.propose(two.keys[1], 0);
    int tripped = 0;
    for (int k = 1; k <= 6 && !tripped;
         ++k)  // above the opening price there is none: each goes above the other from below
        if (two.propose(two.keys[static_cast<std::size_t>(k) % 2], static_cast<std::uint32_t>(k))) tripped = k;
    EXPECT_GT(tripped, 0);
    EXPECT_LE(tripped, 5);
}

TEST(Cascade, AThousandOrdinaryDropsNeverDo) {
    Random random(5);
    std::uint64_t decisions = 0, halts = 0;
    for (int drop = 0; drop < sized(1'000, 24); ++drop) {
        TwoLines two(ladder_of(3 + 2 * (drop % 2)), 1 + drop / 2 % 2, 1 + drop / 4 % 2);
        auto& shop = two.shop;
        const double scale = draw_uniform(random) * 2;  // cold drops, too
        for (int hour = 0; hour < 24; ++hour) {
            shop.now = shop.now + hours(1), shop.state.at = shop.now;
            for (const auto& key : two.keys) {
                auto& line = shop.drop(key.drop).lines[key.line];
                const auto price = shop.price(key).price;
                const double rate = scale * std::pow(static_cast<double>(price.n) / 4'000, -3);
                const auto units = std::min(line.free(), Quantity{draw_poisson(random, rate)});
                if (units > Quantity{}) {
                    UnitsHeld held;
                    held.drop = key.drop, held.channel = key.channel;
                    held.lines = {{key.line, line.terms.sku, shop.here, units, price, shop.price(key).decision}};
                    evolve(shop.state.prices, held, {shop.now, ++shop.state.head, {}});
                    line.sold += units;
                }
                ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
                const auto question = question_of(shop.state, key, shop.state.head, random.next());
                if (!question) continue;
                const auto verdict = shop.ask(propose(*question, engine_policy(), 20));
                ASSERT_TRUE(verdict.ok()) << verdict.error().detail;
                ++decisions;
                for (const auto& fact : *verdict) halts += fact.as<PricesHalted>() != nullptr;
            }
        }
    }
    EXPECT_GT(decisions, sized(20'000u, 480u));
    EXPECT_EQ(halts, 0u);
    RecordProperty("decisions", static_cast<int>(decisions));
}

// --- cannibalisation

// A week of a neighbour's full-price trade, then a test of two days; units an hour before and during it.
NeighbourSales week(Random& random, double before, double during, Instant& test, Instant& now) {
    Prices prices;
    const Instant start{1'795'000'000'000};
    test = start + days(7), now = test + days(2);
    count_full_price(prices, SkuId{2}, 0, start);
    for (Instant at = start; at < now; at = at + hours(1)) {
        const double day = 1 + 0.8 * std::sin(static_cast<double>(at.ms % 86'400'000) / 86'400'000 * 6.2832);
        count_full_price(prices, SkuId{2}, draw_poisson(random, day * (at < test ? before : during)), at);
    }
    return neighbour_sales(prices, {SkuId{2}}, test, now);
}

TEST(Cannibalisation, ATestThatEatsIsStoppedAndAnInnocentOneIsNot) {
    Random random(3);
    int caught = 0, wronged = 0;
    Instant test, now;
    const int weeks = sized(1'000, 100);
    for (int i = 0; i < weeks; ++i) {
        caught += eats_full_price(week(random, 4, 2, test, now), Rate{200'000}, 72);
        wronged += eats_full_price(week(random, 4, 4, test, now), Rate{200'000}, 72);
    }
    EXPECT_GE(caught, weeks * 99 / 100);
    EXPECT_EQ(wronged, 0);  // at most 1 % over a whole window is allowed; the bound is safe by far
    RecordProperty("caught_of_" + std::to_string(weeks), caught);
}

TEST(Cannibalisation, StopsTheLineInTheGateUntilAPersonResumes) {
    SampleShop shop;
    shop.state.catalogue.products[0].brand = shop.state.catalogue.products[1].brand = "Harbour";
    EXPECT_EQ(neighbours_of(shop.state, shop.cup), std::vector{shop.bare});
    const auto trade = [&](std::int64_t units) {
        SoldElsewhere sold;
        sold.lines = {{shop.bare, Quantity{units}, {}, Money{3000}}};
        shop.take(sold);
    };
    auto terms = shop.terms();
    const auto opens = shop.now + days(4);
    terms.opens_at = opens, terms.closes_at = opens + hours(72), terms.pricing.explore_share = whole;
    for (; shop.now < opens - hours(1); shop.now = shop.now + hours(1)) trade(10);
    const auto key = shop.open(terms);
    bool stopped = false;
    Money after;
    for (int review = 1; review <= 40 && !stopped; ++review) {
        trade(review < 2 ? 10 : 3);
        shop.now = shop.now + hours(1);
        ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
        ProposePrice proposal;
        proposal.key = key, proposal.arm = 0;
        proposal.inputs.based_on = shop.state.head, proposal.inputs.policy = "t/1", proposal.inputs.periods_left = 1;
        for (const auto band : terms.lines[0].bands) proposal.inputs.arms.push_back({band, 0, 0, Rate{}});
        proposal.inputs.arms[0].propensity = whole;
        const auto verdict = shop.ask(proposal);
        ASSERT_TRUE(verdict.ok());
        for (const auto& fact : *verdict) stopped = stopped || fact.as<PricesHalted>();
        after = shop.price(key).price;
        if (!stopped) {
            EXPECT_EQ(after, Money{2400});
        }
    }
    EXPECT_TRUE(stopped);
    EXPECT_EQ(after, Money{3000});  // the band nearest to the list price
    EXPECT_EQ(shop.price(key).halted_by, Guardrail::cannibalisation);
}

// --- a brand's exposure

TEST(Exposure, HoldsTheBrandWithinItsRule) {
    SampleShop shop;
    shop.state.catalogue.products[0].brand = "Harbour";
    ASSERT_EQ(shop.word(SetPriceRules{std::vector{BrandRule{"Harbour", Rate{100'000}}}, {}, false, {}}), "");
    auto terms = shop.terms();
    terms.pricing.explore_share = whole;
    const auto key = shop.open(terms);
    EXPECT_EQ(exposure_floor(shop.state, key), Money{2700});  // 10 % of 30.00, of the brand's only line
    shop.now = shop.now + hours(1);
    ProposePrice proposal;
    proposal.key = key, proposal.arm = 0;
    proposal.inputs.based_on = shop.state.head, proposal.inputs.policy = "t/1", proposal.inputs.periods_left = 1;
    for (const auto band : terms.lines[0].bands) proposal.inputs.arms.push_back({band, 0, 0, Rate{}});
    proposal.inputs.arms[0].propensity = whole;
    const auto verdict = shop.ask(proposal);
    ASSERT_TRUE(verdict.ok());
    const auto* set = verdict->back().as<PriceSet>();
    ASSERT_TRUE(set);
    EXPECT_EQ(set->price, Money{3000});
    ASSERT_FALSE(set->clamps.empty());
    EXPECT_EQ(set->clamps[0], (Clamp{Guardrail::brand_exposure, Money{2400}, Money{3000}}));
    const auto exposure = exposure_of(shop.state, "Harbour");
    EXPECT_LE(exposure.given * 10, exposure.list);
    shop.state.prices.rules.brands.clear();
    EXPECT_FALSE(exposure_floor(shop.state, key));
}

TEST(Rules, AreRefusedByField) {
    SampleShop shop;
    EXPECT_EQ(shop.word(SetPriceRules{std::vector{BrandRule{"", Rate{}}}, {}, false, {}}), "bad_value");
    EXPECT_EQ(shop.word(SetPriceRules{std::vector{BrandRule{"A", Rate{2'000'000}}}, {}, false, {}}), "bad_value");
    EXPECT_EQ(shop.word(SetPriceRules{{}, Rate{-1}, false, {}}), "bad_value");
    EXPECT_EQ(shop.word(SetPriceRules{{}, {}, false, std::vector{PersonalRule{"GB", ""}}}), "bad_value");
    EXPECT_EQ(shop.word(SetPriceRules{{}, Rate{100'000}, false, std::vector{PersonalRule{"GB", "said"}}}), "");
    EXPECT_EQ(shop.state.prices.rules.four_eyes_above, Rate{100'000});
    EXPECT_EQ(shop.word(SetPriceRules{{}, {}, true, {}}), "");
    EXPECT_FALSE(shop.state.prices.rules.four_eyes_above);
    EXPECT_EQ(shop.state.prices.rules.personal.size(), 1u);
}

}  // namespace
}  // namespace dropsmith::decide::governors_test
