// Payments: transfers that a bank reports, payment pages of a provider, and the outbox of what it is asked.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/payment_test.cpp, flow/sell/transfer_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const SetPaymentTerms& command, const Moment& moment);
Verdict handle(const State& state, const TakeTransfers& command, const Moment& moment);
Verdict handle(const State& state, const SettleOpenItem& command, const Moment& moment);
Verdict handle(const State& state, const BeginCheckout& command, const Moment& moment);
Verdict handle(const State& state, const OpenCheckout& command, const Moment& moment);
Verdict handle(const State& state, const TakePaymentEvent& command, const Moment& moment);
Verdict handle(const State& state, const SeePayment& command, const Moment& moment);
Verdict handle(const State& state, const FinishPaymentTask& command, const Moment& moment);
Verdict handle(const State& state, const DelayPaymentTask& command, const Moment& moment);
Verdict handle(const State& state, const FailPaymentTask& command, const Moment& moment);
Verdict handle(const State& state, const SeeRefunds& command, const Moment& moment);

void evolve(Payments& slice, const PaymentTermsSet& fact, const Stamp& stamp);
void evolve(Payments& slice, const TransferTaken& fact, const Stamp& stamp);
void evolve(Payments& slice, const OpenItemSettled& fact, const Stamp& stamp);
void evolve(Payments& slice, const CheckoutAsked& fact, const Stamp& stamp);
void evolve(Payments& slice, const CheckoutOpened& fact, const Stamp& stamp);
void evolve(Payments& slice, const PaymentEventTaken& fact, const Stamp& stamp);
void evolve(Payments& slice, const PaymentAuthorised& fact, const Stamp& stamp);
void evolve(Payments& slice, const PaymentTaskDone& fact, const Stamp& stamp);
void evolve(Payments& slice, const PaymentTaskDelayed& fact, const Stamp& stamp);
void evolve(Payments& slice, const PaymentTaskFailed& fact, const Stamp& stamp);
void evolve(Payments& slice, const RefundLost& fact, const Stamp& stamp);
void evolve(Payments& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Payments& slice, const OrderPlaced& fact, const Stamp& stamp);
void evolve(Payments& slice, const PaymentRecorded& fact, const Stamp& stamp);
void evolve(Payments& slice, const OrderCancelled& fact, const Stamp& stamp);
void evolve(Payments& slice, const OrderRefunded& fact, const Stamp& stamp);
void evolve(Payments& slice, const OrderArchived& fact, const Stamp& stamp);
void evolve(Payments& slice, const OrderRecalled& fact, const Stamp& stamp);
void evolve(Payments& slice, const ShopTidied& fact, const Stamp& stamp);

// What would become of these lines, one after the other: what TakeTransfers does, also for who only wants to know.
std::vector<TransferTaken> judge_transfers(const State& state, const std::vector<Transfer>& lines);

// Why an event says nothing new; nothing: it is worth a look. For who would rather not ask for what is refused.
std::optional<Refusal> no_news(const State& state, const TakePaymentEvent& command);

// What an order takes with it when it is put away; empty: it was not paid by a payment page.
std::vector<CardPayment> card_of(const Payments& payments, OrderId order);
// Neither is the provider still to be asked about the order's payment, nor has a person an open item of it to settle.
bool card_rests(const Payments& payments, OrderId order);

inline constexpr Duration payment_tried_for = days(3);    // then it is an open item
inline constexpr Duration provider_remembers = hours(20);  // keys: at least 24 h; after that the worker looks first

}  // namespace dropsmith::sell
