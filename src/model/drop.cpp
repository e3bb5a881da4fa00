// Field tables of drop.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/drop.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(Allotment, LineTerms, RoomTerms, PricingTerms, DropTerms, DropDrafted, DropEdited, DropScheduled,
                DropOpened, DropPaused, DropResumed, DropClosed, DropSettled, SettlementPutOff, DropTidied,
                DropCancelled, PreorderReserveReleased, PlaceUse, DropLine, Drop)

}  // namespace dropsmith
