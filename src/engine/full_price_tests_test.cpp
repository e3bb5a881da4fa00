// A test's reading by a fold over the facts is what the state itself says while the test runs, and stays when state and
// test are gone: worked by hand for a cut that ends, one that a person lets go on, and one that the drop's end closes.
#include "engine/full_price_tests.h"

#include <gtest/gtest.h>

#include "engine/batch.h"
#include "engine/shop_testing.h"

namespace dropsmith::engine::full_price_tests_test {
namespace {

const Instant began{1'800'000'000'000 / 86'400'000 * 86'400'000};
const LineKey cup{DropId{1}, 0, ChannelId{1}};

struct Day {
    FullPriceLog log;
    Instant now = began;
    std::uint64_t seq = 0, decision = 0;
    explicit Day(Rate borne = Rate{200'000})
        : log(MeterTerms{DropId{1}, {{SkuId{2}, SkuId{3}}}, borne, 24}) {}
    void tell(Fact fact) { log.saw(fact, {now, ++seq, {}}); }
    void set(DecisionKind kind, std::int64_t price, LineKey key = cup) {
        PriceSet set;
        set.decision = DecisionId{++decision};
        set.key = key, set.kind = kind, set.price = Money{price}, set.list_price = Money{3'000}, set.sku = SkuId{1};
        tell(Fact(set));
    }
    void trade(int hours_of_it, std::int64_t units, std::uint64_t sku = 2) {
        for (int h = 0; h < hours_of_it; ++h) {
            SoldElsewhere sold;
            sold.lines = {{SkuId{sku}, Quantity{units}, {}, Money{3'000}}};
            tell(Fact(sold));
            now = now + hours(1);
        }
    }
    void open() { tell(Fact(DropOpened{DropId{1}, began + days(30)})); }
};

TEST(FullPriceLog, WhatACutDidStandsWhenItIsOver) {
    Day day;
    day.set(DecisionKind::opening, 3'000);
    day.trade(4 * 24, 4);
    day.open();
    EXPECT_TRUE(day.log.take().empty()) << "nothing is asked below the first price";
    const auto cut = day.now;
    day.set(DecisionKind::override_, 2'400);
    day.trade(7, 3);
    ASSERT_EQ(day.log.take().size(), 1u);
    EXPECT_TRUE(day.log.take()[0].running);
    day.set(DecisionKind::override_ended, 3'000);
    const auto ended = day.now;
    day.trade(60, 9);  // is of no test any more
    day.tell(Fact(DropClosed{DropId{1}, "window ended", {}, 0}));
    const auto tests = day.log.take();
    ASSERT_EQ(tests.size(), 1u);
    const auto& test = tests[0];
    EXPECT_EQ(std::tuple(test.since, test.until, test.running, test.neighbours), std::tuple(cut, ended, false, 2u));
    EXPECT_EQ(test.hours_during, 6) << "whole hours after that of the cut";
    EXPECT_EQ(test.units_during, 18);
    // the same hours of four days before; counting began with the first hour, which is not whole
    EXPECT_EQ(test.hours_before, 6 * 4);
    EXPECT_EQ(test.units_before, 6 * 4 * 4);
    EXPECT_EQ(measure::fall_of(test), Rate{250'000});
    EXPECT_FALSE(test.stops) << "18 units tell little";
}

TEST(FullPriceLog, ResumingBeginsANewOneAndTheCloseEndsIt) {
    Day day;
    day.set(DecisionKind::opening, 3'000);
    day.trade(3 * 24, 20);
    day.open();
    day.set(DecisionKind::bandit, 2'400);
    day.trade(12, 2);
    EXPECT_TRUE(day.log.take()[0].stops) << "a tenth of what was sold before";
    day.tell(Fact(PricesHalted{DropId{1}, cup, Guardrail::cannibalisation, "it eats"}));
    day.tell(Fact(PricesResumed{DropId{1}, "looked at"}));
    const auto resumed = day.now;
    day.trade(5, 20);
    day.tell(Fact(DropClosed{DropId{1}, "window ended", {}, 0}));
    day.trade(30, 1);
    const auto tests = day.log.take();
    ASSERT_EQ(tests.size(), 2u);
    EXPECT_TRUE(tests[0].stops);
    EXPECT_EQ(tests[0].until, resumed);
    EXPECT_EQ(tests[1].since, resumed) << "what came before is not held against it";
    EXPECT_EQ(tests[1].hours_during, 4);
    EXPECT_EQ(tests[1].units_during, 80);
    EXPECT_FALSE(tests[1].running);
}

TEST(FullPriceLog, SalesBelowListPriceAndOtherDropsAreNotMixedUp) {
    Day day(whole);
    const LineKey other{DropId{2}, 0, ChannelId{1}};
    day.set(DecisionKind::opening, 3'000), day.set(DecisionKind::opening, 3'000, other);
    day.trade(24, 5, 3);
    day.open();
    day.tell(Fact(DropOpened{DropId{2}, began + days(30)}));
    day.set(DecisionKind::override_, 2'400);
    day.set(DecisionKind::override_, 2'400, other);  // a test of the other drop's
    for (int h = 0; h < 3; ++h) {
        for (const std::int64_t price : {3'000, 2'400}) {
            OrderPlaced order;
            order.drop = DropId{2}, order.channel = ChannelId{1};
            order.lines.resize(1);
            order.lines[0].sku = SkuId{3}, order.lines[0].units = Quantity{2}, order.lines[0].unit_price = Money{price};
            day.tell(Fact(order));
        }
        day.now = day.now + hours(1);
    }
    day.trade(1, 7, 9);  // of nobody's neighbour; the hour before it is whole now
    const auto tests = day.log.take();
    ASSERT_EQ(tests.size(), 1u);
    EXPECT_EQ(tests[0].key, cup);
    EXPECT_EQ(tests[0].units_during, 2 * 2) << "two whole hours, at list price only";
    EXPECT_FALSE(tests[0].stops) << "1: it is not watched";
}

// A shop with a neighbour that sells in a drop of its own, and a cut by hand: state and journal say the same.
TEST(FullPriceTests, StateAndJournalSayTheSame) {
    MemoryJournal journal;
    ShopOnTest shop{journal};
    shop.start();
    shop.must(OpenShop{"Test", "GBP", "Europe/London"});
    shop.must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
    shop.must(AddProduct{"Vase",
                         "",
                         "",
                         "standard",
                         {{"VASE-S", "", Money{1'000}, false, Money{2'990}, 0, ""},
                          {"VASE-L", "", Money{1'000}, false, Money{2'990}, 0, ""}}});
    shop.must(ReceiveStock{
        PlaceId{1}, {{SkuId{1}, Quantity{90}, Money{1'000}}, {SkuId{2}, Quantity{400}, Money{1'000}}}, ""});
    auto terms = shop.terms(90);
    terms.lines[0].bands = {Money{2'400}, Money{2'990}};
    terms.closes_at = shop.now + hours(60);
    auto full = shop.terms(400);
    full.slug = "full", full.lines[0].sku = SkuId{2}, full.closes_at = terms.closes_at;
    shop.must(DraftDrop{terms}), shop.must(DraftDrop{full});
    shop.must(ScheduleDrop{DropId{1}}), shop.must(ScheduleDrop{DropId{2}});
    shop.pass(minutes(1));
    const auto& state = shop.core.state();
    const auto by_journal = [&] {
        FullPriceLog log(meter_terms(state, state.drops.drops[0]));
        std::uint64_t seq = 0;
        for (const auto& stored : journal.batches()) {
            const auto batch = decode_batch(stored);
            for (const auto& entry : batch->entries)
                for (const auto& fact : entry.facts) log.saw(fact, {batch->at, ++seq, entry.who});
        }
        return log.take();
    };
    const auto sell = [&](std::int64_t units) {
        auto hold = hold_of(units);
        hold.drop = DropId{2}, hold.lines[0].sku = SkuId{2};
        ConfirmHold confirm;
        confirm.hold = shop.tell(hold).hold;
        EXPECT_FALSE(shop.tell(confirm, {}, PersonData{"a@example.org", "", ""}).refusal);
        shop.pass(hours(1));
    };
    for (int hour = 0; hour < 30; ++hour) sell(6);
    EXPECT_TRUE(tests_running(state, DropId{1}, shop.now).empty());
    shop.must(OverridePrice{{DropId{1}, 0, ChannelId{1}}, Money{2'400}, shop.now + hours(20), "a promise"});
    for (int hour = 0; hour < 6; ++hour) sell(3);
    const auto now = tests_running(state, DropId{1}, shop.now), folded = by_journal();
    ASSERT_EQ(now.size(), 1u);
    EXPECT_EQ(now[0].neighbours, 1u);
    EXPECT_GT(now[0].hours_during, 3);
    EXPECT_EQ(measure::fall_of(now[0]), Rate{500'000});
    ASSERT_EQ(folded.size(), 1u);
    const auto figures = [](const measure::FullPriceTest& test) {
        return std::tuple(test.key, test.since, test.running, test.units_before, test.units_during, test.hours_before,
                          test.hours_during, test.borne, test.stops);
    };
    EXPECT_EQ(figures(folded[0]), figures(now[0]));
    for (int day = 0; day < 40; ++day) shop.pass(days(1));
    EXPECT_TRUE(tests_running(state, DropId{1}, shop.now).empty()) << "the drop is over";
    const auto later = by_journal();
    ASSERT_EQ(later.size(), 1u);
    EXPECT_EQ(later[0].since, now[0].since);
    EXPECT_FALSE(later[0].running);
}

}  // namespace
}  // namespace dropsmith::engine::full_price_tests_test
