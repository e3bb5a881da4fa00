// Reading and checking instances. Covered by sim/lab_test.cpp.
#include "sim/lab_instance.h"

#include "base/describe.h"
#include "base/json.h"
#include "base/limits.h"

namespace dropsmith {
DROPSMITH_TYPES(sim::LabHistory, sim::LabInstance, sim::LabGuardrails, sim::LabNetwork, sim::LabList)
}

namespace dropsmith::sim {
namespace {

constexpr std::int64_t periods_max = 1'000'000, cells_max = 60'000'000;  // of the exact optimum's table: 480 MB

std::string told(const std::vector<JsonError>& errors) {
    return errors.empty() ? "the instance is not understood"
                          : (errors.front().pointer.empty() ? "the instance" : errors.front().pointer) + ": " +
                                errors.front().detail;
}

bool chances(const std::vector<double>& values) {
    for (const double value : values)
        if (!(value >= 0 && value <= 1)) return false;
    return true;
}

Failure<std::string> wrong(std::string why) { return Failure{std::move(why)}; }

}  // namespace

Result<decide::LabProblem, std::string> problem_of(const LabInstance& instance) {
    const auto prices = instance.prices.size();
    if (prices == 0 || prices > limits::bands_max)
        return wrong("/prices: between 1 and " + std::to_string(limits::bands_max) + " prices");
    if (instance.buy_probability.size() != prices) return wrong("/buy_probability: as many as there are prices");
    if (!chances(instance.buy_probability)) return wrong("/buy_probability: each between 0 and 1");
    if (!chances(instance.arrival_probability)) return wrong("/arrival_probability: each between 0 and 1");
    if (!instance.periods && instance.arrival_probability.empty())
        return wrong("/periods: required, unless arrival_probability is given");
    const auto periods = instance.periods.value_or(static_cast<std::int64_t>(instance.arrival_probability.size()));
    if (periods < 1 || periods > periods_max) return wrong("/periods: between 1 and " + std::to_string(periods_max));
    if (!instance.arrival_probability.empty() &&
        static_cast<std::int64_t>(instance.arrival_probability.size()) != periods)
        return wrong("/arrival_probability: one for each of the " + std::to_string(periods) + " periods");
    if (!instance.stock || *instance.stock < 0) return wrong("/stock: required, 0 or more");

    decide::LabProblem problem;
    for (const auto price : instance.prices)
        problem.values.push_back(static_cast<double>(price) - instance.unit_cost.value_or(0));
    problem.chances = instance.buy_probability;
    problem.arrivals = instance.arrival_probability.empty()
                           ? std::vector<double>(static_cast<std::size_t>(periods), 1.0)
                           : instance.arrival_probability;
    problem.stock = std::min(*instance.stock, periods);  // more than one unit a period cannot be sold
    if ((problem.stock + 1) * (periods + 1) > cells_max)
        return wrong("/periods: with this stock the exact optimum is too large to compute; make either smaller");
    if (!instance.history) return problem;
    if (instance.history->looks.size() != prices || instance.history->sales.size() != prices)
        return wrong("/history: looks and sales for each price");
    for (std::size_t k = 0; k < prices; ++k) {
        const double looks = instance.history->looks[k], sales = instance.history->sales[k];
        if (!(looks >= 0 && sales >= 0 && sales <= looks)) return wrong("/history: sales are between 0 and looks");
        problem.history.push_back({0, looks, sales, true});
    }
    return problem;
}

Result<LabGuardrails, std::string> read_guardrails(std::string_view json) {
    auto one = parse_json<LabGuardrails>(json, JsonContext{});
    if (!one) return wrong("guardrails: " + told(one.error()));
    const auto share = [](const std::optional<double>& value) { return !value || (*value >= 0 && *value < 1); };
    if (one->floor && *one->floor < 0) return wrong("guardrails: /floor: 0 or more");
    if (!share(one->min_margin)) return wrong("guardrails: /min_margin: 0 or more and less than 1");
    if (!share(one->max_step)) return wrong("guardrails: /max_step: 0 or more and less than 1");
    return std::move(*one);
}

Result<LabNetwork, std::string> read_network(std::string_view json) {
    auto one = parse_json<LabNetwork>(json, JsonContext{});
    if (!one) return wrong(told(one.error()));
    return std::move(*one);
}

Result<decide::Network, std::string> network_of(const LabNetwork& instance) {
    const auto table = [](const std::vector<std::vector<double>>& rows, std::size_t size, std::size_t width) {
        if (rows.size() != size) return false;
        for (const auto& row : rows) {
            if (row.size() != width) return false;
            for (const double cell : row)
                if (!(cell >= 0 && cell <= 1e6)) return false;
        }
        return true;
    };
    const auto vectors = instance.prices.size(), products = instance.uses.size(), resources = instance.capacity.size();
    if (vectors == 0 || vectors > 64) return wrong("/prices: between 1 and 64 price vectors");
    if (products == 0 || products > 64) return wrong("/uses: between 1 and 64 products");
    if (resources == 0 || resources > 64) return wrong("/capacity: between 1 and 64 resources");
    if (!table(instance.prices, vectors, products)) return wrong("/prices: for each vector a price of each product");
    if (!table(instance.demand, vectors, products)) return wrong("/demand: for each vector the units of each product");
    if (!table(instance.uses, products, resources)) return wrong("/uses: for each product its use of each resource");
    if (!table({instance.capacity}, 1, resources)) return wrong("/capacity: 0 or more of each resource");
    if (!instance.periods || *instance.periods < 1 || *instance.periods > periods_max)
        return wrong("/periods: between 1 and " + std::to_string(periods_max));
    return decide::Network{instance.name.value_or(""), instance.prices, instance.demand, instance.uses,
                           instance.capacity};
}

Result<std::vector<LabInstance>, std::string> read_instances(std::string_view json, bool& many) {
    auto list = parse_json<LabList>(json, JsonContext{});
    many = list.ok() && !list->instances.empty();
    if (many) return std::move(list->instances);
    auto one = parse_json<LabInstance>(json, JsonContext{});
    if (one) return std::vector<LabInstance>{std::move(*one)};
    const bool meant_list = json.find("\"instances\"") != std::string_view::npos;
    return wrong(meant_list && !list ? told(list.error()) : told(one.error()));
}

}  // namespace dropsmith::sim
