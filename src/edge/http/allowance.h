// How long a caller must wait because it has asked too much: a token is a caller of its own, everybody else is an
// address. A batch of holds asks as much as its holds would one by one, and holds that name neither a session nor a
// person, which no limit per person sees, have a smaller allowance of their own beside it. Network threads. Covered by
// tests/http/limits.py.
#pragma once

#include <cstdint>

#include "edge/http/services.h"
#include "model/access.h"

namespace dropsmith::http {

// Milliseconds, 0: none; then the request has been counted, as so many. grant: of the token that was shown, or null.
std::int64_t over_allowance(Services& services, const Request& request, const Grant* grant, std::size_t things = 1);

// The same for so many holds for nobody in particular; asked after the request itself has been counted.
std::int64_t over_unnamed(Services& services, const Request& request, const Grant* grant, std::size_t holds);

}  // namespace dropsmith::http
