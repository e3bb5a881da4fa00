// Two points in time have a distance, not a sum.
// expect: no match for
#include "base/numbers.h"

[[maybe_unused]] dropsmith::Duration between(dropsmith::Instant a, dropsmith::Instant b) {
#ifdef MUST_NOT_COMPILE
    return a + b;
#else
    return a - b;
#endif
}
