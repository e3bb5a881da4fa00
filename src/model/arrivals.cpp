// Field tables of arrivals.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/arrivals.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(SeenPeriod, Announcement, FreshUnits, CurveCell, DropCurve, HistoryInput, LevelInput, ChannelsInput,
                 CurveInput, ArrivalsInput)

}  // namespace dropsmith
