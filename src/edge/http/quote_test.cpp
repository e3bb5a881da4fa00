// A quote comes back as it was sealed, and no edit, swap or other key gets through (price tampering).
#include "edge/http/quote.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace dropsmith::http {
namespace {

const std::string key(32, 'k');

Quote some_quote(std::int64_t price) {
    return {DropId{7},
            ChannelId{1},
            {{SkuId{3}, Quantity{2}, Money{price}, DecisionId{9}}},
            42,
            Instant{1'790'000'000'000}};
}

TEST(Quote, ComesBackAsItWasSealed) {
    EXPECT_TRUE(rc::check("seal then unseal", [](std::uint32_t price) {
        const auto quote = unseal(seal(some_quote(price), key), key);
        RC_ASSERT(quote.has_value());
        RC_ASSERT(quote->drop == DropId{7});
        RC_ASSERT(quote->lines.size() == 1u);
        RC_ASSERT(quote->lines[0].unit_price == Money{price});
        RC_ASSERT(quote->valid_until == Instant{1'790'000'000'000});
    }));
}

TEST(Quote, NoEditGetsThrough) {
    const auto token = seal(some_quote(2'990), key);
    EXPECT_TRUE(rc::check("one letter changed, cut or added", [&] {
        auto bad = token;
        const auto at = *rc::gen::inRange<std::size_t>(0, token.size());
        switch (*rc::gen::inRange(0, 3)) {
            case 0:
                bad[at] = *rc::gen::elementOf(std::string("0123456789abcdefghjkmnpqrstvwxyz_"));
                RC_PRE(bad != token);
                break;
            case 1:
                bad.erase(at, 1);
                break;
            default:
                bad.insert(at, 1, '0');
                break;
        }
        const auto quote = unseal(bad, key);
        RC_ASSERT(!quote.has_value());
    }));
}

TEST(Quote, HalvesOfTwoQuotesAreNone) {
    const auto a = seal(some_quote(2'990), key), b = seal(some_quote(1), key);
    ASSERT_EQ(a.size(), seal(some_quote(2'991), key).size());
    const auto c = seal(some_quote(2'991), key);
    for (std::size_t cut = 4; cut + 4 < a.size(); ++cut) {
        const auto mixed = a.substr(0, cut) + c.substr(cut);
        if (mixed != a && mixed != c) {
            EXPECT_FALSE(unseal(mixed, key)) << cut;
        }
    }
    EXPECT_FALSE(unseal(a, std::string(32, 'x')));
    EXPECT_FALSE(unseal("", key));
    EXPECT_FALSE(unseal("qt_", key));
    EXPECT_NE(a, b);
}

TEST(Quote, SessionsAreDigests) {
    EXPECT_EQ(session_digest(""), 0u);
    EXPECT_NE(session_digest("a"), session_digest("b"));
    EXPECT_EQ(session_digest("a") >> 63, 0u);  // the top bit tells a session from a person
}

}  // namespace
}  // namespace dropsmith::http
