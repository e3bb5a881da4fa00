// The one ordered set of timers: armed and disarmed by facts only.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/timers_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {


void evolve(Timers& slice, const DropScheduled& fact, const Stamp& stamp);
void evolve(Timers& slice, const DropEdited& fact, const Stamp& stamp);
void evolve(Timers& slice, const DropOpened& fact, const Stamp& stamp);
void evolve(Timers& slice, const DropClosed& fact, const Stamp& stamp);
void evolve(Timers& slice, const DropSettled& fact, const Stamp& stamp);
void evolve(Timers& slice, const SettlementPutOff& fact, const Stamp& stamp);
void evolve(Timers& slice, const DropCancelled& fact, const Stamp& stamp);
void evolve(Timers& slice, const PreorderReserveReleased& fact, const Stamp& stamp);
void evolve(Timers& slice, const UnitsHeld& fact, const Stamp& stamp);
void evolve(Timers& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Timers& slice, const OrderPlaced& fact, const Stamp& stamp);
void evolve(Timers& slice, const PriceSet& fact, const Stamp& stamp);
void evolve(Timers& slice, const PriceReviewed& fact, const Stamp& stamp);
void evolve(Timers& slice, const PricesKilled& fact, const Stamp& stamp);
void evolve(Timers& slice, const OrderMoved& fact, const Stamp& stamp);
void evolve(Timers& slice, const PaymentRecorded& fact, const Stamp& stamp);
void evolve(Timers& slice, const PaymentDeadlineLifted& fact, const Stamp& stamp);
void evolve(Timers& slice, const OrderCancelled& fact, const Stamp& stamp);
void evolve(Timers& slice, const OrderRefunded& fact, const Stamp& stamp);
void evolve(Timers& slice, const OrderRecalled& fact, const Stamp& stamp);
void evolve(Timers& slice, const ShopTidied& fact, const Stamp& stamp);
void evolve(Timers& slice, const HoldReduced& fact, const Stamp& stamp);
void evolve(Timers& slice, const DropResumed& fact, const Stamp& stamp);
void evolve(Timers& slice, const StockReceived& fact, const Stamp& stamp);
void evolve(Timers& slice, const StockMoved& fact, const Stamp& stamp);
void evolve(Timers& slice, const BundlesMade& fact, const Stamp& stamp);
void evolve(Timers& slice, const StockCounted& fact, const Stamp& stamp);
void evolve(Timers& slice, const SoldElsewhere& fact, const Stamp& stamp);
void evolve(Timers& slice, const WaitJoined& fact, const Stamp& stamp);
void evolve(Timers& slice, const WaitLeft& fact, const Stamp& stamp);
void evolve(Timers& slice, const UnitsOffered& fact, const Stamp& stamp);
void evolve(Timers& slice, const OffersMade& fact, const Stamp& stamp);
void evolve(Timers& slice, const WishesEnded& fact, const Stamp& stamp);
void evolve(Timers& slice, const PreordersChecked& fact, const Stamp& stamp);
void evolve(Timers& slice, const RoomCommitted& fact, const Stamp& stamp);
void evolve(Timers& slice, const RoomDrawn& fact, const Stamp& stamp);
void evolve(Timers& slice, const RoomEntered& fact, const Stamp& stamp);
void evolve(Timers& slice, const RoomAdmitted& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
