// Money and units do not add up; money does.
// expect: no match for
#include "base/numbers.h"

dropsmith::Money total(dropsmith::Money price, [[maybe_unused]] dropsmith::Quantity units) {
#ifdef MUST_NOT_COMPILE
    return price + units;
#else
    return price + price;
#endif
}
