// Reviews, proposals, overrides and the kill switch on one open line; every price through the gate.
#include "flow/decide/price.h"

#include <gtest/gtest.h>

#include "flow/decide/propose.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::price_test {
namespace {

ProposePrice proposal(SampleShop& shop, const LineKey& key, std::uint32_t arm) {
    ProposePrice propose;
    propose.key = key, propose.arm = arm;
    propose.inputs.based_on = shop.state.head;
    propose.inputs.policy = "test/1";
    propose.inputs.arms = {
        {Money{2400}, 0, 0, Rate{100'000}}, {Money{3000}, 0, 0, Rate{800'000}}, {Money{3600}, 0, 0, Rate{100'000}}};
    return propose;
}

TEST(Price, ReviewCountsThePeriodAndArmsTheNextWhileTheDropSells) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    shop.now = shop.now + hours(1);
    auto verdict = shop.ask(ReviewDue{key});
    ASSERT_TRUE(verdict.ok());
    EXPECT_EQ(verdict->front().as<PriceReviewed>()->next_review, shop.now + hours(1));
    EXPECT_EQ(shop.price(key).arms[2].periods, 1u);
    shop.drop(key.drop).status = DropStatus::paused;
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    EXPECT_EQ(shop.price(key).arms[2].periods, 1u) << "nobody could buy";
    EXPECT_NE(shop.price(key).next_review, Instant{});
    shop.drop(key.drop).status = DropStatus::closed;
    verdict = shop.ask(ReviewDue{key});
    ASSERT_TRUE(verdict.ok());
    EXPECT_EQ(verdict->front().as<PriceReviewed>()->next_review, Instant{}) << "disarmed";
}

TEST(Price, ProposalIsTakenOnceFromTheNewestFacts) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    const auto fresh = proposal(shop, key, 1);
    auto stale = fresh;
    stale.inputs.based_on = shop.state.head - 1;
    EXPECT_EQ(shop.word(stale), "overtaken");
    const auto verdict = shop.ask(fresh);
    ASSERT_TRUE(verdict.ok()) << verdict.error().detail;
    const auto* set = verdict->front().as<PriceSet>();
    EXPECT_EQ(set->kind, DecisionKind::bandit);
    EXPECT_EQ(set->price, Money{3000});
    EXPECT_EQ(set->propensity, Rate{800'000});
    EXPECT_EQ(set->bound, std::vector{Guardrail::explore_share})
        << "the others have exactly the share that may explore";
    EXPECT_EQ(set->inputs.arms.size(), 3u);
    EXPECT_EQ(set->next_review, shop.price(key).next_review);
    EXPECT_EQ(shop.word(fresh), "overtaken") << "another price was set since";
}

TEST(Price, ProposalsThatAreNoDistributionOverTheBandsAreRefused) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    const std::vector<std::function<void(ProposePrice&)>> wrong = {
        [](auto& p) { p.arm = 3; },
        [](auto& p) { p.inputs.arms.pop_back(); },
        [](auto& p) { p.inputs.arms[0].price = Money{2399}; },
        [](auto& p) { p.inputs.arms[0].propensity = Rate{100'001}; },
        [](auto& p) { p.inputs.arms[0].propensity = Rate{-100'000}, p.inputs.arms[1].propensity = whole; },
        [](auto& p) { p.arm = 0, p.inputs.arms[0].propensity = Rate{}, p.inputs.arms[1].propensity = Rate{900'000}; },
        [](auto& p) {
            p.inputs.arms[0].propensity = Rate{150'000}, p.inputs.arms[1].propensity = Rate{750'000};
        },  // explores too much
    };
    for (const auto& change : wrong) {
        auto p = proposal(shop, key, 1);
        change(p);
        EXPECT_EQ(shop.word(p), "bad_value");
    }
    EXPECT_EQ(shop.word(proposal(shop, {key.drop, 1, shop.web}, 1)), "no_such_line");
    EXPECT_EQ(shop.word(proposal(shop, {key.drop, 0, shop.outside}, 1)), "wrong_channel");
    shop.drop(key.drop).status = DropStatus::closed;
    EXPECT_EQ(shop.word(proposal(shop, key, 1)), "drop_not_open");
}

TEST(Price, GateClampsAndThePropensityFollows) {
    SampleShop shop;
    auto terms = shop.terms();
    terms.pricing.max_step =
        Rate{200'000};  // from 36.00 down to 28.80: 24.00 is out of reach, 30.00 is what it becomes
    terms.pricing.max_step_up = Rate{250'000};
    const auto key = shop.open(terms);
    const auto verdict = shop.ask(proposal(shop, key, 0));
    ASSERT_TRUE(verdict.ok());
    const auto* set = verdict->front().as<PriceSet>();
    EXPECT_EQ(set->wanted, Money{2400});
    EXPECT_EQ(set->price, Money{3000});
    EXPECT_EQ(set->propensity, Rate{900'000}) << "24.00 and 30.00 both lead here";
    EXPECT_EQ(set->bound.front(), Guardrail::max_step);
    shop.drop(key.drop).lines[0].terms.floor = Money{9'900};
    EXPECT_EQ(shop.word(proposal(shop, key, 1)), "below_floor") << "the last price stands";
    EXPECT_EQ(shop.price(key).price, Money{3000});
}

TEST(Price, OverrideIsAttributedExpiresAndKeepsTheFloor) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    const auto until = shop.now + hours(2);
    EXPECT_EQ(shop.word(OverridePrice{key, Money{2700}, until, ""}), "bad_value");
    EXPECT_EQ(shop.word(OverridePrice{key, Money{2700}, shop.now, "why"}), "bad_value");
    EXPECT_EQ(shop.word(OverridePrice{key, Money{1999}, until, "why"}), "below_floor");
    EXPECT_EQ(shop.word(OverridePrice{key, Money{3601}, until, "why"}), "outside_band");
    const auto verdict = shop.ask(OverridePrice{key, Money{2700}, until, "press piece"});
    ASSERT_TRUE(verdict.ok());
    EXPECT_EQ(verdict->front().as<PriceSet>()->until, until);
    EXPECT_EQ(verdict->front().as<PriceSet>()->bound, std::vector{Guardrail::override_});
    EXPECT_EQ(shop.word(proposal(shop, key, 1)), "overtaken") << "an override stands until it ends";
    EXPECT_FALSE(question_of(shop.state, key, 1, 1).has_value());
    shop.now = until;
    const auto ended = shop.ask(OverrideDue{key});
    ASSERT_TRUE(ended.ok());
    EXPECT_EQ(ended->front().as<PriceSet>()->kind, DecisionKind::override_ended);
    EXPECT_EQ(shop.price(key).price, Money{3600}) << "back to the engine's price";
    EXPECT_FALSE(shop.price(key).override_until.has_value());
    shop.who.grant = GrantId{2};  // may go below the floor
    EXPECT_EQ(shop.word(OverridePrice{key, Money{1500}, shop.now + hours(1), "staff sale"}), "");
    EXPECT_EQ(shop.price(key).price, Money{1500});
}

TEST(Price, KillSwitchGoesBackToTheListPriceForGood) {
    SampleShop shop;
    auto terms = shop.terms();
    const auto key = shop.open(terms);
    shop.drop(key.drop).terms.pricing.max_step = Rate{10'000};
    ASSERT_TRUE(shop.ask(OverridePrice{key, Money{2500}, shop.now + hours(9), "why"}).ok());
    ASSERT_TRUE(shop.ask(KillPrices{key.drop, "cascade"}).ok());
    EXPECT_EQ(shop.price(key).price, Money{3000}) << "exempt from the step";
    EXPECT_TRUE(shop.price(key).killed);
    EXPECT_EQ(shop.price(key).next_review, Instant{});
    EXPECT_EQ(shop.word(proposal(shop, key, 1)), "prices_killed");
    EXPECT_EQ(shop.word(OverridePrice{key, Money{2500}, shop.now + hours(1), "why"}), "prices_killed");
    EXPECT_EQ(shop.word(KillPrices{key.drop, "again"}), "prices_killed");
    EXPECT_FALSE(question_of(shop.state, key, 1, 1).has_value());
}

TEST(Price, UnitsTakenCountForTheBandTheyWereTakenAt) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    UnitsHeld held;
    held.drop = key.drop, held.channel = key.channel;
    held.lines = {{0, shop.cup, shop.here, Quantity{2}, Money{3000}, DecisionId{1}}};  // by a quote from before
    evolve(shop.state.prices, held, {shop.now, 1, {}});
    EXPECT_EQ(shop.price(key).arms[1].sales, 0u) << "before its period has ended";
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    EXPECT_EQ(shop.price(key).arms[1].sales, 2u);
    EXPECT_EQ(shop.price(key).arms[2].sales, 0u);
    HoldEnded ended;
    ended.drop = key.drop, ended.given_back = held.lines;
    ended.given_back[0].units = Quantity{1};
    evolve(shop.state.prices, ended, {shop.now, 2, {}});
    EXPECT_EQ(shop.price(key).arms[1].sales, 1u) << "what is given back was not sold";
}

}  // namespace
}  // namespace dropsmith::decide::price_test
