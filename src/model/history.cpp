// Field tables of history.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/history.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(HistorySku, HistoryTotals, ImportBegun, HourSales, HistoryStaged, HistoryImported, ImportAbandoned,
                Import, SkuHour)

}  // namespace dropsmith
