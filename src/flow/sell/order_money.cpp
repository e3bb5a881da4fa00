// Money of an order after it was placed: payment, also one that comes late for a hold that has ended; cancelling;
// refunds of whole units by the figures stored with the order. Nothing goes back twice, and never more than came.
// Loop's thread. Covered by flow/sell/order_test.cpp, flow/sell/late_payment_test.cpp.
#include <algorithm>
#include <map>

#include "flow/sell/order.h"

#include "flow/sell/grant_limit.h"
#include "flow/sell/late_payment.h"
#include "flow/sell/proration.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

using Refused = std::optional<Refusal>;

Refused over_the_grant(const State& state, const Actor& who, Money amount) {
    const auto limit = refund_limit(state.access, who);
    if (!limit || amount <= *limit) return std::nullopt;
    return refuse(refusals::over_grant, "this gives back " + std::to_string(amount.n) +
                                            " minor units, your grant allows " + std::to_string(limit->n) +
                                            ": ask somebody who may")
        .error;
}

Failure<Refusal> wrong_status(const Order& order, std::string_view remedy) {
    return refuse(refusals::wrong_state,
                  "the order is " + std::string(word_of(order.status)) + ": " + std::string(remedy));
}

Result<std::vector<ReturnedLine>, Refusal> returned_lines(const State& state, const Order& order,
                                                          const std::vector<RefundLine>& wanted) {
    std::map<std::uint32_t, RefundLine> lines;  // the same line twice is one wish, restocked only when both say so
    for (const auto& line : wanted) {
        if (line.line >= order.lines.size())
            return refuse_field(refusals::bad_value, "line", "/lines",
                                "the order has no line " + std::to_string(line.line));
        if (line.units < Quantity{1})
            return refuse_field(refusals::bad_value, "units", "/lines", "units are 1 or more");
        auto [known, added] = lines.try_emplace(line.line, line);
        if (!added) known->second.units += line.units, known->second.restock = known->second.restock && line.restock;
    }
    std::vector<ReturnedLine> out;
    for (const auto& [index, line] : lines) {
        const auto& stored = order.lines[index];
        const auto left = stored.terms.units - stored.refunded_units;
        if (line.units > left)
            return refuse_units(refusals::over_refund,
                                count_of(left) + " of " + count_of(stored.terms.units) + " units are left to refund",
                                state.catalogue.find(stored.terms.sku)->terms.sku, left);
        out.push_back(returned_units(index, stored, line.units, line.restock));
    }
    return out;
}

}  // namespace

Verdict handle(const State& state, const CancelOrder& command, const Moment& moment) {
    const auto* order = state.orders.table.find(command.order);
    if (!order) return refuse(refusals::not_found, "no such order");
    if (order->status == OrderStatus::cancelled) return wrong_status(*order, "nothing is left to cancel");
    if (order->status != OrderStatus::awaiting_payment && order->status != OrderStatus::paid &&
        order->status != OrderStatus::ready)
        return wrong_status(*order, "refund it instead");
    OrderCancelled fact{
        order->id,     order->drop, order->person, order->session, order->preorder, {}, order->paid - order->refunded,
        command.reason};
    if (auto refused = over_the_grant(state, moment.who, fact.refund)) return Failure<Refusal>{std::move(*refused)};
    for (std::uint32_t i = 0; i < order->lines.size(); ++i) {
        const auto left = order->lines[i].terms.units - order->lines[i].refunded_units;
        if (left > Quantity{0}) fact.lines.push_back(returned_units(i, order->lines[i], left, true));
    }
    return bounded_facts(std::move(fact));
}

// The money did not come in time: the units go back, and who waits for them is asked. Money that came in part is a
// person's to decide about; it stands among the open items.
Verdict handle(const State& state, const PaymentDue& command, const Moment& moment) {
    const auto* order = state.orders.table.find(command.order);
    if (!order) return refuse(refusals::not_found, "no such order");
    if (!order->pay_by || *order->pay_by > moment.at)
        return refuse(refusals::wrong_state, "its payment is not due, or is there");
    const auto expected = state.payments.transfers.find(order->id);
    if (expected != state.payments.transfers.end() && expected->second.received > Money{0})
        return facts(PaymentDeadlineLifted{order->id});
    return handle(state, CancelOrder{order->id, "not paid in time"}, moment);
}

Verdict handle(const State& state, const RecordPayment& command, const Moment& moment) {
    using namespace refusals;
    if (command.amount <= Money{0}) return refuse_field(bad_value, "amount", "/amount", "a payment is above 0");
    if (!command.order) return late_payment(state, command, moment);
    const auto* order = state.orders.table.find(command.order);
    if (!order) return refuse(not_found, "no such order");
    if (order->status == OrderStatus::cancelled)  // money for an order that is no more: it must go back
        return bounded_facts(PaymentRecorded{order->id, {}, command.amount, true, true, command.reference_digest});
    if (order->paid_at) return wrong_status(*order, "it is paid");
    if (command.amount != order->total)
        return refuse_field(bad_value, "amount", "/amount",
                            "expected exactly " + std::to_string(order->total.n) + " minor units");
    return bounded_facts(PaymentRecorded{order->id, {}, command.amount, false, false, command.reference_digest});
}

Verdict handle(const State& state, const RefundOrder& command, const Moment& moment) {
    using namespace refusals;
    const auto* order = state.orders.table.find(command.order);
    if (!order) return refuse(not_found, "no such order");
    if (order->status == OrderStatus::cancelled) return wrong_status(*order, "its money has gone back");
    if (!order->paid_at) return refuse(not_paid, "nothing has been paid: cancel the order instead");
    if (command.lines.empty() && !command.delivery)
        return refuse_field(bad_value, "lines", "/lines", "say which units go back, or the delivery charge");
    auto lines = returned_lines(state, *order, command.lines);
    if (!lines) return Failure<Refusal>{lines.error()};
    if (command.delivery && order->delivery_refunded)
        return refuse(over_refund, "the delivery charge has gone back already");
    OrderRefunded fact{
        RefundId{state.orders.refunds + 1}, order->id, order->drop, std::move(*lines), {}, {}, {}, command.reason};
    if (command.delivery && command.lines.empty() && order->delivery_charge == Money{0})
        return refuse_field(bad_value, "delivery", "/delivery", "nothing was charged for delivery");
    if (command.delivery) fact.delivery = order->delivery_charge, fact.delivery_tax = order->delivery_tax;
    fact.amount = fact.delivery;
    for (const auto& line : fact.lines) fact.amount += line.amount;
    if (fact.amount > order->paid - order->refunded) return refuse(over_refund, "more than is left of what was paid");
    if (auto refused = over_the_grant(state, moment.who, fact.amount)) return Failure<Refusal>{std::move(*refused)};
    return bounded_facts(std::move(fact));
}

Verdict handle(const State& state, const RecallOrder& command, const Moment&) {
    const auto id = command.order.id;
    if (!id || id >= state.orders.table.next()) return refuse(refusals::not_found, "no such order");
    if (const auto* order = state.orders.table.find(id)) return wrong_status(*order, "it was not put away");
    return bounded_facts(OrderRecalled{command.order});
}

}  // namespace dropsmith::sell
