// The few bytes of HTTP/1.1 that a load tool needs: where a message ends, its status, a header, a JSON string member.
// Not a parser for strangers' input: it reads what our own servers and rivals send over loopback. Message bodies are by
// Content-Length only; a chunked one counts as malformed. Pure functions. Test: load_test.cpp.
#pragma once

#include <cstddef>
#include <string_view>

namespace dropsmith::load {

/// Length of the first whole HTTP message (request or reply) in `in`: 0 = more bytes needed, SIZE_MAX = malformed.
std::size_t http_frame(std::string_view in);

struct HttpReply {
    int status = 0;
    std::string_view head;  // with the status line, without the empty line
    std::string_view body;
};
/// `message` is one whole reply as http_frame measured it; status 0 when its first line is not a status line.
HttpReply http_reply(std::string_view message);

/// The value of header `name` (any case) in a head; empty when absent.
std::string_view http_header(std::string_view head, std::string_view name);

/// The first string member `"name": "value"` in a JSON text, at whatever depth; empty when absent. No escapes.
std::string_view json_string(std::string_view json, std::string_view name);

}  // namespace dropsmith::load
