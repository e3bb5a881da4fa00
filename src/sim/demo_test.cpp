// The demo's content: deterministic, in order of time, about the drops that were set up, and like a crowd (many look,
// fewer hold).
#include "sim/demo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/limits.h"
#include "model/drop.h"
#include "model/history.h"
#include "model/product.h"
#include "model/shop.h"

namespace dropsmith::sim::demo_test {
namespace {

const Instant start{1'795'000'000'000};

TEST(Demo, SetUpOpensTheShopAndHasAYearOfHistory) {
    const auto commands = demo_setup(1, start);
    ASSERT_NE(commands.front().command.as<OpenShop>(), nullptr);
    EXPECT_TRUE(commands.front().command.as<OpenShop>()->simulated) << "never served as real";
    std::set<std::uint64_t> keys;
    std::size_t lines = 0, drops = 0;
    Instant first = start, last;
    for (const auto& [command, who] : commands) {
        drops += command.as<ScheduleDrop>() != nullptr;
        const auto* slice = command.as<StageHistory>();
        if (!slice) continue;
        EXPECT_LE(slice->lines.size(), limits::import_slice_rows);
        for (const auto& line : slice->lines) {
            ++lines, keys.insert(line.key);
            first = std::min(first, line.at), last = std::max(last, line.at);
        }
    }
    EXPECT_EQ(keys.size(), lines) << "each line has a key of its own";
    EXPECT_GT(lines, 2'000u);
    EXPECT_LE(last, start);
    EXPECT_GT(start - first, days(364));
    EXPECT_EQ(drops, 2u);
}

TEST(Demo, ShoppersComeInOrderAndRepeatFromTheSeed) {
    DemoShoppers shoppers(1, start), again(1, start);
    const auto all = shoppers.until(start + days(30));
    EXPECT_EQ(shoppers.left(), 0u);
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Intent& a, const Intent& b) { return a.at < b.at; }));
    std::map<IntentKind, std::size_t> kinds;
    std::set<std::uint64_t> held;
    for (const auto& intent : all) {
        ++kinds[intent.kind];
        EXPECT_GT(intent.at, start);
        if (intent.kind == IntentKind::hold) held.insert(intent.shopper);
        const bool follows = intent.kind == IntentKind::confirm || intent.kind == IntentKind::abandon;
        EXPECT_TRUE(!follows || held.contains(intent.shopper));
    }
    EXPECT_GT(kinds[IntentKind::browse], 2 * kinds[IntentKind::hold]);
    EXPECT_GT(kinds[IntentKind::confirm], 5 * kinds[IntentKind::abandon]);
    const auto half = again.until(start + hours(30)), rest = again.until(start + days(30));
    ASSERT_EQ(half.size() + rest.size(), all.size());
    EXPECT_EQ(rest.back().shopper, all.back().shopper);
    EXPECT_EQ(half.front().at, all.front().at);
}

}  // namespace
}  // namespace dropsmith::sim::demo_test
