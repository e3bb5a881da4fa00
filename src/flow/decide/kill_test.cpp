// The kill switch undone: by one person or two, what is asked afterwards in each mode, and what does not come back.
#include <gtest/gtest.h>

#include "flow/decide/propose.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::kill_test {
namespace {

struct Shop : SampleShop {
    LineKey key;
    explicit Shop(std::optional<PriceMode> mode = {}) {
        state.access.grants.push_back({}), state.access.grants.back().id = GrantId{3};
        auto drop = terms();
        drop.pricing.mode = mode;
        if (mode == PriceMode::ladder) drop.pricing.ladder = {{hours(2), whole, Rate{200'000}}};
        if (mode && *mode != PriceMode::interval && *mode != PriceMode::cohort)
            drop.pricing.policy = PricePolicy::fixed, drop.pricing.max_step.reset();
        key = open(drop);
    }
    void by(std::uint64_t grant) { who = {ActorKind::staff, GrantId{grant}}; }
    void later(int h) { now = now + hours(h), state.at = now; }
};

TEST(UndoKill, TheGatePricesOn) {
    Shop shop;
    EXPECT_EQ(shop.word(UndoKill{shop.key.drop, "why"}), "wrong_state") << "it has not been thrown";
    ASSERT_EQ(shop.word(OverridePrice{shop.key, Money{2500}, shop.now + hours(9), "promised"}), "");
    ASSERT_EQ(shop.word(KillPrices{shop.key.drop, "the feed is wrong"}), "");
    shop.later(2);
    EXPECT_EQ(shop.word(UndoKill{shop.key.drop, ""}), "bad_value");
    EXPECT_EQ(shop.word(UndoKill{DropId{9}, "why"}), "not_found");
    const auto undone = shop.ask(UndoKill{shop.key.drop, "the feed is right again"});
    ASSERT_TRUE(undone.ok());
    ASSERT_EQ(undone->size(), 2u);
    ASSERT_TRUE(undone->front().as<KillUndone>());
    const auto* set = undone->back().as<PriceSet>();
    ASSERT_TRUE(set);
    EXPECT_EQ(set->kind, DecisionKind::kill_undone);
    EXPECT_EQ(set->reason, "the feed is right again");
    const auto& line = shop.price(shop.key);
    EXPECT_EQ(line.price, Money{3000}) << "from the list price on";
    EXPECT_FALSE(line.killed);
    EXPECT_FALSE(line.override_until) << "what the switch ended does not come back";
    EXPECT_EQ(line.next_review, shop.now + hours(1));
    EXPECT_TRUE(line.touched) << "the period of the switch is no evidence";
    EXPECT_EQ(shop.word(UndoKill{shop.key.drop, "again"}), "wrong_state");
    shop.later(1);
    ASSERT_EQ(shop.word(ReviewDue{shop.key}), "");
    const auto question = question_of(shop.state, shop.key, shop.state.head, 1);
    ASSERT_TRUE(question);
    EXPECT_EQ(shop.word(propose(*question)), "");
    ASSERT_EQ(shop.word(KillPrices{shop.key.drop, "once more"}), "") << "it can be thrown again";
}

TEST(UndoKill, WaitsForASecondPersonWhereTheRuleAsks) {
    Shop shop;
    ASSERT_EQ(shop.word(SetPriceRules{{}, {}, false, {}, {}, true}), "");
    ASSERT_EQ(shop.word(KillPrices{shop.key.drop, "the feed is wrong"}), "");
    EXPECT_EQ(shop.word(AnswerUndo{shop.key.drop, true, ""}), "not_found");
    const auto asked = shop.ask(UndoKill{shop.key.drop, "it is right again"});
    ASSERT_TRUE(asked.ok());
    ASSERT_TRUE(asked->front().as<KillUndoAsked>());
    EXPECT_TRUE(shop.price(shop.key).killed) << "nothing moves before the answer";
    EXPECT_EQ(shop.word(UndoKill{shop.key.drop, "again"}), "wrong_state");
    EXPECT_EQ(shop.word(AnswerUndo{shop.key.drop, true, "mine"}), "needs_second_person");
    shop.by(3);
    ASSERT_EQ(shop.word(AnswerUndo{shop.key.drop, false, "not yet"}), "");
    EXPECT_TRUE(shop.price(shop.key).killed);
    ASSERT_EQ(shop.word(UndoKill{shop.key.drop, "now"}), "");
    shop.by(1);
    const auto approved = shop.ask(AnswerUndo{shop.key.drop, true, "seen"});
    ASSERT_TRUE(approved.ok());
    EXPECT_TRUE(approved->front().as<KillUndone>()->approved);
    EXPECT_EQ(approved->front().as<KillUndone>()->answer, "seen");
    EXPECT_EQ(approved->back().as<PriceSet>()->reason, "now");
    EXPECT_FALSE(shop.price(shop.key).killed);
    EXPECT_TRUE(shop.state.prices.undos.empty());
}

TEST(UndoKill, WhatWaitsGoesWithTheDrop) {
    Shop shop;
    ASSERT_EQ(shop.word(SetPriceRules{{}, {}, false, {}, {}, true}), "");
    ASSERT_EQ(shop.word(KillPrices{shop.key.drop, ""}), "");
    ASSERT_EQ(shop.word(UndoKill{shop.key.drop, "why"}), "");
    shop.drop(shop.key.drop).status = DropStatus::closed;
    shop.by(3);
    EXPECT_EQ(shop.word(AnswerUndo{shop.key.drop, true, ""}), "wrong_state");
    shop.take(DropClosed{shop.key.drop, "window ended", shop.now});
    EXPECT_TRUE(shop.state.prices.undos.empty());
}

TEST(UndoKill, ATaperIsWhereItWasAnnounced) {
    Shop shop(PriceMode::taper);  // 36.00, from 24 h 30.00, from 48 h 24.00
    shop.later(10);
    ASSERT_EQ(shop.word(KillPrices{shop.key.drop, ""}), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{3000});
    shop.later(20);
    ASSERT_EQ(shop.word(UndoKill{shop.key.drop, "why"}), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{3000});
    EXPECT_EQ(shop.price(shop.key).next_review, shop.now + hours(1)) << "a price that is cut is watched";
    ASSERT_EQ(shop.word(KillPrices{shop.key.drop, ""}), "");
    shop.later(30);
    ASSERT_EQ(shop.word(UndoKill{shop.key.drop, "why"}), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{2400});
}

TEST(UndoKill, ALadderGoesOnFromTheTop) {
    Shop shop(PriceMode::ladder);
    ASSERT_EQ(shop.word(KillPrices{shop.key.drop, ""}), "");
    shop.later(3);
    ASSERT_EQ(shop.word(UndoKill{shop.key.drop, "why"}), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{3000});
    shop.later(1);
    ASSERT_EQ(shop.word(ReviewDue{shop.key}), "");
    EXPECT_EQ(shop.price(shop.key).price, Money{2400}) << "its stage is due";
}

}  // namespace
}  // namespace dropsmith::decide::kill_test
