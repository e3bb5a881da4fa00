// Money that arrives when its hold has ended. If the same units can be had again now, at the held prices, within the
// limit, while the drop has not settled, and the amount is exactly what they cost the way the buyer wanted them (as
// said with the hold, else picked up), the buyer gets a new hold and an order that is paid, once: whatever more comes
// for the same hold goes back. Otherwise the money is written down as one that must go back, a task for staff.
// Nothing is ever lost in between. Pure; loop's thread. Covered by flow/sell/late_payment_test.cpp.
#pragma once

#include <optional>

#include "model/fact.h"
#include "model/moment.h"
#include "model/state.h"

namespace dropsmith::sell {

// The ended hold's units held anew, or nothing.
std::optional<Hold> held_again(const State& state, const Hold& ended, PersonId person, const Moment& moment);

Verdict late_payment(const State& state, const RecordPayment& command, const Moment& moment);

}  // namespace dropsmith::sell
