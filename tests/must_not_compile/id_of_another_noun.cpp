// A hold's id is no order's id.
// expect: could not convert
#include "model/ids.h"

bool find(dropsmith::HoldId id) { return static_cast<bool>(id); }
#ifdef MUST_NOT_COMPILE
bool found = find(dropsmith::OrderId{7});
#else
bool found = find(dropsmith::HoldId{7});
#endif
