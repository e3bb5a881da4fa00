// Buckets: a burst, then the steady rate, each caller by itself, and never more callers than there is room for.
#include "edge/http/throttle.h"

#include <gtest/gtest.h>

namespace dropsmith::http::throttle_test {
namespace {

TEST(Throttle, ABurstThenTheSteadyRate) {
    Throttle throttle;
    const Allowance allowance{10, 5};
    for (int i = 0; i < 5; ++i) EXPECT_EQ(throttle.ask(1, allowance, 1'000), 0);
    EXPECT_EQ(throttle.ask(1, allowance, 1'000), 100) << "ten a second: one in 100 ms";
    EXPECT_EQ(throttle.ask(1, allowance, 1'040), 60);
    EXPECT_EQ(throttle.ask(1, allowance, 1'100), 0);
    EXPECT_GT(throttle.ask(1, allowance, 1'100), 0);
    int taken = 0;
    for (std::int64_t ms = 2'000; ms < 12'000; ms += 7) taken += throttle.ask(1, allowance, ms) == 0;
    EXPECT_GE(taken, 100);
    EXPECT_LE(taken, 105) << "ten seconds at ten, and the burst";
}

TEST(Throttle, ManyThingsAtOnceCostWhatTheyWouldOneByOne) {
    Throttle throttle;
    const Allowance allowance{10, 20};
    EXPECT_EQ(throttle.ask(1, allowance, 0, 16), 0);
    EXPECT_EQ(throttle.ask(1, allowance, 0, 5), 100) << "four are left";
    EXPECT_EQ(throttle.ask(1, allowance, 0, 4), 0);
    // More than the burst: after a full rest, and then the debt is paid at the steady rate.
    EXPECT_EQ(throttle.ask(1, allowance, 1'999, 50), 1);
    EXPECT_EQ(throttle.ask(1, allowance, 2'000, 50), 0);
    EXPECT_EQ(throttle.ask(1, allowance, 2'000), 3'100) << "thirty are owed, and the one that is asked for";
    EXPECT_GT(throttle.ask(1, allowance, 5'099), 0);
    EXPECT_EQ(throttle.ask(1, allowance, 5'100), 0);
    const Allowance slow{1, 1};
    EXPECT_EQ(throttle.ask(2, slow, 0, 256), 0);
    EXPECT_EQ(throttle.ask(2, slow, 255'000), 1'000) << "a long debt is paid by one long rest";
    EXPECT_EQ(throttle.ask(2, slow, 256'000), 0);
}

TEST(Throttle, OneCallersHasteIsNotAnothers) {
    Throttle throttle;
    const Allowance allowance{1, 1};
    EXPECT_EQ(throttle.ask(1, allowance, 0), 0);
    EXPECT_GT(throttle.ask(1, allowance, 0), 0);
    EXPECT_EQ(throttle.ask(2, allowance, 0), 0);
}

TEST(Throttle, NoAllowanceIsNoLimitAndAClockThatStepsBackGivesNothing) {
    Throttle throttle;
    for (int i = 0; i < 1'000; ++i) ASSERT_EQ(throttle.ask(1, {}, 0), 0);
    EXPECT_EQ(throttle.callers(), 0u);
    const Allowance allowance{1, 1};
    EXPECT_EQ(throttle.ask(3, allowance, 10'000), 0);
    EXPECT_GT(throttle.ask(3, allowance, 5'000), 0);
    EXPECT_GT(throttle.ask(3, allowance, 10'500), 0) << "the step back did not count as time passed";
}

TEST(Throttle, RestedCallersMakeRoomAndBusyOnesKeepIt) {
    Throttle throttle(160);
    const Allowance allowance{1, 2};
    for (std::uint64_t caller = 0; caller < 10'000; ++caller) (void)throttle.ask(caller, allowance, 0);
    EXPECT_LE(throttle.callers(), 160u);
    std::size_t refused = 0;
    for (std::uint64_t caller = 20'000; caller < 20'100; ++caller) refused += throttle.ask(caller, allowance, 0) != 0;
    EXPECT_EQ(refused, 100u) << "all are busy: nobody is forgotten for a newcomer";
    EXPECT_EQ(throttle.ask(30'000, allowance, 60'000), 0) << "a minute later they have rested";
    EXPECT_LE(throttle.callers(), 160u);
}

}  // namespace
}  // namespace dropsmith::http::throttle_test
