// Holds: placed, reduced, released, expired.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/hold_test.cpp.
#pragma once

#include <optional>
#include <string>

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const PlaceHold& command, const Moment& moment);

// Two of its refusals for those that answer without the loop (edge/http/board.h): the same words from one place.
std::optional<Refusal> not_selling(const Drop& drop, Instant at);
Refusal sold_out_of(std::string sku);

Verdict handle(const State& state, const ReduceHold& command, const Moment& moment);
Verdict handle(const State& state, const ReleaseHold& command, const Moment& moment);
Verdict handle(const State& state, const HoldDue& command, const Moment& moment);
Verdict handle(const State& state, const DetailHold& command, const Moment& moment);

void evolve(Holds& slice, const UnitsHeld& fact, const Stamp& stamp);
void evolve(Holds& slice, const HoldReduced& fact, const Stamp& stamp);
void evolve(Holds& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Holds& slice, const HoldDetailed& fact, const Stamp& stamp);
void evolve(Holds& slice, const OrderPlaced& fact, const Stamp& stamp);
void evolve(Holds& slice, const PaymentRecorded& fact, const Stamp& stamp);
void evolve(Holds& slice, const ShopTidied& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
