// Sorted runs beside std::set: the same answers, the same order, whatever comes and goes.
#include "base/sorted_runs.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"

namespace dropsmith::sorted_runs_test {
namespace {

void expect_same(const SortedRuns<std::uint64_t, 8>& runs, const std::set<std::uint64_t>& judge) {
    ASSERT_EQ(runs.size(), judge.size());
    ASSERT_EQ(runs.empty(), judge.empty());
    auto wanted = judge.begin();
    for (const auto value : runs) {
        ASSERT_NE(wanted, judge.end());
        ASSERT_EQ(value, *wanted++);
    }
    ASSERT_EQ(wanted, judge.end());
    ASSERT_TRUE(judge.empty() || runs.front() == *judge.begin());
}

TEST(SortedRuns, IsASet) {
    for (const std::uint64_t range : {20u, 400u, 100'000u}) {
        SortedRuns<std::uint64_t, 8> runs;
        std::set<std::uint64_t> judge;
        Random random(range);
        for (int step = 0; step < 20'000; ++step) {
            const bool filling = step / 2'000 % 2 == 0;
            const auto value = random.below(range);
            const bool comes = random.below(10) < (filling ? 7u : 3u);
            ASSERT_EQ(comes ? runs.insert(value) : runs.erase(value),
                      comes ? judge.insert(value).second : judge.erase(value) > 0);
            ASSERT_EQ(runs.contains(value), judge.contains(value));
            if (step % 97 == 0) expect_same(runs, judge);
        }
        while (!judge.empty()) {
            ASSERT_TRUE(runs.erase(*judge.begin()));
            judge.erase(judge.begin());
        }
        expect_same(runs, judge);
    }
}

TEST(SortedRuns, WhatComesAtTheEndAndGoesAtTheBeginning) {
    SortedRuns<std::uint64_t, 8> runs;
    std::set<std::uint64_t> judge;
    for (std::uint64_t value = 0; value < 5'000; ++value) {
        runs.insert(value), judge.insert(value);
        if (value % 3 == 0) runs.erase(runs.front()), judge.erase(judge.begin());
    }
    expect_same(runs, judge);
    const auto copy = runs;
    runs.erase(runs.front());
    expect_same(copy, judge);
}

}  // namespace
}  // namespace dropsmith::sorted_runs_test
