// An override by a person: judged, priced, and either set at once or left for a second person, as the merchant's rule
// says; and its end, by the clock, by a person before its time, or by a stop. `judge_override` is the same for the
// command, for its approval and for a trial run that changes nothing. Pure; the state's thread. Covered by
// flow/decide/override_test.cpp.
#pragma once

#include "flow/decide/override_cost.h"
#include "model/price.h"

namespace dropsmith::decide {

struct JudgedOverride {
    PriceSet set;  // as it would be
    OverrideCost cost;
    bool second_person = false;  // the rule asks for one
};

Result<JudgedOverride, Refusal> judge_override(const State& state, const OverridePrice& command, GrantId by,
                                               Instant now);

// What is asked without the override, as the gate lets it through.
PriceSet override_ended(const State& state, const LineKey& key, const Line& at, const GateAsk& ask, std::string why,
                        Instant now);

}  // namespace dropsmith::decide
