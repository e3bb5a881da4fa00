// `dropsmith lab pricing`: the pricing engine on a stated problem, JSON in and out as the contract says. Deterministic
// for a seed but for decisions_per_second. Any thread. Covered by sim/lab_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dropsmith::sim {

// instance: one problem, or {"instances": [...]}. The error is one sentence for a person, naming the field.
// guardrails: JSON of the gate's floor, min_margin and max_step, held around the policy; empty: none.
Result<std::string, std::string> lab_pricing(std::string_view instance, std::string_view policy, std::uint64_t runs,
                                             std::uint64_t seed, std::string_view guardrails = {});

}  // namespace dropsmith::sim
