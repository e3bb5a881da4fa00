// Overrides: what they are expected to cost, who must approve them, and that nobody approves their own.
#include "flow/decide/override.h"

#include <gtest/gtest.h>

#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::override_test {
namespace {

struct Shop : SampleShop {
    LineKey key;
    Shop() : key(open(terms())) { state.access.grants.push_back({}), state.access.grants.back().id = GrantId{3}; }
    void by(std::uint64_t grant) { who = {ActorKind::staff, GrantId{grant}}; }
    OverridePrice to(std::int64_t price, int for_hours = 6) const {
        return {key, Money{price}, now + hours(for_hours), "a customer was promised this"};
    }
};

TEST(OverrideCost, IsTheMarginGivenUp) {  // stock to spare; the prior: 60 units over 72 hours at every band
    Shop shop;
    shop.drop(shop.key.drop).lines[0].terms.cap = Quantity{100'000};
    const auto judged = judge_override(shop.state, shop.to(2400), GrantId{1}, shop.now);
    ASSERT_TRUE(judged.ok());
    const auto unit = *unit_economics(shop.state, shop.cup, shop.web, shop.now);
    const double rate = 100'000 / 72.0;
    const auto expected =
        6 * rate * static_cast<double>((contribution(unit, Money{3600}) - contribution(unit, Money{2400})).n);
    EXPECT_NEAR(static_cast<double>(judged->cost.margin.n), expected, expected * 0.001);
    EXPECT_EQ(judged->set.cost, judged->cost.margin);
    EXPECT_FALSE(judged->second_person);
}

TEST(OverrideCost, KnowsWhatHasBeenSeenAndThatStockRunsOut) {
    Shop shop;
    auto& arms = shop.state.prices.lines.at(shop.key).arms;
    ASSERT_EQ(arms.size(), 3u);
    arms[0].exposure = 10'000'000, arms[0].sales = 100;  // ten an hour at 24.00
    arms[2].exposure = 10'000'000, arms[2].sales = 1;
    const auto slow = judge_override(shop.state, shop.to(2400), GrantId{1}, shop.now);
    ASSERT_TRUE(slow.ok());
    EXPECT_LT(slow->cost.margin, Money{}) << "what hardly sells gains by a lower price";
    EXPECT_GT(slow->cost.units_override, slow->cost.units_standing);
    EXPECT_LE(slow->cost.units_override, Quantity{60});
    arms[2].sales = 100;  // and as many at 36.00: the stock goes anyway
    const auto fast = judge_override(shop.state, shop.to(2400, 72), GrantId{1}, shop.now);
    const auto unit = *unit_economics(shop.state, shop.cup, shop.web, shop.now);
    EXPECT_EQ(fast->cost.margin, Money{60 * (contribution(unit, Money{3600}) - contribution(unit, Money{2400})).n});
}

TEST(Override, AtOnceWhereOnePersonIsEnough) {
    Shop shop;
    const auto verdict = shop.ask(shop.to(2500));
    ASSERT_TRUE(verdict.ok());
    const auto* set = verdict->front().as<PriceSet>();
    ASSERT_TRUE(set);
    ASSERT_TRUE(set->cost);
    EXPECT_EQ(shop.price(shop.key).price, Money{2500});
}

TEST(Override, WaitsForASecondPersonWhereTheRuleAsks) {
    Shop shop;
    ASSERT_EQ(shop.word(SetPriceRules{{}, Rate{200'000}, false, {}}), "");
    ASSERT_EQ(shop.word(shop.to(3000)), "");  // a sixth: one person is enough
    EXPECT_EQ(shop.price(shop.key).price, Money{3000});
    const auto asked = shop.ask(shop.to(2000));  // a third
    ASSERT_TRUE(asked.ok());
    const auto* waiting = asked->front().as<OverrideAsked>();
    ASSERT_TRUE(waiting);
    EXPECT_EQ(shop.price(shop.key).price, Money{3000}) << "nothing moves before the answer";
    const auto id = waiting->id;
    EXPECT_EQ(shop.word(AnswerOverride{id, true, ""}), "needs_second_person");
    shop.by(3);
    const auto answered = shop.ask(AnswerOverride{id, true, "seen"});
    ASSERT_TRUE(answered.ok());
    EXPECT_EQ(shop.price(shop.key).price, Money{2000});
    EXPECT_EQ(answered->back().as<PriceSet>()->approved, id);
    EXPECT_EQ(shop.word(AnswerOverride{id, true, "twice"}), "not_found");
}

TEST(Override, ARejectedOneIsGoneAndALapsedOneCannotBeApproved) {
    Shop shop;
    ASSERT_EQ(shop.word(SetPriceRules{{}, Rate{}, false, {}}), "");
    ASSERT_EQ(shop.word(shop.to(2500)), "");
    ASSERT_EQ(shop.word(shop.to(2600, 1)), "");
    ASSERT_EQ(shop.state.prices.asked.size(), 2u);
    shop.by(2);
    EXPECT_EQ(shop.word(AnswerOverride{OverrideId{1}, false, "no"}), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{3600});
    shop.now = shop.now + hours(2);
    EXPECT_EQ(shop.word(AnswerOverride{OverrideId{2}, true, "late"}), "wrong_state");
    ASSERT_EQ(shop.word(shop.to(2700)), "");
    EXPECT_EQ(shop.state.prices.asked.size(), 1u) << "what has lapsed leaves";
}

TEST(Override, BelowTheFloorNeedsTheGrantOfWhoAskedAndASecondPerson) {
    Shop shop;
    ASSERT_EQ(shop.word(SetPriceRules{{}, whole, false, {}}), "");
    EXPECT_EQ(shop.word(shop.to(1900)), "below_floor");
    shop.by(2);  // may go below
    ASSERT_EQ(shop.word(shop.to(1900)), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{3600});
    shop.by(3);
    EXPECT_EQ(shop.word(AnswerOverride{OverrideId{1}, true, "seen"}), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{1900});
}

}  // namespace
}  // namespace dropsmith::decide::override_test
