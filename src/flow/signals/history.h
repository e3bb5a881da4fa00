// Imported sales: staged by slices, published by one fact.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/signals/history_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::signals {

Verdict handle(const State& state, const BeginImport& command, const Moment& moment);
Verdict handle(const State& state, const StageHistory& command, const Moment& moment);
Verdict handle(const State& state, const PublishImport& command, const Moment& moment);
Verdict handle(const State& state, const AbandonImport& command, const Moment& moment);

void evolve(History& slice, const ImportBegun& fact, const Stamp& stamp);
void evolve(History& slice, const HistoryStaged& fact, const Stamp& stamp);
void evolve(History& slice, const HistoryImported& fact, const Stamp& stamp);
void evolve(History& slice, const ImportAbandoned& fact, const Stamp& stamp);
void evolve(History& slice, const OrderArchived& fact, const Stamp& stamp);
void evolve(History& slice, const OrderRecalled& fact, const Stamp& stamp);

}  // namespace dropsmith::signals
