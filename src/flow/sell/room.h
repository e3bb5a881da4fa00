// The waiting room: entering, the draw, admissions, and whether a hold needs one.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/room_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const EnterRoom& command, const Moment& moment);
Verdict handle(const State& state, const DrawRoomDue& command, const Moment& moment);
Verdict handle(const State& state, const AdmitDue& command, const Moment& moment);
Verdict handle(const State& state, const SetAdmissionRate& command, const Moment& moment);

void evolve(Rooms& slice, const RoomCommitted& fact, const Stamp& stamp);
void evolve(Rooms& slice, const RoomEntered& fact, const Stamp& stamp);
void evolve(Rooms& slice, const RoomDrawn& fact, const Stamp& stamp);
void evolve(Rooms& slice, const RoomAdmitted& fact, const Stamp& stamp);
void evolve(Rooms& slice, const AdmissionRateSet& fact, const Stamp& stamp);
void evolve(Rooms& slice, const DropEdited& fact, const Stamp& stamp);
void evolve(Rooms& slice, const DropClosed& fact, const Stamp& stamp);
void evolve(Rooms& slice, const DropCancelled& fact, const Stamp& stamp);
void evolve(Rooms& slice, const DropTidied& fact, const Stamp& stamp);

// What goes with a drop's scheduling. seed: 64 hex digits, else drawn from `moment`.
RoomCommitted commit_room(DropId drop, const DropTerms& terms, std::string_view seed, const Moment& moment);

// What is said to whoever shows no admission; the board says the same (edge/http/board.h).
Refusal needs_admission();

// nullopt: the hold, or the wish to wait, may go on. Tills and staff sell to who stands before them and need no
// admission.
std::optional<Refusal> not_admitted(const State& state, DropId drop, std::uint64_t session,
                                    const std::optional<Admission>& shown, const Moment& moment);

// Admissions a second that the next round makes.
std::uint64_t admissions_now(const Room& room, const RoomTerms& terms);

}  // namespace dropsmith::sell
