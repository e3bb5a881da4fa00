// Offers of one's own, judged: what a plan may say of them (`offer_clashes`), and which of its rules a session is given
// by what the shop's own backend knows of it. Of several rules that fit a line the largest discount counts, and of
// equal ones the first; discounts never add up. Nobody is told apart by anything that the plan does not name. Pure; the
// state's thread. Covered by flow/decide/personal_test.cpp.
#pragma once

#include <vector>

#include "flow/decide/contradictions.h"
#include "model/drop.h"
#include "model/state.h"

namespace dropsmith::decide {

std::vector<Clash> offer_clashes(const DropTerms& terms, const PriceRules& rules);

bool is_for(const OfferRule& rule, SkuId sku);  // a rule that names no line is for all

// The rule of the plan that a line gets by these features; nullptr: none.
const OfferRule* rule_for(const PricingTerms& pricing, SkuId sku, const std::vector<KnownFeature>& features);

// Nothing below this may be asked of one session: the gate's floor, and what the brand's rule would allow for the whole
// line. nullopt: there is no floor to hold on to.
std::optional<Money> personal_floor(const State& state, const LineKey& key, const LineTerms& terms, Instant at);

}  // namespace dropsmith::decide
