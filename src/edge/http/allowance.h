// How long a caller must wait because it has asked too much: a token is a caller of its own, everybody else is an
// address. Network threads. Covered by tests/http/limits.py.
#pragma once

#include <cstdint>

#include "edge/http/services.h"
#include "model/access.h"

namespace dropsmith::http {

// Milliseconds, 0: none; then the request has been counted. grant: of the token that was shown, or null.
std::int64_t over_allowance(Services& services, const Request& request, const Grant* grant);

}  // namespace dropsmith::http
