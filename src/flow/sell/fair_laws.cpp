// See the header. Linear in the state, but for the draw's sort. Covered by flow/sell/fair_laws_test.cpp.
#include "flow/sell/fair_laws.h"

#include <map>
#include <set>

#include "flow/sell/draw.h"

namespace dropsmith::sell {
namespace {

std::string named(std::string_view what, std::uint64_t id) { return std::string(what) + " " + std::to_string(id); }

// A list ends with its drop, but for what was ordered ahead, which waits until its date.
std::string waits_for_nothing(const State& state, const WaitEntry& entry) {
    if (entry.status != WaitStatus::waiting) return {};
    const auto at = named("wish", entry.id.n);
    const auto status = state.drops.find(entry.drop)->status;
    const bool live = status == DropStatus::open || status == DropStatus::paused;
    const bool ahead = status == DropStatus::scheduled || status == DropStatus::closed;
    if (!live && !(entry.preorder && ahead)) return at + ": waits for a drop that is over";
    if (entry.until && !state.timers.armed.contains({TimerKind::preorders, entry.drop.n, {}}))
        return at + ": nothing will end it at its date";
    return {};
}

std::string offer_breach(const State& state, const WaitEntry& entry) {
    const auto at = named("wish", entry.id.n);
    const auto* hold = state.holds.table.find(entry.hold);
    if (!hold && entry.status != WaitStatus::offered) return {};  // ended long ago, and tidied away
    if (!hold) return at + ": its offer is no hold";
    if (hold->drop != entry.drop) return at + ": its offer is of another drop";
    const bool live = hold->status == HoldStatus::held;
    if ((entry.status == WaitStatus::offered) != live) return at + ": its offer and its hold do not agree";
    if ((entry.status == WaitStatus::bought) != (hold->status == HoldStatus::confirmed))
        return at + ": bought and confirmed do not agree";
    for (const auto& held : hold->lines) {
        Quantity wished, offered;
        for (const auto& line : entry.lines)
            if (line.line == held.line) wished += line.units;
        for (const auto& line : hold->lines)
            if (line.line == held.line) offered += line.units;
        if (offered > wished) return at + ": more was offered than was wished for";
    }
    return {};
}

std::string room_breach(const Room& room) {
    const auto at = named("waiting room of drop", room.drop.n);
    if (room.kind == RoomKind::ballot && room.commitment != commitment_of(room.seed))
        return at + ": the commitment is not that of the seed";
    std::set<std::uint64_t> seen;
    std::vector<std::string> tickets;
    for (std::size_t i = 0; i < room.entrants.size(); ++i) {
        if (!seen.insert(room.entrants[i].ticket).second) return at + ": a ticket was given twice";
        if (i < room.ranks.size()) tickets.push_back(ticket_text(room.entrants[i].ticket));
    }
    if (room.ranks.size() > room.entrants.size()) return at + ": more were drawn than are in";
    if (room.drawn_at) {
        const auto order = draw_order(room.seed, tickets);
        for (std::uint32_t rank = 0; rank < order.size(); ++rank)
            if (room.ranks[order[rank]] != rank) return at + ": the order is not that of the draw";
    }
    if (room.upto > room.entrants.size()) return at + ": more are admitted than are in";
    for (std::size_t i = 0; i < room.steps.size(); ++i) {
        const auto& step = room.steps[i];
        if (i > 0 && (step.at < room.steps[i - 1].at + seconds(1) || step.upto <= room.steps[i - 1].upto))
            return at + ": rounds of admission are not a second apart, or go back";
    }
    if (!room.steps.empty() && room.steps.back().upto != room.upto) return at + ": the rounds do not add up";
    return {};
}

}  // namespace

Law offer_law(const State& state) {
    Law law;
    std::set<HoldId> offered;
    std::map<std::pair<DropId, std::uint32_t>, Quantity> ahead;
    std::uint64_t waiting = 0, queued = 0;
    state.waiting_list.table.each([&](const WaitEntry& entry) {
        if (!law.holds()) return;
        ++law.checked;
        if (entry.status == WaitStatus::waiting) ++waiting;
        law.breach = waits_for_nothing(state, entry);
        if (!law.holds()) return;
        const bool counts = entry.status == WaitStatus::waiting || entry.status == WaitStatus::offered ||
                            entry.status == WaitStatus::bought;
        if (entry.preorder && counts)
            for (const auto& line : entry.lines) ahead[{entry.drop, line.line}] += line.units;
        if (!entry.hold) return;
        if (!offered.insert(entry.hold).second)
            law.breach = named("hold", entry.hold.n) + ": offered to two";
        else
            law.breach = offer_breach(state, entry);
    });
    if (!law.holds()) return law;
    for (const auto& [drop, turns] : state.waiting_list.queue) queued += turns.size();
    if (queued != waiting) law.breach = "the queue and the wishes that wait do not agree";
    for (const auto& [key, units] : ahead) {
        const auto& line = state.drops.find(key.first)->lines.at(key.second);
        if (units > line.terms.backorder_cap)
            law.breach =
                named("drop", key.first.n) + named(" line", key.second) + ": more is ordered ahead than may be";
    }
    return law;
}

Law pass_law(const State& state) {
    Law law;
    std::map<PassId, Quantity> live;
    for (const auto& [hold, pass] : state.passes.live) {
        const auto* of = state.holds.table.find(hold);
        if (!of || of->status != HoldStatus::held) law.breach = named("pass", pass.n) + ": used by a hold that is gone";
        live[pass] += Quantity{1};
    }
    state.passes.table.each([&](const Pass& pass) {
        if (!law.holds()) return;
        ++law.checked;
        if (pass.used < live[pass.id] || pass.used > pass.terms.uses)
            law.breach = named("pass", pass.id.n) + ": used " + std::to_string(pass.used.n) + " of " +
                         std::to_string(pass.terms.uses.n) + " times";
    });
    return law;
}

Law room_law(const State& state) {
    Law law;
    for (const auto& [drop, room] : state.rooms.rooms) {
        ++law.checked;
        law.breach = room_breach(room);
        if (!law.holds()) break;
    }
    return law;
}

}  // namespace dropsmith::sell
