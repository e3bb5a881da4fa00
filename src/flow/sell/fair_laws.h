// The laws of fairness over a whole state: offers of waiting lists, uses of passes, draws and admissions of rooms. Used
// by verify and by tests, beside flow/sell/laws.h. Pure; any thread that owns the state. Covered by
// flow/sell/fair_laws_test.cpp, which first proves that each one rings.
#pragma once

#include "flow/sell/laws.h"

namespace dropsmith::sell {

// Every offer is a hold of what was wished for at most, and no hold is offered twice; what
// waits is what the queue says; units ordered ahead stay within their cap.
Law offer_law(const State& state);
// 0 <= used <= uses; a use that may come back belongs to a hold that lives, and no pass has more of those than uses.
Law pass_law(const State& state);
// The commitment is the seed's; the order is what the seed and the tickets give; no ticket twice; nobody is admitted
// who is not in; rounds go forward.
Law room_law(const State& state);

}  // namespace dropsmith::sell
