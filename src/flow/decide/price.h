// Prices: proposals, overrides and who approves them, reviews, the kill switch, the merchant's rules, sign-offs; all
// prices through the one gate (guardrail.h).
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/decide/price_test.cpp, flow/decide/override_test.cpp, flow/decide/governors_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::decide {

Verdict handle(const State& state, const ProposePrice& command, const Moment& moment);   // price.cpp
Verdict handle(const State& state, const ReviewDue& command, const Moment& moment);
Verdict handle(const State& state, const OverridePrice& command, const Moment& moment);  // override.cpp
Verdict handle(const State& state, const OverrideDue& command, const Moment& moment);
Verdict handle(const State& state, const EndOverride& command, const Moment& moment);
Verdict handle(const State& state, const AnswerOverride& command, const Moment& moment);
Verdict handle(const State& state, const SetPriceRules& command, const Moment& moment);  // rules.cpp
Verdict handle(const State& state, const ResumePrices& command, const Moment& moment);
Verdict handle(const State& state, const SignAudit& command, const Moment& moment);
Verdict handle(const State& state, const SignEthics& command, const Moment& moment);
Verdict handle(const State& state, const KillPrices& command, const Moment& moment);     // kill.cpp
Verdict handle(const State& state, const UndoKill& command, const Moment& moment);
Verdict handle(const State& state, const AnswerUndo& command, const Moment& moment);
Verdict handle(const State& state, const SetTemplate& command, const Moment& moment);  // templates.cpp
Verdict handle(const State& state, const RemoveTemplate& command, const Moment& moment);
Verdict handle(const State& state, const MakePersonalOffer& command, const Moment& moment);  // personal.cpp

void evolve(Prices& slice, const PriceSet& fact, const Stamp& stamp);                    // price_evolve.cpp
void evolve(Prices& slice, const PriceReviewed& fact, const Stamp& stamp);
void evolve(Prices& slice, const PricesKilled& fact, const Stamp& stamp);
void evolve(Prices& slice, const PriceRulesSet& fact, const Stamp& stamp);
void evolve(Prices& slice, const PricesHalted& fact, const Stamp& stamp);
void evolve(Prices& slice, const PricesResumed& fact, const Stamp& stamp);
void evolve(Prices& slice, const OverrideAsked& fact, const Stamp& stamp);
void evolve(Prices& slice, const OverrideAnswered& fact, const Stamp& stamp);
void evolve(Prices& slice, const AuditSigned& fact, const Stamp& stamp);
void evolve(Prices& slice, const EthicsSigned& fact, const Stamp& stamp);
void evolve(Prices& slice, const KillUndoAsked& fact, const Stamp& stamp);
void evolve(Prices& slice, const KillUndoRejected& fact, const Stamp& stamp);
void evolve(Prices& slice, const KillUndone& fact, const Stamp& stamp);
void evolve(Prices& slice, const TemplateSet& fact, const Stamp& stamp);                 // templates.cpp
void evolve(Prices& slice, const TemplateRemoved& fact, const Stamp& stamp);
void evolve(Prices& slice, const PersonalOfferMade& fact, const Stamp& stamp);           // personal.cpp
void evolve(Prices& slice, const PersonalPriceGiven& fact, const Stamp& stamp);
void evolve(Prices& slice, const ShopTidied& fact, const Stamp& stamp);
void evolve(Prices& slice, const UnitsHeld& fact, const Stamp& stamp);
void evolve(Prices& slice, const DemandFolded& fact, const Stamp& stamp);
void evolve(Prices& slice, const HoldReduced& fact, const Stamp& stamp);
void evolve(Prices& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Prices& slice, const OrderPlaced& fact, const Stamp& stamp);
void evolve(Prices& slice, const SoldElsewhere& fact, const Stamp& stamp);
void evolve(Prices& slice, const DropEdited& fact, const Stamp& stamp);
void evolve(Prices& slice, const DropOpened& fact, const Stamp& stamp);
void evolve(Prices& slice, const DropPaused& fact, const Stamp& stamp);
void evolve(Prices& slice, const DropResumed& fact, const Stamp& stamp);
void evolve(Prices& slice, const DropClosed& fact, const Stamp& stamp);
void evolve(Prices& slice, const DropCancelled& fact, const Stamp& stamp);

}  // namespace dropsmith::decide
