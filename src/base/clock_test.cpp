// The clocks: the manual one moves as told, the machine's one never steps back between two readings of boot.
#include "base/clock.h"

#include <gtest/gtest.h>

namespace dropsmith::clock_test {
namespace {

TEST(Clock, ManualMovesAsTold) {
    ManualClock clock(Instant{1'000'000});
    EXPECT_EQ(clock.wall(), Instant{1'000'000});
    EXPECT_EQ(clock.boot(), Duration{0});
    clock.advance(seconds(5));
    EXPECT_EQ(clock.wall(), Instant{1'005'000});
    EXPECT_EQ(clock.boot(), seconds(5));
    clock.step_wall(-seconds(60));
    EXPECT_EQ(clock.wall(), Instant{945'000});
    EXPECT_EQ(clock.boot(), seconds(5)) << "boot time never steps";
}

TEST(Clock, TheMachineIsSane) {
    const SystemClock clock;
    const Duration before = clock.boot();
    EXPECT_GT(clock.wall(), Instant{1'577'836'800'000}) << "after 2020";
    EXPECT_GE(clock.boot(), before);
    EXPECT_GT(before, Duration{0});
}

}  // namespace
}  // namespace dropsmith::clock_test
