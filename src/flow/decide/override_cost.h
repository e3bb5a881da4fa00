// What an override is expected to cost: the margin of the rest of the drop at the price that stands, less the margin
// when the override stands until its end and the standing price comes back. Demand at a band is its posterior mean
// (Gamma prior that expects the cap to sell over the window), between bands it runs log-linearly; stock that runs out
// is counted, and of stock that other channels sell as well the share that is expected to be asked for here. A figure
// to decide by ("about"), not a promise. Pure; the state's thread. Covered by flow/decide/override_test.cpp.
#pragma once

#include "flow/decide/price_inside.h"

namespace dropsmith::decide {

struct OverrideCost {
    Money margin;             // given up; negative: gained
    Quantity units_standing;  // expected to sell from now on, each way
    Quantity units_override;
};

OverrideCost override_cost(const Line& at, const std::optional<ChannelsInput>& channels, Money price, Instant until,
                           Instant now);

}  // namespace dropsmith::decide
