// The opening price of a line in a channel. A fixed policy asks the single band, or the list price when there are
// several. A bandit opens at the highest lawful band: a first look at every band would sell scarce units cheaply before
// anything is known, a fall passes to those who already hold units while a rise never does, and silence at the top is
// soon heard (docs/concepts/price-bands.md). Pure; called by scheduling and by edits that bring new lines. Covered by
// flow/decide/plan_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "model/drop.h"
#include "model/price.h"
#include "model/state.h"

namespace dropsmith::decide {

// One PriceSet per line in `lines` and channel; decisions are numbered on from `decisions`. A refusal names the line's
// SKU.
Result<std::vector<PriceSet>, Refusal> opening_prices(const State& state, DropId drop, const DropTerms& terms,
                                                      const std::vector<std::uint32_t>& lines, std::uint64_t decisions,
                                                      Instant now);

// What an edited plan asks of a line in a channel: an opening price when it has none; another price when its own is no
// longer lawful or its bands changed; reviews that begin, move or end. Under the kill switch it asks the list price, of
// a new line too; an override that the edited plan does not allow ends. nullopt: nothing changes.
Result<std::optional<PriceSet>, Refusal> edited_price(const State& state, const LineKey& key, const DropTerms& terms,
                                                      std::uint64_t decisions, Instant now);

// Periods of the cadence that are left until the drop closes, rounded up.
std::uint32_t periods_left(const DropTerms& terms, Instant now);

}  // namespace dropsmith::decide
