// Field tables of signal.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/signal.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(DemandKey, DemandRow, Hearing, DemandFolded)

}  // namespace dropsmith
