// The breaker of price cascades: falls (or rises) that feed on each other over the SKUs and channels of a drop. A move
// belongs to a run when it carries its line further from its opening price than every other line of the drop has gone,
// in the same direction as the moves before, with no decision between them that did not. A run trips when it is five
// moves long, spans two lines and has come back to one of them: each answers the other. Bands that are merely lowered
// together, or one line after the other, never outdo all others time after time. Pure; any thread. Covered by
// flow/decide/governors_test.cpp.
#pragma once

#include "model/price.h"

namespace dropsmith::decide {

inline constexpr std::size_t cascade_moves = 5;

// The drop's run once `key` asks `price`. Read before the price is set.
CascadeRun run_after(const Prices& prices, const LineKey& key, Money price);
bool trips(const CascadeRun& run);

}  // namespace dropsmith::decide
