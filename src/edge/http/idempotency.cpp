// Covered by edge/http/words_test.cpp.
#include "edge/http/idempotency.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/cbor.h"
#include "base/digest.h"
#include "base/limits.h"

namespace dropsmith::http {

std::optional<std::string> parse_key(std::string_view header, bool empty_header, std::string& error) {
    error.clear();
    if (header.empty()) {
        if (empty_header)
            error = "Idempotency-Key is empty; send 1 to 255 visible characters, new for each thing to be done";
        return std::nullopt;
    }
    std::string key;
    if (header.front() == '"') {
        if (header.size() < 2 || header.back() != '"') {
            error = "Idempotency-Key begins with a quote and does not end with one";
            return std::nullopt;
        }
        const auto inner = header.substr(1, header.size() - 2);
        for (std::size_t i = 0; i < inner.size(); ++i) {
            if (inner[i] == '\\' && i + 1 < inner.size() && (inner[i + 1] == '"' || inner[i + 1] == '\\')) {
                key.push_back(inner[++i]);
            } else if (inner[i] == '"' || inner[i] == '\\') {
                error = "Idempotency-Key has a stray quote or backslash";
                return std::nullopt;
            } else {
                key.push_back(inner[i]);
            }
        }
    } else {
        key = header;
    }
    const bool visible = std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (key.empty() || key.size() > limits::key_max || !visible) {
        error = "Idempotency-Key must be 1 to 255 visible ASCII characters";
        return std::nullopt;
    }
    return key;
}

std::uint64_t body_digest(AnyRef body) {
    thread_local Bytes bytes;
    bytes.clear();
    encode_cbor(bytes, body);
    return body_digest(bytes);
}

// Not a secret's guard: whoever makes two bodies alike under a key of his own has only himself to deceive.
std::uint64_t body_digest(std::string_view cbor) {
    constexpr std::array<unsigned char, crypto_shorthash_KEYBYTES> key{'d', 'r', 'o', 'p', 's', 'm', 'i', 't',
                                                                       'h', ' ', 'b', 'o', 'd', 'i', 'e', 's'};
    std::array<unsigned char, crypto_shorthash_BYTES> hash{};
    crypto_shorthash(hash.data(), reinterpret_cast<const unsigned char*>(cbor.data()), cbor.size(), key.data());
    std::uint64_t n = 0;
    for (const auto octet : hash) n = n << 8 | octet;
    return n;
}

KeyUse key_use(std::string_view caller, std::string_view method, std::string_view path, std::string_view key) {
    thread_local std::string text;
    text.clear();
    text.reserve(caller.size() + method.size() + path.size() + key.size() + 3);
    text.append(caller).append(1, '\0').append(method).append(1, ' ').append(path).append(1, '\0').append(key);
    const auto digest = blake2b(text);  // without a key of its own: one block as a rule, where a key would be another
    KeyUse use;
    std::copy_n(digest.begin(), use.scope.size(), use.scope.begin());
    return use;
}

}  // namespace dropsmith::http
