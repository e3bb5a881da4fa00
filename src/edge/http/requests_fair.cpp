// Field tables of requests_fair.h (base/describe.h). Covered by tests/http/openapi.py.
#include "edge/http/requests_fair.h"

#include "base/describe.h"

namespace dropsmith {
using namespace http;

DROPSMITH_TYPES(EnterBody, LookBody, RateBody, WaitBody, PassBody)

}  // namespace dropsmith
