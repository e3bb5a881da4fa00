// From a paid order to the buyer's hands: ready, handed over (pick-up) or shipped, delivered. An order that is paid at
// pick-up may be made ready unpaid, but leaves the shop only with its money. What was refunded in full goes nowhere.
// Loop's thread. Covered by flow/fulfil/hand_over_test.cpp.
#include "flow/fulfil/hand_over.h"

#include "model/bounded.h"

namespace dropsmith::fulfil {
namespace {

Failure<Refusal> no_such_order() { return refuse(refusals::not_found, "no such order"); }

Failure<Refusal> wrong_status(const Order& order, std::string_view remedy) {
    return refuse(refusals::wrong_state,
                  "the order is " + std::string(word_of(order.status)) + ": " + std::string(remedy));
}

bool waits_at_the_counter(const Order& order) {
    return order.status == OrderStatus::awaiting_payment && order.payment == PaymentMethod::pay_at_pickup;
}

bool is_fully_refunded(const Order& order) { return order.refund_state == RefundState::fully; }

}  // namespace

Verdict handle(const State& state, const ReadyOrder& command, const Moment&) {
    const auto* order = state.orders.table.find(command.order);
    if (!order) return no_such_order();
    if (order->status == OrderStatus::awaiting_payment && !waits_at_the_counter(*order))
        return refuse(refusals::not_paid, "the order is not paid yet: record the payment first");
    if (order->status != OrderStatus::paid && !waits_at_the_counter(*order))
        return wrong_status(*order, "only a paid one is made ready");
    if (is_fully_refunded(*order)) return wrong_status(*order, "all of it was refunded");
    return facts(OrderMoved{order->id, order->status, OrderStatus::ready, {}});
}

Verdict handle(const State& state, const HandOverOrder& command, const Moment&) {
    const auto* order = state.orders.table.find(command.order);
    if (!order) return no_such_order();
    if (order->fulfilment != FulfilmentMethod::pickup)
        return refuse(refusals::wrong_state, "this order is to be shipped");
    const bool there =
        order->status == OrderStatus::paid || order->status == OrderStatus::ready || waits_at_the_counter(*order);
    if (order->status == OrderStatus::awaiting_payment && !there)
        return refuse(refusals::not_paid, "the order is not paid yet: record the payment first");
    if (!there) return wrong_status(*order, "it cannot be handed over");
    if (is_fully_refunded(*order)) return wrong_status(*order, "all of it was refunded");
    if (order->paid_at) return facts(OrderMoved{order->id, order->status, OrderStatus::handed_over, {}});
    if (!command.paid_now) return refuse(refusals::not_paid, "take the money first, then say that it was paid now");
    const auto from = order->status == OrderStatus::awaiting_payment ? OrderStatus::paid : order->status;
    return facts(PaymentRecorded{order->id, {}, order->total, false, false, {}},
                 OrderMoved{order->id, from, OrderStatus::handed_over, {}});
}

Verdict handle(const State& state, const ShipOrder& command, const Moment&) {
    const auto* order = state.orders.table.find(command.order);
    if (!order) return no_such_order();
    if (order->fulfilment != FulfilmentMethod::ship)
        return refuse(refusals::wrong_state, "this order is picked up, not shipped");
    if (order->status == OrderStatus::awaiting_payment)
        return refuse(refusals::not_paid, "the order is not paid yet: record the payment first");
    if (order->status != OrderStatus::paid && order->status != OrderStatus::ready)
        return wrong_status(*order, "it cannot be shipped");
    if (is_fully_refunded(*order)) return wrong_status(*order, "all of it was refunded");
    std::string note = command.carrier;
    if (!command.tracking.empty()) note += (note.empty() ? "" : " ") + command.tracking;
    return bounded_facts(OrderMoved{order->id, order->status, OrderStatus::shipped, std::move(note)});
}

Verdict handle(const State& state, const DeliverOrder& command, const Moment&) {
    const auto* order = state.orders.table.find(command.order);
    if (!order) return no_such_order();
    if (order->status != OrderStatus::shipped) return wrong_status(*order, "only a shipped one is delivered");
    return facts(OrderMoved{order->id, order->status, OrderStatus::delivered, {}});
}

}  // namespace dropsmith::fulfil
