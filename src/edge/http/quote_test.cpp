// A quote comes back as it was sealed, and no edit, swap or other key gets through (price tampering).
#include "edge/http/quote.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/environment_testing.h"
#include "base/random.h"
#include "base/sized_testing.h"

namespace dropsmith::http::quote_test {
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

// Price tampering by chance: many edits at once, pieces of other quotes, another price under the old seal.
// DROPSMITH_CASES asks for more (tests/long/tampering: a million).
TEST(Quote, NoneOfManyForgeriesIsAccepted) {
    const auto seed = from_environment("DROPSMITH_SEED", 1);
    const auto cases = from_environment("DROPSMITH_CASES", sized(20'000u, 1'000u));
    const std::string letters = "0123456789abcdefghjkmnpqrstvwxyz_ILOUilou";
    std::uint64_t accepted = 0, tried = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        Random random(seed, i);
        const auto price = static_cast<std::int64_t>(random.below(1'000'000));
        const auto honest = seal(some_quote(price), key), other = seal(some_quote(price / 2), key);
        auto forged = honest;
        for (auto changes = 1 + random.below(4); changes > 0; --changes) {
            const auto at = 3 + random.below(forged.size() - 3);
            switch (random.below(5)) {
                case 0: forged[at] = letters[random.below(letters.size())]; break;
                case 1: forged.erase(at, 1 + random.below(3)); break;
                case 2: forged.insert(at, 1, letters[random.below(letters.size())]); break;
                case 3: forged.replace(at, 8, other, std::min(at, other.size()), 8); break;
                default: forged = seal(some_quote(price / 3), std::string(32, static_cast<char>(random.below(100))));
            }
        }
        if (forged == honest || forged == other) continue;
        ++tried;
        accepted += unseal(forged, key).has_value();
    }
    EXPECT_EQ(accepted, 0u) << "DROPSMITH_SEED=" << seed;
    EXPECT_GT(tried, cases / 2);
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
}  // namespace dropsmith::http::quote_test
