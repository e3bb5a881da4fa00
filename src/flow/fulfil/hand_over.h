// Ready, handed over, shipped, delivered.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/fulfil/hand_over_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::fulfil {

Verdict handle(const State& state, const ReadyOrder& command, const Moment& moment);
Verdict handle(const State& state, const HandOverOrder& command, const Moment& moment);
Verdict handle(const State& state, const ShipOrder& command, const Moment& moment);
Verdict handle(const State& state, const DeliverOrder& command, const Moment& moment);

}  // namespace dropsmith::fulfil
