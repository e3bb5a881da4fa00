// Signals and subscribers. Covered by tests/http/signals_test.py.
#include "edge/http/handling.h"
#include "edge/http/routes.h"

namespace dropsmith::http {

std::span<const Route> signal_routes() { return {}; }

}  // namespace dropsmith::http
