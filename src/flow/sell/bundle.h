// Bundles: what may be one, and how many can be made up at a place. The command is in stock.h. Pure; the state's
// thread. Covered by flow/sell/bundle_test.cpp.
#pragma once

#include <optional>
#include <string>

#include "model/refusal.h"
#include "model/state.h"

namespace dropsmith::sell {

// The least that a component leaves, of what is free there and promised to no drop. 0: it is no bundle.
Quantity bundles_possible(const State& state, const SkuTerms& terms, PlaceId place);

// Components are SKUs that are there, no bundles, of one tax category with the bundle, each named once; what a bundle
// is made of stands once a unit of it was made up. `at`: pointer of the SKU.
std::optional<Refusal> wrong_components(const State& state, const SkuTerms& terms, const std::string& tax_category,
                                        const std::string& at);

}  // namespace dropsmith::sell
