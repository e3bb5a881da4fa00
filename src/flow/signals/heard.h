// Whom a signal is about, when it does not say so itself: footfall at a place is of the open drops that sell in a
// channel of that place; an announcement about a drop (or a SKU) reaches the channels that it names, those of the place
// that it names, or else all that are no place's (online). Written into the fold's fact, so that prices read no other
// slice. Pure; the state's thread. Covered by flow/signals/fold_test.cpp.
#pragma once

#include <vector>

#include "model/signal.h"
#include "model/state.h"

namespace dropsmith::signals {

inline constexpr std::size_t hearing_max = 500, announced_max = 200;  // of one fold; what is beyond is not heard

std::vector<Hearing> heard_by(const State& state, const std::vector<DemandRow>& rows);
std::vector<Announcement> announced_by(const State& state, const std::vector<DemandRow>& rows);

}  // namespace dropsmith::signals
