// The waiting list: joining, leaving, offers.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/waiting_list_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const JoinWaitingList& command, const Moment& moment);
Verdict handle(const State& state, const LeaveWaitingList& command, const Moment& moment);
Verdict handle(const State& state, const OffersDue& command, const Moment& moment);
Verdict handle(const State& state, const PreordersDue& command, const Moment& moment);

void evolve(WaitingList& slice, const WaitJoined& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const WaitLeft& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const UnitsOffered& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const OffersMade& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const WishesEnded& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const OrderPlaced& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const DropClosed& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const DropTidied& fact, const Stamp& stamp);
void evolve(WaitingList& slice, const DropCancelled& fact, const Stamp& stamp);

// A round of offers of this drop is due and has not run: what came free is the waiting list's to look at first.
bool offers_pending(const State& state, DropId drop);
// How many wait before this entry; 0 = the next.
std::uint64_t ahead_of(const WaitingList& list, const WaitEntry& entry);
// The facts that end wishes which wait for one of these lines of the drop: they can be met no more.
Facts end_wishes_for(const State& state, DropId drop, const std::vector<std::uint32_t>& lines);
// The promise of the wish that a hold was offered to; nothing: it is no pre-order's.
std::optional<Instant> promised_by(const State& state, HoldId hold);

}  // namespace dropsmith::sell
