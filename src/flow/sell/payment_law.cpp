// See laws.h. Linear in the state. Covered by flow/sell/payment_test.cpp, which first proves that it rings.
#include "flow/sell/laws.h"

namespace dropsmith::sell {
namespace {

std::string at(const Checkout& checkout) { return "checkout " + std::to_string(checkout.id.n); }
std::string differs(const Checkout& checkout, std::string_view a, Money x, std::string_view b, Money y) {
    return at(checkout) + ": " + std::string(a) + " " + std::to_string(x.n) + ", " + std::string(b) + " " +
           std::to_string(y.n);
}

std::string breach_of(const State& state, const Checkout& checkout) {
    if (checkout.captured > checkout.authorised)
        return differs(checkout, "captured", checkout.captured, "authorised", checkout.authorised);
    if (checkout.refunds_asked > checkout.captured)
        return differs(checkout, "to give back", checkout.refunds_asked, "captured", checkout.captured);
    if (checkout.refunded > checkout.refunds_asked)
        return differs(checkout, "given back", checkout.refunded, "asked", checkout.refunds_asked);
    const auto* order = checkout.order ? state.orders.table.find(checkout.order) : nullptr;
    if (!order || checkout.status != CheckoutStatus::paid || !order->paid_at) return {};  // or it was put away
    if (checkout.captured != order->paid)
        return differs(checkout, "captured", checkout.captured, "the order's payment", order->paid);
    if (checkout.refunds_asked != order->refunded)
        return differs(checkout, "to give back", checkout.refunds_asked, "the order's refunds", order->refunded);
    return {};
}

}  // namespace

Law payment_law(const State& state) {
    Law law;
    state.payments.checkouts.each([&](const Checkout& checkout) {
        if (!law.holds()) return;
        ++law.checked;
        law.breach = breach_of(state, checkout);
    });
    state.orders.table.each([&](const Order& order) {
        if (!law.holds() || order.payment != PaymentMethod::stripe) return;
        ++law.checked;
        const auto* checkout = state.payments.of_order(order.id);
        if (!checkout || checkout->order != order.id)
            law.breach = "order " + std::to_string(order.number) + ": no payment stands behind it";
        else if (order.paid_at && checkout->status != CheckoutStatus::paid)
            law.breach = "order " + std::to_string(order.number) + ": paid, and nothing was captured";
    });
    for (const auto& [id, task] : state.payments.tasks) {
        if (!law.holds()) break;
        ++law.checked;
        if (!state.payments.checkouts.find(task.checkout))
            law.breach = "payment task " + std::to_string(id.n) + ": its checkout is not there";
    }
    return law;
}

}  // namespace dropsmith::sell
