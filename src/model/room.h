// The waiting room of a drop: whoever wants to buy at the opening enters it, and admissions go out at a stated rate in
// the order of arrival (fifo) or of a draw (ballot). A ballot's seed is fixed when the drop is scheduled; its hash, the
// commitment, is published then and the seed after the draw, so that anyone can recompute the order from the published
// transcript (flow/sell/draw.h). A place is a fact, so it outlives a restart; an admission is arithmetic over facts.
// Codes 440-449 of facts, 441-449 of commands. Covered by flow/sell/room_test.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/drop.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

namespace refusals {
// the waiting room is on, and this session holds no admission to this drop that still runs
inline constexpr RefusalCode not_admitted{436, "not_admitted"};
inline constexpr RefusalCode no_room{437, "no_room"};                  // none here, not open for entry yet, or over
inline constexpr RefusalCode person_required{438, "person_required"};  // this room counts people, not sessions
}  // namespace refusals

// What a sealed admission says (edge/http/admission.h); the command brings it to the rule of holds.
struct Admission {
    DropId drop;
    std::uint64_t session = 0;
    std::uint32_t number = 0;                // of the entrant, from 1
    Instant expires_at;
};
DROPSMITH_RECORD(Admission, drop, session, number, expires_at)

struct EnterRoom {                           // the person comes in by Moment::person
    static constexpr CommandCode code{441};
    DropId drop;
    std::uint64_t session = 0;
};
struct DrawRoomDue { static constexpr CommandCode code{442}; DropId drop; };
struct AdmitDue { static constexpr CommandCode code{443}; DropId drop; };
struct SetAdmissionRate {                    // from what was measured; the terms' cap still binds
    static constexpr CommandCode code{444};
    DropId drop;
    std::uint64_t per_second = 0;
};

struct RoomCommitted {                       // with the drop's scheduling
    static constexpr FactCode code{440};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    RoomKind kind = RoomKind::ballot;
    std::string seed;                        // 64 hex digits; secret until drawn
    std::string commitment;                  // hex of BLAKE2b-256 of the seed's 32 octets
    Instant draw_at;                         // fifo: as opens_at, and nothing is drawn
    Instant opens_at;
};
DROPSMITH_RECORD(RoomCommitted, drop, kind, seed, commitment, draw_at, opens_at)

struct RoomEntered {
    static constexpr FactCode code{441};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::uint32_t number = 0;                // 1, 2, 3 … in order of arrival
    std::uint64_t ticket = 0;                // what the transcript shows of the entrant
    std::uint64_t session = 0;
    PersonId person;
    std::optional<Instant> admit_at;         // the room had nobody to admit: the timer to arm
};
DROPSMITH_RECORD(RoomEntered, drop, number, ticket, session, person, admit_at)

struct RoomDrawn {
    static constexpr FactCode code{442};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::string seed;                        // from here on public
    std::uint32_t entrants = 0;
};
DROPSMITH_RECORD(RoomDrawn, drop, seed, entrants)

struct RoomAdmitted {                        // one round of the admission timer
    static constexpr FactCode code{443};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::uint32_t upto = 0;                  // so many, in the room's order, are admitted
    std::optional<Instant> next;             // the timer to arm; none: nobody waits, or it is over
    bool over = false;                       // from here on nobody needs an admission
};
DROPSMITH_RECORD(RoomAdmitted, drop, upto, next, over)

struct AdmissionRateSet {
    static constexpr FactCode code{444};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::uint64_t per_second = 0;
};
DROPSMITH_RECORD(AdmissionRateSet, drop, per_second)

struct RoomEntrant {
    std::uint64_t ticket = 0;
    std::uint64_t session = 0;
    PersonId person;
};
DROPSMITH_RECORD(RoomEntrant, ticket, session, person)

struct AdmittedStep {
    Instant at;
    std::uint32_t upto = 0;
};
DROPSMITH_RECORD(AdmittedStep, at, upto)

inline constexpr std::uint64_t admissions_at_first = 50;  // a second, until the capacity has been measured

struct Room {
    DropId drop;
    RoomKind kind = RoomKind::ballot;
    std::string seed, commitment;
    Instant draw_at, opens_at;
    std::vector<RoomEntrant> entrants;       // number - 1 is the index
    std::vector<std::uint32_t> ranks;        // of the entrants that were drawn, by number - 1; from 0
    std::optional<Instant> drawn_at;
    std::vector<AdmittedStep> steps;
    std::uint32_t upto = 0;
    std::uint64_t per_second = admissions_at_first;
    std::optional<Instant> next;             // as the timer is armed
    bool over = false;

    // The place in the order of admission, from 0. A ballot that is not drawn yet has none.
    std::optional<std::uint32_t> rank_of(std::uint32_t number) const {
        if (number < 1 || number > entrants.size()) return std::nullopt;
        if (number <= ranks.size()) return ranks[number - 1];
        if (kind == RoomKind::ballot && !drawn_at) return std::nullopt;
        return number - 1;                   // whoever comes after the draw follows in order of arrival
    }
    std::optional<Instant> admitted_at(std::uint32_t rank) const {
        if (rank >= upto) return std::nullopt;
        const auto step = std::upper_bound(steps.begin(), steps.end(), rank,
                                           [](std::uint32_t r, const AdmittedStep& s) { return r < s.upto; });
        return step == steps.end() ? std::nullopt : std::optional(step->at);
    }
};
DROPSMITH_RECORD(Room, drop, kind, seed, commitment, draw_at, opens_at, entrants, ranks, drawn_at, steps, upto,
                 per_second, next, over)

struct Rooms {
    std::map<DropId, Room> rooms;
    // Who is in, by person or by the session's key: the newest number. Derived.
    std::map<DropId, std::unordered_map<std::uint64_t, std::uint32_t>> entered;
    const Room* find(DropId drop) const {
        auto it = rooms.find(drop);
        return it == rooms.end() ? nullptr : &it->second;
    }
    static std::uint64_t who_of(const RoomEntrant& entrant) {
        return entrant.person ? entrant.person.n : entrant.session | (std::uint64_t{1} << 63);
    }
};

}  // namespace dropsmith
