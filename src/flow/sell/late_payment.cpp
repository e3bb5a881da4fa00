// See the header. Covered by flow/sell/late_payment_test.cpp.
#include "flow/sell/late_payment.h"

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "flow/sell/allocation.h"
#include "flow/sell/checkout.h"
#include "flow/sell/hold_status.h"
#include "flow/sell/person_limit.h"
#include "flow/sell/personal_price.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

bool may_sell(const Drop& drop) {
    switch (drop.status) {
        case DropStatus::scheduled:
        case DropStatus::open:
        case DropStatus::paused:
        case DropStatus::closed:
            return true;
        default:
            return false;
    }
}

bool within_reserve(const Drop& drop, const DropLine& line, Quantity units) {
    if (drop.status != DropStatus::scheduled || drop.reserve_released) return true;
    return line.preorder_held + line.preorder_sold + units <= share_of(line.terms.cap, line.terms.preorder_share);
}

}  // namespace

std::optional<Hold> held_again(const State& state, const Hold& ended, PersonId person, const Moment& moment) {
    const auto& drop = *state.drops.find(ended.drop);
    if (!may_sell(drop)) return std::nullopt;
    std::map<std::uint32_t, HeldLine> wanted;
    for (const auto& line : ended.lines) {
        auto [known, added] = wanted.try_emplace(line.line, line);
        if (!added) known->second.units += line.units;
    }
    Hold hold{state.holds.table.next(), drop.id,       ended.channel,   {}, moment.at, moment.at + drop.terms.hold_for,
              ended.session,            ended.pickup_at, {}, HoldStatus::held, ended.preorder};
    for (const auto& [index, part] : wanted) {
        const auto& line = drop.lines[index];
        const auto free = free_by_place(state.stock, line, ended.pickup_at);
        if (line.ended || part.units > free_in_line(line, free) || !within_reserve(drop, line, part.units))
            return std::nullopt;
        const auto taken = std::max(taken_by(state.drops, drop.id, index, session_key(ended.session)),
                                    taken_by(state.drops, drop.id, index, person.n));
        if (line.terms.per_person_limit && taken + part.units > *line.terms.per_person_limit) return std::nullopt;
        for (const auto& share : allocate(free, part.units))
            hold.lines.push_back({index, part.sku, share.place, share.units, part.unit_price, part.decision});
    }
    if (hold.lines.size() > limits::held_lines_max) return std::nullopt;
    return hold;
}

Verdict late_payment(const State& state, const RecordPayment& command, const Moment& moment) {
    const auto give_back = [&] {
        return bounded_facts(PaymentRecorded{{}, command.hold, command.amount, true, true, command.reference_digest});
    };
    if (!command.hold || command.hold >= state.holds.table.next())
        return refuse(refusals::not_found, "no such order or hold");
    const auto* ended = state.holds.table.find(command.hold);
    if (const auto late = state.holds.late.find(command.hold); late != state.holds.late.end()) {
        const auto& known = late->second.references;
        if (!command.reference_digest.empty() &&
            std::find(known.begin(), known.end(), command.reference_digest) != known.end())
            return refuse(refusals::already_exists, "this payment is written down already");
        return give_back();  // one hold makes one order, whatever more comes
    }
    if (const auto* checkout = state.payments.of_hold(command.hold); checkout && checkout->order) return give_back();
    if (!ended) return give_back();  // it ended long ago, and only the journal knows it
    const auto gone = no_longer_held(*ended, moment.at);
    if (!gone) return refuse(refusals::wrong_state, "the hold still runs: confirm it");
    if (*gone == refusals::hold_confirmed)
        return refuse(refusals::hold_confirmed, "the hold is an order: record the payment there");
    if (ended->status == HoldStatus::held)  // due, and its timer runs with the next batch
        return refuse(refusals::wrong_state, "the hold is expiring this moment: ask again");
    const auto said = state.holds.details.find(ended->id);
    const auto details = said == state.holds.details.end() ? HoldDetails{} : said->second;
    const auto person = moment.person ? moment.person : details.person;
    const auto hold = held_again(state, *ended, person, moment);
    if (!hold) return give_back();
    ConfirmHold how;
    how.hold = hold->id;
    how.fulfilment = details.method.value_or(FulfilmentMethod::pickup);
    how.delivery = details.delivery, how.tax_zone = details.tax_zone;
    how.paid = true;
    auto order = check_out(state, {*hold, how, person, moment.at});
    if (!order || order->total != command.amount) return give_back();
    PaymentRecorded paid{order->order, ended->id, command.amount, true, false, command.reference_digest};
    auto own = personal_again(state, ended->id, *hold, *order);
    auto out = bounded_facts(UnitsHeld{hold->id, hold->drop, hold->channel, hold->lines, hold->expires_at,
                                       hold->session, hold->pickup_at, hold->preorder},
                             std::move(*order), std::move(paid));
    if (out && own) out->insert(out->begin(), Fact(std::move(*own)));
    return out;
}

}  // namespace dropsmith::sell
