// See the header. The law of an order holds by construction: sum of the lines' gross + delivery = total, tax inside
// gross. Covered by flow/sell/order_test.cpp, tests/scenarios/order_oracle.py.
#include "flow/sell/checkout.h"

#include <algorithm>

#include "flow/sell/personal_price.h"
#include "flow/sell/refusing.h"
#include "flow/sell/tax.h"
#include "flow/sell/waiting_list.h"
#include "model/tax.h"

namespace dropsmith::sell {
namespace {

const DeliveryMethod* delivery_for(const Shop& shop, const ConfirmHold& how) {
    for (const auto& method : shop.delivery) {
        const bool fits = method_of(method) == how.fulfilment;
        if (fits && (how.delivery.empty() || how.delivery == method.code)) return &method;
    }
    return nullptr;
}

Result<PlaceId, Refusal> pickup_place(const Hold& hold, const ConfirmHold& how) {
    if (how.fulfilment == FulfilmentMethod::ship) return PlaceId{};
    const auto wanted = how.place ? how.place : hold.pickup_at;
    if (!wanted) return hold.lines.front().place;
    const bool there =
        std::any_of(hold.lines.begin(), hold.lines.end(), [&](const HeldLine& l) { return l.place == wanted; });
    if (there) return wanted;
    return refuse_field(refusals::bad_value, "place", "/fulfilment/place",
                        "the units are held at another place: pick them up there, or hold again for this one");
}

OrderLine order_line(const State& state, const HeldLine& held, const std::string& zone, Instant at) {
    const auto& sku = *state.catalogue.find(held.sku);
    const auto& category = state.catalogue.find(sku.product)->tax_category;
    return {held.line,
            held.sku,
            held.place,
            held.units,
            held.unit_price,
            {},
            {},
            {},
            tax_rate(state.shop.tax, category, zone, at),
            category,
            held.decision,
            unit_cost_of(state.catalogue, sku.terms)};
}

}  // namespace

FulfilmentMethod method_of(const DeliveryMethod& method) {
    return method.code.starts_with("pickup") ? FulfilmentMethod::pickup : FulfilmentMethod::ship;
}

Result<OrderPlaced, Refusal> check_out(const State& state, const Ordering& ordering) {
    const auto& [hold, how, person, at] = ordering;
    const auto* delivery = delivery_for(state.shop, how);
    if (!delivery) return refuse(refusals::unknown_method, "the shop has no such delivery method for this order");
    if (how.payment == PaymentMethod::pay_at_pickup && how.fulfilment != FulfilmentMethod::pickup)
        return refuse(refusals::unknown_method, "only an order that is picked up can be paid at pick-up");
    if (how.payment == PaymentMethod::pay_at_pickup && how.paid)
        return refuse_field(refusals::bad_value, "paid", "/payment", "an order paid at pick-up is not paid yet");
    auto place = pickup_place(hold, how);
    if (!place) return Failure<Refusal>{place.error()};

    OrderPlaced fact;
    fact.order = state.orders.table.next();
    fact.number = state.orders.numbers + 1;
    fact.hold = hold.id;
    fact.drop = hold.drop;
    fact.channel = hold.channel;
    fact.person = person;
    fact.session = hold.session;
    fact.preorder = hold.preorder;
    fact.prices_include_tax = state.places.find(hold.channel)->prices_include_tax;
    fact.fulfilment = how.fulfilment;
    fact.place = *place;
    fact.delivery_code = delivery->code;
    fact.payment = how.payment;
    fact.status = how.paid ? OrderStatus::paid : OrderStatus::awaiting_payment;
    fact.hold_expires_at = hold.expires_at;
    fact.ship_by = promised_by(state, hold.id);

    std::vector<Taxable> items;  // the lines, then the delivery
    for (const auto& held : hold.lines) {
        fact.lines.push_back(order_line(state, held, how.tax_zone, at));
        items.push_back({held.unit_price * held.units, fact.lines.back().tax_rate, fact.prices_include_tax});
    }
    fact.delivery_tax_rate = tax_rate(state.shop.tax, delivery->tax_category, how.tax_zone, at);
    items.push_back({delivery->charge, fact.delivery_tax_rate, state.shop.prices_include_tax});
    const auto taxed = tax_of(items);
    for (std::size_t i = 0; i < fact.lines.size(); ++i) {
        fact.lines[i].gross = taxed[i].gross;
        fact.lines[i].tax = taxed[i].tax;
        fact.total += taxed[i].gross;
    }
    fact.delivery_charge = taxed.back().gross;
    fact.delivery_tax = taxed.back().tax;
    fact.total += fact.delivery_charge;
    fact.tax = tax_rows(items, taxed);
    fact.payment_fee = share_of(fact.total, state.shop.payment_fee.share) + state.shop.payment_fee.fixed;
    if (const auto* own = personal_of(state.prices, hold.id)) fact.personal = still_in(*own, fact.lines);
    return fact;
}

}  // namespace dropsmith::sell
