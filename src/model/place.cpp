// Field tables of place.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/place.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(Position, Place, Channel, PlaceSet, ChannelSet, Places)

}  // namespace dropsmith
