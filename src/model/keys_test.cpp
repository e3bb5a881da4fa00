// Keys against a plain map and list that know the same, over growth, forgetting and rebuilds.
#include "model/keys.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace dropsmith::keys_test {
namespace {

KeyScope scope_of(std::uint64_t n, std::uint64_t spread) {
    KeyScope scope{};
    std::uint64_t mixed = n * spread;
    for (std::size_t i = 0; i < 8; ++i) scope[i] = static_cast<std::uint8_t>(mixed >> 8 * i);
    for (std::size_t i = 0; i < 8; ++i) scope[8 + i] = static_cast<std::uint8_t>(n >> 8 * i);
    return scope;
}

TEST(Keys, an_effect_is_found_until_it_is_forgotten) {
    Keys keys;
    EXPECT_EQ(keys.find(scope_of(1, 1)), nullptr);
    EXPECT_TRUE(keys.remember(Instant{5}, scope_of(1, 1), {7, 8, 9}));
    EXPECT_FALSE(keys.remember(Instant{6}, scope_of(1, 1), {1, 1, 1}));
    ASSERT_NE(keys.find(scope_of(1, 1)), nullptr);
    EXPECT_EQ(*keys.find(scope_of(1, 1)), (KeyEffect{7, 8, 9}));
    keys.forget_oldest();
    EXPECT_EQ(keys.find(scope_of(1, 1)), nullptr);
    EXPECT_TRUE(keys.remember(Instant{6}, scope_of(1, 1), {2, 2, 2}));
    EXPECT_EQ(keys.oldest_first().size(), 1U);
}

// spread 0: every scope has the same hash, the worst case of probing; 1: neighbours; odd and large: as digests are.
class KeysLaw : public testing::TestWithParam<std::uint64_t> {};

TEST_P(KeysLaw, agrees_with_a_plain_map_over_growth_and_forgetting) {
    const std::uint64_t spread = GetParam();
    const std::uint64_t rounds = spread == 0 ? 3'000 : 60'000;
    Keys keys;
    std::map<KeyScope, KeyEffect> judge;
    std::deque<KeyScope> order;
    Random random(7);
    for (std::uint64_t n = 0; n < rounds; ++n) {
        const auto scope = scope_of(n, spread);
        const KeyEffect effect{n, n * 3, 1};
        ASSERT_EQ(keys.remember(Instant{static_cast<std::int64_t>(n)}, scope, effect), true);
        judge[scope] = effect;
        order.push_back(scope);
        // now and then much is forgotten at once, as after a night without a sale
        std::uint64_t forget = random.below(100) < 40 ? random.below(3) : random.below(5'000) == 0 ? order.size() : 0;
        for (; forget > 0 && !order.empty(); --forget) {
            keys.forget_oldest();
            judge.erase(order.front());
            order.pop_front();
        }
        const auto probe = scope_of(random.below(n + 10), spread);
        const auto expected = judge.find(probe);
        const auto* found = keys.find(probe);
        ASSERT_EQ(found != nullptr, expected != judge.end()) << n;
        if (found) {
            ASSERT_EQ(*found, expected->second) << n;
        }
    }
    ASSERT_EQ(keys.oldest_first().size(), judge.size());
    for (const auto& known : keys.oldest_first()) ASSERT_EQ(judge.at(known.scope), known.effect);
    for (const auto& [scope, effect] : judge) {
        ASSERT_NE(keys.find(scope), nullptr);
        ASSERT_EQ(*keys.find(scope), effect);
        ASSERT_FALSE(keys.remember(Instant{1'000'000}, scope, effect));
    }
}

INSTANTIATE_TEST_SUITE_P(Spreads, KeysLaw, testing::Values(0, 1, 0x9e3779b97f4a7c15ULL));

}  // namespace
}  // namespace dropsmith::keys_test
