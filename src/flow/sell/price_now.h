// The price that stands in a line and channel at an instant: an override that has ended counts as ended whether or not
// its timer has run. Pure; any thread. Covered by flow/sell/hold_test.cpp.
#pragma once

#include <optional>

#include "model/price.h"

namespace dropsmith::sell {

struct StandingPrice {
    Money price;
    DecisionId decision;  // none: the deciding fact of an ended override is still to come
};

inline StandingPrice price_now(const LinePrice& line, Instant at) {
    if (line.kind == DecisionKind::override_ && line.override_until && *line.override_until <= at && !line.killed)
        return StandingPrice{line.before_override, DecisionId{}};
    return StandingPrice{line.price, line.decision};
}

inline std::optional<StandingPrice> price_now(const Prices& prices, const LineKey& key, Instant at) {
    const auto* line = prices.find(key);
    return line ? std::optional(price_now(*line, at)) : std::nullopt;
}

}  // namespace dropsmith::sell
