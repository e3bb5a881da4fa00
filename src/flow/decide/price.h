// Prices: proposals, overrides, reviews, the kill switch; all through the one gate (guardrail.h).
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/decide/price_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::decide {

Verdict handle(const State& state, const ProposePrice& command, const Moment& moment);
Verdict handle(const State& state, const OverridePrice& command, const Moment& moment);
Verdict handle(const State& state, const KillPrices& command, const Moment& moment);
Verdict handle(const State& state, const ReviewDue& command, const Moment& moment);
Verdict handle(const State& state, const OverrideDue& command, const Moment& moment);

void evolve(Prices& slice, const PriceSet& fact, const Stamp& stamp);
void evolve(Prices& slice, const PriceReviewed& fact, const Stamp& stamp);
void evolve(Prices& slice, const PricesKilled& fact, const Stamp& stamp);
void evolve(Prices& slice, const UnitsHeld& fact, const Stamp& stamp);
void evolve(Prices& slice, const HoldReduced& fact, const Stamp& stamp);
void evolve(Prices& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Prices& slice, const DropClosed& fact, const Stamp& stamp);
void evolve(Prices& slice, const DropCancelled& fact, const Stamp& stamp);

}  // namespace dropsmith::decide
