// What is measured differently is not compared.
// expect: no match for
#include "base/numbers.h"

bool longer(dropsmith::Duration a, [[maybe_unused]] dropsmith::Duration b, [[maybe_unused]] dropsmith::Money m) {
#ifdef MUST_NOT_COMPILE
    return a < m;
#else
    return a < b;
#endif
}
