// How much of a brand's list value on offer is given away by prices below the list, and the lowest price of one line
// that keeps a brand within its rule. A unit on offer counts once: a line sold in several channels is shared between
// them. Scheduled and live drops count. Pure integers; any thread. Covered by flow/decide/governors_test.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/state.h"

namespace dropsmith::decide {

struct BrandExposure {
    __int128 list = 0;   // list value on offer, in minor units times a common denominator
    __int128 given = 0;  // of it, given away
};

// Of all lines of the brand but `without`; a cohort's price counts with its share of the sessions.
BrandExposure exposure_of(const State& state, const std::string& brand, const LineKey* without = nullptr);

// nullopt: no rule for the line's brand, or nothing of it is on offer.
std::optional<Money> exposure_floor(const State& state, const LineKey& key);

// A brand that a plan would make give away more than its rule, at the prices that the plan promises (a fixed price, the
// lowest of a taper) or begins with: the gate sees no prices before that, and moves no promised one. The line is the
// one that gives most. `self`: the drop that is planned.
struct OverExposed {
    std::size_t line = 0;
    std::string brand;
    Rate given, allowed;
};
std::optional<OverExposed> over_exposed(const State& state, const DropTerms& terms, DropId self);

}  // namespace dropsmith::decide
