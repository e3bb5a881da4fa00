// What facts do to orders. An order keeps every figure of its OrderPlaced; payment and refunds only add beside it.
// Money that came late for units that were gone is summed up until it has gone back. Loop's thread, and replay. Covered
// by flow/sell/order_test.cpp.
#include "flow/sell/order.h"

namespace dropsmith::sell {
namespace {

void give_back(OrderLineState& stored, const ReturnedLine& line) {
    stored.refunded += line.amount;
    stored.refunded_tax += line.tax;
}

void set_refund_state(Order& order) {
    if (order.refunded == Money{0}) return;
    order.refund_state = order.refunded == order.paid ? RefundState::fully : RefundState::partly;
}

}  // namespace

void evolve(Orders& orders, const OrderPlaced& fact, const Stamp& stamp) {
    orders.numbers = fact.number;
    Order order;
    order.id = fact.order;
    order.number = fact.number;
    order.hold = fact.hold;
    order.drop = fact.drop;
    order.channel = fact.channel;
    order.person = fact.person;
    order.session = fact.session;
    order.preorder = fact.preorder;
    for (const auto& line : fact.lines) order.lines.push_back({line, {}, {}, {}, {}});
    order.prices_include_tax = fact.prices_include_tax;
    order.fulfilment = fact.fulfilment;
    order.place = fact.place;
    order.delivery_code = fact.delivery_code;
    order.delivery_charge = fact.delivery_charge;
    order.delivery_tax = fact.delivery_tax;
    order.delivery_tax_rate = fact.delivery_tax_rate;
    order.tax = fact.tax;
    order.total = fact.total;
    order.payment_fee = fact.payment_fee;
    order.payment = fact.payment;
    order.status = fact.status;
    order.placed_at = stamp.at;
    order.pay_by = fact.pay_by, order.ship_by = fact.ship_by;
    order.personal = fact.personal;
    if (fact.status == OrderStatus::paid) order.paid = fact.total, order.paid_at = stamp.at;
    orders.table.add(fact.order, std::move(order));
}

void evolve(Orders& orders, const OrderMoved& fact, const Stamp& stamp) {
    auto& order = orders.table.must(fact.order);
    order.status = fact.to;
    if (fact.to == OrderStatus::ready) order.ready_at = stamp.at;
    if (fact.to == OrderStatus::shipped) order.shipped_at = stamp.at;
    if (fact.to == OrderStatus::handed_over || fact.to == OrderStatus::delivered) order.done_at = stamp.at;
}

void evolve(Orders& orders, const PaymentRecorded& fact, const Stamp& stamp) {
    if (fact.give_back) {
        orders.late_to_give_back += fact.amount;
        return;
    }
    if (fact.late) return;  // the order beside it was placed as paid
    auto& order = orders.table.must(fact.order);
    order.paid += fact.amount;
    order.paid_at = stamp.at;
    order.pay_by.reset();
    if (order.status == OrderStatus::awaiting_payment) order.status = OrderStatus::paid;
}

void evolve(Orders& orders, const PaymentDeadlineLifted& fact, const Stamp&) {
    orders.table.must(fact.order).pay_by.reset();
}

void evolve(Orders& orders, const OrderCancelled& fact, const Stamp& stamp) {
    auto& order = orders.table.must(fact.order);
    order.pay_by.reset();
    const bool paid = order.paid_at.has_value();
    for (const auto& line : fact.lines) {
        auto& stored = order.lines.at(line.line);
        stored.cancelled_units += line.units;
        if (paid) give_back(stored, line);
    }
    order.status = OrderStatus::cancelled;
    order.refunded += fact.refund;
    order.delivery_refunded = order.delivery_refunded || paid;
    order.done_at = stamp.at;
    set_refund_state(order);
}

void evolve(Orders& orders, const OrderRefunded& fact, const Stamp&) {
    orders.refunds = fact.refund.n;
    auto& order = orders.table.must(fact.order);
    for (const auto& line : fact.lines) {
        auto& stored = order.lines.at(line.line);
        stored.refunded_units += line.units;
        give_back(stored, line);
    }
    order.refunded += fact.amount;
    if (fact.delivery != Money{0}) order.delivery_refunded = true;
    set_refund_state(order);
}

void evolve(Orders& orders, const OrderArchived& fact, const Stamp&) {
    for (const auto& line : fact.order.lines) {
        const auto units = units_sold(fact.order, line);
        if (units != Quantity{0}) orders.archived[{fact.order.drop, line.terms.line, line.terms.place}] += units;
    }
    orders.table.forget(fact.order.id);
}

void evolve(Orders& orders, const OrderRecalled& fact, const Stamp& stamp) {
    for (const auto& line : fact.order.lines) {
        const auto it = orders.archived.find({fact.order.drop, line.terms.line, line.terms.place});
        if (it == orders.archived.end()) continue;
        it->second -= units_sold(fact.order, line);
        if (it->second == Quantity{0}) orders.archived.erase(it);
    }
    auto& order = orders.table.restore(fact.order.id, fact.order);
    order.recalled_at = stamp.at;
    order.card.clear();  // it is with the payments again
}

}  // namespace dropsmith::sell
