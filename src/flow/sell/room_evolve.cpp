// What facts do to waiting rooms. The draw is computed here, from the fact's seed and the tickets of the slice, so that
// replay is a check of it. Loop's thread, and replay. Covered by flow/sell/room_test.cpp.
#include "flow/sell/draw.h"
#include "flow/sell/room.h"

namespace dropsmith::sell {
namespace {

Room& at(Rooms& rooms, DropId drop) {
    const auto it = rooms.rooms.find(drop);
    CHECK_BECAUSE(it != rooms.rooms.end(), "a fact names a waiting room that is not there");
    return it->second;
}

void end(Rooms& rooms, DropId drop) {
    const auto it = rooms.rooms.find(drop);
    if (it == rooms.rooms.end()) return;
    it->second.over = true;
    it->second.next.reset();
}

}  // namespace

void evolve(Rooms& rooms, const RoomCommitted& fact, const Stamp&) {
    auto& room = rooms.rooms[fact.drop];
    room.drop = fact.drop, room.kind = fact.kind;
    room.seed = fact.seed, room.commitment = fact.commitment;
    room.draw_at = fact.draw_at, room.opens_at = fact.opens_at;
    room.next = fact.opens_at;
}

void evolve(Rooms& rooms, const RoomEntered& fact, const Stamp&) {
    auto& room = at(rooms, fact.drop);
    CHECK_BECAUSE(fact.number == room.entrants.size() + 1, "entrants are numbered in order");
    room.entrants.push_back({fact.ticket, fact.session, fact.person});
    if (fact.admit_at) room.next = fact.admit_at;
    rooms.entered[fact.drop][Rooms::who_of(room.entrants.back())] = fact.number;
}

void evolve(Rooms& rooms, const RoomDrawn& fact, const Stamp& stamp) {
    auto& room = at(rooms, fact.drop);
    std::vector<std::string> tickets;
    tickets.reserve(room.entrants.size());
    for (const auto& entrant : room.entrants) tickets.push_back(ticket_text(entrant.ticket));
    const auto order = draw_order(fact.seed, tickets);
    room.ranks.resize(order.size());
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) room.ranks[order[rank]] = rank;
    room.drawn_at = stamp.at;
}

void evolve(Rooms& rooms, const RoomAdmitted& fact, const Stamp& stamp) {
    auto& room = at(rooms, fact.drop);
    if (fact.upto > room.upto) room.steps.push_back({stamp.at, fact.upto});
    room.upto = fact.upto;
    room.next = fact.next;
    room.over = fact.over;
}

void evolve(Rooms& rooms, const AdmissionRateSet& fact, const Stamp&) {
    at(rooms, fact.drop).per_second = fact.per_second;
}

// The window may move while it is only announced; what was drawn stays drawn.
void evolve(Rooms& rooms, const DropEdited& fact, const Stamp&) {
    const auto it = rooms.rooms.find(fact.drop);
    if (it == rooms.rooms.end() || !fact.terms.room) return;
    auto& room = it->second;
    if (room.next == room.opens_at) room.next = fact.terms.opens_at;
    room.opens_at = fact.terms.opens_at;
    room.draw_at = room.opens_at - (room.kind == RoomKind::ballot ? fact.terms.room->draw_before : Duration{0});
}

void evolve(Rooms& rooms, const DropClosed& fact, const Stamp&) { end(rooms, fact.drop); }
void evolve(Rooms& rooms, const DropCancelled& fact, const Stamp&) { end(rooms, fact.drop); }

// Who it was is forgotten; tickets and ranks stay, so that the draw can be recomputed for ever.
void evolve(Rooms& rooms, const DropTidied& fact, const Stamp&) {
    rooms.entered.erase(fact.drop);
    const auto it = rooms.rooms.find(fact.drop);
    if (it == rooms.rooms.end()) return;
    for (auto& entrant : it->second.entrants) entrant.session = 0, entrant.person = {};
}

}  // namespace dropsmith::sell
