// People to be told when a drop opens: asked, confirmed, ended. Pure rules; loop's thread. Covered by
// flow/sell/subscriber_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const Subscribe& command, const Moment& moment);
Verdict handle(const State& state, const ConfirmSubscription& command, const Moment& moment);
Verdict handle(const State& state, const EndSubscription& command, const Moment& moment);

void evolve(Subscribers& slice, const Subscribed& fact, const Stamp& stamp);
void evolve(Subscribers& slice, const SubscriptionConfirmed& fact, const Stamp& stamp);
void evolve(Subscribers& slice, const SubscriptionEnded& fact, const Stamp& stamp);
void evolve(Subscribers& slice, const PersonErased& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
