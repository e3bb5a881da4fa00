// A request as nearly every client sends it, read in one go when it lies whole in the buffer: GET or POST, a plain
// path, the few fields that matter here, each once, a plain length. Whatever is only a little different answers 0, and
// Beast's grammar is the judge (parser.h). Invariant: what is taken here, the grammar takes too, to the same request
// and the same length. Any thread. Covered by edge/http/parser_test.cpp, which has the grammar as judge.
#pragma once

#include <cstddef>
#include <string_view>

#include "edge/http/message.h"

namespace dropsmith::http {

// Octets of the request, its body with it; 0: not plain, or not whole yet, and `out` is anything. `out` comes fresh.
std::size_t read_plain(std::string_view in, Request& out);

}  // namespace dropsmith::http
