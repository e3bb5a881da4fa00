// The instance file of the pricing laboratory, as it stands in JSON. Covered by sim/lab_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/record.h"
#include "base/result.h"
#include "flow/decide/lab.h"
#include "flow/decide/lab_network.h"

namespace dropsmith::sim {

struct LabHistory {  // looks and sales by price from earlier drops
    std::vector<double> looks;
    std::vector<double> sales;
};
DROPSMITH_RECORD(LabHistory, looks, sales)

struct LabInstance {
    std::optional<std::string> name;
    std::vector<std::int64_t> prices;     // minor units
    std::vector<double> buy_probability;  // of a look at each price
    std::optional<std::int64_t> periods;
    std::optional<std::int64_t> stock;
    std::vector<double> arrival_probability;  // by period; absent: one look a period
    std::optional<double> unit_cost;          // then everything counts price - unit_cost
    std::optional<LabHistory> history;
};
DROPSMITH_RECORD(LabInstance, name, prices, buy_probability, periods, stock, arrival_probability, unit_cost, history)

struct LabGuardrails {  // of the gate, in minor units and shares; what is absent does not bind
    std::optional<std::int64_t> floor;
    std::optional<double> min_margin;
    std::optional<double> max_step;
};
DROPSMITH_RECORD(LabGuardrails, floor, min_margin, max_step)

struct LabNetwork {  // several products on several resources
    std::optional<std::string> name;
    std::vector<std::vector<double>> prices;  // [vector][product]
    std::vector<std::vector<double>> demand;  // mean units a period, [vector][product]
    std::vector<std::vector<double>> uses;    // units of each resource that a sale takes, [product][resource]
    std::vector<double> capacity;             // by resource and period
    std::optional<std::int64_t> periods;
};
DROPSMITH_RECORD(LabNetwork, name, prices, demand, uses, capacity, periods)

struct LabList {
    std::vector<LabInstance> instances;
};
DROPSMITH_RECORD(LabList, instances)

// Checked: sizes agree, chances are within 0 … 1, and the exact optimum fits into memory. The error names the field.
Result<decide::LabProblem, std::string> problem_of(const LabInstance& instance);
Result<decide::Network, std::string> network_of(const LabNetwork& instance);  // the same checks
Result<LabGuardrails, std::string> read_guardrails(std::string_view json);
Result<LabNetwork, std::string> read_network(std::string_view json);
// One instance, or the list of a file that has several (then `many`).
Result<std::vector<LabInstance>, std::string> read_instances(std::string_view json, bool& many);

}  // namespace dropsmith::sim
