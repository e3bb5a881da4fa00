// What a band's rate is learned from: sales count exactly while exposure is counted. Two shops live through the same
// periods with the same sales, one of them beside orders ahead, overrides at the very prices of the bands, pauses,
// quotes of an override that are used after it, and holds of all of these that are given back: both know the same of
// every band. Counting every unit, as it was before, is shown to differ.
#include <gtest/gtest.h>

#include <map>

#include "base/sized_testing.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::learned_sales_test {
namespace {

const Money bands[]{Money{2400}, Money{3000}, Money{3600}};

struct Lived {
    SampleShop shop;
    LineKey key;
    std::map<Money, std::uint64_t> taken;  // every unit, whatever it was taken by

    Lived() {
        auto terms = shop.terms();
        terms.closes_at = terms.opens_at + hours(900);
        const auto id = shop.draft(terms);
        CHECK(shop.ask(ScheduleDrop{id}).ok());
        key = {id, 0, shop.web};
    }
    HeldLine held(Money price, std::int64_t units, DecisionId decision) const {
        return {0, shop.cup, shop.here, Quantity{units}, price, decision};
    }
    void take(const HeldLine& line, bool preorder = false) {
        UnitsHeld fact;
        fact.drop = key.drop, fact.channel = key.channel, fact.lines = {line}, fact.preorder = preorder;
        evolve(shop.state.prices, fact, {shop.now, ++shop.state.head, {}});
        taken[line.unit_price] += static_cast<std::uint64_t>(line.units.n);
    }
    void give_back(const HeldLine& line, bool preorder = false) {
        HoldEnded fact;
        fact.drop = key.drop, fact.given_back = {line}, fact.preorder = preorder;
        evolve(shop.state.prices, fact, {shop.now, ++shop.state.head, {}});
        taken[line.unit_price] -= static_cast<std::uint64_t>(line.units.n);
    }
    void open() {
        shop.now = shop.drop(key.drop).terms.opens_at, shop.state.at = shop.now;
        shop.drop(key.drop).status = DropStatus::open, shop.drop(key.drop).opened_at = shop.now;
        shop.take(DropOpened{key.drop, shop.drop(key.drop).terms.closes_at});
    }
    void review() {
        shop.now = shop.now + minutes(20);
        ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    }
    void choose(std::size_t arm) {
        ProposePrice proposal;
        proposal.key = key, proposal.arm = static_cast<std::uint32_t>(arm);
        proposal.inputs.based_on = shop.state.head;
        proposal.inputs.policy = "test/1", proposal.inputs.periods_left = 1;
        for (std::size_t k = 0; k < 3; ++k) proposal.inputs.arms.push_back({bands[k], 0, 0, k == arm ? whole : Rate{}});
        ASSERT_TRUE(shop.ask(proposal).ok());
    }
    const LinePrice& line() const { return shop.price(key); }
};

// A period that an override or a pause touches: sales before, under and after it, some given back at once or later.
void disturb(Lived& lived, Random& random, std::vector<HeldLine>& later) {
    auto& shop = lived.shop;
    const auto sell = [&] {
        const auto line = lived.held(lived.line().price, 1 + static_cast<std::int64_t>(random.below(5)),
                                     lived.line().decision);
        lived.take(line);
        if (random.below(3) == 0)
            lived.give_back(line);
        else if (random.below(3) == 0)
            later.push_back(line);
    };
    sell();
    shop.now = shop.now + minutes(20);
    if (random.below(4) == 0) {
        shop.take(DropPaused{lived.key.drop, "a look"});
        shop.now = shop.now + minutes(20);
        shop.take(DropResumed{lived.key.drop});
    } else {
        const auto price = random.below(4) == 0 ? Money{2750} : bands[random.below(3)];
        ASSERT_TRUE(shop.ask(OverridePrice{lived.key, price, shop.now + minutes(20), "a promise"}).ok());
        sell();
        const bool goes_on = random.below(3) == 0;  // over a review
        if (goes_on) lived.review(), sell();
        shop.now = shop.now + minutes(20);
        ASSERT_TRUE(shop.ask(OverrideDue{lived.key}).ok());
    }
    sell();
    lived.review();
}

TEST(LearnedSales, AreThoseOfThePeriodsThatCount) {
    std::uint64_t uncounted = 0;
    for (std::uint64_t run = 0; run < sized(2'000u, 200u); ++run) {
        Random random(static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()), 1000u + run);
        Lived plain, lived;
        std::vector<HeldLine> ahead;
        for (auto orders = random.below(4); orders > 0; --orders) {
            const auto line = lived.held(lived.line().price, 2, lived.line().decision);
            lived.take(line, true);
            if (random.below(2) == 0) ahead.push_back(line);
        }
        plain.open(), lived.open();
        for (const auto& line : ahead) lived.give_back(line, true);
        for (int period = 0; period < 12; ++period) {
            std::vector<HeldLine> later;
            if (random.below(2) == 0) {
                ASSERT_NO_FATAL_FAILURE(disturb(lived, random, later));
            }
            const auto arm = random.below(3);
            ASSERT_NO_FATAL_FAILURE(plain.choose(arm));
            ASSERT_NO_FATAL_FAILURE(lived.choose(arm));
            for (const auto& line : later) lived.give_back(line);
            if (lived.line().overridden && random.below(3) == 0)  // a quote that the override gave
                lived.take(lived.held(bands[random.below(3)], 3, lived.line().overridden));
            for (auto* one : {&plain, &lived}) one->shop.now = one->shop.now + minutes(40);
            if (const auto units = static_cast<std::int64_t>(random.below(6)); units > 0) {
                const auto returned = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(units) + 1));
                for (auto* one : {&plain, &lived}) {
                    const auto decision = one->line().decision;
                    one->take(one->held(bands[arm], units, decision));
                    if (returned > 0) one->give_back(one->held(bands[arm], returned, decision));
                }
            }
            ASSERT_NO_FATAL_FAILURE(plain.review());
            ASSERT_NO_FATAL_FAILURE(lived.review());
        }
        ASSERT_EQ(plain.line().arms.size(), 3u);
        for (std::size_t k = 0; k < 3; ++k) {
            const auto &expected = plain.line().arms[k], &seen = lived.line().arms[k];
            ASSERT_EQ(seen.sales, expected.sales) << "band " << k << " of run " << run;
            ASSERT_EQ(seen.exposure, expected.exposure) << "band " << k << " of run " << run;
            ASSERT_EQ(expected.sales, plain.taken[bands[k]]) << "without any of it every unit counts";
            uncounted += lived.taken[bands[k]] - std::min(lived.taken[bands[k]], seen.sales);
        }
        const auto question = question_of(lived.shop.state, lived.key, lived.shop.state.head, 1);
        ASSERT_TRUE(question);
        std::uint64_t units = 0, exposure = 0;
        for (const auto& period : question->arrivals.seen) units += period.units, exposure += period.exposure;
        for (const auto& arm : question->arms) units -= arm.sales, exposure -= arm.exposure;
        ASSERT_EQ(units, 0u) << "the periods say what the bands say";
        ASSERT_EQ(exposure, 0u);
    }
    EXPECT_GT(uncounted, 1'000u) << "nothing was there that could have biased a rate";
}

TEST(LearnedSales, WhatIsSoldAfterTheLastReviewIsNoEvidence) {
    Lived lived;
    lived.open();
    lived.shop.now = lived.shop.now + minutes(40);
    const auto early = lived.held(Money{3600}, 4, lived.line().decision);
    lived.take(early);
    ASSERT_NO_FATAL_FAILURE(lived.review());
    const auto late = lived.held(Money{3600}, 9, lived.line().decision);
    lived.take(late);
    lived.shop.take(DropClosed{lived.key.drop, "window ended", lived.shop.now});
    lived.give_back(late);  // its hold ended after the drop
    EXPECT_EQ(lived.line().arms[2].sales, 4u);
    lived.give_back(lived.held(Money{3600}, 1, early.decision));
    EXPECT_EQ(lived.line().arms[2].sales, 3u);
}

}  // namespace
}  // namespace dropsmith::decide::learned_sales_test
