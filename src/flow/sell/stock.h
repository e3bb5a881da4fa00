// Receipts, moves, counts, sales made elsewhere; and what holds and orders do to units.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/stock_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const ReceiveStock& command, const Moment& moment);
Verdict handle(const State& state, const MoveStock& command, const Moment& moment);
Verdict handle(const State& state, const CountStock& command, const Moment& moment);
Verdict handle(const State& state, const ReportSale& command, const Moment& moment);
Verdict handle(const State& state, const MakeBundles& command, const Moment& moment);  // bundle.cpp

// What announced and open drops may still sell of it from there: a move or a bundle takes none of that.
Quantity promised_units_at(const State& state, SkuId sku, PlaceId place);

void evolve(Stock& slice, const StockReceived& fact, const Stamp& stamp);
void evolve(Stock& slice, const StockMoved& fact, const Stamp& stamp);
void evolve(Stock& slice, const StockCounted& fact, const Stamp& stamp);
void evolve(Stock& slice, const SoldElsewhere& fact, const Stamp& stamp);
void evolve(Stock& slice, const BundlesMade& fact, const Stamp& stamp);
void evolve(Stock& slice, const UnitsHeld& fact, const Stamp& stamp);
void evolve(Stock& slice, const HoldReduced& fact, const Stamp& stamp);
void evolve(Stock& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Stock& slice, const OrderPlaced& fact, const Stamp& stamp);
void evolve(Stock& slice, const OrderCancelled& fact, const Stamp& stamp);
void evolve(Stock& slice, const OrderRefunded& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
