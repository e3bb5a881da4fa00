// Simulated drops a second, by way of pricing: one line of 40 units, three bands, 72 hourly reviews. `draw` is the
// crowd alone (drawn once a run for all policies); the others draw and play.
#include <benchmark/benchmark.h>

#include "sim/rehearsal_run.h"
#include "sim/rehearsal_stage.h"
#include "sim/rehearse_full.h"

namespace dropsmith::sim {
namespace {

Rehearsal plan() {
    Rehearsal out;
    out.currency = "GBP", out.window = hours(72);
    out.pricing.policy = PricePolicy::bandit;
    MarketLine line;
    line.sku = "CUP", line.expected_units = 40;
    line.terms.cap = Quantity{40}, line.terms.list_price = Money{3000}, line.terms.floor = Money{2000};
    line.terms.bands = {Money{2400}, Money{3000}, Money{3600}};
    line.unit.unit_cost = Money{1200};
    out.lines.push_back(std::move(line));
    return out;
}

void draw(benchmark::State& state) {
    const auto at = plan();
    Crowd crowd(at, arrival_shares(at));
    std::uint64_t run = 0;
    for (auto _ : state) crowd.draw(1, run++);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(draw);

template <class Make>
void drops(benchmark::State& state, Make make) {
    const auto at = plan();
    Crowd crowd(at, arrival_shares(at));
    auto pricer = make(at, crowd);
    double sold = 0;
    std::uint64_t run = 0;
    for (auto _ : state) {
        crowd.draw(1, run);
        sold += play(at, crowd, *pricer, run++).sold;
    }
    benchmark::DoNotOptimize(sold);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(drops, fixed, [](const Rehearsal& at, const Crowd&) { return fixed_pricer(at, 1); });
BENCHMARK_CAPTURE(drops, taper, [](const Rehearsal& at, const Crowd& c) { return taper_pricer(at, c.periods()); });
BENCHMARK_CAPTURE(drops, ts_update,
                  [](const Rehearsal& at, const Crowd& c) { return thompson_pricer(at, c.periods(), 1); });
BENCHMARK_CAPTURE(drops, clairvoyant, [](const Rehearsal& at, const Crowd& c) { return clairvoyant_pricer(at, c); });
BENCHMARK_CAPTURE(drops, engine, [](const Rehearsal& at, const Crowd&) { return shop_pricer(at, 1).value(); });

void full(benchmark::State& state) {
    const auto at = plan();
    Crowd crowd(at, arrival_shares(at));
    std::uint64_t run = 0;
    for (auto _ : state) {
        crowd.draw(1, run);
        benchmark::DoNotOptimize(play_full(at, crowd, 1, run++).ok());
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(full);

}  // namespace
}  // namespace dropsmith::sim
