// How an order is paid, for its buyer and for staff. Covered by tests/payments/bank_transfer.py and
// tests/payments/stripe.py.
#include "edge/http/views.h"

#include "base/creditor_reference.h"

namespace dropsmith::http {
namespace {

void write_transfer(JsonWriter& json, const State& state, const Order& order, const Words& words) {
    const auto reference = creditor_reference(order.number);
    json.key("reference").text(reference).key("reference_shown").text(grouped_by_four(reference));
    const auto expected = state.payments.transfers.find(order.id);
    const auto received = expected == state.payments.transfers.end() ? order.paid : expected->second.received;
    json.key("received").money(received.n, words.currency).key("account");
    const auto& bank = state.payments.bank;
    if (order.status != OrderStatus::awaiting_payment || bank.iban.empty()) return void(json.null());
    json.object().key("holder").text(bank.holder).key("iban").text(bank.iban).key("iban_shown");
    json.text(grouped_by_four(bank.iban)).key("bic").text(bank.bic).end();
}

void write_card(JsonWriter& json, const State& state, const Order& order, const Words& words) {
    const auto* checkout = state.payments.of_order(order.id);
    if (!checkout && order.card.empty()) return;
    const auto captured = checkout ? checkout->captured : order.card.front().captured;
    const auto status = checkout               ? checkout->status
                        : captured > Money{0} ? CheckoutStatus::paid
                                              : CheckoutStatus::over;
    json.key("status").text(word_of(status));
    json.key("captured").money(captured.n, words.currency);
    json.key("refunded").money((checkout ? checkout->refunded : order.card.front().refunded).n, words.currency);
}

}  // namespace

void write_payment(JsonWriter& json, const State& state, const Order& order, const Words& words) {
    json.object().key("method").text(word_of(order.payment));
    if (order.payment == PaymentMethod::bank_transfer) write_transfer(json, state, order, words);
    if (order.payment == PaymentMethod::stripe) write_card(json, state, order, words);
    json.end();
}

}  // namespace dropsmith::http
