// Scheduling a drop: what contradicts itself is refused with the list of what clashes; opening prices.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/decide/plan_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::decide {

Verdict handle(const State& state, const ScheduleDrop& command, const Moment& moment);

}  // namespace dropsmith::decide
