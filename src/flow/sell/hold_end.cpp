// Reducing, releasing and expiring a hold, and what facts do to holds. A hold has at most one outcome. Loop's thread.
// Covered by flow/sell/hold_test.cpp.
#include <algorithm>

#include "base/check.h"
#include "flow/sell/hold.h"
#include "flow/sell/hold_status.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

HoldEnded ended(const Hold& hold, HoldStatus status) {
    return {hold.id, hold.drop, status, hold.lines, hold.preorder, hold.session, hold.expires_at};
}

Quantity held_of(const Hold& hold, SkuId sku) {
    Quantity sum;
    for (const auto& line : hold.lines)
        if (line.sku == sku) sum += line.units;
    return sum;
}

// The last place gives back first.
void give_back(const Hold& hold, SkuId sku, Quantity units, HeldLines& out) {
    for (auto line = hold.lines.rbegin(); line != hold.lines.rend() && units > Quantity{0}; ++line) {
        if (line->sku != sku) continue;
        auto part = *line;
        part.units = std::min(line->units, units);
        units -= part.units;
        out.push_back(part);
    }
}

}  // namespace

Verdict handle(const State& state, const ReduceHold& command, const Moment& moment) {
    using namespace refusals;
    const auto* hold = state.holds.table.find(command.hold);
    if (!hold) return refuse(not_found, "no such hold");
    if (const auto gone = no_longer_held(*hold, moment.at)) return refuse(*gone, std::string(why_not_held(*gone)));
    HoldReduced fact{hold->id, hold->drop, {}, hold->preorder, hold->session};
    std::vector<SkuId> seen;
    for (std::size_t i = 0; i < command.lines.size(); ++i) {
        const auto& wanted = command.lines[i];
        const auto at = "/lines/" + std::to_string(i);
        const auto* sku = state.catalogue.find(wanted.sku);
        const auto code = sku ? sku->terms.sku : std::string{};
        const auto held = held_of(*hold, wanted.sku);
        if (held == Quantity{0}) return refuse_line(no_such_line, "the hold has no such SKU", code);
        if (std::find(seen.begin(), seen.end(), wanted.sku) != seen.end())
            return refuse_field(bad_value, "sku", at + "/sku", "a SKU is named twice: say once how many shall remain");
        seen.push_back(wanted.sku);
        if (wanted.units < Quantity{0} || wanted.units > held)
            return refuse_units(bad_value,
                                "a hold can only be reduced: " + count_of(held) + " are held; for more, hold again",
                                code, held);
        give_back(*hold, wanted.sku, held - wanted.units, fact.given_back);
    }
    Quantity total, given;
    for (const auto& line : hold->lines) total += line.units;
    for (const auto& line : fact.given_back) given += line.units;
    if (total == given) return facts(ended(*hold, HoldStatus::released));
    return facts(std::move(fact));
}

Verdict handle(const State& state, const ReleaseHold& command, const Moment& moment) {
    const auto* hold = state.holds.table.find(command.hold);
    if (!hold) return refuse(refusals::not_found, "no such hold");
    if (const auto gone = no_longer_held(*hold, moment.at)) return refuse(*gone, std::string(why_not_held(*gone)));
    return facts(ended(*hold, HoldStatus::released));
}

Verdict handle(const State& state, const HoldDue& command, const Moment& moment) {
    const auto* hold = state.holds.table.find(command.hold);
    if (!hold) return refuse(refusals::not_found, "no such hold");
    if (hold->status != HoldStatus::held || moment.at < hold->expires_at)
        return refuse(refusals::wrong_state, "the hold is not due");
    return facts(ended(*hold, HoldStatus::expired));
}

Verdict handle(const State& state, const DetailHold& command, const Moment& moment) {
    const auto* hold = state.holds.table.find(command.hold);
    if (!hold) return refuse(refusals::not_found, "no such hold");
    if (const auto gone = no_longer_held(*hold, moment.at)) return refuse(*gone, std::string(why_not_held(*gone)));
    HoldDetailed fact{hold->id, hold->drop, moment.person, command.method, command.delivery, command.tax_zone};
    const auto known = state.holds.details.find(hold->id);
    if (known != state.holds.details.end()) {  // what is not said now stays as it was
        if (!fact.person) fact.person = known->second.person;
        if (!fact.method)
            fact.method = known->second.method, fact.delivery = known->second.delivery,
            fact.tax_zone = known->second.tax_zone;
    }
    return bounded_facts(std::move(fact));
}

void evolve(Holds& holds, const UnitsHeld& fact, const Stamp& stamp) {
    holds.table.add(fact.hold, Hold{fact.hold, fact.drop, fact.channel, fact.lines, stamp.at, fact.expires_at,
                                    fact.session, fact.pickup_at, OrderId{}, HoldStatus::held, fact.preorder});
}

void evolve(Holds& holds, const HoldReduced& fact, const Stamp&) {
    auto& hold = holds.table.must(fact.hold);
    for (const auto& given : fact.given_back)
        for (auto& line : hold.lines)
            if (line.sku == given.sku && line.place == given.place) line.units -= given.units;
    erase_if(hold.lines, [](const HeldLine& line) { return line.units == Quantity{0}; });
}

void evolve(Holds& holds, const HoldEnded& fact, const Stamp&) { holds.table.must(fact.hold).status = fact.status; }

void evolve(Holds& holds, const HoldDetailed& fact, const Stamp&) {
    holds.details[fact.hold] = {fact.person, fact.method, fact.delivery, fact.tax_zone};
}

void evolve(Holds& holds, const PaymentRecorded& fact, const Stamp&) {
    if (!fact.hold) return;
    auto& late = holds.late[fact.hold];
    if (fact.order) late.order = fact.order;
    if (!fact.reference_digest.empty()) late.references.push_back(fact.reference_digest);
}

void evolve(Holds& holds, const ShopTidied& fact, const Stamp&) {
    CHECK_BECAUSE(fact.holds_below <= holds.table.next(), "holds are forgotten that never were");
    for (auto id = holds.table.first(); id < fact.holds_below; ++id.n) {
        const auto* hold = holds.table.find(id);
        if (!hold || hold->status == HoldStatus::held || hold->expires_at > fact.holds_before) continue;
        holds.table.forget(id);
        holds.details.erase(id), holds.late.erase(id);
    }
}

void evolve(Holds& holds, const OrderPlaced& fact, const Stamp&) {
    auto& hold = holds.table.must(fact.hold);
    hold.status = HoldStatus::confirmed;
    hold.order = fact.order;
}

}  // namespace dropsmith::sell
