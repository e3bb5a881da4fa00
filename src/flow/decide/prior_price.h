// What may be announced as a reduction (directive 98/6/EC art. 6a): it states, and is computed from, the lowest price
// at which the SKU could be bought in this channel in the 30 days before the price fell. Where it was not on sale all
// through them nothing may be announced: no price is struck through. A price that a cohort was asked counts as one that
// could be bought at. Pure; any thread. Covered by flow/decide/prior_price_test.cpp.
#pragma once

#include <optional>

#include "model/price.h"

namespace dropsmith::decide {

inline constexpr Duration prior_window = days(30);

// The lowest price in [before - 30 days, before); nullopt when the SKU was not on sale all through it.
std::optional<Money> prior_price(const Prices& prices, SkuId sku, ChannelId channel, Instant before);

struct Reduction {
    Money prior;
    Rate discount;  // of the prior price, not of the list price
};
// Of the price that a line asks in a channel; nullopt: none may be announced.
std::optional<Reduction> announced_reduction(const Prices& prices, const LineKey& key, Money asked);

// What facts do to the memory. A price can be bought at from the opening (or the first pre-order) until the line
// closes.
void begin_period(Prices& slice, const LineKey& key, Instant at);
void move_period(Prices& slice, const LineKey& key, Instant at);  // the price has changed; nothing when not on sale
void end_period(Prices& slice, const LineKey& key, Instant at);

}  // namespace dropsmith::decide
