// The plan that a rehearsal reads, and what it knows of each line's market. Covered by sim/rehearse_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/record.h"
#include "base/result.h"
#include "flow/decide/economics.h"
#include "model/drop.h"
#include "model/state.h"

namespace dropsmith::sim {

struct PlanLine {
    std::string sku;
    Quantity cap;
    std::vector<Money> bands;
    std::optional<Money> floor;
    std::optional<Rate> min_margin;
    Money list_price;
    std::optional<Money> unit_cost;
    std::optional<double> expected_units;  // in the window at the list price
};
DROPSMITH_RECORD(PlanLine, sku, cap, bands, floor, min_margin, list_price, unit_cost, expected_units)

struct PlanPricing {
    std::optional<PricePolicy> policy;
    std::optional<PriceObjective> objective;
    std::optional<Duration> cadence_s;
    std::optional<Rate> max_step;
    std::optional<Rate> explore_share;
};
DROPSMITH_RECORD(PlanPricing, policy, objective, cadence_s, max_step, explore_share)

struct PlanDocument {
    std::optional<Instant> opens_at;
    std::optional<Instant> closes_at;
    std::vector<PlanLine> lines;
    std::optional<PlanPricing> pricing;
};
DROPSMITH_RECORD(PlanDocument, opens_at, closes_at, lines, pricing)

struct PlanFile {
    std::optional<PlanDocument> drop;  // as drafting answers it
};
DROPSMITH_RECORD(PlanFile, drop)

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
    std::vector<std::string> assumptions;
};

Result<Rehearsal, std::string> read_rehearsal(const State& state, std::string_view plan);

}  // namespace dropsmith::sim
