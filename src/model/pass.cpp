// Field tables of pass.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/pass.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(PassTerms, PassesIssued, PassEnded, PassUsed, Pass)

}  // namespace dropsmith
