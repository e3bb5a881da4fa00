// The bodies of holds and quotes as nearly everybody sends them, read without the generic walk: plain letters, known
// fields once each, whole numbers. Whatever is only a little different answers false, and base/json.h is the judge
// (and words the mistake). Invariant: what is taken here is what parse_json takes, to the same value. Any thread.
// Covered by edge/http/plain_body_test.cpp, which has parse_json as judge.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "edge/http/requests.h"

namespace dropsmith::http {

// {"drop", "channel", "lines": [{"sku", "units"}], "session"}, in any order; `out` is fresh. false: `out` is anything.
bool read_plain(std::string_view json, HoldBody& out);
bool read_plain(std::string_view json, QuoteBody& out);

// A body that read_plain took, as encode_cbor writes it: what its digest is made of. "": too long for the short form.
std::string_view plain_cbor(const HoldBody& body);  // this thread's, until it asks again

// {"holds": [{"key", as above}, …]}: so many at the front of `out`, whose room is used again. A key lives in `json`.
struct KeyedHold {
    std::string_view key;
    HoldBody body;
};
bool read_plain(std::string_view json, std::vector<KeyedHold>& out, std::size_t& count);

}  // namespace dropsmith::http
