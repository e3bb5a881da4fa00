// Field tables of moment.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/moment.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(Actor)

}  // namespace dropsmith
