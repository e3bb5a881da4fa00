// A rehearsal: what would happen if this plan were run, as distributions, beside rival ways of pricing that meet the
// same shoppers: each fixed band, a taper, the published TS-update, and a clairvoyant who knows the market; and where
// the plan is weak, in plain sentences. Two speeds with identical sales on the same draws: the fast path steps the
// pricing rules and the stock (rehearsal_stage.h), `full` runs the engine on a journal in memory (rehearse_full.h).
// Deterministic for a seed on any number of threads. Demand: what the busiest tenth of past windows of the same length
// sold at the usual price (else the cap itself), uncertain as crowd.h says. Every assumption is in the answer. Any
// thread; makes threads of its own when asked. Covered by sim/rehearse_test.cpp and sim/rehearse_full_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/state.h"
#include "sim/rehearsal_run.h"

namespace dropsmith::sim {

struct RehearseHow {
    unsigned threads = 1;
    bool full = false;
    bool people = false;                            // a table and sentences instead of JSON
    std::function<void(std::uint64_t)> progress{};  // runs done; from one thread at a time
};

// plan: the body of POST /v1/drops, or what drafting answers ({"drop": ...}). A line may carry `unit_cost` and
// `expected_units`. The error is one sentence for a person, naming the field.
Result<std::string, std::string> rehearse(const State& state, std::string_view plan, std::uint64_t runs,
                                          std::uint64_t seed, const RehearseHow& how = {});

struct PolicyRuns {
    std::string name;
    std::vector<RunOutcome> runs;  // by run; fewer than asked where a policy is too slow for all of them
};
std::string rehearsal_json(const Rehearsal& plan, const std::vector<PolicyRuns>& policies, std::uint64_t runs,
                           std::uint64_t seed, std::size_t periods, bool full);
std::string rehearsal_text(const Rehearsal& plan, const std::vector<PolicyRuns>& policies, std::uint64_t runs,
                           std::uint64_t seed);

}  // namespace dropsmith::sim
