// What the journal says of prices, end to end: the demo's drop played on the real state machine, its journal folded
// into periods, and what elasticity and replay make of them.
#include <gtest/gtest.h>

#include <map>

#include "base/sized_testing.h"
#include "engine/price_reach.h"
#include "flow/measure/elasticity.h"
#include "sim/market.h"
#include "sim/replay.h"

namespace dropsmith::sim::studies_test {
namespace {

const Instant start{1'795'000'000'000};

struct Played {
    Played() : market({5, start, 1}), log(engine::price_reached, engine::of_cohort, DropId{1}) {
        market.set_up(demo_setup(5, start));
        DemoShoppers shoppers(5, start);
        market.play(shoppers, start + hours(90));
        EXPECT_TRUE(market.journal()
                        .read(1,
                              [&](const engine::StoredBatch& stored) {
                                  const auto batch = engine::decode_batch(stored);
                                  if (!batch) return false;
                                  std::uint64_t seq = batch->first;
                                  for (const auto& entry : batch->entries)
                                      for (const auto& fact : entry.facts) log.saw(fact, {batch->at, seq++, entry.who});
                                  return true;
                              })
                        .ok());
        periods = log.take(log.last());
    }
    Market market;
    measure::PeriodLog log;
    std::vector<measure::Period> periods;
};

TEST(Studies, TheJournalExplainsEveryChanceAndEveryUnit) {
    Played played;
    EXPECT_EQ(played.log.unexplained(), 0u);  // every logged chance is what the gate makes of the arms
    const auto& drop = played.market.state().drops.drops[0];
    std::map<std::uint32_t, std::int64_t> units;
    std::uint64_t drawn = 0;
    for (const auto& period : played.periods) units[period.key.line] += period.units, drawn += period.drawn();
    EXPECT_GT(drawn, 5u);  // a quarter of its bands apart, the demo seldom finds two worth the same
    for (std::uint32_t i = 0; i < drop.lines.size(); ++i)  // pre-orders were sold before a price was drawn
        EXPECT_EQ(units[i], drop.lines[i].sold.n - drop.lines[i].preorder_sold.n) << "line " << i;
    const auto found = measure::elasticity_of(played.periods, played.log.unexplained());
    EXPECT_EQ(found.drawn, drawn);
    const auto json = measure::elasticity_json(found, played.market.state());
    EXPECT_NE(json.find("\"summary\""), std::string::npos);
}

TEST(Studies, ReplaysOfTheDemosDrop) {
    Played played;
    ReplayHow how;
    how.markets = sized(20U, 2U), how.runs = 1;
    std::map<std::string, std::string> told;
    for (const auto* policy : {"engine", "ts-update", "fixed:0", "fixed:1", "fixed:2", "taper", "list"}) {
        const auto out = replay(played.market.state(), DropId{1}, played.periods, policy, how);
        ASSERT_TRUE(out.ok()) << policy << ": " << out.error();
        EXPECT_NE(out->find("\"summary\""), std::string::npos);
        told[policy] = *out;
    }
    const auto again = replay(played.market.state(), DropId{1}, played.periods, "engine", how);
    EXPECT_EQ(*again, told["engine"]);
    EXPECT_FALSE(replay(played.market.state(), DropId{2}, played.periods, "engine", how).ok());
}

}  // namespace
}  // namespace dropsmith::sim::studies_test
