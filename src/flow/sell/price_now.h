// The price that stands in a line and channel at an instant, for one session: an override that has ended counts as
// ended whether or not its timer has run; a cohort's price is for the share of sessions that a hash of the session
// picks, the same ones in every line and channel of the drop for as long as it runs. Who has no session is of no
// cohort. Pure; any thread. Covered by flow/sell/hold_test.cpp, flow/decide/modes_test.cpp.
#pragma once

#include <optional>

#include "base/random.h"
#include "model/price.h"

namespace dropsmith::sell {

struct StandingPrice {
    Money price;
    DecisionId decision;  // none: the deciding fact of an ended override is still to come
};

inline bool in_cohort(DropId drop, std::uint64_t session, Rate share) {
    if (session == 0) return false;
    std::uint64_t mixed = session ^ (drop.n * 0x9E3779B97F4A7C15u);
    return splitmix64(mixed) % static_cast<std::uint64_t>(whole.n) < static_cast<std::uint64_t>(share.n);
}

inline StandingPrice price_now(const LinePrice& line, DropId drop, Instant at, std::uint64_t session) {
    if (line.kind == DecisionKind::override_ && line.override_until && *line.override_until <= at && !line.killed)
        return StandingPrice{line.before_override, DecisionId{}};
    if (line.cohort && in_cohort(drop, session, line.cohort->share))
        return StandingPrice{line.cohort->price, line.decision};
    return StandingPrice{line.price, line.decision};
}

inline std::optional<StandingPrice> price_now(const Prices& prices, const LineKey& key, Instant at,
                                              std::uint64_t session = 0) {
    const auto* line = prices.find(key);
    return line ? std::optional(price_now(*line, key.drop, at, session)) : std::nullopt;
}

}  // namespace dropsmith::sell
