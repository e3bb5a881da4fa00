// The state stays small: holds that ended a week ago are forgotten, orders with nothing left to do for 90 days are put
// away whole (the journal keeps them, the tables find them), demand by the minute becomes hours and days. A bounded
// part at a time, asked for by a timer, done by facts, so that a replay forgets exactly the same. Loop's thread.
// Covered by flow/sell/tidy_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const TidyDue& command, const Moment& moment);

// When an order may leave the state; nullopt: something is left to do.
std::optional<Instant> order_leaves_at(const Order& order);

}  // namespace dropsmith::sell
