// Runs of a plan, shared out to threads by their number. Covered by sim/rehearse_test.cpp.
#include "sim/rehearse.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "flow/decide/guardrail.h"
#include "sim/rehearsal_stage.h"
#include "sim/rehearse_full.h"

namespace dropsmith::sim {
namespace {

constexpr double clairvoyant_work_max = 3e9;  // multiplications in all: some seconds
constexpr double full_units_max = 200'000;    // shoppers a run
constexpr double one_by_one_units_max = 1e6, one_by_one_work_max = 1e9;

// What the plan's own prices are called: a rehearsal of the engine is of the engine, whatever the mode adds to it.
std::string own_name(const PricingTerms& pricing) {
    switch (mode_of(pricing)) {
        case PriceMode::interval:
            return "engine";
        case PriceMode::cohort:
            return "engine, cohort";
        case PriceMode::taper:
            return "announced taper";
        case PriceMode::ladder:
            return "ladder";
        case PriceMode::fixed:
            return "list price";
    }
    return "";
}

struct Job {
    const Rehearsal& plan;
    const std::vector<double>& shares;
    std::uint64_t seed;
    bool full;
    std::size_t fixed = 0;  // bands
    std::uint64_t clairvoyant_runs = 0;
    std::vector<PolicyRuns>& policies;  // own, fixed:0 …, taper, ts-update, clairvoyant
};

// Runs first, first + step, … of all; each run's outcomes go to their own places.
std::string play_some(const Job& job, std::uint64_t first, std::uint64_t step, std::uint64_t runs,
                      const std::function<void()>& done) {
    Crowd crowd(job.plan, job.shares);
    std::vector<std::unique_ptr<Pricer>> pricers;
    auto own = shop_pricer(job.plan, job.seed);
    if (!own) return own.error();
    pricers.push_back(std::move(own).value());
    for (std::size_t band = 0; band < job.fixed; ++band) pricers.push_back(fixed_pricer(job.plan, band));
    pricers.push_back(taper_pricer(job.plan, crowd.periods()));
    pricers.push_back(thompson_pricer(job.plan, crowd.periods(), job.seed));
    pricers.push_back(clairvoyant_pricer(job.plan, crowd));
    for (std::uint64_t run = first; run < runs; run += step) {
        crowd.draw(job.seed, run);
        for (std::size_t p = 0; p < pricers.size(); ++p) {
            if (run >= job.policies[p].runs.size()) continue;
            if (p == 0 && job.full) {
                auto outcome = play_full(job.plan, crowd, job.seed, run);
                if (!outcome) return outcome.error();
                job.policies[p].runs[run] = std::move(outcome).value();
                continue;
            }
            job.policies[p].runs[run] = play(job.plan, crowd, *pricers[p], run);
        }
        done();
    }
    return "";
}

std::string play_all(const Job& job, std::uint64_t runs, const RehearseHow& how) {
    std::mutex mutex;
    std::uint64_t played = 0;
    std::string trouble;
    const auto done = [&] {
        if (!how.progress) return;
        const std::lock_guard lock(mutex);
        if (++played % 16 == 0 || played == runs) how.progress(played);
    };
    const auto count =
        static_cast<unsigned>(std::clamp<std::uint64_t>(how.threads, 1, std::min<std::uint64_t>(runs, 64)));
    std::vector<std::thread> threads;
    const auto work = [&](unsigned i) {
        auto why = play_some(job, i, count, runs, done);
        const std::lock_guard lock(mutex);
        if (!why.empty()) trouble = std::move(why);
    };
    for (unsigned i = 1; i < count; ++i) threads.emplace_back(work, i);
    work(0);
    for (auto& thread : threads) thread.join();
    return trouble;
}

}  // namespace

Result<std::string, std::string> rehearse(const State& state, std::string_view plan_json, std::uint64_t runs,
                                          std::uint64_t seed, const RehearseHow& how) {
    if (runs < 1 || runs > 100'000) return Failure{std::string("runs: between 1 and 100,000")};
    auto plan = read_rehearsal(state, plan_json);
    if (!plan) return Failure{plan.error()};
    const auto shares = arrival_shares(*plan);
    double units = 0;
    for (const auto& line : plan->lines) units += line.expected_units;
    const auto mode = mode_of(plan->pricing);
    const bool one_by_one = mode == PriceMode::cohort || mode == PriceMode::taper;
    if (one_by_one && (units > one_by_one_units_max || units * static_cast<double>(runs) > one_by_one_work_max))
        return Failure{std::string("in mode ") + std::string(word_of(mode)) +
                       " every shopper is played: ask for fewer runs, or expect fewer units"};
    if (how.full && units * static_cast<double>(runs) > full_units_max * 100)
        return Failure{std::string("the full rehearsal plays every shopper: ask for fewer runs, or leave out --full")};

    std::size_t bands = 0;
    for (const auto& line : plan->lines) bands = std::max(bands, decide::bands_of(line.terms).size());
    std::vector<PolicyRuns> policies;
    const auto add = [&](std::string name, std::uint64_t n) {
        policies.push_back({std::move(name), std::vector<RunOutcome>(static_cast<std::size_t>(n))});
    };
    add(own_name(plan->pricing), runs);
    for (std::size_t band = 0; band < bands; ++band) add("fixed:" + std::to_string(band), runs);
    add("taper", runs), add("ts-update", runs);
    const auto affordable = clairvoyant_work_max / std::max(1.0, clairvoyant_work(*plan, shares.size()));
    const auto clairvoyant = static_cast<std::uint64_t>(std::min(static_cast<double>(runs), affordable));
    add("clairvoyant", clairvoyant);
    if (clairvoyant < runs)
        plan->assumptions.push_back("the clairvoyant's plan was computed in the first " + std::to_string(clairvoyant) +
                                    " of " + std::to_string(runs) + " runs: it is slow for so many units");

    const Job job{*plan, shares, seed, how.full, bands, clairvoyant, policies};
    if (const auto trouble = play_all(job, runs, how); !trouble.empty()) return Failure{trouble};
    std::erase_if(policies, [](const PolicyRuns& policy) { return policy.runs.empty(); });
    if (how.people) return rehearsal_text(*plan, policies, runs, seed);
    return rehearsal_json(*plan, policies, runs, seed, shares.size(), how.full);
}

}  // namespace dropsmith::sim
