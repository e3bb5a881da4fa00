// Demand by the minute becomes hours when its drop is over and days when it is old, and no count is lost on the way.
#include "flow/signals/fold.h"

#include <gtest/gtest.h>

namespace dropsmith::signals::coarsen_test {
namespace {

constexpr std::int64_t now_minute = 30'000'000;  // an hour's and a day's bounds do not lie here

DemandKey key(std::int64_t minute, std::uint64_t drop, Signal kind = Signal::page_viewed) {
    return {minute, DropId{drop}, SkuId{1}, {}, ChannelId{1}, kind};
}

std::int64_t total(const Demand& demand, std::uint64_t drop) {
    std::int64_t sum = 0;
    demand.each([&](const DemandKey& k, std::int64_t count) { sum += k.drop == DropId{drop} ? count : 0; });
    return sum;
}

DemandFolded some(std::uint64_t first) {
    DemandFolded fact{first, first + 9, "", {}, {}, {}};
    for (std::int64_t i = 0; i < 200; ++i)
        fact.rows.push_back({key(now_minute + i, 1 + static_cast<std::uint64_t>(i % 2)), i + 1});
    return fact;
}

TEST(Coarsen, ADropThatIsOverKeepsItsHours) {
    Demand demand;
    evolve(demand, some(1), {});
    const auto before = total(demand, 1);
    evolve(demand, DropSettled{DropId{1}}, {});
    EXPECT_EQ(total(demand, 1), before);
    EXPECT_EQ(demand.minutes.size(), 100u) << "the other drop's";
    EXPECT_LE(demand.hours.size(), 5u);
    for (const auto& [k, count] : demand.hours) EXPECT_EQ(k.minute % 60, 0);
    evolve(demand, some(11), {});  // late events make minutes again, and are counted
    EXPECT_EQ(total(demand, 1), 2 * before);
}

TEST(Coarsen, WhatIsOldBecomesHoursThenDays) {
    Demand demand;
    evolve(demand, some(1), {});
    const auto one = total(demand, 1), two = total(demand, 2);
    ShopTidied tidied;
    tidied.hours_before = Instant{(now_minute + 100) * 60'000};
    evolve(demand, tidied, {});
    EXPECT_EQ(demand.minutes.size(), 100u);
    EXPECT_GT(demand.hours.size(), 0u);
    tidied.hours_before = tidied.days_before = Instant{(now_minute + 10'000) * 60'000};
    evolve(demand, tidied, {});
    EXPECT_TRUE(demand.minutes.empty());
    EXPECT_TRUE(demand.hours.empty());
    for (const auto& [k, count] : demand.days) EXPECT_EQ(k.minute % (24 * 60), 0);
    EXPECT_EQ(total(demand, 1), one);
    EXPECT_EQ(total(demand, 2), two);
}

}  // namespace
}  // namespace dropsmith::signals::coarsen_test
