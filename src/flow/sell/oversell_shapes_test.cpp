// The five shapes in which shops oversell, each as one test by name: first a twin that has the fault must break a law,
// so that the alarm is known to ring; then the shop, asked the same, must not. The same over sockets:
// tests/http/oversell.py, tests/http/one_person.py.
#include <gtest/gtest.h>

#include "flow/sell/fair_laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::oversell_shapes_test {
namespace {

class OversellShapes : public ::testing::Test {
  protected:
    TestShop shop;
    SkuId a = shop.sku("A");
    DropId drop;

    void SetUp() override {
        shop.receive(a, 5);
        drop = shop.opened({TestShop::line(a, 5)});
    }
    static std::string breach(const State& state) {
        for (const auto& law : {stock_law(state), cap_law(state), offer_law(state)})
            if (!law.holds()) return law.breach;
        return {};
    }
    UnitsHeld judged(const PlaceHold& wish, std::uint64_t hold) {  // decided on what is there, not taken
        auto verdict = handle(shop.state, wish, shop.moment());
        CHECK_BECAUSE(verdict.ok(), "the wish fits");
        auto fact = *(*verdict)[0].as<UnitsHeld>();
        fact.hold = HoldId{hold};
        return fact;
    }
};

TEST_F(OversellShapes, CheckAndTakeInTwoSteps) {
    TestShop twin = shop;
    const auto one = judged(TestShop::wish(drop, a, 3), 1), two = judged(TestShop::wish(drop, a, 3), 2);
    twin.take(one), twin.take(two);
    EXPECT_NE(breach(twin.state), "") << "the alarm must ring";

    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 3)), "");
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 3)), "insufficient_stock");
    EXPECT_EQ(breach(shop.state), "");
}

TEST_F(OversellShapes, ReadModifyWrite) {
    TestShop twin = shop;
    const auto before = twin.row(a);  // both read five …
    for (std::uint64_t hold = 1; hold <= 2; ++hold) {
        twin.take(judged(TestShop::wish(drop, a, 2), hold));
        auto& row = twin.state.stock.rows.at({a, PlaceId{1}});  // … and each writes what it made of it
        row.free = before.free - Quantity{2}, row.held = before.held + Quantity{2};
    }
    EXPECT_NE(breach(twin.state), "") << "the alarm must ring";

    shop.hold(drop, a, 2), shop.hold(drop, a, 2);  // a fact says how many, never how many are left
    EXPECT_EQ(shop.row(a).free, Quantity{1});
    EXPECT_EQ(breach(shop.state), "");
}

TEST_F(OversellShapes, TheSameItemTwiceInOneBasket) {
    TestShop twin = shop;
    auto fact = judged(TestShop::wish(drop, a, 3), 1);  // each line was looked at by itself
    fact.lines.push_back(fact.lines[0]);
    twin.take(fact);
    EXPECT_NE(breach(twin.state), "") << "the alarm must ring";

    PlaceHold basket{drop, ChannelId{1}, {{a, Quantity{3}, {}}, {a, Quantity{3}, {}}}, {}, 0, {}};
    EXPECT_EQ(shop.word(basket), "insufficient_stock");
    JoinWaitingList list{drop, ChannelId{1}, {{a, Quantity{3}, {}}, {a, Quantity{3}, {}}}, 9, false};
    shop.must(list);  // six of a cap of five: it waits, and is not taken for two wishes of three
    shop.run_to(shop.now + seconds(1));
    EXPECT_EQ(shop.state.waiting_list.table.must(WaitId{1}).status, WaitStatus::waiting);
    EXPECT_EQ(breach(shop.state), "");
}

TEST_F(OversellShapes, ALockHeldAcrossANetworkCall) {
    // The twin lets go of its lock while the payment runs and takes the units when the answer is there.
    TestShop twin = shop;
    const auto paying = judged(TestShop::wish(drop, a, 4), 1);
    twin.take(judged(TestShop::wish(drop, a, 4), 1));
    auto late = paying;
    late.hold = HoldId{2};
    twin.take(late);
    EXPECT_NE(breach(twin.state), "") << "the alarm must ring";

    // Here the units are held before anybody pays, nobody waits for a payment, and one that comes after the hold has
    // lapsed gets the units only if they can be held again; else the money goes back.
    const auto slow = shop.hold(drop, a, 4);
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1)), "") << "others go on meanwhile";
    shop.run_to(shop.hold(slow).expires_at);
    shop.hold(drop, a, 5);
    const auto paid = shop.must(RecordPayment{{}, slow, Money{4000}, ""});
    ASSERT_NE(paid[0].as<PaymentRecorded>(), nullptr);
    EXPECT_TRUE(paid[0].as<PaymentRecorded>()->give_back);
    EXPECT_EQ(breach(shop.state), "");
}

TEST_F(OversellShapes, APathThatSkipsTheGuard) {
    const auto hub = shop.place("Hub");
    TestShop twin = shop;
    twin.hold(drop, a, 4);
    twin.take(StockMoved{PlaceId{1}, hub, {{a, Quantity{3}, {}}}, "by hand, past the rules"});
    EXPECT_NE(breach(twin.state), "") << "the alarm must ring";

    const auto hold = shop.hold(drop, a, 4);
    EXPECT_EQ(shop.word(MoveStock{PlaceId{1}, hub, {{a, Quantity{3}, {}}}, ""}), "insufficient_free");
    EXPECT_EQ(shop.word(CountStock{PlaceId{1}, {{a, Quantity{3}, {}}}, ""}), "insufficient_free");
    EditDrop edit{drop, {}, shop.drop(drop).terms, {}, "fewer"};
    edit.terms.lines = {shop.drop(drop).lines[0].terms};
    edit.terms.lines[0].cap = Quantity{3};
    EXPECT_EQ(shop.word(edit), "breaks_promise");
    shop.must(ReportSale{"till", "1", PlaceId{1}, {}, shop.now, {{a, Quantity{3}, {}}}, {}});  // it happened
    EXPECT_EQ(shop.row(a).short_units, Quantity{2}) << "told as what it is, and nobody's hold is touched";
    EXPECT_EQ(shop.row(a).held, Quantity{4});
    shop.must(JoinWaitingList{drop, ChannelId{1}, {{a, Quantity{2}, {}}}, 9, false});
    shop.must(ReduceHold{hold, {{a, Quantity{3}, {}}}}), shop.run_to(shop.now);  // one came back, two are wished for
    EXPECT_EQ(shop.state.waiting_list.table.must(WaitId{1}).status, WaitStatus::waiting);
    shop.run_to(shop.hold(hold).expires_at);  // an expiry is a way in as well
    EXPECT_EQ(shop.state.waiting_list.table.must(WaitId{1}).status, WaitStatus::offered);
    EXPECT_EQ(breach(shop.state), "");
}

}  // namespace
}  // namespace dropsmith::sell::oversell_shapes_test
