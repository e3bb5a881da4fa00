// Few beside std::vector: the same values after whatever was done to both.
#include "base/few.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace dropsmith::few_test {
namespace {

struct Pair {
    std::uint64_t a = 7;
    std::uint32_t b = 0;
    friend bool operator==(const Pair&, const Pair&) = default;
};

TEST(Few, IsAList) {
    Few<Pair> few;
    std::vector<Pair> judge;
    Random random(5);
    for (int step = 0; step < 50'000; ++step) {
        switch (random.below(8)) {
            case 0:
            case 1:
            case 2: {
                const Pair value{random.next(), static_cast<std::uint32_t>(random.below(5))};
                few.push_back(value), judge.push_back(value);
                break;
            }
            case 3: {
                const auto b = random.below(5);
                erase_if(few, [&](const Pair& one) { return one.b == b; });
                std::erase_if(judge, [&](const Pair& one) { return one.b == b; });
                break;
            }
            case 4: {
                const auto n = random.below(4);
                few.resize(n), judge.resize(n);
                break;
            }
            case 5: {
                Few<Pair> copy = few;
                few.clear();
                ASSERT_EQ(copy.size(), judge.size());
                few = std::move(copy);
                break;
            }
            case 6: {
                const Few<Pair> copy = few;
                few = Few<Pair>{};
                few = copy;
                break;
            }
            default:
                if (!few.empty()) few.push_back(few.front()), judge.push_back(Pair(judge.front()));
        }
        ASSERT_TRUE(std::equal(few.begin(), few.end(), judge.begin(), judge.end()));
        ASSERT_TRUE(std::equal(few.rbegin(), few.rend(), judge.rbegin(), judge.rend()));
        ASSERT_TRUE(judge.empty() || (few.front() == judge.front() && few.back() == judge.back()));
    }
}

TEST(Few, OneTakesNoMoreThanItself) {
    static_assert(sizeof(Few<Pair>) == sizeof(Pair) + 8);
    const Few<Pair> two{{1, 2}, {3, 4}};
    EXPECT_EQ(two.size(), 2u);
    EXPECT_EQ(two[1].a, 3u);
}

}  // namespace
}  // namespace dropsmith::few_test
