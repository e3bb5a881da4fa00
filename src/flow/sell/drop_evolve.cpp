// What facts do to drops: terms, status, and units held and sold by line and place. `taken` counts what a session or a
// person has held and bought of a line; a drop's rows of it go when the drop settles. Loop's thread, and replay.
// Covered by flow/sell/drop_test.cpp, flow/sell/laws_test.cpp.
#include <algorithm>

#include "flow/sell/drop.h"

#include "flow/sell/person_limit.h"

namespace dropsmith::sell {
namespace {

Drop& at(Drops& drops, DropId id) {
    CHECK_BECAUSE(id.n >= 1 && id.n <= drops.drops.size(), "a fact names a drop that is not there");
    return drops.drops[id.n - 1];
}

PlaceUse& use_of(DropLine& line, PlaceId place) {
    for (auto& use : line.places)
        if (use.place == place) return use;
    return line.places.emplace_back(PlaceUse{place, {}, {}, {}});
}

void set_terms(DropLine& line, const LineTerms& terms) {
    line.terms = terms;
    for (auto& use : line.places) use.allotted = Quantity{};
    for (const auto& allotment : terms.places) use_of(line, allotment.place).allotted = allotment.units;
    std::erase_if(line.places, [](const PlaceUse& use) {
        return use.allotted == Quantity{} && use.held == Quantity{} && use.sold == Quantity{};
    });
}

void note_sold_out(DropLine& line, Instant when) {
    if (line.free() > Quantity{0})
        line.sold_out_at.reset();
    else if (!line.sold_out_at)
        line.sold_out_at = when;
}

void count(Drops& drops, const PersonLimitKey& key, Quantity change) {
    if (key.who == 0 || change == Quantity{0}) return;
    auto& taken = drops.taken[key];
    taken += change;
    if (taken <= Quantity{0}) drops.taken.erase(key);
}

void forget_taken(Drops& drops, DropId drop) {
    auto from = drops.taken.lower_bound({drop, 0, 0});
    auto to = drops.taken.lower_bound({DropId{drop.n + 1}, 0, 0});
    drops.taken.erase(from, to);
}

void give_back(Drops& drops, DropId id, const HeldLines& lines, bool preorder, std::uint64_t session) {
    for (const auto& held : lines) {
        auto& line = at(drops, id).lines.at(held.line);
        line.held -= held.units;
        if (preorder) line.preorder_held -= held.units;
        use_of(line, held.place).held -= held.units;
        line.sold_out_at.reset();
        count(drops, {id, held.line, session_key(session)}, -held.units);
    }
}

}  // namespace

void evolve(Drops& drops, const DropDrafted& fact, const Stamp&) {
    CHECK_BECAUSE(fact.drop.n == drops.drops.size() + 1, "drops are numbered in order");
    auto& drop = drops.drops.emplace_back();
    drop.id = fact.drop;
    drop.terms = fact.terms;
    drop.terms.lines.clear();
    for (const auto& terms : fact.terms.lines) set_terms(drop.lines.emplace_back(), terms);
    drops.by_slug[drop.terms.slug] = drop.id;
}

void evolve(Drops& drops, const DropEdited& fact, const Stamp& stamp) {
    auto& drop = at(drops, fact.drop);
    ++drop.version;
    drops.by_slug.erase(drop.terms.slug);
    drop.terms = fact.terms;
    drop.terms.lines.clear();
    drops.by_slug[drop.terms.slug] = drop.id;
    drop.lines.resize(fact.terms.lines.size());
    for (std::size_t i = 0; i < drop.lines.size(); ++i) {
        set_terms(drop.lines[i], fact.terms.lines[i]);
        note_sold_out(drop.lines[i], stamp.at);
    }
    for (auto line : fact.ended_lines) drop.lines.at(line).ended = true;
}

void evolve(Drops& drops, const DropScheduled& fact, const Stamp& stamp) {
    auto& drop = at(drops, fact.drop);
    drop.status = DropStatus::scheduled;
    drop.scheduled_at = stamp.at;
}

void evolve(Drops& drops, const DropOpened& fact, const Stamp& stamp) {
    auto& drop = at(drops, fact.drop);
    drop.status = DropStatus::open;
    drop.opened_at = stamp.at;
    drop.reserve_released = true;
}

void evolve(Drops& drops, const DropPaused& fact, const Stamp&) { at(drops, fact.drop).status = DropStatus::paused; }
void evolve(Drops& drops, const DropResumed& fact, const Stamp&) { at(drops, fact.drop).status = DropStatus::open; }

void evolve(Drops& drops, const DropClosed& fact, const Stamp& stamp) {
    auto& drop = at(drops, fact.drop);
    drop.status = DropStatus::closed;
    if (!drop.closed_at) drop.closed_at = stamp.at;
}

void evolve(Drops& drops, const DropSettled& fact, const Stamp& stamp) {
    auto& drop = at(drops, fact.drop);
    drop.status = DropStatus::settled;
    drop.settled_at = stamp.at;
    forget_taken(drops, fact.drop);
}

void evolve(Drops& drops, const DropCancelled& fact, const Stamp&) {
    auto& drop = at(drops, fact.drop);
    drop.status = DropStatus::cancelled;
    drops.by_slug.erase(drop.terms.slug);  // another may have the name
    forget_taken(drops, fact.drop);
}

void evolve(Drops& drops, const PreorderReserveReleased& fact, const Stamp&) {
    at(drops, fact.drop).reserve_released = true;
}

void evolve(Drops& drops, const UnitsHeld& fact, const Stamp& stamp) {
    ++at(drops, fact.drop).holds;
    for (const auto& held : fact.lines) {
        auto& line = at(drops, fact.drop).lines.at(held.line);
        line.held += held.units;
        if (fact.preorder) line.preorder_held += held.units;
        use_of(line, held.place).held += held.units;
        note_sold_out(line, stamp.at);
        count(drops, {fact.drop, held.line, session_key(fact.session)}, held.units);
    }
}

void evolve(Drops& drops, const HoldReduced& fact, const Stamp&) {
    give_back(drops, fact.drop, fact.given_back, fact.preorder, fact.session);
}

void evolve(Drops& drops, const HoldEnded& fact, const Stamp&) {
    auto& drop = at(drops, fact.drop);
    ++(fact.status == HoldStatus::expired ? drop.holds_expired : drop.holds_released);
    give_back(drops, fact.drop, fact.given_back, fact.preorder, fact.session);
}

void evolve(Drops& drops, const OrderPlaced& fact, const Stamp&) {
    for (const auto& ordered : fact.lines) {
        auto& line = at(drops, fact.drop).lines.at(ordered.line);
        line.held -= ordered.units;
        line.sold += ordered.units;
        if (fact.preorder) line.preorder_held -= ordered.units, line.preorder_sold += ordered.units;
        auto& use = use_of(line, ordered.place);
        use.held -= ordered.units;
        use.sold += ordered.units;
        count(drops, {fact.drop, ordered.line, fact.person.n}, ordered.units);
    }
}

void evolve(Drops& drops, const OrderCancelled& fact, const Stamp&) {
    const auto status = at(drops, fact.drop).status;
    const bool over = status == DropStatus::closed || status == DropStatus::settled;  // what was sold out stays so
    for (const auto& returned : fact.lines) {
        auto& line = at(drops, fact.drop).lines.at(returned.drop_line);
        line.sold -= returned.units;
        if (fact.preorder) line.preorder_sold -= returned.units;
        use_of(line, returned.place).sold -= returned.units;
        if (!over) line.sold_out_at.reset();
        count(drops, {fact.drop, returned.drop_line, fact.person.n}, -returned.units);
        count(drops, {fact.drop, returned.drop_line, session_key(fact.session)}, -returned.units);
    }
}

void evolve(Drops& drops, const OrderRefunded& fact, const Stamp&) {
    for (const auto& returned : fact.lines)
        at(drops, fact.drop).lines.at(returned.drop_line).refunded += returned.units;
}

}  // namespace dropsmith::sell
