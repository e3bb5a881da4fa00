// Random: published vectors, bounds, independence of streams.
#include "base/random.h"

#include <array>
#include <set>

#include <gtest/gtest.h>

namespace dropsmith::random_test {
namespace {

TEST(Random, SplitmixGivesThePublishedNumbers) {
    // From the test vectors that go with Vigna's splitmix64.c for the seed 1234567.
    std::uint64_t state = 1234567;
    for (const std::uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                         4593380528125082431u, 16408922859458223821u})
        EXPECT_EQ(splitmix64(state), expected);
}

// xoshiro256** written down a second time from the paper (Blackman and Vigna, 2021, figure 1), as the judge.
struct Judge {
    std::array<std::uint64_t, 4> s;
    static std::uint64_t turn(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
    std::uint64_t next() {
        const std::uint64_t out = turn(s[1] * 5, 7) * 9;
        const std::uint64_t t = s[1] << 17;
        s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3], s[2] ^= t, s[3] = turn(s[3], 45);
        return out;
    }
};

TEST(Random, JudgeKnowsThePublishedVector) {  // state 1, 2, 3, 4, as used by several libraries' tests
    Judge judge{{1, 2, 3, 4}};
    for (const std::uint64_t expected :
         {std::uint64_t{11520}, std::uint64_t{0}, std::uint64_t{1509978240}, std::uint64_t{1215971899390074240}})
        EXPECT_EQ(judge.next(), expected);
}

TEST(Random, AgreesWithTheJudge) {
    for (const std::uint64_t seed : {0u, 1u, 42u}) {
        std::uint64_t state = seed;
        Judge judge{};
        for (auto& word : judge.s) word = splitmix64(state);
        Random random(seed);
        for (int i = 0; i < 1000; ++i) ASSERT_EQ(random.next(), judge.next()) << "seed " << seed << " draw " << i;
    }
}

TEST(Random, BelowKeepsItsBoundAndIsEven) {
    Random random(7);
    std::array<int, 6> seen{};
    for (int i = 0; i < 60'000; ++i) ++seen[random.below(6)];
    for (const int n : seen) EXPECT_NEAR(n, 10'000, 500);  // five standard deviations
    EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, ChanceIsInPartsPerMillion) {
    Random random(3);
    int hits = 0;
    for (int i = 0; i < 100'000; ++i) hits += random.chance_ppm(250'000) ? 1 : 0;
    EXPECT_NEAR(hits, 25'000, 700);
    EXPECT_FALSE(random.chance_ppm(0));
    EXPECT_TRUE(random.chance_ppm(1'000'000));
}

TEST(Random, StreamsDiffer) {
    std::set<std::uint64_t> first;
    for (std::uint64_t seed = 0; seed < 50; ++seed)
        for (std::uint64_t stream = 0; stream < 50; ++stream) first.insert(Random(seed, stream).next());
    EXPECT_EQ(first.size(), 2500u);
    EXPECT_EQ(Random(5, 6).next(), Random(5, 6).next());
}

}  // namespace
}  // namespace dropsmith::random_test
