// What makes a plan contradict itself: every clash at once, each with its rule, a pointer into the drop's document and
// a way out. A plan with a clash cannot be scheduled by any door. Rules are listed in docs/concepts/price-bands.md and
// drops.md. Pure; any thread that owns the state. Covered by flow/decide/plan_test.cpp.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/drop.h"
#include "model/refusal.h"
#include "model/state.h"

namespace dropsmith::decide {

DropTerms whole_terms(const Drop& drop);  // the document with its lines (ended lines included)

// `self` is left out when the promises of other drops are added up; what it holds and has sold counts as stock of its
// own. Lines that ended (by `ended`, else as the drop says) are not judged.
std::vector<Clash> contradictions(const State& state, const DropTerms& terms, DropId self, Instant now,
                                  const std::function<bool(std::uint32_t line)>& ended = {});

// Units that other scheduled or live drops have promised of a SKU at a place and not yet held or sold.
Quantity promised_elsewhere(const State& state, SkuId sku, PlaceId place, DropId self);

// A line without a split: the one place that has free stock of it; none when there is none or more than one.
std::optional<PlaceId> only_place(const State& state, SkuId sku);

}  // namespace dropsmith::decide
