// The simulated market on the real state machine: the demo runs through as promised, the same seed gives the same bytes
// with one and two planner threads, and every price that was set lies inside its band, at or above the floor, and is
// explained.
#include "sim/market.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "flow/decide/guardrail.h"
#include "flow/measure/report.h"

namespace dropsmith::sim::market_test {
namespace {

const Instant start{1'795'000'000'000};  // 2026-11-18

struct Played {
    std::string bytes;
    std::string hash;
};

Played play(std::uint64_t seed, unsigned threads) {
    Market market({seed, start, threads});
    market.set_up(demo_setup(seed, start));
    DemoShoppers shoppers(seed, start);
    market.play(shoppers, start + hours(40));
    Played played{{}, market.head_hash()};
    EXPECT_TRUE(market.journal()
                    .read(1,
                          [&](const engine::StoredBatch& batch) {
                              played.bytes.append(batch.bytes.begin(), batch.bytes.end());
                              return true;
                          })
                    .ok());
    return played;
}

TEST(Market, SameSeedSameBytesTwiceAndWithTwoPlannerThreads) {
    const auto once = play(3, 1), again = play(3, 1), two = play(3, 2), none = play(3, 0), other = play(4, 1);
    EXPECT_GT(once.bytes.size(), 100'000u);
    EXPECT_EQ(once.hash, again.hash);
    EXPECT_TRUE(once.bytes == again.bytes);
    EXPECT_TRUE(once.bytes == two.bytes);
    EXPECT_TRUE(once.bytes == none.bytes);
    EXPECT_FALSE(once.bytes == other.bytes);
}

TEST(Market, TheDemoOpensRepricesSellsOutAndSettles) {
    // The demo's (app/demo.h): of eight seeds three sell 85 % or more, five sell a line out.
    const std::uint64_t seed = 7;
    Market market({seed, start, 1});
    market.set_up(demo_setup(seed, start));
    EXPECT_TRUE(market.tally().failed.empty()) << market.tally().failed.front();
    DemoShoppers shoppers(seed, start);
    market.play(shoppers, start + hours(78));
    const auto& state = market.state();
    ASSERT_EQ(state.drops.drops.size(), 2u);
    EXPECT_EQ(state.drops.drops[1].status, DropStatus::scheduled);
    market.play(shoppers, start + hours(90));  // the last holds have run out
    const auto& drop = state.drops.drops[0];
    EXPECT_EQ(drop.status, DropStatus::settled);
    EXPECT_EQ(state.drops.drops[1].status, DropStatus::open);
    const auto figures = measure::figures_of(state, drop);
    EXPECT_EQ(figures.cap, 320);
    EXPECT_GE(figures.units_sold, 320 * 85 / 100);
    EXPECT_LE(figures.units_sold, 320);
    EXPECT_GT(figures.margin, Money{});
    EXPECT_GT(figures.sessions, 1'000u);
    EXPECT_GT(market.tally().proposals, 100u);
    RecordProperty("sold", static_cast<int>(figures.units_sold));
    RecordProperty("orders", static_cast<int>(figures.orders));
    int sold_out = 0;
    for (const auto& line : drop.lines) {
        EXPECT_EQ(line.held, Quantity{}) << "settled, so nothing is held";
        sold_out += line.sold_out_at.has_value();
    }
    EXPECT_GE(sold_out, 1);
}

TEST(Market, EveryPriceIsLawfulAndExplained) {
    Market market({5, start, 1});
    market.set_up(demo_setup(5, start));
    DemoShoppers shoppers(5, start);
    market.play(shoppers, start + hours(78));
    std::uint64_t decisions = 0, bandit = 0;
    EXPECT_TRUE(
        market.journal()
            .read(1,
                  [&](const engine::StoredBatch& stored) {
                      const auto batch = engine::decode_batch(stored);
                      EXPECT_TRUE(batch.ok());
                      for (const auto& entry : batch->entries)
                          for (const auto& fact : entry.facts) {
                              const auto* set = fact.as<PriceSet>();
                              if (!set) continue;
                              ++decisions, bandit += set->kind == DecisionKind::bandit;
                              const auto& terms = market.state().drops.find(set->key.drop)->lines[set->key.line].terms;
                              EXPECT_TRUE(std::find(terms.bands.begin(), terms.bands.end(), set->price) !=
                                          terms.bands.end());
                              EXPECT_GE(set->price, set->floor);
                              const auto unit =
                                  decide::unit_economics(market.state(), terms.sku, set->key.channel, batch->at);
                              EXPECT_TRUE(unit.has_value());
                              EXPECT_GE(
                                  static_cast<__int128>(decide::contribution(*unit, set->price).n) * 1'000'000,
                                  static_cast<__int128>(decide::net_price(*unit, set->price).n) * terms.min_margin->n);
                              Rate sum;
                              for (const auto& arm : set->inputs.arms) sum += arm.propensity;
                              EXPECT_EQ(sum, whole);
                              EXPECT_GT(set->propensity, Rate{});
                              EXPECT_FALSE(set->inputs.policy.empty());
                              EXPECT_FALSE(set->reason.empty());
                          }
                      return true;
                  })
            .ok());
    EXPECT_GT(bandit, 100u);
    EXPECT_EQ(decisions, market.state().prices.decisions);
}

}  // namespace
}  // namespace dropsmith::sim::market_test
