// A Reply as bytes: status line, the fields that every reply carries (security headers, length, type), body. Any
// thread. Covered by edge/http/words_test.cpp.
#pragma once

#include <string>
#include <string_view>

#include "edge/http/message.h"

namespace dropsmith::http {

std::string_view reason(int status);
// without_body: HEAD, 304. endless: no length, the connection ends the reply (server-sent events).
void write_reply(std::string& out, const Reply& reply, bool keep_alive, bool without_body = false,
                 bool endless = false);

}  // namespace dropsmith::http
