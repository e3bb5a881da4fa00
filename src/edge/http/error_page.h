// A refusal as a person sees it who opened an address in a browser: what happened, what was kept, what to do. Programs
// go on reading problem+json.
//
// Invariant: only where nobody reads JSON: outside /v1/, and the browser said that it wants a page. The status and
// every header of the answer stay as they were; nothing of the request stands in the page. Called by the router on the
// network thread; the answer may come on any. Test: error_page_test.cpp, tests/http/routes.py.
#pragma once

#include <memory>
#include <string>

#include "edge/http/server.h"

namespace dropsmith::http {

bool wants_page(const Request& request);
std::string error_page(int status);
// The same way back, on which a problem becomes a page.
std::unique_ptr<Responder> with_error_pages(std::unique_ptr<Responder> responder);

}  // namespace dropsmith::http
