// What a price decision costs the shop's loop, and what it costs the planner's thread beside it. The drop is live: 72
// hours, hourly, 40 periods gone, three bands, a dozen earlier drops of the SKU behind it, views in every period. On
// the loop: the review, the copy of what the planner needs, and the gate with the fact that follows. Beside it: the
// mathematics. The goal is 50 microseconds on the loop for all of the former together, and 10,000 lines within a
// second of one core: those have a stock, a history and sales of their own each, and nothing is kept between them.
#include <benchmark/benchmark.h>

#include "flow/decide/propose.h"
#include "flow/decide/sample.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide {
namespace {

void pass_hour(SampleShop& shop, const LineKey& key, Random& random) {
    shop.sell(key, Quantity{draw_poisson(random, 0.8)});
    DemandFolded folded;
    folded.rows = {{{shop.now.ms / 60'000, key.drop, shop.cup, {}, shop.web, Signal::page_viewed}, 30}};
    evolve(shop.state.prices, folded, {shop.now, ++shop.state.head, {}});
    shop.now = shop.now + hours(1);
    CHECK(shop.ask(ReviewDue{key}).ok());
    if (const auto question = question_of(shop.state, key, shop.state.head, random.next()))
        CHECK(shop.ask(propose(*question)).ok());
}

struct Live {
    SampleShop shop;
    Random random{1};
    LineKey key;
    Live() {
        for (int drop = 0; drop < 13; ++drop) {
            auto terms = shop.terms();
            terms.slug += std::to_string(drop);
            terms.opens_at = shop.now + hours(1), terms.closes_at = terms.opens_at + hours(72);
            key = shop.open(terms);
            const int played = drop < 12 ? 72 : 40;
            for (int hour = 0; hour < played; ++hour) pass_hour(shop, key, random);
            if (drop == 12) break;
            shop.drop(key.drop).status = DropStatus::closed;
            shop.take(DropClosed{key.drop, "window ended", shop.now});
        }
    }
};

void on_the_loop(benchmark::State& state) {
    Live live;
    const auto question = question_of(live.shop.state, live.key, live.shop.state.head, 1);
    const auto proposed = propose(*question);
    for (auto _ : state) {
        CHECK(live.shop.ask(ReviewDue{live.key}).ok());
        auto asked = question_of(live.shop.state, live.key, live.shop.state.head, 1);
        benchmark::DoNotOptimize(asked);
        auto proposal = proposed;
        proposal.inputs.based_on = live.shop.state.head;
        CHECK(live.shop.ask(proposal).ok());
    }
}
BENCHMARK(on_the_loop)->Unit(benchmark::kMicrosecond);

void on_the_planner(benchmark::State& state) {
    Live live;
    const auto question = question_of(live.shop.state, live.key, live.shop.state.head, 1);
    for (auto _ : state) benchmark::DoNotOptimize(propose(*question));
}
BENCHMARK(on_the_planner)->Unit(benchmark::kMicrosecond);

// jumped: every line sold unlike before in its newest hours, so that these are told one by one.
void ten_thousand_lines(benchmark::State& state) {
    Live live;
    const auto first = question_of(live.shop.state, live.key, live.shop.state.head, 1);
    const bool jumped = state.range(0) == 1;
    std::vector<PriceQuestion> questions;
    for (std::size_t i = 0; i < 10'000; ++i) {
        auto question = *first;
        question.seed = i;
        question.terms.cap = Quantity{40 + static_cast<std::int64_t>(i % 97)};
        question.stock_left = Quantity{1 + static_cast<std::int64_t>(live.random.below(40 + i % 50))};
        const double rate = 0.2 + 0.002 * static_cast<double>(i % 1000);
        question.arrivals.prior_rate = static_cast<double>(question.terms.cap.n) / 72;
        for (auto& before : question.history)
            if (before.looks > 0) before.sales = static_cast<double>(draw_poisson(live.random, before.looks * rate));
        for (auto& arm : question.arms) arm.sales = 0;
        auto& seen = question.arrivals.seen;
        for (std::size_t p = 0; p < seen.size(); ++p) {
            auto& period = seen[p];
            const bool late = jumped && p + 3 >= seen.size();
            period.units = static_cast<std::uint64_t>(draw_poisson(live.random, late ? 5 * rate + 3 : rate));
            for (auto& arm : question.arms)
                if (arm.price == period.price) arm.sales += period.units;
        }
        questions.push_back(std::move(question));
    }
    for (auto _ : state)
        for (const auto& question : questions) benchmark::DoNotOptimize(propose(question));
    state.SetItemsProcessed(state.iterations() * 10'000);
}
BENCHMARK(ten_thousand_lines)->ArgName("jumped")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dropsmith::decide
