// Overrides: what they are expected to cost, who must approve them and who need not, that nobody approves their own,
// and how they end.
#include "flow/decide/override.h"

#include <gtest/gtest.h>

#include "flow/decide/propose.h"
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
    ASSERT_EQ(shop.word(SetPriceRules{{}, Rate{200'000}, false, {}, {}, {}}), "");
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
    ASSERT_EQ(shop.word(SetPriceRules{{}, Rate{}, false, {}, {}, {}}), "");
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

TEST(Override, AroundTheListPriceOnePersonIsEnoughWhateverItMovesFrom) {
    Shop shop;  // the list price is 30.00, and 36.00 is asked
    ASSERT_EQ(shop.word(SetPriceRules{{}, Rate{50'000}, false, {}, {}, {}}), "");
    const auto needs = [&](std::int64_t price) {
        return judge_override(shop.state, shop.to(price), GrantId{2}, shop.now)->second_person;
    };
    EXPECT_TRUE(needs(3000)) << "a sixth off what stands: the alarm rings without a band";
    ASSERT_EQ(shop.word(SetPriceRules{{}, {}, false, {}, Rate{100'000}, {}}), "");
    for (const auto price : {2700, 3000, 3300}) EXPECT_FALSE(needs(price)) << price;
    for (const auto price : {2699, 3301}) EXPECT_TRUE(needs(price)) << price;
    EXPECT_FALSE(needs(3500)) << "outside the band, but near to what stands";
    shop.drop(shop.key.drop).lines[0].terms.floor = Money{2800};
    EXPECT_TRUE(needs(2750)) << "below the floor, in the band";
    ASSERT_EQ(shop.word(shop.to(2900)), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{2900});
    ASSERT_EQ(shop.word(SetPriceRules{{}, {}, false, {}, Rate{}, {}}), "") << "0 takes the band away";
    EXPECT_FALSE(shop.state.prices.rules.approval_free_change);
}

TEST(Override, ABandWithoutARuleIsRefused) {
    Shop shop;
    EXPECT_EQ(shop.word(SetPriceRules{{}, {}, false, {}, Rate{100'000}, {}}), "bad_value");
    EXPECT_EQ(shop.word(SetPriceRules{{}, Rate{50'000}, false, {}, Rate{1'000'001}, {}}), "bad_value");
    ASSERT_EQ(shop.word(SetPriceRules{{}, Rate{50'000}, false, {}, Rate{100'000}, {}}), "");
    ASSERT_EQ(shop.word(SetPriceRules{{}, {}, true, {}, {}, {}}), "");
    EXPECT_FALSE(shop.state.prices.rules.approval_free_change) << "one person is enough for everything";
}

TEST(Override, EndsEarlyAndTheGatePricesOn) {
    Shop shop;
    EXPECT_EQ(shop.word(EndOverride{shop.key, "nothing stands"}), "wrong_state");
    ASSERT_EQ(shop.word(shop.to(2500)), "");
    EXPECT_EQ(shop.word(EndOverride{shop.key, ""}), "bad_value");
    EXPECT_EQ(shop.word(EndOverride{{shop.key.drop, 9, shop.web}, "x"}), "no_such_line");
    shop.now = shop.now + hours(1);
    const auto ended = shop.ask(EndOverride{shop.key, "the customer has bought"});
    ASSERT_TRUE(ended.ok());
    const auto* set = ended->front().as<PriceSet>();
    ASSERT_TRUE(set);
    EXPECT_EQ(set->kind, DecisionKind::override_ended);
    EXPECT_EQ(set->reason, "the customer has bought");
    EXPECT_EQ(set->price, Money{3600}) << "what stood before";
    EXPECT_FALSE(shop.price(shop.key).override_until);
    EXPECT_NE(shop.price(shop.key).next_review, Instant{});
    EXPECT_EQ(shop.word(EndOverride{shop.key, "again"}), "wrong_state");
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.ask(ReviewDue{shop.key}).ok());
    shop.state.at = shop.now;
    EXPECT_TRUE(question_of(shop.state, shop.key, shop.state.head, 1)) << "the engine is asked again";
    shop.drop(shop.key.drop).lines[0].terms.floor = Money{2000};
    ASSERT_EQ(shop.word(shop.to(2500)), "");
    shop.drop(shop.key.drop).lines[0].terms.bands = {Money{2400}, Money{3000}};  // edited meanwhile
    ASSERT_EQ(shop.word(EndOverride{shop.key, "and again"}), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{3000}) << "36.00 is no band any more: the gate says so";
}

TEST(Override, OverATaperTheAnnouncedPriceComesBack) {
    SampleShop shop;
    auto terms = shop.terms();  // 36.00, from 24 h 30.00, from 48 h 24.00
    terms.pricing.mode = PriceMode::taper, terms.pricing.policy = PricePolicy::fixed;
    const auto key = shop.open(terms);
    const auto opened = shop.now;
    const auto by_hand = [&](int until) {
        return shop.word(OverridePrice{key, Money{3300}, opened + hours(until), "promised"});
    };
    const auto at = [&](int hour) { shop.now = opened + hours(hour), shop.state.at = shop.now; };
    at(20);
    ASSERT_EQ(by_hand(30), "");
    at(24);
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    EXPECT_EQ(shop.price(key).price, Money{3300}) << "the person's, until it ends";
    at(30);
    ASSERT_TRUE(shop.ask(OverrideDue{key}).ok());
    EXPECT_EQ(shop.price(key).price, Money{3000}) << "not the 36.00 from before it";
    ASSERT_EQ(by_hand(60), "");
    at(49);
    ASSERT_EQ(shop.word(EndOverride{key, "enough"}), "");
    EXPECT_EQ(shop.price(key).price, Money{2400});
    ASSERT_EQ(by_hand(60), "");
    auto& line = shop.state.prices.lines.at(key);
    line.halted_by = Guardrail::cascade, line.before_override = Money{3000};
    at(60);
    ASSERT_TRUE(shop.ask(OverrideDue{key}).ok());
    EXPECT_EQ(shop.price(key).price, Money{3000}) << "halted: where it stood";
}

TEST(Override, BelowTheFloorNeedsTheGrantOfWhoAskedAndASecondPerson) {
    Shop shop;
    ASSERT_EQ(shop.word(SetPriceRules{{}, whole, false, {}, {}, {}}), "");
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
