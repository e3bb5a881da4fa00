// How much of what could be earned does the engine earn? Prints the tables of docs/concepts/pricing-mathematics.md:
// percent of the exact optimum (mean and 5th percentile over drops) on GRID-252 and its weak, glutted and front-
// loaded kin, with and without history; percent of the fluid bound on FSW-1; the held-out grids; two products on
// three resources (FSW-2); and how fast it is, in processor time of this thread. A percentage is 100 less what each
// decision gave away against the optimum, in mean: free of the chance of who buys. The same seed gives the same
// tables.
//   bench_pricing [--runs 40] [--seed 1] [--table NAME] [--smoke]
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "flow/decide/lab_grid.h"
#include "flow/decide/lab_network.h"

namespace {

using namespace dropsmith;
using namespace dropsmith::decide;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Asked {
    std::uint64_t runs = 40, seed = 1;
    std::string table = "all";
    bool smoke = false;
    bool wants(std::string_view name) const { return table == "all" || table == name; }
};

struct Score {
    double mean = 0, low = 0, microseconds = 0;
};

Score score(const std::vector<LabProblem>& problems, std::string_view policy, const Asked& asked) {
    std::vector<double> percents;
    double decisions = 0, seconds = 0, sum = 0;
    const std::size_t step = asked.smoke ? 13 : 1;
    for (std::size_t i = 0; i < problems.size(); i += step) {
        const Optimum optimum(problems[i]);
        const LabBench bench(problems[i], optimum, policy);
        double lost = 0;
        const double start = cpu_seconds();
        for (std::uint64_t run = 0; run < asked.runs; ++run) {
            Random random(asked.seed + i, run);
            const auto one = bench.policy();
            const auto result = lab_run(problems[i], optimum, *one, random);
            lost += result.lost, decisions += static_cast<double>(result.decisions);
        }
        seconds += cpu_seconds() - start;
        percents.push_back(100 - 100 * lost / static_cast<double>(asked.runs) / optimum.value());
        sum += percents.back();
    }
    std::sort(percents.begin(), percents.end());
    return {sum / static_cast<double>(percents.size()), percents[percents.size() / 20], seconds / decisions * 1e6};
}

void row(std::string_view name, const std::vector<LabProblem>& problems, const std::vector<std::string_view>& policies,
         const Asked& asked) {
    std::printf("| %-28.*s |", static_cast<int>(name.size()), name.data());
    for (const auto policy : policies) {
        const auto s = score(problems, policy, asked);
        std::printf(" %6.2f (%5.1f) |", s.mean, s.low);
        std::fflush(stdout);
    }
    std::printf("\n");
}

void head(const char* title, const std::vector<std::string_view>& columns) {
    std::printf("\n## %s\n\n| %-28s |", title, "");
    for (const auto column : columns) std::printf(" %-14.*s |", static_cast<int>(column.size()), column.data());
    std::printf("\n|---|");
    for (std::size_t i = 0; i < columns.size(); ++i) std::printf("---|");
    std::printf("\n");
}

// Ten looks a band of earlier drops: what the chances say, times `off`.
std::vector<LabProblem> with_history(std::vector<LabProblem> problems, double off) {
    for (auto& problem : problems)
        for (const double chance : problem.chances)
            problem.history.push_back({0, 10, 10 * std::min(1.0, off * chance), true});
    return problems;
}
std::vector<LabProblem> blind(std::vector<LabProblem> problems) {
    for (auto& problem : problems) problem.looks_seen = false;
    return problems;
}

void grids(const Asked& asked) {
    const std::vector<std::string_view> policies{"engine", "ts-update", "ts-fixed", "lp-known"};
    if (asked.wants("grid")) {
        head("Percent of the exact optimum, mean (5th percentile over drops), no history", policies);
        row("GRID-252 T=24", grid_252(24).problems, policies, asked);
        row("GRID-252 T=72", grid_252(72).problems, policies, asked);
        row("GRID-252 T=144", grid_252(144).problems, policies, asked);
        row("WEAK", grid_weak().problems, policies, asked);
        row("GLUT", grid_glut().problems, policies, asked);
    }
    if (asked.wants("history")) {
        head("With ten looks a band of history", {"engine"});
        for (const std::size_t periods : {24u, 72u})
            for (const double off : {1.0, 0.5, 2.0}) {
                char name[64];
                std::snprintf(name, sizeof name, "T=%zu, history times %.1f", periods, off);
                row(name, with_history(grid_252(periods).problems, off), {"engine"}, asked);
            }
    }
    if (asked.wants("arrivals")) {
        const std::vector<std::string_view> curves{"engine", "engine-learn", "engine-flat", "ts-update"};
        head("Arrivals: the curve known, learned, taken for even", curves);
        row("looks counted, falling", grid_front().problems, curves, asked);
        row("looks counted, even", grid_252(72).problems, curves, asked);
        row("sales alone, falling", blind(grid_front().problems), curves, asked);
        row("sales alone, even", blind(grid_252(72).problems), curves, asked);
    }
    if (asked.wants("held-out")) {
        const std::vector<std::string_view> two{"engine", "ts-update"};
        head("Grids written down before tuning, and not tuned to", two);
        for (const auto& grid : held_out_grids()) row(grid.name, grid.problems, two, asked);
    }
}

void fsw1(const Asked& asked) {
    if (!asked.wants("fsw-1")) return;
    const std::vector<std::string_view> policies{"engine", "ts-update", "ts-fixed", "lp-known", "dp-known"};
    head("FSW-1, percent of the fluid bound (500 runs; 50 at T=10000)", policies);
    for (const double scarcity : {.25, .50})
        for (const std::size_t periods : {100u, 200u, 500u, 1000u, 10000u}) {
            if (asked.smoke && periods > 200) continue;
            LabProblem problem;
            problem.values = {29.9, 34.9, 39.9, 44.9}, problem.chances = {.8, .6, .3, .1};
            problem.arrivals.assign(periods, 1.0);
            problem.stock = static_cast<std::int64_t>(scarcity * static_cast<double>(periods) + 1e-9);
            const Optimum optimum(problem);
            std::printf("| stock %.2f T, T=%-12zu |", scarcity, periods);
            for (const auto policy : policies) {
                const LabBench bench(problem, optimum, policy);
                const std::uint64_t runs = asked.smoke ? 5 : periods > 1000 ? 50 : 500;
                double lost = 0;
                for (std::uint64_t run = 0; run < runs; ++run) {
                    Random random(asked.seed, run);
                    const auto one = bench.policy();
                    lost += lab_run(problem, optimum, *one, random).lost;
                }
                const double kept = optimum.value() - lost / static_cast<double>(runs);
                std::printf(" %6.2f         |", 100 * kept / lp_bound(problem));
                std::fflush(stdout);
            }
            std::printf("\n");
        }
}

void fsw2(const Asked& asked) {
    if (!asked.wants("fsw-2")) return;
    head("FSW-2, two products on three resources: percent of the fluid bound, T=500 (1000)",
         {"bound a period", "engine", "ts-update", "ts-fixed", "lp-known"});
    for (const auto& instance : fsw2_instances()) {
        std::printf("| %-28.*s | %14.6f |", static_cast<int>(instance.name.size()), instance.name.data(),
                    network_bound(instance));
        for (const auto policy : {NetworkPolicy::engine, NetworkPolicy::ts_update, NetworkPolicy::ts_fixed,
                                  NetworkPolicy::lp_known}) {
            std::string cell;
            for (const std::size_t periods : {500u, 1000u}) {
                const std::uint64_t runs = asked.smoke ? 1 : 100;
                const double percent = network_percent(instance, policy, asked.smoke ? 50 : periods, runs, asked.seed);
                char text[32];
                std::snprintf(text, sizeof text, cell.empty() ? "%.2f" : " (%.2f)", percent);
                cell += text;
            }
            std::printf(" %-14s |", cell.c_str());
            std::fflush(stdout);
        }
        std::printf("\n");
    }
}

void speeds(const Asked& asked) {
    if (!asked.wants("speed")) return;
    std::printf("\n## Speed, processor time of one thread\n\n");
    Asked few = asked;
    few.runs = asked.smoke ? 2 : 2000;
    const auto drop = std::vector<LabProblem>{grid_252(144).problems[100]};
    for (const std::string_view policy : {"ts-update", "fixed:1", "dp-known", "lp-known", "engine"}) {
        Asked now = few;
        if (policy == "engine") now.runs = asked.smoke ? 1 : 100;
        const auto s = score(drop, policy, now);
        const double seconds = s.microseconds * 1e-6;
        std::printf("%-12.*s %12.0f decisions/s\n", static_cast<int>(policy.size()), policy.data(), 1 / seconds);
    }
    for (const std::string_view policy : {"fixed:1", "ts-update"}) {
        const Optimum optimum(drop[0]);
        const LabBench bench(drop[0], optimum, policy);
        const double start = cpu_seconds();
        for (std::uint64_t run = 0; run < few.runs; ++run) {
            Random random(asked.seed, run);
            const auto one = bench.policy();
            lab_run(drop[0], optimum, *one, random);
        }
        std::printf("%-12.*s %12.0f drops of 144 periods/s\n", static_cast<int>(policy.size()), policy.data(),
                    static_cast<double>(few.runs) / (cpu_seconds() - start));
    }
    const std::size_t lines = asked.smoke ? 50 : 10000;  // each with a prior of its own, mid-window
    Random random(asked.seed);
    const double start = cpu_seconds();
    for (std::size_t i = 0; i < lines; ++i) {
        PolicyAsk ask;
        ask.arms = {{12, 8, 20, true}, {18, 9, 14, true}, {24, 10, 9, true}};
        ask.stock_left = static_cast<double>(20 + i % 60), ask.periods_left = 30;
        ask.prior_rate = 1 + static_cast<double>(i) * 1e-4;
        choose(engine_policy(), ask, 1, whole, random);
    }
    std::printf("engine, %zu lines of a shop, nothing kept from the cadence before: %.3f s\n", lines,
                cpu_seconds() - start);
}

}  // namespace

int main(int argc, char** argv) {
    Asked asked;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--smoke") asked.smoke = true, asked.runs = 1;
        else if (word == "--runs" && i + 1 < argc) asked.runs = std::strtoull(argv[++i], nullptr, 10);
        else if (word == "--seed" && i + 1 < argc) asked.seed = std::strtoull(argv[++i], nullptr, 10);
        else if (word == "--table" && i + 1 < argc) asked.table = argv[++i];
        else {
            std::fprintf(stderr, "bench_pricing [--runs 40] [--seed 1] [--smoke] [--table "
                                 "grid|history|arrivals|held-out|fsw-1|fsw-2|speed]\n");
            return 2;
        }
    }
    if (asked.runs == 0) asked.runs = 1;
    std::printf("seed %llu, %llu runs a drop%s\n", static_cast<unsigned long long>(asked.seed),
                static_cast<unsigned long long>(asked.runs), asked.smoke ? " of every thirteenth drop (smoke)" : "");
    grids(asked);
    fsw1(asked);
    fsw2(asked);
    speeds(asked);
    return 0;
}
