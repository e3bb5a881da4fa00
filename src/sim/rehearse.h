// A rehearsal: what would happen if this plan were run, as distributions, beside each fixed price. The fast path: the
// engine's policy and the gate on simulated demand, without the journal; each way of pricing meets the same shoppers.
// Deterministic for a seed. Demand: what the busiest tenth of past windows of the same length sold at the usual price
// (else the cap itself), times a market that is uncertain by 40 %, half of it early in the window, falling with price
// by an elasticity around 2.6 (mean of published retail estimates). Every assumption is in the answer. Any thread.
// Covered by sim/rehearse_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/state.h"

namespace dropsmith::sim {

// plan: the body of POST /v1/drops, or what drafting answers ({"drop": ...}). A line may carry `unit_cost` and
// `expected_units`. The error is one sentence for a person, naming the field.
Result<std::string, std::string> rehearse(const State& state, std::string_view plan, std::uint64_t runs,
                                          std::uint64_t seed);

}  // namespace dropsmith::sim
