// The audit of prices: the journal is replayed and each decision of a period is taken again from what it was taken
// from: the engine's question at the fact that it names, its seed, the gate and the state of that moment. What the same
// engine version gives again, bit for bit, is `same`; where the policy's version is no longer in the program, each of
// its inputs is held against the journal and its wish handed to the gate (`retired`); a policy that never was, and
// whatever does not follow, is told with the reason. Reads only; a slow thread. Covered by engine/price_audit_test.cpp
// (first proven to ring on falsified decisions).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/journal.h"
#include "model/moment.h"
#include "model/price.h"

namespace dropsmith::engine {

enum class Rederived : std::uint8_t { same, retired, differs };
DROPSMITH_CHOICE(Rederived, "same", "inputs checked, version retired", "differs")

struct AuditedDecision {
    std::uint64_t seq = 0;
    Instant at;
    Actor who;
    PriceSet set;
    Rederived verdict = Rederived::same;
    std::string detail;  // what does not follow
};

struct PriceAudit {
    AuditResult result;
    std::vector<AuditedDecision> decisions;  // of the period, in order
    std::vector<std::pair<std::uint64_t, PricesHalted>> halts;
};

bool retired_policy(std::string_view name);  // one that real drops ran under, and that is gone

Result<PriceAudit, Fault> audit_prices(const Journal& journal, Instant since, Instant until,
                                       const std::function<void(std::uint64_t facts)>& progress = {});

}  // namespace dropsmith::engine
