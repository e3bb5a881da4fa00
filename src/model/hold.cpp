// Field tables of hold.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/hold.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(HeldLine, UnitsHeld, HoldReduced, HoldEnded, HoldDetailed, Hold, HoldDetails, LatePaid)

}  // namespace dropsmith
