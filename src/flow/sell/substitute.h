// Substitutes of lines that have sold out: which there is, and what becomes of those that are taken.
// Pure; the state's thread. Covered by flow/sell/substitute_test.cpp.
#pragma once

#include <optional>

#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

void evolve(Substitutes& slice, const SubstituteTaken& fact, const Stamp& stamp);
void evolve(Substitutes& slice, const RefusalsCounted& fact, const Stamp& stamp);
void evolve(Substitutes& slice, const HoldEnded& fact, const Stamp& stamp);
void evolve(Substitutes& slice, const OrderPlaced& fact, const Stamp& stamp);

// The open line of this drop that stands in for the line of `sku`, when that one is gone and this one is not.
std::optional<std::uint32_t> substitute_for(const State& state, const Drop& drop, SkuId sku);

}  // namespace dropsmith::sell
