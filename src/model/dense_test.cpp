// A dense table against a plain map: whatever is added, forgotten and restored, both hold the same in the same order.
#include "model/dense.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "base/random.h"
#include "model/ids.h"

namespace dropsmith::dense_test {
namespace {

struct Row {
    HoldId id;
    std::uint64_t value = 0;
};

TEST(Dense, IsAMapThatForgetsAndRemembers) {
    Dense<HoldId, Row> table;
    std::map<std::uint64_t, std::uint64_t> judge;
    Random random(3);
    for (int step = 0; step < 40'000; ++step) {
        const auto choice = random.below(10);
        const std::uint64_t made = table.next().n - 1;
        if (choice < 5 || made == 0) {
            const auto id = table.next();
            table.add(id, {id, random.next()});
            judge[id.n] = table.must(id).value;
            continue;
        }
        // old ones go, but for every 500th, which stays for ever
        const HoldId id{1 + random.below(made)};
        if (choice < 9) {
            if (id.n % 500 == 0) continue;
            table.forget(id), judge.erase(id.n);
        } else if (!table.find(id)) {
            table.restore(id, {id, 7}), judge[id.n] = 7;
        }
    }
    for (std::uint64_t n = 1; n < table.next().n; ++n)
        if (n % 500 != 0) table.forget(HoldId{n}), judge.erase(n);
    EXPECT_EQ(table.size(), judge.size());
    EXPECT_EQ(table.first().n, judge.begin()->first);
    std::vector<std::uint64_t> seen;
    table.each([&](const Row& row) {
        seen.push_back(row.id.n);
        EXPECT_EQ(judge.at(row.id.n), row.value);
    });
    std::vector<std::uint64_t> expected;
    for (const auto& [n, value] : judge) expected.push_back(n);
    EXPECT_EQ(seen, expected);
    for (std::uint64_t n = 1; n < table.next().n; ++n)
        EXPECT_EQ(table.find(HoldId{n}) != nullptr, judge.contains(n)) << n;
}

TEST(Dense, IdsAreNeverReusedWhenAllIsForgotten) {
    Dense<HoldId, Row> table;
    for (std::uint64_t n = 1; n <= 3; ++n) table.add(HoldId{n}, {HoldId{n}, n});
    for (std::uint64_t n = 1; n <= 3; ++n) table.forget(HoldId{n});
    EXPECT_EQ(table.size(), 0u);
    EXPECT_EQ(table.next(), HoldId{4});
    table.restore(HoldId{2}, {HoldId{2}, 2});
    EXPECT_NE(table.find(HoldId{2}), nullptr);
    EXPECT_EQ(table.next(), HoldId{4});
}

}  // namespace
}  // namespace dropsmith::dense_test
