// What the gate made of an arm of a decision that stands in the journal: the fact says where each arm was led, by all
// rules of that moment in their order. Older facts do not: of them the floor is in the fact, bands and step in the
// drop's terms. For folds over the journal (flow/measure/periods.h), which may not name the gate. Pure. Covered by
// engine/price_reach_test.cpp.
#pragma once

#include <optional>

#include "model/drop.h"
#include "model/price.h"

namespace dropsmith::engine {

std::optional<Money> price_reached(const LineTerms& terms, const PricingTerms& pricing, const PriceSet& decision,
                                   Money wanted, Money standing);

// Whether this session is asked the cohort's price: the same hash as in quotes and holds (flow/sell/price_now.h).
bool of_cohort(DropId drop, std::uint64_t session, Rate share);

}  // namespace dropsmith::engine
