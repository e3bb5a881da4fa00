// The breaker of price cascades: falls (or rises) that feed on each other, over the SKUs and channels of a drop and
// over the drops of the shop. A move belongs to a drop's run when it carries its line further from its opening price
// than every other line of the drop has gone, in the same direction as the moves before, with no decision between them
// that did not. A run trips when it is five moves long, spans two lines and has come back to one of them: each answers
// the other. Bands that are merely lowered together, or one line after the other, never outdo all others time after
// time. Over drops it is the same, but for what a shop needs in which many lines are decided in between: a move must
// outdo its own drop and whatever is in the run; and only a decision of a line that is in the run can break it, or a
// day's rest. Such a run must span two drops, and because there are more pairs of lines that may seem to answer each
// other by chance, it must be five moves long, four of which went past a band of their own: a line that learns goes
// band by band, one that answers another goes past it. Band by band it takes twelve moves until it is stopped.
// Pure; any thread. Covered by flow/decide/governors_test.cpp (a drop) and flow/decide/shop_cascade_test.cpp (over
// drops).
#pragma once

#include <vector>

#include "model/price.h"

namespace dropsmith::decide {

inline constexpr std::size_t cascade_moves = 5, shop_cascade_moves = 5, shop_cascade_leaps = 4,
                             shop_cascade_anyway = 12;
inline constexpr Duration cascade_rest = days(1);

// The drop's run once `key` asks `price`. Read before the price is set.
CascadeRun run_after(const Prices& prices, const LineKey& key, Money price);
bool trips(const CascadeRun& run, std::size_t moves = cascade_moves);

// The run over all drops, of falls (-1) or of rises (1). Read before the price is set.
CascadeRun shop_run_after(const Prices& prices, const LineKey& key, Money price, Instant now, std::int64_t direction);
// Of the run that `key` asking `price` makes.
bool trips_over_drops(const Prices& prices, const CascadeRun& run, const LineKey& key, Money price);
std::vector<DropId> drops_of(const CascadeRun& run);  // ascending, each once

}  // namespace dropsmith::decide
