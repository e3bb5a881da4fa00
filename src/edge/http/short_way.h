// The short way of the commonest requests of a drop, POST /v1/holds (and :batch) and POST /v1/quotes, when nothing
// about them is out of the ordinary: read from the request as it lies in the network thread's hands, answered from the
// board when it can, else handed to the loop without the long way's copies. Whatever is unusual (staff, cookies, a
// query, another type, a body with a mistake) is `no` and goes the long way, which says the same. Invariant: a refusal
// leaves from here only for a key that is new. Network threads. Covered by edge/http/board_test.cpp,
// tests/http/lost_reply.py, tests/http/routes.py.
#pragma once

#include <cstdint>

#include "edge/http/message.h"
#include "edge/http/server.h"
#include "edge/http/services.h"

namespace dropsmith::http {

Target::Short short_way(Services& services, const Request& request, Reply& reply, Way& way, std::int64_t turn_ms);

}  // namespace dropsmith::http
