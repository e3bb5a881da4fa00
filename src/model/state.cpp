// Field tables of state.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/state.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(Timer)

}  // namespace dropsmith
