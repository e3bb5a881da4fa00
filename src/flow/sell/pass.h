// Passes: issued, ended, used by holds.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/pass_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const IssuePasses& command, const Moment& moment);
Verdict handle(const State& state, const EndPass& command, const Moment& moment);

void evolve(Passes& slice, const PassesIssued& fact, const Stamp& stamp);
void evolve(Passes& slice, const PassEnded& fact, const Stamp& stamp);
void evolve(Passes& slice, const PassUsed& fact, const Stamp& stamp);
void evolve(Passes& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Passes& slice, const OrderPlaced& fact, const Stamp& stamp);

// nullopt: the pass may be used once more, in this drop, now.
std::optional<Refusal> pass_refused(const Passes& passes, PassId pass, DropId drop, Instant at);
// The drop is only announced, and this pass (which is not refused) opens it already.
bool opens_early(const Passes& passes, PassId pass, const Drop& drop, Instant at);

}  // namespace dropsmith::sell
