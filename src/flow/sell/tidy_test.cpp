// What is over leaves the state after its time and not before, in bounded parts; sums, laws and ids go on as if it had
// stayed; an order comes back as it was.
#include "flow/sell/tidy.h"

#include <gtest/gtest.h>

#include "flow/sell/fair_laws.h"
#include "flow/sell/laws.h"
#include "flow/sell/room.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::tidy_test {
namespace {

struct TidyTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A");
    DropId drop;

    void SetUp() override {
        shop.receive(a, 5'000);
        drop = shop.opened({TestShop::line(a, 5'000)});
    }
    void TearDown() override {
        for (const auto& law : {stock_law(shop.state), cap_law(shop.state), order_law(shop.state)})
            EXPECT_EQ(law.breach, "");
    }
    void settle() {
        shop.run_to(shop.drop(drop).terms.closes_at);
        shop.run_to(shop.now + minutes(30));
        ASSERT_EQ(shop.drop(drop).status, DropStatus::settled);
    }
    void pass(Duration time) { shop.run_to(shop.now + time); }
    OrderId delivered() {
        const auto id = shop.confirm(shop.hold(drop, a, 2));
        shop.take(OrderMoved{id, OrderStatus::paid, OrderStatus::delivered, {}});
        return id;
    }
    std::size_t holds() const { return shop.state.holds.table.size(); }
};

TEST_F(TidyTest, HoldsThatEndedAreForgottenAfterAWeek) {
    for (int i = 0; i < 20; ++i) shop.hold(drop, a, 1, 5);
    settle();
    EXPECT_EQ(holds(), 20u);
    pass(days(6));
    EXPECT_EQ(holds(), 20u) << "somebody may still ask, or pay late";
    pass(days(3));
    EXPECT_EQ(holds(), 0u);
    EXPECT_EQ(shop.drop(drop).holds, 20u) << "the drop's figures stay";
    EXPECT_EQ(shop.drop(drop).holds_expired, 20u);
    EXPECT_EQ(shop.state.holds.table.next(), HoldId{21}) << "ids are never reused";
}

TEST_F(TidyTest, ManyGoInPartsAndNoneThatIsHeld) {
    for (int i = 0; i < 4'500; ++i) shop.hold(drop, a, 1);
    settle();
    const auto other = shop.sku("B");
    pass(days(7));
    shop.receive(other, 10);
    const auto next = shop.opened({TestShop::line(other, 10)});
    const auto live = shop.hold(next, other, 1);
    pass(seconds(30));
    EXPECT_EQ(holds(), 1u);
    EXPECT_EQ(shop.hold(live).status, HoldStatus::held);
}

TEST_F(TidyTest, MoneyForAForgottenHoldIsStillWrittenDown) {
    const auto id = shop.hold(drop, a, 1);
    settle();
    pass(days(9));
    ASSERT_EQ(shop.state.holds.table.find(id), nullptr);
    shop.must(RecordPayment{{}, id, Money{1000}, "ref"});
    EXPECT_EQ(shop.state.orders.late_to_give_back, Money{1000});
    EXPECT_EQ(shop.word(RecordPayment{{}, HoldId{id.n + 1}, Money{1000}, ""}), "not_found") << "there never was one";
}

TEST_F(TidyTest, OrdersAreArchivedAfterNinetyDaysAndComeBackWhole) {
    const auto done = delivered();
    const auto waiting = shop.confirm(shop.hold(drop, a, 1));
    const auto before = shop.order(done);
    settle();
    pass(days(80));
    EXPECT_NE(shop.state.orders.table.find(done), nullptr);
    pass(days(11));
    EXPECT_EQ(shop.state.orders.table.find(done), nullptr);
    EXPECT_NE(shop.state.orders.table.find(waiting), nullptr) << "it has not been handed over";
    EXPECT_EQ(shop.drop(drop).lines[0].sold, Quantity{3}) << "sold is sold";
    EXPECT_EQ(shop.word(RefundOrder{done, {{0, Quantity{1}, true}}, false, "late"}), "not_found");

    shop.must(RecallOrder{before});
    EXPECT_EQ(shop.word(RecallOrder{before}), "wrong_state") << "it is there";
    shop.must(RefundOrder{done, {{0, Quantity{1}, true}}, false, "late"});
    EXPECT_EQ(shop.order(done).refunded, Money{1000});
    pass(days(89));
    EXPECT_NE(shop.state.orders.table.find(done), nullptr) << "ninety days more from the recall";
    pass(days(3));
    EXPECT_EQ(shop.state.orders.table.find(done), nullptr);
}

TEST_F(TidyTest, ACancelledOrderAndOneRefundedInFullGoToo) {
    const auto cancelled = shop.confirm(shop.hold(drop, a, 1));
    const auto refunded = shop.confirm(shop.hold(drop, a, 1));
    shop.must(CancelOrder{cancelled, "changed my mind"});
    shop.must(RefundOrder{refunded, {{0, Quantity{1}, true}}, true, "broken"});
    settle();
    pass(days(92));
    EXPECT_EQ(shop.state.orders.table.size(), 0u);
    EXPECT_EQ(shop.state.orders.table.next(), OrderId{3});
}

TEST_F(TidyTest, WhoWaitedAndWhoEnteredAreForgottenNinetyDaysAfterTheDrop) {
    const auto b = shop.sku("B");
    auto line = TestShop::line(b, 3);
    line.places = {{PlaceId{1}, Quantity{3}}}, line.backorder_cap = Quantity{2}, line.ship_by = shop.now + days(3);
    auto terms = shop.terms({line});
    terms.room = RoomTerms{RoomKind::ballot, minutes(30), seconds(10), 100, minutes(5), false};
    shop.must(DraftDrop{terms});
    const auto second = shop.state.drops.drops.back().id;
    shop.set_price(second, 0, Money{1000});
    const auto& drafted = shop.drop(second).terms;
    shop.take(DropScheduled{second, drafted.opens_at, drafted.closes_at, drafted.preorder_release});
    shop.take(commit_room(second, drafted, "", shop.moment()));
    shop.run_to(terms.opens_at - minutes(5));
    for (const std::uint64_t session : {7u, 8u, 9u}) shop.must(EnterRoom{second, session});
    shop.run_to(terms.opens_at + minutes(1));
    const auto wish = [&](std::uint64_t session, bool ahead) {
        shop.must(JoinWaitingList{second, ChannelId{1}, {{b, Quantity{1}, {}}}, session, ahead});
    };
    wish(7, false), wish(8, true), wish(9, true);
    shop.must(LeaveWaitingList{WaitId{3}});
    const auto seed = shop.state.rooms.find(second)->seed;
    for (int day = 0; day < 6; ++day) pass(days(1));  // the close sets a timer for the settling, and so on
    ASSERT_EQ(shop.drop(second).status, DropStatus::settled);
    pass(days(80));
    EXPECT_EQ(shop.state.waiting_list.table.size(), 3u);
    EXPECT_EQ(shop.state.rooms.find(second)->entrants[0].session, 7u);
    pass(days(12));
    EXPECT_EQ(shop.state.waiting_list.table.size(), 0u);
    EXPECT_EQ(shop.state.waiting_list.table.next(), WaitId{4}) << "ids are never reused";
    EXPECT_TRUE(shop.state.waiting_list.of_drop.empty() && shop.state.waiting_list.preordered.empty());
    const auto& past = shop.state.waiting_list.past.at(second);
    EXPECT_EQ(past.wishes, 2u);
    EXPECT_EQ(past.units, Quantity{2});
    EXPECT_EQ(past.ended, 1u) << "its date came";
    EXPECT_EQ(past.missed, 1u);
    EXPECT_EQ(past.gave_up, 1u);
    const auto& room = *shop.state.rooms.find(second);
    for (const auto& entrant : room.entrants) EXPECT_EQ(entrant.session, 0u);
    EXPECT_FALSE(shop.state.rooms.entered.contains(second));
    EXPECT_EQ(room.entrants.size(), 3u);
    EXPECT_EQ(room.seed, seed) << "the draw can still be recomputed";
    for (const auto& law : {offer_law(shop.state), room_law(shop.state)}) EXPECT_EQ(law.breach, "");
    pass(days(10));
    EXPECT_TRUE(shop.state.timers.due.empty());
}

TEST_F(TidyTest, WhenNothingIsLeftTheTimerRests) {
    delivered();
    settle();
    pass(days(100));
    pass(days(1));
    EXPECT_TRUE(shop.state.timers.due.empty()) << shop.state.timers.due.size();
}

}  // namespace
}  // namespace dropsmith::sell::tidy_test
