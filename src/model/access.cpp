// Field tables of access.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/access.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(Scope, GrantLimits, GrantIssued, GrantEnded, PersonErased, Grant, Access)

}  // namespace dropsmith
