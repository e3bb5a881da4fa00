// A drop from draft to settled, but for its scheduling, which is a decision (flow/decide/plan.h).
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/drop_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

// Announced and not over: it may still sell.
inline bool is_live(DropStatus status) {
    return status == DropStatus::scheduled || status == DropStatus::open || status == DropStatus::paused;
}

Verdict handle(const State& state, const DraftDrop& command, const Moment& moment);
Verdict handle(const State& state, const EditDrop& command, const Moment& moment);
Verdict handle(const State& state, const PauseDrop& command, const Moment& moment);
Verdict handle(const State& state, const ResumeDrop& command, const Moment& moment);
Verdict handle(const State& state, const CloseDrop& command, const Moment& moment);
Verdict handle(const State& state, const CancelDrop& command, const Moment& moment);
Verdict handle(const State& state, const OpenDue& command, const Moment& moment);
Verdict handle(const State& state, const CloseDue& command, const Moment& moment);
Verdict handle(const State& state, const SettleDue& command, const Moment& moment);
Verdict handle(const State& state, const ReleaseReserveDue& command, const Moment& moment);

void evolve(Drops& slice, const DropDrafted& fact, const Stamp& stamp);
void evolve(Drops& slice, const DropEdited& fact, const Stamp& stamp);
void evolve(Drops& slice, const DropScheduled& fact, const Stamp& stamp);
void evolve(Drops& slice, const DropOpened& fact, const Stamp& stamp);
void evolve(Drops& slice, const DropPaused& fact, const Stamp& stamp);
void evolve(Drops& slice, const DropResumed& fact, const Stamp& stamp);
void evolve(Drops& slice, const DropClosed& fact, const Stamp& stamp);
void evolve(Drops& slice, const DropSettled& fact, const Stamp& stamp);
void evolve(Drops& slice, const DropCancelled& fact, const Stamp& stamp);
void evolve(Drops& slice, const PreorderReserveReleased& fact, const Stamp& stamp);
void evolve(Drops& slice, const UnitsHeld& fact, const Stamp& stamp);
void evolve(Drops& slice, const HoldReduced& fact, const Stamp& stamp);
void evolve(Drops& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Drops& slice, const OrderPlaced& fact, const Stamp& stamp);
void evolve(Drops& slice, const OrderCancelled& fact, const Stamp& stamp);
void evolve(Drops& slice, const OrderRefunded& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
