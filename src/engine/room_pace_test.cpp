// The rate of admission against simulated shops of known capacity: it finds the capacity, keeps within reach of it, and
// follows when it changes.
#include "engine/room_pace.h"

#include <gtest/gtest.h>

namespace dropsmith::engine::room_pace_test {
namespace {

// A shop that answers at once below its capacity and ever later above it.
PathMeasured shop_of(std::uint64_t capacity, std::uint64_t rate) {
    if (rate > 2 * capacity) return {0, true};
    return {rate <= capacity ? 2'000 : 250'000, false};
}

TEST(RoomPace, SettlesAtWhatTheShopCanTakeAndFollowsIt) {
    for (const std::uint64_t capacity : {1ull, 7ull, 400ull, 20'000ull}) {
        std::uint64_t rate = 50, above = 0, sum = 0;
        for (int second = 0; second < 300; ++second) {
            rate = next_rate(rate, shop_of(capacity, rate));
            if (second < 60) continue;
            above += rate > capacity ? 1 : 0;
            sum += rate;
            EXPECT_LE(rate, capacity + capacity / 4 + 1);
        }
        EXPECT_GE(sum / 240, capacity / 2) << capacity;
        EXPECT_LE(above, 121u) << capacity << ": every probe above it is followed by a step down";
    }
    std::uint64_t rate = 10'000;
    for (int second = 0; second < 20; ++second) rate = next_rate(rate, shop_of(100, rate));
    EXPECT_LE(rate, 126u) << "a shop that became slow is spared within seconds";
}

TEST(RoomPace, HasBounds) {
    EXPECT_EQ(next_rate(1, {0, true}), 1u);
    EXPECT_EQ(next_rate(admissions_most, {1, false}), admissions_most);
    EXPECT_EQ(next_rate(50, {50'000, false}), 50u);
}

}  // namespace
}  // namespace dropsmith::engine::room_pace_test
