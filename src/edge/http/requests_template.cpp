// Field tables of requests_template.h (base/describe.h). Covered by tests/http/openapi.py.
#include "edge/http/requests_template.h"

#include "base/describe.h"

namespace dropsmith {
using namespace http;

DROPSMITH_TYPES(OpeningBody, TemplateBody)

}  // namespace dropsmith
