// Field tables of price.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/price.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(ArmInput, DecisionInputs, PriceSet, PriceReviewed, PricesKilled, ArmStats, LinePrice)

}  // namespace dropsmith
