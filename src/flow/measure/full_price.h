// What a price below the first one did to its neighbours, as people are told it: the units that neighbours sold at full
// price in whole hours of the test, beside the same hours of the days before it, and the fall. Gathered by
// engine/full_price_tests.* (the rule that stops a test is flow/decide/cannibal.h); here it becomes words. Pure.
// Covered by flow/measure/full_price_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/json.h"
#include "model/drop.h"
#include "model/state.h"

namespace dropsmith::measure {

struct FullPriceTest {
    LineKey key;
    Instant since, until;  // until: when it ended, the drop closed, or the reading was taken
    bool running = false;
    std::uint64_t neighbours = 0;                          // SKUs
    std::int64_t units_before = 0, units_during = 0;       // at full price
    std::int64_t hours_before = 0, hours_during = 0;       // that they were counted in
    Rate borne;                                            // the fall that the merchant bears; 1: it is not watched
    bool stops = false;                                    // fallen by more than is borne, and not by chance
};

// By how much the neighbours sold less per hour, of what they sold before; below zero when they sold more. nullopt:
// there is nothing to compare with.
std::optional<Rate> fall_of(const FullPriceTest& test);

void write_full_price_tests(JsonWriter& json, const State& state, const std::vector<FullPriceTest>& tests);

}  // namespace dropsmith::measure
