// See the header. Covered by edge/stripe/signature_test.cpp.
#include "edge/stripe/signature.h"

#include <array>

#include <sodium.h>

#include "base/digest.h"
#include "base/text.h"

namespace dropsmith::stripe {
namespace {

constexpr std::size_t header_max = 2'000, signatures_max = 8, hex_size = 64;

std::string hmac_hex(std::string_view secret, std::string_view text) {
    const auto octets = [](std::string_view from) { return reinterpret_cast<const unsigned char*>(from.data()); };
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> out{};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, octets(secret), secret.size());
    crypto_auth_hmacsha256_update(&state, octets(text), text.size());
    crypto_auth_hmacsha256_final(&state, out.data());
    return hex(std::string_view(reinterpret_cast<const char*>(out.data()), out.size()));
}

struct Header {
    std::string_view time;
    std::vector<std::string_view> signatures;
};

Result<Header, std::string> read(std::string_view text) {
    Header out;
    if (text.empty()) return Failure{std::string("the Stripe-Signature header is missing")};
    if (text.size() > header_max) return Failure{std::string("the Stripe-Signature header is too long")};
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto part = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        const auto sign = part.find('=');
        if (sign == std::string_view::npos) return Failure{std::string("the Stripe-Signature header is malformed")};
        const auto name = part.substr(0, sign), value = part.substr(sign + 1);
        if (name == "t") {
            if (!out.time.empty()) return Failure{std::string("the Stripe-Signature header has two times")};
            out.time = value;
        } else if (name == "v1" && value.size() == hex_size && out.signatures.size() < signatures_max) {
            out.signatures.push_back(value);
        }  // other schemes are not for us
    }
    if (out.time.empty()) return Failure{std::string("the Stripe-Signature header has no time")};
    if (out.signatures.empty()) return Failure{std::string("the Stripe-Signature header has no v1 signature")};
    return out;
}

}  // namespace

Status<std::string> check_signature(std::string_view header, std::string_view body,
                                    const std::vector<std::string>& secrets, Instant now) {
    const auto said = read(header);
    if (!said) return Failure{said.error()};
    const auto seconds_said = parse_integer(said->time);
    if (!seconds_said || *seconds_said < 0 || *seconds_said > 100'000'000'000)
        return Failure{std::string("the time in the Stripe-Signature header is none")};
    const auto off = now - Instant{*seconds_said * 1'000};
    if (off > signature_valid_for || off < -signature_valid_for)
        return Failure{std::string("the event was signed more than five minutes from now: check this machine's clock")};
    std::string signed_text(said->time);
    signed_text.append(".").append(body);
    bool found = false;
    for (const auto& secret : secrets) {
        const auto right = hmac_hex(secret, signed_text);
        for (const auto one : said->signatures) found |= equal_in_constant_time(one, right);
    }
    if (!found) return Failure{std::string("the signature is not one of this endpoint's secrets")};
    return Nothing{};
}

}  // namespace dropsmith::stripe
