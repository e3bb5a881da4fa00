// The shop's clock under jump schedules: it never goes back, is never more than a thousandth off while anybody holds
// units (else 5 %), and waits for a person when the wall is far. DROPSMITH_SCHEDULES and DROPSMITH_SEED ask for more
// schedules (tests/long/clocks).
#include "engine/shop_clock.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/environment_testing.h"
#include "base/random.h"
#include "base/sized_testing.h"

namespace dropsmith::engine::shop_clock_test {
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

TEST(ShopClock, ASmallStepIsFollowedAtFivePercentWhileNobodyHoldsUnits) {
    ManualClock machine(noon);
    ShopClock clock(machine, {}, 1, false);
    clock.somebody_holds(false);
    machine.step_wall(minutes(1));
    machine.advance(seconds(100));
    EXPECT_EQ(clock.now(), noon + seconds(105));
    machine.advance(minutes(40));
    EXPECT_EQ(clock.now(), machine.wall()) << "caught up";
}

TEST(ShopClock, AndAtAThousandthWhileSomebodyDoes) {
    for (const auto step : {minutes(5), -minutes(5)}) {
        ManualClock machine(noon);
        ShopClock clock(machine, {}, 1, false);  // nobody has said that nobody does
        machine.step_wall(step);
        for (int i = 0; i < 900 * 7; ++i) machine.advance(Duration{143}), clock.now();
        const auto off = clock.now() - machine.wall() + step;
        EXPECT_LE(std::llabs(off.n), 901) << "a hold of a quarter of an hour is off by less than a second";
        EXPECT_GE(std::llabs(off.n), 899) << "and the wall is followed all the same";
        clock.somebody_holds(false);
        for (int i = 0; i < 100; ++i) machine.advance(seconds(1)), clock.now();
        clock.somebody_holds(true);
        const auto then = clock.now() - machine.wall() + step - off;
        EXPECT_NEAR(static_cast<double>(std::llabs(then.n)), 5'000, 2) << "5 % of what passed while nobody did";
    }
}

TEST(ShopClock, FivePercentAlsoOfMilliseconds) {
    ManualClock machine(noon);
    ShopClock clock(machine, {}, 1, false);
    clock.somebody_holds(false);
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

// One random life of a shop: the wall jumps by seconds, hours, days, to 1970 and to 2038, repeats a second as a leap
// second does, and is set back while the shop is shut. Throughout, holds are taken and let go by the shop's clock.
class Schedule {
public:
    explicit Schedule(std::uint64_t seed) : random_(seed), clock_(std::in_place, machine_, Instant{}, 1, false) {}

    // What went wrong first, or "". `too_fast`: per cent, the planted bug.
    std::string live(int steps, std::int64_t too_fast = 0) {
        for (int step = 0; step < steps && breach_.empty(); ++step) {
            if (random_.below(3) == 0) jump();
            if (random_.below(25) == 0) restart();
            machine_.advance(Duration{static_cast<std::int64_t>(random_.below(3'000))});
            look(too_fast);
            if (random_.below(4) == 0) holds_.push_back({at_, machine_.boot(), Duration{1'000 + pick(40'000)}});
        }
        return breach_;
    }
    std::uint64_t ended = 0;

private:
    struct Hold {
        Instant taken;   // by the shop's clock
        Duration boot;   // what nobody can turn
        Duration lives;
    };

    std::int64_t pick(std::uint64_t n) { return static_cast<std::int64_t>(random_.below(n)); }

    void jump() {
        constexpr std::array jumps{seconds(1), hours(1), days(1), days(4'000)};
        const auto by = jumps[random_.below(jumps.size())];
        switch (random_.below(8)) {
            case 0: return machine_.step_wall(Instant{0} - machine_.wall());                  // 1970
            case 1: return machine_.step_wall(Instant{2'147'483'648'000} - machine_.wall());  // 2038
            case 2: return machine_.step_wall(-seconds(1));                                   // a leap second, repeated
            default: return machine_.step_wall(random_.below(2) ? by : -by);
        }
    }

    // The process ends and begins again; meanwhile the wall is set back. What it left is in the journal: `at_`.
    void restart() {
        if (machine_.wall() > at_) machine_.step_wall(at_ - machine_.wall());
        machine_.step_wall(-hours(static_cast<std::int64_t>(random_.below(100))));
        clock_.emplace(machine_, at_, 1, false);
    }

    void look(std::int64_t too_fast) {
        const auto told = clock_->now();
        const auto now = told + Duration{(told - noon).n * too_fast / 100};
        if (now < at_) breach_ = "it went back";
        at_ = now;
        std::erase_if(holds_, [&](const Hold& hold) {
            if (at_ < hold.taken + hold.lives) return false;
            const auto lived = machine_.boot() - hold.boot;
            const auto says = " after " + std::to_string(lived.n) + " ms of " + std::to_string(hold.lives.n);
            if ((lived.n + 2) * 1001 < hold.lives.n * 1000) breach_ = "let go early" + says;
            if (lived.n * 999 > (hold.lives.n + 3'002) * 1000) breach_ = "let go late" + says;  // the last step: < 3 s
            ++ended;
            return true;
        });
    }

    Random random_;
    ManualClock machine_{noon};
    std::optional<ShopClock> clock_;
    Instant at_ = noon;
    std::vector<Hold> holds_;
    std::string breach_;
};

TEST(ShopClock, NoJumpScheduleLetsAHoldGoEarlyOrKeepsItTooLong) {
    const auto first = from_environment("DROPSMITH_SEED", 1);
    const auto schedules = from_environment("DROPSMITH_SCHEDULES", sized(20'000u, 500u));
    std::uint64_t ended = 0;
    for (auto seed = first; seed < first + schedules && !HasFailure(); ++seed) {
        Schedule schedule(seed);
        EXPECT_EQ(schedule.live(60), "") << "DROPSMITH_SEED=" << seed;
        ended += schedule.ended;
    }
    EXPECT_GT(ended, schedules) << "too few holds ended to mean anything";
}

TEST(ShopClock, TheAlarmRingsForAClockThatRunsAhead) {
    EXPECT_NE(Schedule(1).live(60, 20).find("let go early"), std::string::npos);
}

TEST(ShopClock, HoursWithoutAJumpAreNoCreditForOne) {
    ManualClock machine(noon);
    ShopClock clock(machine, {}, 1, false);
    clock.somebody_holds(false);
    for (int i = 0; i < 36'000; ++i) machine.advance(Duration{100}), clock.now();
    machine.step_wall(minutes(1));
    machine.advance(seconds(2));
    EXPECT_LE(clock.now() - noon, hours(1) + Duration{2'101});
}

}  // namespace
}  // namespace dropsmith::engine::shop_clock_test
