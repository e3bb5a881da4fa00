// Field tables of room.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/room.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(Admission, RoomCommitted, RoomEntered, RoomDrawn, RoomAdmitted, AdmissionRateSet, RoomEntrant,
                AdmittedStep, Room)

}  // namespace dropsmith
