// Only a fact may become a Fact: a command asks, it has not happened.
// expect: no matching function
#include "model/hold.h"

#ifdef MUST_NOT_COMPILE
dropsmith::Fact fact() { return dropsmith::Fact(dropsmith::PlaceHold{}); }
#else
dropsmith::Fact fact() { return dropsmith::Fact(dropsmith::UnitsHeld{}); }
#endif
