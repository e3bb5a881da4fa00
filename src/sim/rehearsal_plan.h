// What a rehearsal is of: the plan's terms as the shop's own rules read them, and what is known of each line's market.
// Covered by sim/rehearsal_plan_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "flow/decide/economics.h"
#include "model/drop.h"
#include "model/state.h"

namespace dropsmith::sim {

struct MarketLine {
    std::string sku;
    LineTerms terms;
    decide::UnitEconomics unit;
    double expected_units = 0;  // in the window at the list price
};

struct Rehearsal {
    std::string currency;
    PricingTerms pricing;
    Duration window;
    std::vector<MarketLine> lines;
    // What the shop knows (engine/pricing_copy.h), the lines' SKUs in it; null: there is no shop, and a stage stands
    // for one.
    std::shared_ptr<const State> shop{};
    ChannelId channel{1};
    Instant opens{};               // epoch: a fixed day, so that without a shop only the seed counts
    std::vector<double> shares{};  // of the window's demand, by period, as the shop's past says; empty: not known
    std::vector<std::string> assumptions{};  // what was taken for granted, and what the plan asks for and is not played
};

// The prices that a line may be asked: its bands, in their order, and at the end the list price where it lies between
// two of them and the mode asks it (fixed, ladder).
std::vector<Money> prices_of(const PricingTerms& pricing, const LineTerms& line);

// What a sale adds to the margin, in minor units: the contribution, or, where a left-over unit has a stated value, what
// the sale brings more than that. And what a left-over unit adds to it.
double value_of(const MarketLine& line, Money price);
double value_left(const MarketLine& line);

Result<Rehearsal, std::string> read_rehearsal(const State& state, std::string_view plan);

}  // namespace dropsmith::sim
