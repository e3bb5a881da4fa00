// Thousands of lines whose reviews fall due at one instant, through the loop's own thread and the planner's: every one
// is decided in every cadence, and staff finds its lane open meanwhile. Where the planner's queue is too short for all
// of them, those that were left out are the first of the next cadence. (The short queue leaving out the same ones for
// ever is shown first.)
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "base/sized_testing.h"
#include "engine/pricing_planner.h"
#include "engine/proposal_door.h"
#include "engine/shop_testing.h"

namespace dropsmith::engine::price_cadence_test {
namespace {

constexpr std::uint64_t channels = 4;

// A drop of many lines in several channels, open, an hour before its first review.
struct WideShop : ShopOnTest {
    std::uint64_t lines;
    WideShop(Journal& journal, std::uint64_t line_count) : ShopOnTest(journal), lines(line_count) {
        start();
        must(OpenShop{"Test", "GBP", "Europe/London"});
        must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
        for (std::uint64_t c = 2; c <= channels; ++c)
            must(AddChannel{"web " + std::to_string(c), ChannelMode::own, {}, {}});
        auto wide = terms(40);
        wide.channels.clear(), wide.lines.clear();
        for (std::uint64_t c = 1; c <= channels; ++c) wide.channels.push_back(ChannelId{c});
        wide.pricing.policy = PricePolicy::bandit;
        for (std::uint64_t i = 1; i <= lines; ++i) {
            const auto name = "VASE-" + std::to_string(i);
            must(AddProduct{name, "", "", "standard", {{name, "", Money{1'000}, false, Money{2'990}, 0, ""}}});
            must(ReceiveStock{PlaceId{1}, {{SkuId{i}, Quantity{40}, Money{1'000}}}, ""});
            auto line = terms(40).lines[0];
            line.sku = SkuId{i}, line.bands = {Money{2'400}, Money{2'990}, Money{3'600}};
            wide.lines.push_back(std::move(line));
        }
        must(DraftDrop{wide});
        must(ScheduleDrop{DropId{1}});
        pass(minutes(1));
    }
    // Keys that were decided since their last review.
    std::vector<LineKey> decided() const {
        std::vector<LineKey> out;
        for (const auto& [key, line] : core.state().prices.lines)
            if (line.kind == DecisionKind::bandit && line.last_set_seq > line.last_review_seq) out.push_back(key);
        return out;
    }
};

TEST(PriceCadence, EveryLineIsDecidedInEveryCadence) {
    MemoryJournal journal;
    WideShop shop(journal, sized(500u, 250u));
    const auto keys = shop.lines * channels;
    ManualClock machine(Instant{1'800'000'000'000});
    machine.step_wall(shop.now - machine.wall());
    ShopClock clock(machine, shop.now, 1, false);
    Loop loop(shop.core, clock);
    ProposalDoor door(loop);
    Planners planners(1, [&](Command command) { door.hand_in(std::move(command)); });
    PricingPlanner pricing(planners, 7);
    shop.core.watch(&pricing);
    loop.start();
    std::uint64_t staff = 0, answered = 0;
    for (std::uint64_t cadence = 1; cadence <= 3; ++cadence) {
        for (int step = 0; step < 60; ++step) {
            machine.advance(minutes(1));
            Ask nudge;
            nudge.command = Command(AddPlace{"P" + std::to_string(++staff), PlaceKind::store, "Etc/UTC", {}});
            nudge.who = {ActorKind::shop, {}};
            answered += loop.ask_and_wait(Lane::control, std::move(nudge)).stored;
        }
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
        while (planners.figures().submitted < cadence * keys && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        ASSERT_EQ(planners.figures().submitted, cadence * keys);
    }
    loop.stop();
    EXPECT_EQ(answered, staff);
    EXPECT_EQ(planners.figures().dropped, 0u);
    EXPECT_EQ(door.given_up(), 0u);
    EXPECT_EQ(pricing.missed(), 0u);
    EXPECT_EQ(shop.decided().size(), keys);
    std::map<LineKey, int> bandit;
    for (const auto& stored : journal.batches()) {
        const auto batch = decode_batch(stored);
        ASSERT_TRUE(batch.ok());
        for (const auto& entry : batch->entries)
            for (const auto& fact : entry.facts)
                if (const auto* set = fact.as<PriceSet>()) bandit[set->key] += set->kind == DecisionKind::bandit;
    }
    for (const auto& [key, times] : bandit) ASSERT_EQ(times, 3) << key.line << " in " << key.channel.n;
}

// Without threads: a cadence by hand, with a queue that has room for a part of it.
struct Short {
    MemoryJournal journal;
    WideShop shop{journal, 20};
    std::vector<Command> proposed;
    Planners planners{0, [this](Command command) { proposed.push_back(std::move(command)); }, 30};
    std::map<LineKey, int> times;

    void cadence() {
        shop.pass(hours(1));
        planners.drain();
        for (auto& command : std::exchange(proposed, {})) {
            ++times[command.as<ProposePrice>()->key];
            shop.must(std::move(command));
        }
    }
};

// As it was: whoever finds the queue full is forgotten.
class Forgetful final : public Watcher {
  public:
    explicit Forgetful(Planners& planners) : planners_(planners) {}
    void stored(const State& state, const Batch& batch) override {
        for (const auto& entry : batch.entries)
            for (const auto& fact : entry.facts)
                if (const auto* reviewed = fact.as<PriceReviewed>())
                    if (auto question = decide::question_of(state, reviewed->key, batch.last(), 1))
                        planners_.offer([asked = *question] { return std::optional<Command>(decide::propose(asked)); });
    }

  private:
    Planners& planners_;
};

TEST(PriceCadence, AShortQueueStarvesTheSameLinesForEver) {
    Short one;
    Forgetful forgetful(one.planners);
    one.shop.core.watch(&forgetful);
    for (int hour = 0; hour < 8; ++hour) one.cadence();
    EXPECT_EQ(one.times.size(), 30u) << "of 80";
}

TEST(PriceCadence, WhoWasLeftOutComesFirstNextTime) {
    Short one;
    PricingPlanner pricing(one.planners, 7);
    one.shop.core.watch(&pricing);
    for (int hour = 0; hour < 8; ++hour) {
        one.cadence();
        if (hour == 2) {
            EXPECT_EQ(one.times.size(), 80u) << "all have been decided within three cadences";
        }
    }
    int least = 8, most = 0;
    for (const auto& [key, times] : one.times) least = std::min(least, times), most = std::max(most, times);
    EXPECT_GE(least, 2);  // 8 cadences of 30 for 80 lines: three each
    EXPECT_LE(most, 4);
    EXPECT_EQ(one.planners.figures().dropped, 8u * 50u);
    one.shop.must(KillPrices{DropId{1}, "enough"});
    EXPECT_EQ(pricing.missed(), 0u) << "a place is kept for nobody who will not come";
}

}  // namespace
}  // namespace dropsmith::engine::price_cadence_test
