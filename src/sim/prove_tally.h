// What became of everything in a proof, counted once at its end by the shop's own state and journal. Pure. Covered by
// sim/prove_test.cpp.
#pragma once

#include "engine/journal.h"
#include "model/state.h"
#include "sim/prove_sights.h"

namespace dropsmith::sim {

void tally(const State& state, const engine::Journal& journal, Sights& sights);

}  // namespace dropsmith::sim
