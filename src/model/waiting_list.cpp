// Field tables of waiting_list.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/waiting_list.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(WaitLine, WaitJoined, WaitLeft, UnitsOffered, OffersMade, WishesEnded, PreordersChecked, WaitEntry,
                PastWishes)

}  // namespace dropsmith
