// Field tables of stock.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/stock.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(StockLine, StockReceived, StockMoved, CountDifference, StockCounted, SoldElsewhereLine,
                SoldElsewhere, BundlesMade, StockRow)

}  // namespace dropsmith
