// Field tables of substitute.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/substitute.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(SubstituteTaken, SubstituteUse)

}  // namespace dropsmith
