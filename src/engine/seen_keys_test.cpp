// What was added is found, whatever grows or turns over meanwhile; what was not added mostly is not.
#include "engine/seen_keys.h"

#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/sized_testing.h"

namespace dropsmith::engine::seen_keys_test {
namespace {

KeyScope scope_of(std::uint64_t n) {
    const auto digest = blake2b({reinterpret_cast<const char*>(&n), sizeof n});
    KeyScope scope;
    std::memcpy(scope.data(), digest.data(), scope.size());
    return scope;
}

TEST(SeenKeys, FindsAllOfManyAndNoStranger) {
    SeenKeys seen(Instant{0}, 1 << 20, hours(30));
    constexpr std::uint64_t many = sized(100'000u, 5'000u);
    for (std::uint64_t n = 0; n < many; ++n) {
        ASSERT_FALSE(seen.maybe(scope_of(n))) << n;
        seen.add(scope_of(n), Instant{1});
    }
    for (std::uint64_t n = 0; n < many; ++n) ASSERT_TRUE(seen.maybe(scope_of(n))) << n;
    for (std::uint64_t n = many; n < 2 * many; ++n) ASSERT_FALSE(seen.maybe(scope_of(n))) << n;
}

TEST(SeenKeys, KeepsAKeyForAGenerationAfterItsOwnAndThenForgets) {
    SeenKeys seen(Instant{0}, 1 << 20, hours(30));
    seen.add(scope_of(1), Instant{0} + hours(29));
    seen.add(scope_of(2), Instant{0} + hours(30));
    EXPECT_TRUE(seen.maybe(scope_of(1)));
    seen.add(scope_of(3), Instant{0} + hours(59));
    EXPECT_TRUE(seen.maybe(scope_of(1)));
    seen.add(scope_of(4), Instant{0} + hours(60));
    EXPECT_FALSE(seen.maybe(scope_of(1)));
    EXPECT_TRUE(seen.maybe(scope_of(2)));
}

TEST(SeenKeys, AKeyThatComesAgainInTheNextGenerationLivesAsLongAsThatOne) {
    SeenKeys seen(Instant{0}, 1 << 20, hours(30));
    seen.add(scope_of(1), Instant{0});
    seen.add(scope_of(2), Instant{0} + hours(31));
    seen.add(scope_of(1), Instant{0} + hours(59));
    seen.add(scope_of(3), Instant{0} + hours(62));
    EXPECT_TRUE(seen.maybe(scope_of(1)));
}

TEST(SeenKeys, AFullGenerationFindsEverythingUntilTheNext) {
    SeenKeys seen(Instant{0}, 1'000, hours(30));
    for (std::uint64_t n = 0; n < 900; ++n) seen.add(scope_of(n), Instant{0});
    for (int again = 0; again < 10; ++again) seen.add(scope_of(1), Instant{0});  // counts once
    EXPECT_FALSE(seen.maybe(scope_of(5'000)));
    for (std::uint64_t n = 900; n < 1'500; ++n) seen.add(scope_of(n), Instant{0});
    EXPECT_TRUE(seen.maybe(scope_of(5'000)));
    seen.add(scope_of(2'000), Instant{0} + hours(30));
    EXPECT_FALSE(seen.maybe(scope_of(5'000)));
    EXPECT_TRUE(seen.maybe(scope_of(1)));
}

TEST(SeenKeys, TakesKeysFromSeveralThreadsWhileOthersAsk) {
    SeenKeys seen(Instant{0}, 1 << 20, hours(30));
    constexpr std::uint64_t each = sized(20'000u, 2'000u);
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t t = 0; t < 3; ++t)
            threads.emplace_back([&seen, t] {
                for (std::uint64_t n = t * each; n < (t + 1) * each; ++n) {
                    seen.add(scope_of(n), Instant{1});
                    EXPECT_TRUE(seen.maybe(scope_of(n)));
                }
            });
    }
    for (std::uint64_t n = 0; n < 3 * each; ++n) ASSERT_TRUE(seen.maybe(scope_of(n))) << n;
}

}  // namespace
}  // namespace dropsmith::engine::seen_keys_test
