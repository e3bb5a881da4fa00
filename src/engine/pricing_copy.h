// What a rehearsal or a replay takes along from a shop: as much of its state as pricing rules look at, so that a drop
// is rehearsed with the prior, the arrival curves and the imported hours that the real one would have. Texts, people,
// orders, stock and what is under way stay behind. Pure; any thread that may read the state. Covered by
// engine/pricing_copy_test.cpp.
#pragma once

#include <vector>

#include "model/state.h"

namespace dropsmith::engine {

// `next`: only drops before it, and of sales and curves only what was before `until`. skus: those to be priced.
State copy_of_shop(const State& state, const std::vector<SkuId>& skus, DropId next, Instant until);
State copy_of_shop(const State& state, const std::vector<SkuId>& skus);  // all that is known now

}  // namespace dropsmith::engine
