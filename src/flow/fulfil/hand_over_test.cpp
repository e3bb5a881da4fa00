// The way to the buyer's hands: a table of order status, method, payment and wish, with the refusal (or the new status)
// last.
#include "flow/fulfil/hand_over.h"

#include <gtest/gtest.h>

namespace dropsmith::fulfil::hand_over_test {
namespace {

enum class Wish { ready, hand_over, hand_over_paid_now, ship, deliver };
using enum OrderStatus;
constexpr auto pickup = FulfilmentMethod::pickup;
constexpr auto ship = FulfilmentMethod::ship;
constexpr auto manual = PaymentMethod::manual;
constexpr auto counter = PaymentMethod::pay_at_pickup;

Verdict ask(const State& state, Wish wish, const Moment& moment) {
    const OrderId id{1};
    switch (wish) {
        case Wish::ready:
            return handle(state, ReadyOrder{id}, moment);
        case Wish::hand_over:
            return handle(state, HandOverOrder{id, false}, moment);
        case Wish::hand_over_paid_now:
            return handle(state, HandOverOrder{id, true}, moment);
        case Wish::ship:
            return handle(state, ShipOrder{id, "DHL", "123"}, moment);
        case Wish::deliver:
            return handle(state, DeliverOrder{id}, moment);
    }
    return Facts{};
}

TEST(HandOverTest, EveryStep) {
    struct Case {
        OrderStatus status;
        FulfilmentMethod method;
        PaymentMethod payment;
        bool paid;
        Wish wish;
        const char* expected;
    };
    const Case cases[] = {
        {paid, pickup, manual, true, Wish::ready, "ready"},
        {awaiting_payment, pickup, manual, false, Wish::ready, "not_paid"},
        {awaiting_payment, pickup, counter, false, Wish::ready, "ready"},
        {ready, pickup, manual, true, Wish::ready, "wrong_state"},
        {paid, pickup, manual, true, Wish::hand_over, "handed_over"},
        {ready, pickup, manual, true, Wish::hand_over, "handed_over"},
        {ready, pickup, counter, false, Wish::hand_over, "not_paid"},
        {ready, pickup, counter, false, Wish::hand_over_paid_now, "handed_over"},
        {awaiting_payment, pickup, counter, false, Wish::hand_over_paid_now, "handed_over"},
        {awaiting_payment, pickup, manual, false, Wish::hand_over_paid_now, "not_paid"},
        {handed_over, pickup, manual, true, Wish::hand_over, "wrong_state"},
        {cancelled, pickup, manual, true, Wish::hand_over, "wrong_state"},
        {paid, ship, manual, true, Wish::hand_over, "wrong_state"},
        {paid, ship, manual, true, Wish::ship, "shipped"},
        {ready, ship, manual, true, Wish::ship, "shipped"},
        {awaiting_payment, ship, manual, false, Wish::ship, "not_paid"},
        {shipped, ship, manual, true, Wish::ship, "wrong_state"},
        {paid, pickup, manual, true, Wish::ship, "wrong_state"},
        {shipped, ship, manual, true, Wish::deliver, "delivered"},
        {paid, ship, manual, true, Wish::deliver, "wrong_state"},
    };
    Random random(1);
    const Moment moment{Instant{5}, {}, random, {}};
    int row = 0;
    for (const auto& c : cases) {
        State state;
        Order order;
        order.id = OrderId{1}, order.status = c.status, order.fulfilment = c.method, order.payment = c.payment;
        order.total = Money{700};
        if (c.paid) order.paid_at = Instant{1}, order.paid = order.total;
        state.orders.table.add(order.id, order);
        const auto verdict = ask(state, c.wish, moment);
        if (!verdict) {
            EXPECT_EQ(verdict.error().code.word, c.expected) << "row " << row++;
            continue;
        }
        const auto* moved = verdict->back().as<OrderMoved>();
        ASSERT_TRUE(moved);
        EXPECT_EQ(word_of(moved->to), c.expected) << "row " << row;
        const auto* money = verdict->front().as<PaymentRecorded>();
        EXPECT_EQ(money != nullptr, !c.paid && moved->to == handed_over) << "row " << row++;
        if (money) {
            EXPECT_EQ(money->amount, Money{700});
        }
    }
}

TEST(HandOverTest, WhatWasRefundedGoesNowhere) {
    Random random(1);
    const Moment moment{Instant{5}, {}, random, {}};
    for (auto wish : {Wish::ready, Wish::hand_over, Wish::ship}) {
        State state;
        EXPECT_EQ(ask(state, wish, moment).error().code.word, "not_found");
        Order order;
        order.id = OrderId{1}, order.status = paid, order.paid_at = Instant{1}, order.refund_state = RefundState::fully;
        order.fulfilment = wish == Wish::ship ? ship : pickup;
        state.orders.table.add(order.id, order);
        EXPECT_EQ(ask(state, wish, moment).error().code.word, "wrong_state");
    }
}

}  // namespace
}  // namespace dropsmith::fulfil::hand_over_test
