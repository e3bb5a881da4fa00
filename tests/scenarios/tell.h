// A fact in words, for people who read scenarios: `UnitsHeld hold=1 lines=[units=2 unit_price=1000] expires_at=+10m`.
// Fields that are empty or 0 are left out, instants are the time since the scenario's start. Pure. Used by
// tests/scenarios only.
#pragma once

#include <string>

#include "base/numbers.h"
#include "base/type.h"

namespace dropsmith::scenarios {

std::string tell(AnyRef record, Instant start);
std::string tell_span(Duration span);  // +10m, +1h, +1500ms

}  // namespace dropsmith::scenarios
