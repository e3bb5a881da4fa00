// Confirming a hold to an order. The price is the held one; while the drop still sells, a price that has fallen since
// passes to the buyer, and a rise never does. The limit counts by person here. Loop's thread. Covered by
// flow/sell/order_test.cpp.
#include "flow/sell/order.h"

#include <algorithm>
#include <map>

#include "flow/sell/checkout.h"
#include "flow/sell/hold_status.h"
#include "flow/sell/person_limit.h"
#include "flow/sell/price_now.h"
#include "flow/sell/refusing.h"

namespace dropsmith::sell {
namespace {

bool still_sells(const Drop& drop, Instant at) {
    const bool live =
        drop.status == DropStatus::scheduled || drop.status == DropStatus::open || drop.status == DropStatus::paused;
    return live && at < drop.terms.closes_at;
}

void pass_on_falls(const State& state, Hold& hold, Instant at) {
    if (!still_sells(*state.drops.find(hold.drop), at)) return;
    for (auto& line : hold.lines) {
        const auto now = price_now(state.prices, {hold.drop, line.line, hold.channel}, at);
        if (now && now->price < line.unit_price) line.unit_price = now->price, line.decision = now->decision;
    }
}

std::optional<Refusal> over_a_limit(const State& state, const Hold& hold, PersonId person) {
    if (!person) return std::nullopt;
    std::map<std::uint32_t, Quantity> units;
    for (const auto& line : hold.lines) units[line.line] += line.units;
    const auto& drop = *state.drops.find(hold.drop);
    for (const auto& [line, wanted] : units) {
        const auto& terms = drop.lines[line].terms;
        if (!terms.per_person_limit) continue;
        const auto taken = taken_by(state.drops, hold.drop, line, person.n);
        if (taken + wanted > *terms.per_person_limit)
            return refuse_units(refusals::over_limit,
                                "one person may have " + count_of(*terms.per_person_limit) + ", " + count_of(taken) +
                                    " are bought already: reduce the hold",
                                state.catalogue.find(terms.sku)->terms.sku,
                                std::max(Quantity{0}, *terms.per_person_limit - taken))
                .error;
    }
    return std::nullopt;
}

// Without an end, units could be taken for nothing and for ever. What a payment page asks for is there or on its way.
std::optional<Instant> pay_by(const State& state, const OrderPlaced& order, const Moment& moment) {
    if (order.status != OrderStatus::awaiting_payment) return std::nullopt;
    const auto& ways = state.payments.ways;
    const auto after = [](Instant from, Duration within) {
        return within > Duration{0} ? std::optional(from + within) : std::nullopt;
    };
    switch (order.payment) {
        case PaymentMethod::manual:
            return moment.who.kind == ActorKind::buyer ? after(moment.at, ways.manual_within) : std::nullopt;
        case PaymentMethod::bank_transfer:
            return after(moment.at, ways.transfer_within);
        case PaymentMethod::pay_at_pickup:
            return after(std::max(moment.at, state.drops.find(order.drop)->terms.closes_at), ways.pickup_within);
        case PaymentMethod::stripe:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

bool buyers_may_use(const State& state, PaymentMethod method) {
    const auto& ways = state.payments.ways;
    return !ways.chosen || std::find(ways.methods.begin(), ways.methods.end(), method) != ways.methods.end();
}

Result<OrderPlaced, Refusal> order_of(const State& state, const ConfirmHold& command, const Moment& moment) {
    const auto* known = state.holds.table.find(command.hold);
    if (!known) return refuse(refusals::not_found, "no such hold");
    if (const auto gone = no_longer_held(*known, moment.at)) return refuse(*gone, std::string(why_not_held(*gone)));
    const auto said = state.holds.details.find(known->id);
    const auto person = moment.person || said == state.holds.details.end() ? moment.person : said->second.person;
    if (auto refused = over_a_limit(state, *known, person)) return Failure<Refusal>{std::move(*refused)};
    Hold hold = *known;
    pass_on_falls(state, hold, moment.at);
    return check_out(state, {hold, command, person, moment.at});
}

Verdict handle(const State& state, const ConfirmHold& command, const Moment& moment) {
    if (command.payment == PaymentMethod::stripe)
        return refuse(refusals::unknown_method,
                      "a payment page comes first: POST /v1/holds/{id}/checkout; the order follows by itself");
    if (moment.who.kind == ActorKind::buyer && !buyers_may_use(state, command.payment))
        return refuse(refusals::unknown_method,
                      "this shop does not take that here: GET /v1/payments/methods says what it takes");
    if (command.payment == PaymentMethod::bank_transfer && state.payments.bank.iban.empty())
        return refuse(refusals::unknown_method, "this shop takes no bank transfers");
    auto order = order_of(state, command, moment);
    if (!order) return Failure<Refusal>{order.error()};
    order->pay_by = pay_by(state, *order, moment);
    return facts(std::move(*order));
}

}  // namespace dropsmith::sell
