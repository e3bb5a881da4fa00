// The shop itself: opening it, its terms, the writer, counted refusals.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/shop_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const OpenShop& command, const Moment& moment);
Verdict handle(const State& state, const SetTerms& command, const Moment& moment);
Verdict handle(const State& state, const StartWriter& command, const Moment& moment);
Verdict handle(const State& state, const CountRefusals& command, const Moment& moment);

void evolve(Shop& slice, const ShopOpened& fact, const Stamp& stamp);
void evolve(Shop& slice, const TermsSet& fact, const Stamp& stamp);
void evolve(Shop& slice, const WriterStarted& fact, const Stamp& stamp);

void evolve(Drops& slice, const RefusalsCounted& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
