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

// The price side of an edit of a drop that is scheduled or live: `edit` is what flow/sell has decided, not yet applied.
// Answers the PriceSets that must stand beside it (a line or channel that has no price yet, a price that left its bands
// or fell under a raised floor, reviews that begin), or plan_contradiction when the edited plan contradicts itself.
// Called by engine/dispatch.
Verdict replan(const State& state, const DropEdited& edit, const Moment& moment);

}  // namespace dropsmith::decide
