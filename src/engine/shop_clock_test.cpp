// The shop's clock under jump schedules: it never goes back, never runs more than 5 % off, and waits for a person
// when the wall is far.
#include "engine/shop_clock.h"

#include <gtest/gtest.h>

#include <array>

#include "base/random.h"

namespace dropsmith::engine {
namespace {

constexpr Instant noon{1'800'000'000'000};

TEST(ShopClock, RunsWithTheMachine) {
    ManualClock machine(noon);
    ShopClock clock(machine, {}, 1, false);
    machine.advance(seconds(10));
    EXPECT_EQ(clock.now(), noon + seconds(10));
}

TEST(ShopClock, ASimulatedShopRunsFasterAndGoesOnWhereItWas) {
    ManualClock machine(noon);
    ShopClock clock(machine, noon + hours(5), 60, true);
    machine.advance(seconds(2));
    machine.step_wall(hours(100));
    EXPECT_EQ(clock.now(), noon + hours(5) + minutes(2));
    EXPECT_FALSE(clock.waits_for_operator());
}

TEST(ShopClock, OnlyASimulatedShopMayRunFaster) {
    ManualClock machine(noon);
    ShopClock clock(machine, {}, 60, false);
    machine.advance(seconds(1));
    EXPECT_EQ(clock.now(), noon + seconds(1));
}

TEST(ShopClock, ItNeverGoesBackAcrossARestart) {
    ManualClock machine(noon);
    ShopClock clock(machine, noon + minutes(2), 1, false);  // the journal is two minutes ahead of the wall
    EXPECT_GE(clock.now(), noon + minutes(2));
    EXPECT_FALSE(clock.waits_for_operator());
    ShopClock far(machine, noon + hours(1), 1, false);
    EXPECT_TRUE(far.waits_for_operator());
}

TEST(ShopClock, ASmallStepIsFollowedAtFivePercent) {
    ManualClock machine(noon);
    ShopClock clock(machine, {}, 1, false);
    machine.step_wall(minutes(1));
    machine.advance(seconds(100));
    EXPECT_EQ(clock.now(), noon + seconds(105));
    machine.advance(minutes(40));
    EXPECT_EQ(clock.now(), machine.wall()) << "caught up";
}

TEST(ShopClock, FivePercentAlsoOfMilliseconds) {
    ManualClock machine(noon);
    ShopClock clock(machine, {}, 1, false);
    machine.step_wall(-minutes(1));
    for (int i = 0; i < 10'000; ++i) machine.advance(Duration{1}), clock.now();
    EXPECT_EQ(clock.now(), noon + seconds(10) - Duration{500});
}

TEST(ShopClock, ALargeStepWaitsForTheOperator) {
    ManualClock machine(noon);
    ShopClock clock(machine, {}, 1, false);
    machine.step_wall(hours(24));
    machine.advance(seconds(1));
    EXPECT_EQ(clock.now(), noon + seconds(1));
    EXPECT_TRUE(clock.waits_for_operator());
    clock.accept_wall();
    EXPECT_EQ(clock.now(), noon + hours(24) + seconds(1));
    EXPECT_FALSE(clock.waits_for_operator());
}

TEST(ShopClock, NoJumpSchedulePutsItBackOrMoreThanFivePercentOff) {
    Random random(1);
    for (int schedule = 0; schedule < 300; ++schedule) {
        ManualClock machine(noon);
        ShopClock clock(machine, {}, 1, false);
        auto before = clock.now();
        auto boot = machine.boot();
        for (int step = 0; step < 60; ++step) {
            constexpr std::array jumps{seconds(1), hours(1), days(1), days(4'000)};
            const auto jump = jumps[random.below(jumps.size())];
            if (random.below(3) == 0) machine.step_wall(random.below(2) ? jump : -jump);
            machine.advance(Duration{static_cast<std::int64_t>(random.below(3'000))});
            const auto now = clock.now();
            ASSERT_GE(now, before) << "schedule " << schedule;
            before = now;
            const auto real = machine.boot() - boot, passed = now - noon;
            ASSERT_LE(passed.n * 100, real.n * 105 + 100) << "schedule " << schedule;
            ASSERT_GE(passed.n * 100 + 100, real.n * 95) << "schedule " << schedule;
        }
    }
}

}  // namespace
}  // namespace dropsmith::engine
