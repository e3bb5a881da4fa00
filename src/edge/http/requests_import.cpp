// Field tables of requests_import.h (base/describe.h). Covered by tests/http/imports.py.
#include "edge/http/requests_import.h"

#include "base/describe.h"

namespace dropsmith {
using namespace http;

DROPSMITH_TYPES(ImportBody, ImportLineBody, ImportRowsBody)

}  // namespace dropsmith
