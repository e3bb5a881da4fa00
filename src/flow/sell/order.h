// Confirming a hold to an order, its money: payment, cancel, refund by stored proration.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/order_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

// The order that this hold would become now, for whoever the moment or the hold names: refusals as ConfirmHold's.
Result<OrderPlaced, Refusal> order_of(const State& state, const ConfirmHold& command, const Moment& moment);

// Not: staff alone may say it.
bool buyers_may_use(const State& state, PaymentMethod method);

Verdict handle(const State& state, const ConfirmHold& command, const Moment& moment);
Verdict handle(const State& state, const CancelOrder& command, const Moment& moment);
Verdict handle(const State& state, const PaymentDue& command, const Moment& moment);
Verdict handle(const State& state, const RecordPayment& command, const Moment& moment);
Verdict handle(const State& state, const RefundOrder& command, const Moment& moment);
Verdict handle(const State& state, const RecallOrder& command, const Moment& moment);

void evolve(Orders& slice, const OrderPlaced& fact, const Stamp& stamp);
void evolve(Orders& slice, const OrderMoved& fact, const Stamp& stamp);
void evolve(Orders& slice, const PaymentRecorded& fact, const Stamp& stamp);
void evolve(Orders& slice, const PaymentDeadlineLifted& fact, const Stamp& stamp);
void evolve(Orders& slice, const OrderCancelled& fact, const Stamp& stamp);
void evolve(Orders& slice, const OrderRefunded& fact, const Stamp& stamp);
void evolve(Orders& slice, const OrderArchived& fact, const Stamp& stamp);
void evolve(Orders& slice, const OrderRecalled& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
