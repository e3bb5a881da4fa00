// Idempotency-Key: plain or as a quoted structured string, at most 255 octets. What a key covers: caller + route (with
// its ids) + key. Any thread. Covered by edge/http/words_test.cpp, tests/http/lost_reply.py.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/type.h"
#include "model/state.h"

namespace dropsmith::http {

// "" in error when fine. nullopt without error: no key was given.
std::optional<std::string> parse_key(std::string_view header, bool empty_header, std::string& error);

// Of a request's body as it was understood: tells another body under the same key.
std::uint64_t body_digest(AnyRef body);
std::uint64_t body_digest(std::string_view cbor);  // the same, of its CBOR

// body is filled by parse_body.
KeyUse key_use(std::string_view caller, std::string_view method, std::string_view path, std::string_view key);

}  // namespace dropsmith::http
