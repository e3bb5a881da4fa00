// The waiting list: order, whole wishes, offers that lapse to the next, what came back is the list's first, pre-orders
// filled on receipt. Thousands of random steps hold the laws (laws_test.cpp).
#include "flow/sell/waiting_list.h"

#include <gtest/gtest.h>

#include "flow/sell/fair_laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::waiting_list_test {
namespace {

class WaitingListTest : public ::testing::Test {
  protected:
    TestShop shop;
    SkuId a = shop.sku("A"), b = shop.sku("B");

    ~WaitingListTest() override {
        EXPECT_EQ(offer_law(shop.state).breach, "");
        EXPECT_EQ(stock_law(shop.state).breach, "");
        EXPECT_EQ(cap_law(shop.state).breach, "");
    }
    static JoinWaitingList join(DropId drop, std::vector<WantedLine> lines, std::uint64_t session) {
        return {drop, ChannelId{1}, std::move(lines), session, false};
    }
    WaitId wait(DropId drop, SkuId sku, std::int64_t units, std::uint64_t session) {
        shop.must(join(drop, {{sku, Quantity{units}, {}}}, session));
        return WaitId{shop.state.waiting_list.table.next().n - 1};
    }
    const WaitEntry& entry(WaitId id) { return shop.state.waiting_list.table.must(id); }
    WaitStatus status(WaitId id) { return entry(id).status; }
};

TEST_F(WaitingListTest, RefusesWhatIsThereWhatIsTooMuchAndWhoWaitsAlready) {
    shop.receive(a, 2);
    auto line = TestShop::line(a, 2);
    line.per_person_limit = Quantity{2};
    const auto drop = shop.scheduled({line});
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{1}, {}}}, 7)), "drop_not_open");
    shop.run_to(shop.drop(drop).terms.opens_at);
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{1}, {}}}, 7)), "wrong_state") << "it is there: hold it";
    shop.hold(drop, a, 2, 1);
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{3}, {}}}, 7)), "over_limit");
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{1}, {}}}, 1)), "over_limit") << "two are held by this session";
    EXPECT_EQ(shop.word(join(drop, {{b, Quantity{1}, {}}}, 7)), "no_such_line");
    EXPECT_EQ(shop.word(join(drop, {}, 7)), "bad_value");
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{1}, {}}}, 0)), "bad_value") << "nobody";
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{1}, {}}}, 7)), "");
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{1}, {}}}, 7)), "already_waiting");
}

TEST_F(WaitingListTest, OffersGoInOrderAndLapseToTheNext) {
    shop.receive(a, 2);
    const auto drop = shop.opened({TestShop::line(a, 2)});
    const auto hold = shop.hold(drop, a, 2, 1);
    const auto first = wait(drop, a, 2, 10), second = wait(drop, a, 1, 11), third = wait(drop, a, 1, 12);
    EXPECT_EQ(ahead_of(shop.state.waiting_list, entry(third)), 2u);
    shop.must(ReleaseHold{hold});
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1, 99)), "sold_out") << "what came back is the list's to look at first";
    shop.run_to(shop.now);
    ASSERT_EQ(status(first), WaitStatus::offered);
    EXPECT_EQ(status(second), WaitStatus::waiting);
    EXPECT_EQ(shop.hold(entry(first).hold).lines[0].units, Quantity{2});
    EXPECT_EQ(shop.hold(entry(first).hold).expires_at, shop.now + shop.drop(drop).terms.offer_for);
    shop.run_to(shop.now + shop.drop(drop).terms.offer_for);  // nobody took it
    EXPECT_EQ(status(first), WaitStatus::lapsed);
    EXPECT_EQ(status(second), WaitStatus::offered);
    EXPECT_EQ(status(third), WaitStatus::offered);
    shop.confirm(entry(second).hold);
    EXPECT_EQ(status(second), WaitStatus::bought);
    shop.must(LeaveWaitingList{third});
    EXPECT_EQ(status(third), WaitStatus::left);
    EXPECT_EQ(shop.row(a).free, Quantity{1});
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1, 99)), "") << "nobody waits any more";
}

TEST_F(WaitingListTest, AWishIsMetWholeOrKeepsItsTurn) {
    shop.receive(a, 3), shop.receive(b, 1);
    const auto drop = shop.opened({TestShop::line(a, 3), TestShop::line(b, 1)});
    const auto of_a = shop.hold(drop, a, 3, 1), of_b = shop.hold(drop, b, 1, 2);
    shop.must(join(drop, {{a, Quantity{2}, {}}, {b, Quantity{1}, {}}}, 10));
    const WaitId both{1};
    const auto one = wait(drop, a, 1, 11);
    shop.must(ReleaseHold{of_a}), shop.run_to(shop.now);
    EXPECT_EQ(status(both), WaitStatus::waiting) << "B is still held";
    EXPECT_EQ(status(one), WaitStatus::offered) << "who fits need not wait for who does not";
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1, 99)), "") << "what fits nobody is on sale";
    shop.must(ReleaseHold{HoldId{shop.state.holds.table.next().n - 1}}), shop.run_to(shop.now);
    shop.must(ReleaseHold{of_b}), shop.run_to(shop.now);
    ASSERT_EQ(status(both), WaitStatus::offered);
    EXPECT_EQ(shop.hold(entry(both).hold).lines.size(), 2u);
}

TEST_F(WaitingListTest, ARaisedCapIsOfferedAndTheEndOfTheDropEndsTheList) {
    shop.receive(a, 5);
    const auto drop = shop.opened({TestShop::line(a, 1)});
    shop.confirm(shop.hold(drop, a, 1, 1));
    const auto first = wait(drop, a, 2, 10), second = wait(drop, a, 4, 11);
    EditDrop edit{drop, {}, shop.drop(drop).terms, {}, "more were found"};
    edit.terms.lines = {shop.drop(drop).lines[0].terms};
    edit.terms.lines[0].cap = Quantity{3};
    shop.must(edit), shop.run_to(shop.now);
    EXPECT_EQ(status(first), WaitStatus::offered);
    EXPECT_EQ(status(second), WaitStatus::waiting);
    shop.must(CloseDrop{drop, ""});
    EXPECT_EQ(status(second), WaitStatus::over);
    EXPECT_EQ(status(first), WaitStatus::offered) << "an offer outlives the closing, as a hold does";
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{1}, {}}}, 12)), "drop_not_open");
    EXPECT_TRUE(shop.state.timers.waiting.empty());
}

TEST_F(WaitingListTest, MoreThanOneRoundServesALongList) {
    shop.receive(a, 200);
    const auto drop = shop.opened({TestShop::line(a, 200)});
    const auto hold = shop.hold(drop, a, 200, 1);
    for (std::uint64_t i = 1; i <= 150; ++i) wait(drop, a, 1, 100 + i);
    shop.must(ReleaseHold{hold});
    shop.run_to(shop.now), shop.run_to(shop.now + Duration{1}), shop.run_to(shop.now + Duration{1});
    EXPECT_EQ(shop.drop(drop).lines[0].held, Quantity{150});
    EXPECT_TRUE(shop.state.waiting_list.queue.empty());
}

TEST_F(WaitingListTest, PreordersAreCappedPromisedAPriceAndFilledFirstOnReceipt) {
    shop.receive(a, 1);
    auto line = TestShop::line(a, 4);
    line.places = {{PlaceId{1}, Quantity{4}}};
    line.backorder_cap = Quantity{3}, line.ship_by = shop.now + days(20);
    const auto drop = shop.opened({line});
    const auto hold = shop.hold(drop, a, 1, 1);
    const auto waits = wait(drop, a, 1, 10);
    auto ahead = join(drop, {{a, Quantity{2}, {}}}, 20);
    ahead.preorder = true;
    shop.must(ahead);
    const WaitId ordered{2};
    ahead.session = 21;
    const auto full = shop.ask(ahead);
    ASSERT_FALSE(full.ok());
    EXPECT_EQ(full.error().code.word, "preorder_full");
    EXPECT_EQ(full.error().available, Quantity{1});
    shop.set_price(drop, 0, Money{1500});
    shop.receive(a, 2), shop.run_to(shop.now);
    ASSERT_EQ(status(ordered), WaitStatus::offered) << "before those who only wait";
    EXPECT_EQ(shop.hold(entry(ordered).hold).lines[0].unit_price, Money{1000}) << "a rise never reaches a promise";
    EXPECT_EQ(status(waits), WaitStatus::waiting);
    shop.must(ReleaseHold{hold}), shop.run_to(shop.now);
    EXPECT_EQ(status(waits), WaitStatus::offered);
    EXPECT_EQ(shop.hold(entry(waits).hold).lines[0].unit_price, Money{1500});
}

class PreorderTest : public WaitingListTest {
  protected:
    static constexpr Duration promised_in = days(20);
    // cap 6, of which `ahead` may be ordered before they have arrived
    LineTerms line(std::int64_t ahead = 4) {
        auto out = TestShop::line(a, 6);
        out.places = {{PlaceId{1}, Quantity{6}}};
        out.backorder_cap = Quantity{ahead}, out.ship_by = shop.now + promised_in;
        return out;
    }
    static JoinWaitingList ahead(DropId drop, SkuId sku, std::int64_t units, std::uint64_t session) {
        auto wish = join(drop, {{sku, Quantity{units}, {}}}, session);
        wish.preorder = true;
        return wish;
    }
    WaitId order_ahead(DropId drop, std::int64_t units, std::uint64_t session) {
        shop.must(ahead(drop, a, units, session));
        return WaitId{shop.state.waiting_list.table.next().n - 1};
    }
    EditDrop edit(DropId drop, const std::function<void(DropTerms&)>& change) {
        EditDrop out{drop, {}, shop.drop(drop).terms, {}, "because"};
        for (const auto& had : shop.drop(drop).lines) out.terms.lines.push_back(had.terms);
        change(out.terms);
        return out;
    }
    bool armed(TimerKind kind, DropId drop) const { return shop.state.timers.armed.contains({kind, drop.n, {}}); }
};

TEST_F(PreorderTest, OutlivesTheClosingAndIsFilledInOrderWheneverUnitsArrive) {
    const auto drop = shop.opened({line()});
    const auto waits = wait(drop, a, 1, 10);
    const auto first = order_ahead(drop, 2, 20), second = order_ahead(drop, 2, 21);
    EXPECT_EQ(shop.word(ahead(drop, a, 1, 22)), "preorder_full");
    const auto until = *entry(first).until;
    EXPECT_EQ(until, *entry(first).lines[0].ship_by);
    shop.set_price(drop, 0, Money{900});  // a fall passes, also when it comes before the end
    shop.run_to(shop.drop(drop).terms.closes_at);
    EXPECT_EQ(status(waits), WaitStatus::over);
    EXPECT_EQ(entry(waits).why, WaitEnd::drop_closed);
    EXPECT_EQ(status(first), WaitStatus::waiting);
    EXPECT_EQ(shop.word(ahead(drop, a, 1, 23)), "drop_not_open");
    shop.run_to(shop.now + days(5));
    EXPECT_EQ(shop.drop(drop).status, DropStatus::closed) << "units may still be sold: the figures do not stand";
    shop.receive(a, 3), shop.run_to(shop.now);
    ASSERT_EQ(status(first), WaitStatus::offered) << "first come, first served";
    EXPECT_EQ(status(second), WaitStatus::waiting) << "a wish is met whole";
    EXPECT_EQ(shop.hold(entry(first).hold).expires_at, shop.now + days(1));
    const auto order = shop.confirm(entry(first).hold);
    EXPECT_EQ(shop.order(order).lines[0].terms.unit_price, Money{900});
    EXPECT_EQ(shop.order(order).ship_by, until) << "the promise stands in the order";
    shop.run_to(shop.now + days(5));
    shop.receive(a, 1), shop.run_to(shop.now);
    EXPECT_EQ(status(second), WaitStatus::offered);
    shop.confirm(entry(second).hold);
    shop.run_to(shop.now + days(2));
    EXPECT_EQ(shop.drop(drop).status, DropStatus::settled) << "nothing is owed any more";
    EXPECT_FALSE(armed(TimerKind::preorders, drop));
    EXPECT_TRUE(shop.state.timers.waiting.empty());
}

// The round of a drop that is paused, or at its very end, offers nothing: the closing looks again.
TEST_F(PreorderTest, WhatCameInAPauseIsOfferedWhenTheDropHasClosed) {
    const auto drop = shop.opened({line()});
    const auto ordered = order_ahead(drop, 2, 20), next = order_ahead(drop, 1, 21);
    shop.must(PauseDrop{drop, "a look"});
    shop.receive(a, 2), shop.run_to(shop.now);
    EXPECT_EQ(status(ordered), WaitStatus::waiting) << "a paused drop offers nothing";
    shop.run_to(shop.drop(drop).terms.closes_at);
    EXPECT_EQ(status(ordered), WaitStatus::offered);
    EXPECT_EQ(status(next), WaitStatus::waiting);
}

TEST_F(PreorderTest, AtItsDateItEndsWithThatReasonUnlessTheHouseWaitsLonger) {
    for (const auto grace : {Duration{0}, days(4)}) {
        auto terms = shop.terms({line()});
        terms.preorder_grace = grace;
        shop.must(DraftDrop{terms});
        const auto drop = shop.state.drops.drops.back().id;
        shop.set_price(drop, 0, Money{1000});
        const auto& is = shop.drop(drop).terms;
        shop.take(DropScheduled{drop, is.opens_at, is.closes_at, is.preorder_release});
        const auto ordered = order_ahead(drop, 2, 20);
        const auto promised = *shop.drop(drop).lines[0].terms.ship_by;
        shop.run_to(promised - Duration{1});
        EXPECT_EQ(status(ordered), WaitStatus::waiting);
        shop.run_to(promised + grace - Duration{1});
        EXPECT_EQ(status(ordered), WaitStatus::waiting);
        shop.run_to(promised + grace);
        EXPECT_EQ(status(ordered), WaitStatus::over);
        EXPECT_EQ(entry(ordered).why, WaitEnd::ship_by_passed);
        EXPECT_FALSE(armed(TimerKind::preorders, drop));
        shop.run_to(shop.now + days(2));
        EXPECT_EQ(shop.drop(drop).status, DropStatus::settled);
    }
}

TEST_F(PreorderTest, WhoLapsesGivesTheUnitsToTheNextAlsoAfterTheClosing) {
    const auto drop = shop.opened({line()});
    const auto first = order_ahead(drop, 2, 20), second = order_ahead(drop, 2, 21);
    shop.run_to(shop.drop(drop).terms.closes_at);
    shop.receive(a, 2), shop.run_to(shop.now);
    ASSERT_EQ(status(first), WaitStatus::offered);
    shop.run_to(shop.now + days(1));
    EXPECT_EQ(status(first), WaitStatus::lapsed);
    EXPECT_EQ(status(second), WaitStatus::offered);
    shop.must(LeaveWaitingList{second});
    EXPECT_EQ(status(second), WaitStatus::left);
    EXPECT_EQ(shop.row(a).free, Quantity{2});
    EXPECT_EQ(shop.word(LeaveWaitingList{first}), "wrong_state");
    shop.run_to(shop.now + days(2));
    EXPECT_EQ(shop.drop(drop).status, DropStatus::settled);
}

TEST_F(PreorderTest, ManyEndTogetherInFactsThatFit) {
    auto many = TestShop::line(a, 5'000);
    many.places = {{PlaceId{1}, Quantity{5'000}}};
    many.backorder_cap = Quantity{5'000}, many.ship_by = shop.now + promised_in;
    const auto drop = shop.opened({many});
    for (std::uint64_t i = 1; i <= 4'100; ++i) order_ahead(drop, 1, i);
    EXPECT_EQ(ahead_of(shop.state.waiting_list, entry(WaitId{4'000})), 3'999u);
    int facts = 0;
    shop.seen = [&](const Fact& fact) { facts += fact.as<WishesEnded>() != nullptr; };
    shop.run_to(*shop.drop(drop).lines[0].terms.ship_by);
    EXPECT_EQ(facts, 3);
    EXPECT_FALSE(shop.state.waiting_list.waits_for(drop));
    EXPECT_TRUE(shop.state.waiting_list.dates.empty());
    EXPECT_TRUE(shop.state.timers.waiting.empty());
}

TEST_F(PreorderTest, WhatWasPromisedIsNotEditedAway) {
    const auto drop = shop.scheduled({line()});
    const auto ordered = order_ahead(drop, 3, 20);
    const auto cap = [&](std::int64_t units) {
        return edit(drop, [&](DropTerms& terms) { terms.lines[0].backorder_cap = Quantity{units}; });
    };
    const auto refused = shop.ask(cap(2));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code.word, "breaks_promise");
    ASSERT_EQ(refused.error().clashes.size(), 1u);
    EXPECT_EQ(refused.error().clashes[0].pointer, "/lines/0/backorder_cap");
    EXPECT_EQ(shop.word(cap(3)), "");
    const auto by = [&](Duration later) {
        return edit(drop, [&](DropTerms& terms) { *terms.lines[0].ship_by = *terms.lines[0].ship_by + later; });
    };
    EXPECT_EQ(shop.word(by(days(1))), "breaks_promise");
    EXPECT_EQ(shop.word(by(-days(1))), "") << "earlier is no harm";
    EXPECT_EQ(shop.word(edit(drop, [](DropTerms& terms) { terms.preorder_grace = days(3); })), "");
    EXPECT_EQ(shop.word(edit(drop, [](DropTerms& terms) { terms.preorder_grace = days(2); })), "breaks_promise");
    shop.must(LeaveWaitingList{ordered});
    EXPECT_EQ(shop.word(cap(1)), "") << "nobody was promised anything any more";
    EXPECT_EQ(shop.word(by(days(9))), "");
}

TEST_F(PreorderTest, AnEndedLineEndsItsWishesAndSaysSo) {
    shop.receive(b, 1);
    const auto drop = shop.opened({line(), TestShop::line(b, 1)});
    shop.hold(drop, b, 1, 1);
    const auto of_a = order_ahead(drop, 2, 20), of_b = wait(drop, b, 1, 21);
    shop.must(join(drop, {{a, Quantity{1}, {}}, {b, Quantity{1}, {}}}, 22));
    const WaitId both{3};
    auto ends = edit(drop, [](DropTerms&) {});
    ends.end_lines = {0};
    shop.must(ends);
    EXPECT_EQ(status(of_a), WaitStatus::over);
    EXPECT_EQ(entry(of_a).why, WaitEnd::line_ended);
    EXPECT_EQ(status(both), WaitStatus::over) << "it can never be met whole";
    EXPECT_EQ(status(of_b), WaitStatus::waiting);
    EXPECT_EQ(shop.state.timers.waiting.at(drop), 1u);
}

// N-13: who is early takes nothing from who comes at the opening.
TEST_F(PreorderTest, BeforeTheOpeningOnlyWhatHasStillToArriveIsOrderedAhead) {
    shop.receive(a, 2);
    const auto drop = shop.scheduled({line()});
    EXPECT_EQ(shop.word(ahead(drop, a, 1, 20)), "wrong_state");
    EXPECT_EQ(shop.word(ahead(drop, a, 3, 20)), "wrong_state") << "nor a wish for more than is there";
    shop.run_to(shop.drop(drop).terms.opens_at);
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 2, 30)), "") << "all that was there is the opening's";
    EXPECT_EQ(shop.word(ahead(drop, a, 1, 20)), "") << "now there is nothing left";
}

TEST_F(WaitingListTest, TheListIsNoWayRoundTheRoom) {
    shop.receive(a, 1);
    auto terms = shop.terms({TestShop::line(a, 1)});
    terms.room = RoomTerms{};
    shop.must(DraftDrop{terms});
    const auto drop = shop.state.drops.drops.back().id;
    shop.set_price(drop, 0, Money{1000});
    const auto& is = shop.drop(drop).terms;
    shop.take(DropScheduled{drop, is.opens_at, is.closes_at, is.preorder_release});
    shop.take(commit_room(drop, is, "", shop.moment()));
    shop.must(EnterRoom{drop, 7});
    shop.run_to(is.opens_at);
    shop.who = {ActorKind::staff, GrantId{1}};
    shop.hold(drop, a, 1, 1);  // at the counter
    shop.who = {ActorKind::buyer, {}};
    auto wish = join(drop, {{a, Quantity{1}, {}}}, 7);
    EXPECT_EQ(shop.word(wish), "not_admitted");
    wish.admission = Admission{drop, 8, 1, shop.now + minutes(1)};
    EXPECT_EQ(shop.word(wish), "not_admitted") << "somebody else's";
    wish.admission->session = 7;
    EXPECT_EQ(shop.word(wish), "");
    shop.run_to(shop.now + minutes(11));  // nobody else came: the room is over
    EXPECT_EQ(shop.word(join(drop, {{a, Quantity{1}, {}}}, 9)), "");
    shop.who = {};
}

TEST_F(WaitingListTest, ARoundDoesNotLookAtWishesThatCannotFit) {
    shop.receive(a, 3), shop.receive(b, 1);
    const auto drop = shop.opened({TestShop::line(a, 3), TestShop::line(b, 1)});
    const auto big = shop.hold(drop, a, 2, 1), small = shop.hold(drop, a, 1, 2);
    shop.hold(drop, b, 1, 3);
    wait(drop, a, 2, 10), wait(drop, b, 1, 11);
    EXPECT_EQ(shop.state.waiting_list.least_wanted(drop, 0), Quantity{2});
    shop.must(ReleaseHold{small}), shop.run_to(shop.now);
    EXPECT_EQ(status(WaitId{1}), WaitStatus::waiting);
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1, 99)), "") << "one helps nobody who waits: it is on sale";
    shop.must(ReleaseHold{big}), shop.run_to(shop.now);
    EXPECT_EQ(status(WaitId{1}), WaitStatus::offered);
    EXPECT_FALSE(shop.state.waiting_list.least_wanted(drop, 0).has_value());
}

}  // namespace
}  // namespace dropsmith::sell::waiting_list_test
