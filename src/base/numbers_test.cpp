// Money, Quantity, Rate, Duration, Instant and Result: arithmetic is checked, rounding is by the stated rule.
#include "base/numbers.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/environment_testing.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "base/sized_testing.h"

namespace dropsmith::numbers_test {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
using Wide = __int128;

std::optional<std::int64_t> narrow(Wide n) {
    return n < lowest || n > highest ? std::nullopt : std::optional(static_cast<std::int64_t>(n));
}
Wide floor_div(Wide a, Wide c) { return a / c - (a % c < 0 ? 1 : 0); }

rc::Gen<std::int64_t> edgy() {  // RapidCheck's own numbers are small; overflow lives at the edges
    return rc::gen::oneOf(
        rc::gen::arbitrary<std::int64_t>(),
        rc::gen::elementOf(std::vector<std::int64_t>{lowest, lowest + 1, -1, 0, 1, highest}),
        rc::gen::map(rc::gen::arbitrary<std::uint32_t>(), [](std::uint32_t n) { return highest - n; }),
        rc::gen::map(rc::gen::arbitrary<std::uint32_t>(), [](std::uint32_t n) { return lowest + n; }));
}

TEST(Numbers, OverflowAgreesWith128Bits) {
    EXPECT_TRUE(rc::check("add, sub, mul", [] {
        const auto a = *edgy(), b = *edgy();
        RC_ASSERT(try_add(a, b) == narrow(Wide{a} + b));
        RC_ASSERT(try_sub(a, b) == narrow(Wide{a} - b));
        RC_ASSERT(try_mul(a, b) == narrow(Wide{a} * b));
    }));
}

TEST(Numbers, MulDivAgreesWith128Bits) {
    EXPECT_TRUE(rc::check("mul_div", [] {
        const auto a = *edgy(), b = *edgy();
        auto c = *edgy();
        if (c <= 0) c = c == lowest || c == 0 ? 1 : -c;
        const Wide product = Wide{a} * b;
        RC_ASSERT(try_mul_div_floor(a, b, c) == narrow(floor_div(product, c)));
        RC_ASSERT(try_mul_div_ceil(a, b, c) == narrow(-floor_div(-product, c)));
        // half away from zero: of |product|, floor((2|p| + c) / 2c), taken by unsigned 128 bits
        const auto magnitude =
            product < 0 ? static_cast<unsigned __int128>(-product) : static_cast<unsigned __int128>(product);
        const auto divisor = static_cast<unsigned __int128>(c);
        const auto rounded = static_cast<Wide>(magnitude / divisor + (magnitude % divisor * 2 >= divisor ? 1 : 0));
        RC_ASSERT(try_mul_div_round(a, b, c) == narrow(product < 0 ? -rounded : rounded));
    }));
}

// The same against 128 bits, without RapidCheck's cost: DROPSMITH_CASES asks for more (tests/long/tampering: 10^7).
TEST(Numbers, ManyCasesAgreeWith128Bits) {
    const auto seed = from_environment("DROPSMITH_SEED", 1);
    const auto cases = from_environment("DROPSMITH_CASES", sized(200'000u, 20'000u));
    Random random(seed);
    const auto any = [&] {
        const auto raw = static_cast<std::int64_t>(random.next()) >> random.below(64);  // of every size
        switch (random.below(6)) {
            case 0: return highest - (raw & 0xFFFF);
            case 1: return lowest + (raw & 0xFFFF);
            default: return raw;
        }
    };
    std::uint64_t differences = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        const auto a = any(), b = any(), c = std::max<std::int64_t>(any() & highest, 1);
        const Wide product = Wide{a} * b;
        differences += try_add(a, b) != narrow(Wide{a} + b);
        differences += try_sub(a, b) != narrow(Wide{a} - b);
        differences += try_mul(a, b) != narrow(product);
        differences += try_mul_div_floor(a, b, c) != narrow(floor_div(product, c));
        differences += try_mul_div_ceil(a, b, c) != narrow(-floor_div(-product, c));
    }
    EXPECT_EQ(differences, 0u) << "DROPSMITH_SEED=" << seed;
}

TEST(Numbers, SharesRoundByTheirRule) {
    struct Case {
        std::int64_t amount, ppm, money, units;
    };
    for (const auto& c : {Case{105, 200'000, 21, 21},
                          {105, 100'000, 11, 10},
                          {-105, 100'000, -11, -11},
                          {1, 499'999, 0, 0},
                          {1, 500'000, 1, 0},
                          {-1, 500'000, -1, -1},
                          {7, 1'000'000, 7, 7},
                          {0, 333'333, 0, 0}}) {
        EXPECT_EQ(share_of(Money{c.amount}, Rate{c.ppm}).n, c.money) << c.amount << " x " << c.ppm;
        EXPECT_EQ(share_of(Quantity{c.amount}, Rate{c.ppm}).n, c.units) << c.amount << " x " << c.ppm;
    }
}

TEST(Numbers, WordsCount) {
    EXPECT_EQ(Money{250} + Money{50}, Money{300});
    EXPECT_EQ(Money{250} * Quantity{4}, Money{1000});
    EXPECT_EQ(-Money{5}, Money{-5});
    EXPECT_LT(Quantity{2}, Quantity{3});
    EXPECT_EQ(Instant{1000} + seconds(2), Instant{3000});
    EXPECT_EQ(Instant{3000} - Instant{1000}, seconds(2));
    EXPECT_EQ(days(1), Duration{86'400'000});
    EXPECT_EQ(minutes(15) * 4, hours(1));
}

TEST(NumbersDeathTest, OverflowEndsTheProcess) {
    EXPECT_DEATH((void)(Money{highest} + Money{1}), "64 bits");
    EXPECT_DEATH((void)(Money{highest} * Quantity{2}), "64 bits");
    EXPECT_DEATH((void)(Instant{highest} + Duration{1}), "64 bits");
    EXPECT_DEATH((void)-Money{lowest}, "64 bits");
    EXPECT_DEATH((void)try_mul_div_floor(1, 1, 0), "divisor");
}

TEST(NumbersDeathTest, CheckNamesConditionAndReason) {
    EXPECT_DEATH(CHECK_BECAUSE(1 + 1 == 3, "the sum is known"), "numbers_test.cpp:.*1 \\+ 1 == 3.*the sum is known");
}

TEST(Result, HoldsOneSide) {
    const Result<int, std::string> good = 5;
    const Result<int, std::string> bad = Failure{std::string("no")};
    ASSERT_TRUE(good.ok());
    EXPECT_EQ(*good, 5);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error(), "no");
}

TEST(ResultDeathTest, TheOtherSideIsABug) {
    const Result<int, std::string> bad = Failure{std::string("no")};
    EXPECT_DEATH((void)bad.value(), "other side");
}

TEST(Ids, ZeroIsNone) {
    struct Tag {};
    EXPECT_FALSE(Id<Tag>{});
    EXPECT_TRUE(Id<Tag>{1});
    EXPECT_LT(Id<Tag>{1}, Id<Tag>{2});
}

}  // namespace
}  // namespace dropsmith::numbers_test
