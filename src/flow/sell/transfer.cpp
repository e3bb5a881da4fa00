// Lines of a bank's statement against the orders that wait for a transfer. The reference names the order, the sum of
// what came decides; what does not fit becomes an open item for a person, never a guess. The same line is taken once.
// Loop's thread. Covered by flow/sell/transfer_test.cpp, tests/payments/bank_transfer.py.
#include <map>
#include <set>

#include "base/creditor_reference.h"
#include "base/limits.h"
#include "flow/sell/payment.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

// What the lines before this one, which are not in the state yet, have changed.
struct Sofar {
    std::map<OrderId, Money> received;
    std::set<OrderId> paid;
    std::set<std::uint64_t> seen;
};

// Ids and numbers of orders go up together, one by one.
const Order* order_numbered(const Orders& orders, std::uint64_t number) {
    constexpr std::uint64_t before_the_first = 1'000;
    if (number <= before_the_first) return nullptr;
    const auto* order = orders.table.find(OrderId{number - before_the_first});
    return order && order->number == number ? order : nullptr;
}

TransferTaken judge(const State& state, const Transfer& line, const Order* order, Sofar& sofar) {
    TransferTaken fact{line.digest, line.booked_on, line.amount,
                       line.reference, line.source, {}, TransferOutcome::unknown, line.amount};
    if (line.digest != 0 &&
        (state.payments.transfers_seen.contains(line.digest) || !sofar.seen.insert(line.digest).second)) {
        fact.outcome = TransferOutcome::known, fact.open = {};
        return fact;
    }
    const auto expected = order ? state.payments.transfers.find(order->id) : state.payments.transfers.end();
    if (expected == state.payments.transfers.end()) return fact;  // unknown, or not to be paid like this
    fact.order = order->id;
    if (order->status == OrderStatus::cancelled) {
        fact.outcome = TransferOutcome::cancelled;
        return fact;
    }
    if (order->paid_at || sofar.paid.contains(order->id)) {
        fact.outcome = TransferOutcome::again;
        return fact;
    }
    auto& received = sofar.received.try_emplace(order->id, expected->second.received).first->second;
    received += line.amount;
    const bool enough = received >= order->total;
    fact.open = enough ? received - order->total : order->total - received;
    fact.outcome = !enough                  ? TransferOutcome::part
                   : fact.open == Money{0} ? TransferOutcome::paid
                                           : TransferOutcome::over;
    if (enough) sofar.paid.insert(order->id);
    return fact;
}

void add(Facts& out, const State& state, TransferTaken fact) {
    const bool pays = fact.outcome == TransferOutcome::paid || fact.outcome == TransferOutcome::over;
    const auto id = fact.order;
    out.emplace_back(std::move(fact));
    if (pays) out.emplace_back(PaymentRecorded{id, {}, state.orders.table.must(id).total, false, false, {}});
}

bool good(const Transfer& line) {
    return line.amount > Money{0} && line.amount <= Money{limits::money_max} && line.reference.size() <= 25 &&
           line.booked_on.size() <= 10 && line.source.size() <= limits::name_max;
}

}  // namespace

std::vector<TransferTaken> judge_transfers(const State& state, const std::vector<Transfer>& lines) {
    Sofar sofar;
    std::vector<TransferTaken> out;
    out.reserve(lines.size());
    for (const auto& line : lines)
        out.push_back(judge(state, line, order_numbered(state.orders, line.number), sofar));
    return out;
}

Verdict handle(const State& state, const SetPaymentTerms& command, const Moment&) {
    const auto bank = command.bank.value_or(state.payments.bank);
    const auto ways = command.ways.value_or(state.payments.ways);
    for (const auto& [within, name] : {std::pair{ways.manual_within, "manual_within_seconds"},
                                       {ways.transfer_within, "transfer_within_seconds"},
                                       {ways.pickup_within, "pickup_within_seconds"}})
        if (within < Duration{0} || within > days(365) || (within > Duration{0} && within < seconds(1)))
            return refuse_field(refusals::bad_value, name, std::string("/") + name,
                                "a payment is waited for from 1 second to 365 days, or 0: for ever");
    const bool none = bank.holder.empty() && bank.iban.empty() && bank.bic.empty();
    if (!none && (bank.holder.empty() || bank.holder.size() > limits::name_max))
        return refuse_field(refusals::bad_value, "holder", "/bank/holder", "the holder's name, 1 to 200 bytes");
    if (!none && !valid_iban(bank.iban))
        return refuse_field(refusals::bad_value, "iban", "/bank/iban",
                            "its check digits are wrong: copy the IBAN anew, letters and digits only");
    if (!bank.bic.empty() && bank.bic.size() != 8 && bank.bic.size() != 11)
        return refuse_field(refusals::bad_value, "bic", "/bank/bic", "a BIC has 8 or 11 characters, or is left out");
    return facts(PaymentTermsSet{bank, ways});
}

Verdict handle(const State& state, const TakeTransfers& command, const Moment&) {
    for (std::size_t i = 0; i < command.lines.size(); ++i)
        if (!good(command.lines[i]) || command.lines[i].digest == 0)
            return refuse_field(refusals::bad_value, "lines", "/lines/" + std::to_string(i),
                                "a credit has an amount above 0, a date, and a source of at most 200 bytes");
    Facts out;
    for (auto& fact : judge_transfers(state, command.lines))
        if (fact.outcome != TransferOutcome::known) add(out, state, std::move(fact));
    if (out.empty()) return refuse(refusals::already_exists, "every line of this was taken before; nothing changed");
    return out;
}

Verdict handle(const State& state, const SettleOpenItem& command, const Moment&) {
    using namespace refusals;
    const auto* item = state.payments.items.find(command.item);
    if (!item) return refuse(not_found, "no such open item");
    if (item->settled_at) return refuse(wrong_state, "this item is settled");
    if (command.order && command.retry)
        return refuse_field(bad_value, "retry", "/retry", "an item is assigned to an order or asked again, not both");
    if (command.retry && !item->task)
        return refuse_field(bad_value, "retry", "/retry", "only what the provider refused can be asked again");
    if (command.note.size() > limits::name_max)
        return refuse_field(bad_value, "note", "/note", "a note has at most 200 bytes");
    OpenItemSettled settled{item->id, command.order, command.retry, command.note};
    if (!command.order) return facts(std::move(settled));
    if (item->kind != OpenItemKind::unknown_reference)
        return refuse_field(bad_value, "order", "/order", "only a transfer without a known reference is assigned");
    const auto* order = state.orders.table.find(command.order);
    if (!order) return refuse_field(bad_value, "order", "/order", "no such order, or one that was put away");
    if (!state.payments.transfers.contains(order->id))
        return refuse_field(bad_value, "order", "/order", "that order is not paid by bank transfer");
    Sofar sofar;
    const Transfer line{0, {}, item->amount, item->reference, order->number, item->source};
    Facts out = facts(std::move(settled));
    add(out, state, judge(state, line, order, sofar));
    return out;
}

}  // namespace dropsmith::sell
