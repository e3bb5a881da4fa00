// The prover's planted bugs that are paths past every rule: facts that nobody judged, written to the journal while the
// shop is down. Pure. Covered by sim/prove_test.cpp, where each must ring.
#pragma once

#include "base/random.h"
#include "model/state.h"
#include "sim/prove.h"

namespace dropsmith::sim {

// Nothing: this bug writes no facts, or has nothing to show itself by in this state.
Facts planted(Plant plant, const State& state, Random& random);

}  // namespace dropsmith::sim
