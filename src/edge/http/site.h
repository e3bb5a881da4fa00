// What is served without a route of its own: the embedded pages of web/, and the pages that the server writes itself.
// Any thread. Covered by tests/http/routes.py.
#pragma once

#include "edge/http/message.h"

namespace dropsmith::http {

Reply asset_or_not_found(const Request& request);

}  // namespace dropsmith::http
