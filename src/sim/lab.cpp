// Runs of the laboratory. Covered by sim/lab_test.cpp.
#include "sim/lab.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "sim/figure_text.h"
#include "sim/lab_guarded.h"
#include "sim/lab_instance.h"

namespace dropsmith::sim {
namespace {

struct Figures {
    double mean = 0, stderr_ = 0, lp = 0, dp = 0, lost = 0, seconds = 0;
    std::uint64_t decisions = 0;
    double percent_of(double bound) const { return bound > 0 ? 100 * mean / bound : 100; }
};

Result<Figures, std::string> measure(const decide::LabProblem& problem, std::string_view policy, std::uint64_t runs,
                                     std::uint64_t seed, const std::optional<LabGate>& gate) {
    const decide::Optimum optimum(problem);
    Figures figures;
    figures.lp = decide::lp_bound(problem), figures.dp = optimum.value();
    double squares = 0;
    const auto start = std::chrono::steady_clock::now();
    const decide::LabBench bench(problem, optimum, policy);
    if (!bench)
        return Failure{"there is no policy \"" + std::string(policy) +
                       "\": engine, engine-learn, engine-flat, ts-update, ts-fixed, dp-known, lp-known, or "
                       "fixed:INDEX with an index of prices"};
    for (std::uint64_t run = 0; run < runs; ++run) {
        Random random(seed, run);
        auto priced = bench.policy();
        if (gate) priced = guarded(std::move(priced), *gate);
        const auto result = decide::lab_run(problem, optimum, *priced, random);
        figures.lost += result.lost;
        figures.decisions += result.decisions, figures.mean += result.earned, squares += result.earned * result.earned;
    }
    figures.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto n = static_cast<double>(runs);
    figures.mean /= n, figures.lost /= n;
    if (runs > 1) figures.stderr_ = std::sqrt(std::max(0.0, squares / n - figures.mean * figures.mean) / (n - 1));
    return figures;
}

// The rules that were held, as they were given.
void write_rules(JsonWriter& json, const std::optional<LabGuardrails>& rules) {
    json.key("guardrails");
    if (!rules) return void(json.text("none"));
    json.object();
    if (rules->floor) json.key("floor").integer(*rules->floor);
    const auto share = [&](std::string_view name, const std::optional<double>& value) {
        if (value) json.key(name).rate(std::llround(*value * static_cast<double>(whole.n)));
    };
    share("min_margin", rules->min_margin), share("max_step", rules->max_step);
    json.end();
}

void write(JsonWriter& json, const Figures& figures, std::string_view policy, std::uint64_t runs,
           const std::optional<std::string>& name, const std::optional<LabGuardrails>& rules) {
    json.object();
    if (name) json.key("name").text(*name);
    json.key("policy").text(policy).key("runs").natural(runs);
    json.key("mean_revenue").real_text(number(figures.mean)).key("stderr").real_text(number(figures.stderr_));
    json.key("lp_bound").real_text(number(figures.lp)).key("dp_optimum").real_text(number(figures.dp));
    json.key("percent_of_lp").real_text(number(figures.percent_of(figures.lp), 4));
    json.key("percent_of_dp").real_text(number(figures.percent_of(figures.dp), 4));
    const double kept = figures.dp > 0 ? 100 * (1 - figures.lost / figures.dp) : 100;
    json.key("percent_of_dp_expected").real_text(number(kept, 4));
    write_rules(json, rules);
    const double speed = figures.seconds > 0 ? static_cast<double>(figures.decisions) / figures.seconds : 0;
    json.key("decisions_per_second").integer(std::llround(speed)).end();
}

// Of the gate's rules only the floor means something for a vector of prices: there is no one step between two vectors,
// and no unit cost of a product in the instance.
Result<decide::NetworkRules, std::string> network_rules(const decide::Network& network,
                                                        const std::optional<LabGuardrails>& rails) {
    decide::NetworkRules rules;
    if (!rails) return rules;
    for (const auto& [name, given] :
         {std::pair{"min_margin", rails->min_margin.has_value()}, {"max_step", rails->max_step.has_value()}})
        if (given)
            return Failure{std::string("guardrails: /") + name +
                           ": an instance of several resources holds a floor only; leave it out"};
    rules.floor = static_cast<double>(rails->floor.value_or(0));
    if (std::none_of(network.prices.begin(), network.prices.end(),
                     [&](const auto& prices) { return decide::lawful(prices, rules); }))
        return Failure{std::string("guardrails: /floor: every vector of /prices has a price below it")};
    return rules;
}

// Several products on several resources: {"uses": ...} tells such an instance.
Result<std::string, std::string> lab_network(std::string_view instance, std::string_view policy, std::uint64_t runs,
                                             std::uint64_t seed, const std::optional<LabGuardrails>& rails) {
    const auto read = read_network(instance);
    if (!read) return Failure{read.error()};
    const auto network = network_of(*read);
    if (!network) return Failure{network.error()};
    std::optional<decide::NetworkPolicy> known;
    if (policy == "engine") known = decide::NetworkPolicy::engine;
    if (policy == "ts-update") known = decide::NetworkPolicy::ts_update;
    if (policy == "ts-fixed") known = decide::NetworkPolicy::ts_fixed;
    if (policy == "lp-known") known = decide::NetworkPolicy::lp_known;
    auto rules = network_rules(*network, rails);
    if (!rules) return Failure{rules.error()};
    if (policy.substr(0, 6) == "fixed:") {
        const auto index = parse_decimal(policy.substr(6), 0);
        if (index && !index->rounded && index->scaled >= 0 &&
            static_cast<std::size_t>(index->scaled) < network->prices.size())
            known = decide::NetworkPolicy::fixed, rules->fixed = static_cast<std::size_t>(index->scaled);
    }
    if (!known)
        return Failure{"there is no policy \"" + std::string(policy) +
                       "\" for several resources: engine, ts-update, ts-fixed, lp-known, or fixed:INDEX with an index "
                       "of the vectors in prices"};
    if (known == decide::NetworkPolicy::fixed && !decide::lawful(network->prices[rules->fixed], *rules))
        return Failure{std::string("guardrails: /floor: the vector of ") + std::string(policy) +
                       " has a price below it"};
    const auto periods = static_cast<std::size_t>(*read->periods);
    if (static_cast<double>(periods) * static_cast<double>(runs) > 1e8)
        return Failure{std::string("/periods: times runs is more than 100 million decisions; ask for fewer runs")};
    const double percent = decide::network_percent(*network, *known, periods, runs, seed, *rules);
    const double bound = decide::network_bound(*network) * static_cast<double>(periods);
    std::string out;
    JsonWriter json(out);
    json.object();
    if (read->name) json.key("name").text(*read->name);
    json.key("policy").text(policy).key("runs").natural(runs);
    json.key("mean_revenue").real_text(number(percent / 100 * bound)).key("lp_bound").real_text(number(bound));
    json.key("percent_of_lp").real_text(number(percent, 4));
    write_rules(json, rails);
    json.end();
    return out;
}

}  // namespace

Result<std::string, std::string> lab_pricing(std::string_view instance, std::string_view policy, std::uint64_t runs,
                                             std::uint64_t seed, std::string_view guardrails) {
    if (runs < 1 || runs > 10'000'000) return Failure{std::string("runs: between 1 and 10,000,000")};
    std::optional<LabGuardrails> rails;
    if (!guardrails.empty()) {
        auto read = read_guardrails(guardrails);
        if (!read) return Failure{read.error()};
        rails = *read;
    }
    if (instance.find("\"uses\"") != std::string_view::npos)
        return lab_network(instance, policy, runs, seed, rails);
    bool many = false;
    auto instances = read_instances(instance, many);
    if (!instances) return Failure{instances.error()};
    std::string out;
    JsonWriter json(out);
    if (many) json.object().key("instances").array();
    std::vector<double> percents;
    for (std::size_t i = 0; i < instances->size(); ++i) {
        const auto where = many ? "/instances/" + std::to_string(i) : std::string();
        const auto problem = problem_of((*instances)[i]);
        if (!problem) return Failure{where + problem.error()};
        if (static_cast<double>(problem->arrivals.size()) * static_cast<double>(runs) > 1e10)
            return Failure{where +
                           "/periods: times runs is more than 10 thousand million decisions; ask for fewer runs"};
        std::optional<LabGate> gate;
        if (rails) {
            auto made = gate_of(*rails, (*instances)[i]);
            if (!made) return Failure{where + made.error()};
            gate = std::move(*made);
        }
        const auto figures = measure(*problem, policy, runs, seed + i, gate);
        if (!figures) return Failure{figures.error()};
        percents.push_back(figures->percent_of(figures->dp));
        write(json, *figures, policy, runs, (*instances)[i].name, rails);
    }
    if (!many) return out;
    double sum = 0;
    for (const double percent : percents) sum += percent;
    std::sort(percents.begin(), percents.end());
    json.end().key("mean_percent_of_dp").real_text(number(sum / static_cast<double>(percents.size()), 4));
    json.key("p05_percent_of_dp")
        .real_text(number(percents[static_cast<std::size_t>(0.05 * static_cast<double>(percents.size()))], 4))
        .end();
    return out;
}

}  // namespace dropsmith::sim
