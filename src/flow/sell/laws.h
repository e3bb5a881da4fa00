// The laws of selling over a whole state: units by SKU and place, caps of drops, money of orders. Used by verify
// (engine/verify.cpp), by the simulator and by tests. Each says what it checked and the first breach with its figures.
// Pure; any thread that owns the state. Covered by flow/sell/laws_test.cpp, which first proves that each one rings.
#pragma once

#include <cstdint>
#include <string>

#include "model/state.h"

namespace dropsmith::sell {

struct Law {
    std::uint64_t checked = 0;
    std::string breach;  // "" or what broke, with the figures
    bool holds() const { return breach.empty(); }
};

// received + returned + moved in + short = free + held + sold + moved out + written off, none negative; held = the sum
// of live holds. Over all places a SKU's moves in and out differ by what was made up and taken apart of it alone.
Law stock_law(const State& state);
// held + sold <= cap and at each place within its allotment, none negative; held and sold = the sums of live holds and
// orders.
Law cap_law(const State& state);
// lines + delivery = total; tax rows = taxes of the items; refunds never exceed what was paid, nor a line's units its
// units.
Law order_law(const State& state);
// What a provider captured for an order is what the order was paid, what it is asked to give back is what was refunded,
// and nothing is asked of a payment that is not there.
Law payment_law(const State& state);

}  // namespace dropsmith::sell
