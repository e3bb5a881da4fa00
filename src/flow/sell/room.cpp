// See the header. Admission rounds come once a second while somebody waits; a round that came late does not catch up,
// so the rate is never exceeded. When nobody has waited for as long as an admission runs, the room is over. Loop's
// thread. Covered by flow/sell/room_test.cpp.
#include "flow/sell/room.h"

#include <algorithm>

#include "base/limits.h"
#include "flow/sell/draw.h"
#include "flow/sell/drop.h"
#include "flow/sell/refusing.h"

namespace dropsmith::sell {
namespace {

constexpr Duration round_length = seconds(1);

// The admission of an entrant has run out: they may enter again, at the end.
bool ran_out(const Room& room, std::uint32_t number, const RoomTerms& terms, Instant at) {
    const auto rank = room.rank_of(number);
    const auto admitted = rank ? room.admitted_at(*rank) : std::nullopt;
    return admitted && *admitted + terms.admission_for <= at;
}

std::uint32_t waiting(const Room& room) { return static_cast<std::uint32_t>(room.entrants.size()) - room.upto; }

}  // namespace

std::uint64_t admissions_now(const Room& room, const RoomTerms& terms) {
    const auto most = terms.per_second_max == 0 ? room.per_second : std::min(room.per_second, terms.per_second_max);
    return std::max<std::uint64_t>(1, most);
}

RoomCommitted commit_room(DropId drop, const DropTerms& terms, std::string_view seed, const Moment& moment) {
    RoomCommitted fact{drop, terms.room->kind, std::string(seed), "", terms.opens_at, terms.opens_at};
    if (fact.kind == RoomKind::fifo) return fact.seed.clear(), fact;
    if (!octets_of(seed)) {  // a rehearsal: chance that replays
        fact.seed.clear();
        for (int i = 0; i < 4; ++i) fact.seed += ticket_text(moment.random.next());
    }
    fact.commitment = commitment_of(fact.seed);
    fact.draw_at = terms.opens_at - terms.room->draw_before;
    return fact;
}

Verdict handle(const State& state, const EnterRoom& command, const Moment& moment) {
    using namespace refusals;
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return refuse(not_found, "no such drop");
    const auto* room = state.rooms.find(command.drop);
    if (!room || !drop->terms.room) return refuse(no_room, "this drop has no waiting room: buy when it is open");
    const auto& terms = *drop->terms.room;
    if (!is_live(drop->status)) return refuse(drop_not_open, "the drop has ended");
    if (room->over) return refuse(no_room, "the waiting room is empty and over: buy right away");
    if (moment.at < drop->terms.opens_at - terms.entry_before)
        return refuse(no_room, "the waiting room is not open yet: it opens " +
                                   std::to_string(terms.entry_before.n / 60'000) + " minutes before the drop");
    if (command.session == 0)
        return refuse_field(bad_value, "session", "/session", "name the session that will buy, in 1 to 200 bytes");
    if (terms.by_person && !moment.person)
        return refuse(person_required, "this room gives one place to a person: say your e-mail address");
    RoomEntrant entrant{0, command.session, terms.by_person ? moment.person : PersonId{}};
    const auto in = state.rooms.entered.find(drop->id);
    if (in != state.rooms.entered.end()) {
        const auto known = in->second.find(Rooms::who_of(entrant));
        if (known != in->second.end() && !ran_out(*room, known->second, terms, moment.at)) {
            if (room->entrants[known->second - 1].session == command.session) return Facts{};  // the same place
            return refuse(already_waiting, "this person is in the room already, from another session");
        }
    }
    if (room->entrants.size() >= limits::entrants_max) return refuse(no_room, "the waiting room is full");
    const auto number = static_cast<std::uint32_t>(room->entrants.size() + 1);
    RoomEntered fact{drop->id,        number,         ticket_of(drop->id, number, entrant.session, entrant.person),
                     entrant.session, entrant.person, {}};
    // An idle room looks again when its last turn has run out: whoever comes before that is let in by the next round.
    const auto round = room->steps.empty() ? moment.at : std::max(moment.at, room->steps.back().at + round_length);
    if (drop->status != DropStatus::scheduled && (!room->next || *room->next > round)) fact.admit_at = round;
    return facts(std::move(fact));
}

Verdict handle(const State& state, const DrawRoomDue& command, const Moment&) {
    const auto* room = state.rooms.find(command.drop);
    if (!room || room->drawn_at || room->kind != RoomKind::ballot)
        return refuse(refusals::wrong_state, "there is nothing to draw");
    return facts(RoomDrawn{room->drop, room->seed, static_cast<std::uint32_t>(room->entrants.size())});
}

Verdict handle(const State& state, const AdmitDue& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    const auto* room = state.rooms.find(command.drop);
    if (!drop || !room || !drop->terms.room || room->over)
        return refuse(refusals::wrong_state, "there is nobody to admit");
    RoomAdmitted fact{drop->id, room->upto, moment.at + round_length, false};
    if (drop->status != DropStatus::open) {  // paused, or the opening was moved
        fact.next = std::max(*fact.next, drop->status == DropStatus::scheduled ? drop->terms.opens_at : moment.at);
        return facts(std::move(fact));
    }
    const auto& terms = *drop->terms.room;
    if (const auto left = waiting(*room)) {
        fact.upto += static_cast<std::uint32_t>(std::min<std::uint64_t>(left, admissions_now(*room, terms)));
        return facts(std::move(fact));
    }
    const auto quiet = room->steps.empty() ? moment.at : room->steps.back().at + terms.admission_for;
    fact.over = quiet <= moment.at;
    fact.next = fact.over ? std::nullopt : std::optional(quiet);
    return facts(std::move(fact));
}

Verdict handle(const State& state, const SetAdmissionRate& command, const Moment&) {
    const auto* room = state.rooms.find(command.drop);
    if (!room || room->over) return refuse(refusals::no_room, "this drop has no waiting room, or it is over");
    if (command.per_second < 1 || command.per_second > 1'000'000)
        return refuse_field(refusals::bad_value, "per_second", "/per_second", "a rate is 1 to 1000000 a second");
    if (command.per_second == room->per_second) return Facts{};
    return facts(AdmissionRateSet{command.drop, command.per_second});
}

Refusal needs_admission() {
    return refuse(refusals::not_admitted,
                  "this drop has a waiting room: enter it, and hold with the admission that it gives")
        .error;
}

std::optional<Refusal> not_admitted(const State& state, DropId drop, std::uint64_t session,
                                    const std::optional<Admission>& shown, const Moment& moment) {
    const auto* room = state.rooms.find(drop);
    if (!room || room->over || moment.who.kind != ActorKind::buyer) return std::nullopt;
    const auto say = [](std::string detail) { return refuse(refusals::not_admitted, std::move(detail)).error; };
    if (!shown) return needs_admission();
    if (shown->drop != drop) return say("this admission is to another drop");
    if (shown->session == 0 || shown->session != session)
        return say("this admission was given to another session");
    if (shown->expires_at <= moment.at) return say("this admission has run out: enter the waiting room again");
    return std::nullopt;
}

}  // namespace dropsmith::sell
