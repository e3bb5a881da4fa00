// The ethics audit of a period, from the journal: every order that was placed in it, also those that the shop has put
// away since, with the chain's head at the period's end, which does not move any more and is what a sign-off names.
// Reads only; a slow thread. Covered by engine/ethics_audit_test.cpp.
#pragma once

#include "engine/journal.h"
#include "flow/measure/ethics.h"
#include "model/price.h"

namespace dropsmith::engine {

struct EthicsAudit {
    measure::Ethics told;
    EthicsResult result;
};

Result<EthicsAudit, Fault> audit_ethics(const Journal& journal, Instant since, Instant until);

}  // namespace dropsmith::engine
