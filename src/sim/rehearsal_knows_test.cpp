// A rehearsal and a replay in a shop that has sold before: the engine is asked with the drops, the curves and the hours
// that the real drop would be priced with, both speeds alike; and a replay is not told what came later.
#include <gtest/gtest.h>

#include <memory>

#include "base/sized_testing.h"
#include "base/text.h"
#include "engine/pricing_copy.h"
#include "sim/market.h"
#include "sim/rehearsal_stage.h"
#include "sim/rehearse_full.h"

namespace dropsmith::sim::rehearsal_knows_test {
namespace {

const Instant start{1'795'000'000'000};

// The demo's drop, played and closed; and imported trade of its first SKU.
const State& shop() {
    static const auto market = [] {
        auto played = std::make_unique<Market>(MarketSettings{5, start, 1});
        played->set_up(demo_setup(5, start));
        DemoShoppers shoppers(5, start);
        played->play(shoppers, start + hours(90));
        return played;
    }();
    static const State state = [] {
        const auto& drop = market->state().drops.drops.at(0);
        std::vector<SkuId> skus;
        for (const auto& line : drop.lines) skus.push_back(line.terms.sku);
        auto copy = engine::copy_of_shop(market->state(), skus);
        Import import;
        import.id = ImportId{1}, import.status = ImportStatus::published;
        import.by_hour.assign(24, 10), import.by_hour[19] = 400;
        copy.history.imports = {import};
        for (std::int64_t day = 1; day <= 30; ++day)
            copy.history.hours[{static_cast<std::uint32_t>(skus[0].n), start.ms / hours(1).n - 24 * day}].sum = {
                6, 0, Money{6 * drop.lines[0].terms.list_price.n}};
        return copy;
    }();
    return state;
}

std::string money(Money amount) {
    return R"({"amount": )" + std::to_string(amount.n) + R"(, "currency": ")" + shop().shop.currency + R"("})";
}

// The demo's first lines again, a week later.
std::string again(std::string_view pricing) {
    const auto& drop = shop().drops.drops.at(0);
    std::string lines;
    for (std::size_t i = 0; i < 2 && i < drop.lines.size(); ++i) {
        const auto& terms = drop.lines[i].terms;
        std::string bands;
        for (const auto band : terms.bands) bands += (bands.empty() ? "" : ",") + money(band);
        lines += std::string(i ? "," : "") + R"({"sku": ")" + shop().catalogue.find(terms.sku)->terms.sku +
                 R"(", "cap": 30, "bands": [)" + bands + R"(], "floor": )" + money(terms.bands.front()) +
                 R"(, "below_cost_ok": true, "list_price": )" + money(terms.list_price) + R"(, "expected_units": 40})";
    }
    return R"({"opens_at": "2027-01-14T12:00:00Z", "closes_at": "2027-01-16T12:00:00Z", "channels": ["web"],
        "lines": [)" +
           lines + R"(], "pricing": )" + std::string(pricing) + "}";
}

bool says(const std::vector<std::string>& told, std::string_view words) {
    for (const auto& one : told)
        if (one.find(words) != std::string::npos) return true;
    return false;
}

TEST(RehearsalKnows, EarlierDropsCurvesAndHours) {
    const auto plan = read_rehearsal(shop(), again(R"({"policy": "engine", "cadence_s": 3600})"));
    ASSERT_TRUE(plan.ok()) << plan.error();
    ASSERT_NE(plan->shop, nullptr);
    EXPECT_EQ(plan->opens, *parse_rfc3339("2027-01-14T12:00:00Z"));
    EXPECT_TRUE(says(plan->assumptions, "periods of earlier drops at its bands"));
    EXPECT_TRUE(says(plan->assumptions, "on an ordinary day"));
    EXPECT_TRUE(says(plan->assumptions, "1 earlier drops of the channel and the hours of 630 imported units"));
    ASSERT_EQ(plan->shares.size(), 48u);
    double sum = 0, evening = 0;
    for (std::size_t t = 0; t < 48; ++t) sum += plan->shares[t], evening += (12 + t) % 24 == 19 ? plan->shares[t] : 0;
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_GT(evening, 2.0 / 48);  // more than evenly: two of the hours are the trade's best

    const auto alone = read_rehearsal(State{}, again(R"({"policy": "engine", "cadence_s": 3600})"));
    ASSERT_TRUE(alone.ok()) << alone.error();
    EXPECT_TRUE(says(alone->assumptions, "no shop was given"));
    EXPECT_TRUE(alone->shares.empty());
}

TEST(RehearsalKnows, BothSpeedsAlike) {
    for (const auto* pricing : {R"({"policy": "engine", "cadence_s": 3600, "explore_share": 0.3})",
                                R"({"policy": "engine", "mode": "cohort", "cadence_s": 3600, "explore_share": 0.3})"}) {
        SCOPED_TRACE(pricing);
        const auto plan = read_rehearsal(shop(), again(pricing));
        ASSERT_TRUE(plan.ok()) << plan.error();
        Crowd crowd(*plan, arrival_shares(*plan));
        auto fast = shop_pricer(*plan, 3);
        ASSERT_TRUE(fast.ok()) << fast.error();
        for (std::uint64_t run = 0; run < sized(4U, 2U); ++run) {
            crowd.draw(3, run);
            const auto quick = play(*plan, crowd, **fast, run);
            const auto full = play_full(*plan, crowd, 3, run);
            ASSERT_TRUE(full.ok()) << full.error();
            EXPECT_GT(quick.sold, 0);
            EXPECT_EQ(quick.margin, full->margin);
            for (std::size_t i = 0; i < plan->lines.size(); ++i)
                EXPECT_EQ(quick.lines[i].by_price, full->lines[i].by_price) << "run " << run << " line " << i;
        }
    }
}

// The prior moves the engine: the same plan on the same draws, with the shop's past and without.
TEST(RehearsalKnows, ThePriorCounts) {
    auto plan = read_rehearsal(shop(), again(R"({"policy": "engine", "cadence_s": 3600, "explore_share": 0.3})"));
    ASSERT_TRUE(plan.ok()) << plan.error();
    auto forgetful = *plan;
    auto bare = *plan->shop;
    bare.prices.curves.clear(), bare.history = {};
    for (auto& [key, price] : bare.prices.lines) price.arms.clear();
    forgetful.shop = std::make_shared<const State>(std::move(bare));
    Crowd crowd(*plan, arrival_shares(*plan));
    auto knowing = shop_pricer(*plan, 3), alone = shop_pricer(forgetful, 3);
    ASSERT_TRUE(knowing.ok() && alone.ok());
    bool differs = false;
    for (std::uint64_t run = 0; run < 3 && !differs; ++run) {
        crowd.draw(3, run);
        const auto a = play(*plan, crowd, **knowing, run), b = play(forgetful, crowd, **alone, run);
        for (std::size_t i = 0; i < a.lines.size(); ++i)
            differs = differs || a.lines[i].by_price != b.lines[i].by_price;
    }
    EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace dropsmith::sim::rehearsal_knows_test
