// Holds: placed, reduced, released, expired.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/hold_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const PlaceHold& command, const Moment& moment);
Verdict handle(const State& state, const ReduceHold& command, const Moment& moment);
Verdict handle(const State& state, const ReleaseHold& command, const Moment& moment);
Verdict handle(const State& state, const HoldDue& command, const Moment& moment);

void evolve(Holds& slice, const UnitsHeld& fact, const Stamp& stamp);
void evolve(Holds& slice, const HoldReduced& fact, const Stamp& stamp);
void evolve(Holds& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Holds& slice, const OrderPlaced& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
