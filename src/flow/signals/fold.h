// Raw events folded to demand by minute, SKU, place and channel.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/signals/fold_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::signals {

Verdict handle(const State& state, const FoldDemand& command, const Moment& moment);

void evolve(Demand& slice, const DemandFolded& fact, const Stamp& stamp);
void evolve(Demand& slice, const DropSettled& fact, const Stamp& stamp);
void evolve(Demand& slice, const DropCancelled& fact, const Stamp& stamp);
void evolve(Demand& slice, const ShopTidied& fact, const Stamp& stamp);

}  // namespace dropsmith::signals
