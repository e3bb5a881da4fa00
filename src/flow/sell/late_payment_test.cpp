// Money that comes after its hold has ended has exactly two outcomes: an order that is paid, or a payment to give back.
#include "flow/sell/late_payment.h"

#include <gtest/gtest.h>

#include "flow/sell/laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::late_payment_test {
namespace {

struct LatePaymentTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A");
    DropId drop;
    HoldId hold;

    void SetUp() override {
        shop.receive(a, 3);
        auto line = TestShop::line(a, 3);
        line.per_person_limit = Quantity{2};
        drop = shop.opened({line});
        hold = shop.hold(drop, a, 2, 5);
    }
    void TearDown() override {
        for (const auto& law : {stock_law(shop.state), cap_law(shop.state), order_law(shop.state)})
            EXPECT_EQ(law.breach, "");
    }
    void expire() { shop.run_to(shop.hold(hold).expires_at); }
    RecordPayment pay(std::int64_t amount) { return {{}, hold, Money{amount}, ""}; }
    void expect_give_back(std::int64_t amount) {
        const auto facts = shop.must(pay(amount));
        ASSERT_EQ(facts.size(), 1u);
        EXPECT_TRUE(facts[0].as<PaymentRecorded>()->give_back);
        EXPECT_EQ(shop.state.orders.late_to_give_back, Money{amount});
        EXPECT_EQ(shop.state.orders.table.size(), 0u);
    }
};

TEST_F(LatePaymentTest, TheUnitsAreStillThere) {
    expire();
    shop.set_price(drop, 0, Money{1500});  // the held price stands
    shop.must(pay(2000));
    const auto& order = shop.order(OrderId{1});
    EXPECT_EQ(order.status, OrderStatus::paid);
    EXPECT_EQ(order.paid, Money{2000});
    EXPECT_EQ(shop.row(a).sold, Quantity{2});
    EXPECT_EQ(shop.row(a).held, Quantity{0});
    EXPECT_EQ(shop.state.orders.late_to_give_back, Money{0});
    shop.run_to(shop.drop(drop).terms.closes_at);
    shop.run_to(shop.now + seconds(1));  // no timer of the new hold is left behind
    EXPECT_EQ(shop.drop(drop).status, DropStatus::settled);
}

TEST_F(LatePaymentTest, TheUnitsAreGone) {
    expire();
    shop.hold(drop, a, 2, 6);
    expect_give_back(2000);
}
TEST_F(LatePaymentTest, TheAmountDoesNotFit) { expire(), expect_give_back(1999); }
TEST_F(LatePaymentTest, TheLimitIsUsedUpBySomethingElse) {
    expire();
    shop.hold(drop, a, 1, 5);
    expect_give_back(2000);
}
TEST_F(LatePaymentTest, TheDropHasSettled) {
    shop.run_to(shop.drop(drop).terms.closes_at);
    shop.run_to(shop.now + seconds(1));
    EXPECT_EQ(shop.drop(drop).status, DropStatus::settled);
    expect_give_back(2000);
}
TEST_F(LatePaymentTest, ClosedButNotSettledStillSells) {
    shop.run_to(shop.drop(drop).terms.closes_at - minutes(1));
    hold = shop.hold(drop, a, 1, 8);
    const auto other = shop.hold(drop, a, 1, 9);
    shop.must(ReleaseHold{hold});
    shop.run_to(shop.drop(drop).terms.closes_at);
    EXPECT_EQ(shop.word(pay(1000)), "");
    EXPECT_EQ(shop.state.orders.table.size(), 1u);
    EXPECT_EQ(shop.hold(other).status, HoldStatus::held);
}
TEST_F(LatePaymentTest, ALiveOrConfirmedHoldIsNotLate) {
    EXPECT_EQ(shop.word(pay(2000)), "wrong_state");
    shop.confirm(hold, false);
    EXPECT_EQ(shop.word(pay(2000)), "hold_confirmed");
    EXPECT_EQ(shop.word(RecordPayment{{}, HoldId{9}, Money{1}, ""}), "not_found");
    EXPECT_EQ(shop.word(RecordPayment{{}, hold, Money{0}, ""}), "bad_value");
}

TEST_F(LatePaymentTest, OneHoldMakesOneOrderWhateverMoreComes) {
    expire();
    auto first = pay(2000);
    first.reference_digest = "bank-1";
    shop.must(first);
    EXPECT_EQ(shop.state.orders.table.size(), 1u);
    EXPECT_EQ(shop.word(first), "already_exists") << "the same money told twice";
    auto second = first;
    second.reference_digest = "bank-2";
    shop.must(second);
    EXPECT_EQ(shop.state.orders.table.size(), 1u);
    EXPECT_EQ(shop.state.orders.late_to_give_back, Money{2000});
    EXPECT_EQ(shop.word(second), "already_exists");
}

TEST_F(LatePaymentTest, WhatWasSaidWithTheHoldDecidesWhatItCosts) {
    SetTerms terms;
    terms.delivery = {{"pickup", "Pick-up", Money{0}, Money{0}, "standard"},
                      {"ship", "Delivery", Money{450}, Money{0}, "standard"}};
    shop.must(terms);
    auto wish = TestShop::wish(drop, a, 1, 8);
    wish.method = FulfilmentMethod::ship;
    shop.person = PersonId{42};
    shop.must(wish);
    shop.person = {};
    hold = HoldId{shop.state.holds.table.next().n - 1};
    expire();
    shop.must(pay(1450));
    const auto& order = shop.order(OrderId{1});
    EXPECT_EQ(order.fulfilment, FulfilmentMethod::ship);
    EXPECT_EQ(order.delivery_charge, Money{450});
    EXPECT_EQ(order.person, PersonId{42}) << "who said it would be theirs";
}

TEST_F(LatePaymentTest, DetailsMayComeLaterAndAreKept) {
    shop.person = PersonId{42};
    shop.must(DetailHold{hold, {}, "", ""});
    shop.person = {};
    shop.must(DetailHold{hold, FulfilmentMethod::ship, "", "IE"});
    const auto& details = shop.state.holds.details.at(hold);
    EXPECT_EQ(details.person, PersonId{42}) << "what is not said again stays";
    EXPECT_EQ(details.tax_zone, "IE");
    const auto order = shop.confirm(hold);
    EXPECT_EQ(shop.order(order).person, PersonId{42}) << "the confirmation need not say it again";
    EXPECT_EQ(shop.word(DetailHold{hold, {}, "", ""}), "hold_confirmed");
}

}  // namespace
}  // namespace dropsmith::sell::late_payment_test
