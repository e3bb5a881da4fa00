// A rehearsal at full depth: one run's shoppers play against the real state machine (engine::Core) on a journal in
// memory, with timers, holds, orders and the pricing planner. Some hundred times slower than the fast path and, for the
// same draws, with the same sales; it is what proves that the fast path steps the shop's own rules. One thread. Covered
// by sim/rehearse_full_test.cpp.
#pragma once

#include <string>

#include "base/result.h"
#include "sim/crowd.h"
#include "sim/rehearsal_run.h"

namespace dropsmith::sim {

// The error says which command was refused and why.
Result<RunOutcome, std::string> play_full(const Rehearsal& plan, const Crowd& crowd, std::uint64_t seed,
                                          std::uint64_t run);

}  // namespace dropsmith::sim
