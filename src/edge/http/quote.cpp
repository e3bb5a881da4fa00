// Covered by edge/http/quote_test.cpp.
#include "edge/http/quote.h"

#include "base/cbor.h"
#include "base/describe.h"
#include "base/digest.h"
#include "base/text.h"

namespace dropsmith {
using http::Quote;
using http::QuotedLine;
DROPSMITH_TYPES(Quote)
}  // namespace dropsmith

namespace dropsmith::http {
namespace {

constexpr std::size_t quote_mac = 16;
constexpr std::size_t quote_max = 8'192;

std::string mac_of(std::string_view bytes, std::string_view key) {
    const auto digest = blake2b(bytes, key);
    return {reinterpret_cast<const char*>(digest.data()), quote_mac};
}

}  // namespace

std::string seal(const Quote& quote, std::string_view mac_key) {
    Bytes bytes;
    encode_cbor(bytes, {&type_of<Quote>(), &quote});
    bytes += mac_of(bytes, mac_key);
    return "qt_" + base32(bytes);
}

std::optional<Quote> unseal(std::string_view token, std::string_view mac_key) {
    if (!token.starts_with("qt_") || token.size() > quote_max) return std::nullopt;
    const auto bytes = parse_base32(token.substr(3));
    if (!bytes || bytes->size() <= quote_mac) return std::nullopt;
    ByteView body = std::string_view(*bytes).substr(0, bytes->size() - quote_mac);
    if (!equal_in_constant_time(mac_of(body, mac_key), std::string_view(*bytes).substr(body.size())))
        return std::nullopt;
    Quote quote;
    if (!decode_cbor(body, type_of<Quote>(), &quote) || !body.empty()) return std::nullopt;
    return quote;
}

std::uint64_t session_digest(std::string_view session) {
    if (session.empty()) return 0;
    return first_64(blake2b(session, "dropsmith session")) >> 1 | 1;
}

}  // namespace dropsmith::http
