// From held units to an order with all its figures: prices, delivery, tax by line and by rate, total, expected payment
// fee. The one place where an order's money is made; nothing recomputes it later. Pure; any thread. Covered by
// flow/sell/order_test.cpp and, over a million random orders, by tests/scenarios/order_oracle.py.
#pragma once

#include "base/result.h"
#include "model/refusal.h"
#include "model/state.h"

namespace dropsmith::sell {

struct Ordering {
    const Hold& hold;  // what is ordered, at its prices
    const ConfirmHold& how;
    PersonId person;
    Instant at;
};

// A method whose code begins with "pickup" is one for picking up; all others bring it.
FulfilmentMethod method_of(const DeliveryMethod& method);

// Refusals: unknown_method (delivery or payment), bad_value (a pick-up place where nothing is held).
Result<OrderPlaced, Refusal> check_out(const State& state, const Ordering& ordering);

}  // namespace dropsmith::sell
