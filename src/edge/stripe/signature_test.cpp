// Signatures: an example that Stripe's own library made, every bit of time, body and signature, the window, two
// secrets. 10^5 flips (DROPSMITH_CASES and DROPSMITH_SEED ask for others: tests/long/tampering);
// tests/payments/stripe.py does the same over the wire with the library's headers.
#include "edge/stripe/signature.h"

#include <gtest/gtest.h>

#include "base/environment_testing.h"
#include "base/random.h"

namespace dropsmith::stripe::signature_test {
namespace {

// stripe.webhooks.generateTestHeaderString({timestamp: 1795305600, payload, secret}) of the npm package stripe 17.7.0.
constexpr std::string_view body = R"({"id":"evt_1","type":"checkout.session.completed"})";
const std::string secret = "whsec_test_secret";
constexpr std::string_view header =
    "t=1795305600,v1=f1684cf659a772a198db5e0f93d57f0ca92d867fbf67ca7ebfb55d3126565adb";
constexpr Instant at{1'795'305'600'000};

bool good(std::string_view h, std::string_view b, Instant now = at, std::vector<std::string> secrets = {secret}) {
    return check_signature(h, b, secrets, now).ok();
}

TEST(Signature, TheLibrarysOwnIsTaken) { EXPECT_TRUE(good(header, body)); }

TEST(Signature, FiveMinutesEitherWay) {
    EXPECT_TRUE(good(header, body, at + minutes(5)));
    EXPECT_TRUE(good(header, body, at - minutes(5)));
    EXPECT_FALSE(good(header, body, at + minutes(5) + Duration{1}));
    EXPECT_FALSE(good(header, body, at - minutes(5) - Duration{1}));
}

TEST(Signature, OneOfTwoSecretsIsEnough) {
    EXPECT_TRUE(good(header, body, at, {"whsec_new", secret}));
    EXPECT_TRUE(good(header, body, at, {secret, "whsec_new"}));
    EXPECT_FALSE(good(header, body, at, {"whsec_new"}));
    EXPECT_FALSE(good(header, body, at, {}));
    const auto of_header = header.substr(header.find("v1="));
    EXPECT_TRUE(good("t=1795305600,v1=" + std::string(64, '0') + "," + std::string(of_header), body));
}

TEST(Signature, WhatIsMalformedIsRefused) {
    const std::string signature(header.substr(header.find("v1=") + 3));
    for (const auto& wrong : std::vector<std::string>{
          "", "t=1795305600", "v1=" + signature, "t=,v1=" + signature,
          "t=1795305600,t=1795305600,v1=" + signature, "t=1795305600,v0=" + signature,
          "t=+1795305600,v1=" + signature, "t=1795305600;v1=" + signature, "t=1795305600,v1=" + signature.substr(1),
          "t=99999999999999999999,v1=" + signature, std::string(3'000, 'x')})
        EXPECT_FALSE(good(wrong, body)) << wrong;
}

TEST(Signature, NoFlippedBitIsTaken) {
    std::uint64_t flips = 0;
    const auto each_bit = [&](std::string_view text, auto taken) {
        std::string changed(text);
        for (std::size_t i = 0; i < changed.size() * 8; ++i, ++flips) {
            changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << i % 8));
            EXPECT_FALSE(taken(changed)) << "bit " << i;
            changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << i % 8));
        }
    };
    each_bit(header, [](const std::string& h) { return good(h, body); });
    each_bit(body, [](const std::string& b) { return good(header, b); });
    const auto seed = from_environment("DROPSMITH_SEED", 16), cases = from_environment("DROPSMITH_CASES", 100'000);
    Random random(seed);
    while (flips < cases) {  // several at once, anywhere
        std::string h(header), b(body);
        for (auto n = 1 + random.below(4); n > 0; --n) {
            auto& text = random.below(2) == 0 ? h : b;
            const auto bit = random.below(text.size() * 8);
            text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
        }
        if (h == header && b == body) continue;
        EXPECT_FALSE(good(h, b)) << "DROPSMITH_SEED=" << seed;
        ++flips;
    }
}

}  // namespace
}  // namespace dropsmith::stripe::signature_test
