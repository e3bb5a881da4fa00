// A cadence of the largest size through the live loop: 10,000 reviews (two drops of 500 lines in ten channels) fall due
// at one instant; the loop reviews them, copies the questions, the planner's thread answers each, and every proposal
// passes the gate and becomes a fact. The journal is in memory, so that what is measured is ours and not a disk's; loop
// and planner are two threads. The goal is a second a core and cadence; `longest_batch_ms` is the processor time of the
// longest batch: what a buyer may have waited for the loop.
#include <benchmark/benchmark.h>

#include <chrono>
#include <thread>

#include "engine/memory_journal.h"
#include "engine/pricing_planner.h"
#include "engine/proposal_door.h"
#include "engine/shop_clock.h"

namespace dropsmith::engine {
namespace {

constexpr std::uint64_t lines = 500, channels = 10, drops = 2;

class Wide {
  public:
    Wide() : core_(journal_, {std::string(32, 'k'), 7}) {
        CHECK(core_.start(now_).ok());
        must(OpenShop{"Bench", "GBP", "Europe/London"});
        must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
        for (std::uint64_t c = 2; c <= channels; ++c)
            must(AddChannel{"web " + std::to_string(c), ChannelMode::own, {}, {}});
        for (std::uint64_t d = 0; d < drops; ++d) open_drop(d);
        now_ = now_ + minutes(1);
        CHECK(core_.run({}, now_));
    }
    Core& core() { return core_; }
    Instant now() const { return now_; }

  private:
    void must(Command command) {
        Ask ask;
        ask.command.emplace(std::move(command));
        ask.who = {ActorKind::shop, {}};
        const auto before = core_.state().head;
        CHECK(core_.run({&ask, 1}, now_));
        CHECK(core_.state().head > before);
    }
    void open_drop(std::uint64_t d) {
        DropTerms terms;
        terms.slug = "wide-" + std::to_string(d), terms.title = "Wide";
        terms.opens_at = now_ + minutes(1), terms.closes_at = now_ + hours(72);
        for (std::uint64_t c = 1; c <= channels; ++c) terms.channels.push_back(ChannelId{c});
        terms.pricing.policy = PricePolicy::bandit;
        for (std::uint64_t i = 0; i < lines; ++i) {
            const SkuId sku{d * lines + i + 1};
            const auto name = "VASE-" + std::to_string(sku.n);
            must(AddProduct{name, "", "", "standard", {{name, "", Money{1'000}, false, Money{2'990}, 0, ""}}});
            must(ReceiveStock{PlaceId{1}, {{sku, Quantity{60}, Money{1'000}}}, ""});
            LineTerms line;
            line.sku = sku, line.cap = Quantity{60}, line.floor = Money{2'000}, line.list_price = Money{2'990};
            line.bands = {Money{2'400}, Money{2'990}, Money{3'600}};
            terms.lines.push_back(std::move(line));
        }
        must(DraftDrop{terms});
        must(ScheduleDrop{DropId{d + 1}});
    }
    MemoryJournal journal_;
    Instant now_{1'800'000'000'000};
    Core core_;
};

void a_cadence_of_ten_thousand(benchmark::State& state) {
    Wide wide;
    ManualClock machine(wide.now());
    ShopClock clock(machine, wide.now(), 1, false);
    Loop loop(wide.core(), clock);
    ProposalDoor door(loop);
    Planners planners(1, [&](Command command) { door.hand_in(std::move(command)); });
    PricingPlanner pricing(planners, 7);
    wide.core().watch(&pricing);
    loop.start();
    std::uint64_t wanted = 0;
    for (auto _ : state) {
        wanted += lines * channels * drops;
        for (int step = 0; step < 60; ++step) machine.advance(minutes(1));
        Ask nudge;
        nudge.who = {ActorKind::shop, {}};
        CHECK(loop.ask_and_wait(Lane::control, std::move(nudge)).stored);  // wakes the loop: its timers are due
        while (planners.figures().submitted < wanted) std::this_thread::sleep_for(std::chrono::microseconds(200));
        Ask last;
        last.who = {ActorKind::shop, {}};
        CHECK(loop.ask_and_wait(Lane::control, std::move(last)).stored);  // what was handed in is set
        CHECK(planners.figures().dropped == 0);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(wanted));
    state.counters["longest_batch_ms"] = static_cast<double>(loop.figures().longest.cpu_us) / 1e3;
    loop.stop();
}
BENCHMARK(a_cadence_of_ten_thousand)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(5);

}  // namespace
}  // namespace dropsmith::engine
