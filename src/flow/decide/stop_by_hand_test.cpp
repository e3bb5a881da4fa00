// The cannibalisation stop over prices that no engine sets: a ladder goes back to the baseline, a taper takes no
// further step and does not rise, an override is ended, in a drop of fixed prices, too; innocent ones stand, and so
// does one that a person sets after the alarm.
#include <gtest/gtest.h>

#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::stop_by_hand_test {
namespace {

struct Shop : SampleShop {
    LineKey key;
    Instant opened;
    bool halted = false;
    explicit Shop(PriceMode mode, std::int64_t neighbours_bear = 200'000) {
        state.catalogue.products[0].brand = state.catalogue.products[1].brand = "Harbour";
        auto drop = terms();
        drop.opens_at = now + days(4), drop.closes_at = now + days(4) + hours(72);
        drop.pricing.mode = mode, drop.pricing.cannibalisation_max = Rate{neighbours_bear};
        if (mode == PriceMode::ladder) drop.pricing.ladder = {{hours(1), whole, Rate{200'000}}};
        if (mode != PriceMode::interval) drop.pricing.policy = PricePolicy::fixed;
        if (mode == PriceMode::taper) drop.lines[0].bands = {Money{2000}, Money{2400}, Money{3000}};
        if (mode == PriceMode::fixed) drop.lines[0].bands = {Money{3000}};
        for (; now < drop.opens_at - hours(1); now = now + hours(1)) trade(10);
        key = open(drop), opened = now;
    }
    void trade(std::int64_t units) {  // of the neighbour, at full price, elsewhere
        SoldElsewhere sold;
        sold.lines = {{bare, Quantity{units}, {}, Money{3000}}};
        take(sold);
    }
    void hour(std::int64_t units) {
        trade(units);
        now = now + hours(1), state.at = now;
        const auto& line = price(key);
        if (line.override_until && *line.override_until <= now) {
            ASSERT_TRUE(ask(OverrideDue{key}).ok());
        }
        if (line.next_review == Instant{} || line.next_review > now) return;
        const auto verdict = ask(ReviewDue{key});
        ASSERT_TRUE(verdict.ok());
        for (const auto& fact : *verdict)
            if (const auto* halt = fact.as<PricesHalted>()) {
                halted = true;
                EXPECT_EQ(halt->by, Guardrail::cannibalisation);
                EXPECT_EQ(halt->key, key);
            }
    }
    void hours_of(int hours, std::int64_t units) {
        for (int i = 0; i < hours && !halted; ++i) hour(units);
    }
    OverridePrice to(std::int64_t price_of, int for_hours) const {
        return {key, Money{price_of}, now + hours(for_hours), "to clear it"};
    }
};

TEST(StopByHand, ALadderGoesBackToTheBaseline) {
    Shop shop(PriceMode::ladder);
    shop.hours_of(2, 10);
    EXPECT_EQ(shop.price(shop.key).price, Money{2400}) << "its stage was due";
    shop.hours_of(40, 3);
    ASSERT_TRUE(shop.halted);
    EXPECT_EQ(shop.price(shop.key).price, Money{3000});
    EXPECT_EQ(shop.price(shop.key).kind, DecisionKind::ladder);
    shop.halted = false;
    shop.hours_of(5, 3);
    EXPECT_FALSE(shop.halted) << "once";
    EXPECT_EQ(shop.price(shop.key).price, Money{3000}) << "no stage is taken until a person resumes";
    ASSERT_EQ(shop.word(ResumePrices{shop.key.drop, "looked at it"}), "");
    shop.hours_of(1, 10);
    EXPECT_EQ(shop.price(shop.key).price, Money{2400});
}

TEST(StopByHand, ATaperTakesNoFurtherStepAndDoesNotRise) {
    Shop shop(PriceMode::taper);  // 30.00, from 24 h 24.00, from 48 h 20.00
    shop.hours_of(25, 10);
    ASSERT_EQ(shop.price(shop.key).price, Money{2400});
    shop.hours_of(22, 3);
    ASSERT_TRUE(shop.halted) << "between its steps, too";
    EXPECT_EQ(shop.price(shop.key).price, Money{2400});
    shop.halted = false;
    while (shop.now < shop.opened + hours(50)) shop.hour(3);
    EXPECT_FALSE(shop.halted) << "once";
    EXPECT_EQ(shop.price(shop.key).price, Money{2400}) << "the step at 48 h is not taken";
    ASSERT_EQ(shop.word(ResumePrices{shop.key.drop, "looked at it"}), "");
    shop.hours_of(1, 10);
    EXPECT_EQ(shop.price(shop.key).price, Money{2000}) << "and now it is";
}

TEST(StopByHand, AnOverrideOverATaperEndsWithoutAFurtherStep) {
    Shop shop(PriceMode::taper);
    shop.hours_of(25, 10);
    ASSERT_EQ(shop.price(shop.key).price, Money{2400});
    ASSERT_EQ(shop.word(shop.to(2100, 40)), "");
    shop.hours_of(22, 3);
    ASSERT_TRUE(shop.halted);
    EXPECT_EQ(shop.price(shop.key).kind, DecisionKind::override_ended);
    EXPECT_EQ(shop.price(shop.key).price, Money{2400}) << "where the taper stood";
    while (shop.now < shop.opened + hours(50)) shop.hour(3);
    EXPECT_EQ(shop.price(shop.key).price, Money{2400});
}

TEST(StopByHand, AnOverrideIsEnded) {
    for (const auto mode : {PriceMode::fixed, PriceMode::interval}) {
        Shop shop(mode);
        ASSERT_EQ(shop.word(shop.to(2100, 60)), "");
        shop.hours_of(50, 3);
        ASSERT_TRUE(shop.halted) << word_of(mode);
        const auto& line = shop.price(shop.key);
        EXPECT_EQ(line.kind, DecisionKind::override_ended);
        EXPECT_EQ(line.price, Money{3000}) << "the band nearest to the list price";
        EXPECT_FALSE(line.override_until);
        shop.halted = false;
        ASSERT_EQ(shop.word(shop.to(2200, 20)), "") << "a person has seen it and wants it";
        shop.hours_of(19, 1);
        EXPECT_EQ(shop.price(shop.key).price, Money{2200});
    }
}

TEST(StopByHand, InnocentOnesStand) {
    for (const auto mode : {PriceMode::ladder, PriceMode::taper, PriceMode::fixed, PriceMode::interval}) {
        Shop shop(mode);
        if (mode == PriceMode::fixed || mode == PriceMode::interval) {
            ASSERT_EQ(shop.word(shop.to(2100, 60)), "");
        }
        shop.hours_of(59, 10);
        EXPECT_FALSE(shop.halted) << word_of(mode);
        EXPECT_LT(shop.price(shop.key).price, Money{3000}) << word_of(mode);
    }
    Shop unwatched(PriceMode::ladder, whole.n);
    unwatched.hours_of(40, 0);
    EXPECT_FALSE(unwatched.halted);
    EXPECT_EQ(unwatched.price(unwatched.key).price, Money{2400}) << "a share of 1 watches nothing";
}

TEST(StopByHand, FixedPricesAreLookedAtOnlyWhileTheyAreCut) {
    Shop shop(PriceMode::fixed);
    EXPECT_EQ(shop.price(shop.key).next_review, Instant{});
    ASSERT_EQ(shop.word(shop.to(2100, 3)), "");
    EXPECT_EQ(shop.price(shop.key).next_review, shop.now + hours(1));
    shop.hours_of(5, 10);
    EXPECT_EQ(shop.price(shop.key).price, Money{3000});
    EXPECT_EQ(shop.price(shop.key).testing_since, Instant{});
    EXPECT_EQ(shop.price(shop.key).next_review, Instant{});
    ASSERT_EQ(shop.word(shop.to(2100, 3)), "");
    ASSERT_EQ(shop.word(EndOverride{shop.key, "enough"}), "");
    EXPECT_EQ(shop.price(shop.key).testing_since, Instant{});
}

}  // namespace
}  // namespace dropsmith::decide::stop_by_hand_test
