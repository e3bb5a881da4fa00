// The goal is missed by the first price beyond one in a hundred, and by one millisecond beyond the second.
#include "edge/http/skew.h"

#include <gtest/gtest.h>

namespace dropsmith::http::skew_test {
namespace {

TEST(PriceSkew, ASecondIsInTimeAndAMillisecondMoreIsNot) {
    Skew skew;
    EXPECT_TRUE(skew.goal_met());
    skew.add(1, 1'000);
    EXPECT_EQ(skew.in_time(), 1u);
    EXPECT_TRUE(skew.goal_met());
    skew.add(1, 1'001);
    EXPECT_EQ(skew.in_time(), 1u);
    EXPECT_FALSE(skew.goal_met());
}

TEST(PriceSkew, OneOfAHundredMayBeLateTwoMayNot) {
    Skew skew;
    skew.add(198, 3), skew.add(2, 4'000);
    EXPECT_TRUE(skew.goal_met());
    skew.add(1, 4'000);
    EXPECT_FALSE(skew.goal_met()) << "3 of 201";
    EXPECT_EQ(skew.max_ms, 4'000u);
    EXPECT_EQ(skew.sum_ms, 198u * 3 + 3 * 4'000);
}

TEST(PriceSkew, EachFallsUnderTheFirstBoundThatHoldsIt) {
    Skew skew;
    for (const std::int64_t took : {-5, 0, 1, 2, 3, 5, 6, 500, 501, 1'000, 1'001}) skew.add(1, took);
    EXPECT_EQ(skew.within, (decltype(skew.within){3, 1, 2, 1, 0, 0, 1, 2, 1}));
    EXPECT_EQ(skew.prices, 11u);
}

}  // namespace
}  // namespace dropsmith::http::skew_test
