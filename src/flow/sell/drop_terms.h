// A drop's document: what must hold of it in any status, and what is filled in when it is drafted (bands, allotments).
// What clashes with stock, cost or the calendar is not judged here: a draft may contradict itself, scheduling it may
// not (flow/decide/plan.h). Pure; any thread. Covered by flow/sell/drop_test.cpp.
#pragma once

#include <optional>

#include "model/refusal.h"
#include "model/state.h"

namespace dropsmith::sell {

// What is wrong with the document itself; `self` is the drop that it belongs to (none: a new one).
std::optional<Refusal> wrong_terms(const State& state, const DropTerms& terms, DropId self);

// Lines without bands sell at their list price. Lines without places sell from the only place that has the SKU, or from
// the only place there is; else a refusal that says where the units lie.
std::optional<Refusal> complete(const State& state, DropTerms& terms);

}  // namespace dropsmith::sell
