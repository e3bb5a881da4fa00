// Shares of whole units: the worked table, and the law that any split adds up.
#include "flow/sell/proration.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace dropsmith::sell::proration_test {
namespace {

TEST(ProrationTest, WorkedByHand) {
    struct Case {
        std::int64_t amount, all, before, units, expected;
    };
    const Case cases[] = {
        {1000, 3, 0, 1, 333},
        {1000, 3, 1, 1, 333},
        {1000, 3, 2, 1, 334},
        {1000, 3, 0, 2, 666},
        {1000, 3, 0, 3, 1000},
        {167, 3, 0, 1, 55},
        {167, 3, 1, 1, 56},
        {167, 3, 2, 1, 56},
        {0, 3, 0, 2, 0},
        {1000, 3, 1, 0, 0},
        {1, 2, 0, 1, 0},
        {1, 2, 1, 1, 1},
        {1'000'000'000'000, 1'000'000'000, 0, 7, 7000},
    };
    for (const auto& c : cases)
        EXPECT_EQ(share_of_units(Money{c.amount}, Quantity{c.all}, Quantity{c.before}, Quantity{c.units}).n, c.expected)
            << c.amount << " of " << c.all << ": " << c.units << " after " << c.before;
}

RC_GTEST_PROP(ProrationTest, EverySplitAddsUp, ()) {
    const Money amount{*rc::gen::inRange<std::int64_t>(0, 1'000'000'000)};
    const Quantity all{*rc::gen::inRange<std::int64_t>(1, 1000)};
    Quantity before;
    Money sum;
    while (before < all) {
        const Quantity units{*rc::gen::inRange<std::int64_t>(1, (all - before).n + 1)};
        sum += share_of_units(amount, all, before, units);
        before += units;
    }
    RC_ASSERT(sum == amount);
}

}  // namespace
}  // namespace dropsmith::sell::proration_test
