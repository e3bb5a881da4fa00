// A price times units is money; a price times a price is nothing.
// expect: no match for
#include "base/numbers.h"

dropsmith::Money total(dropsmith::Money price, [[maybe_unused]] dropsmith::Quantity units) {
#ifdef MUST_NOT_COMPILE
    return price * price;
#else
    return price * units;
#endif
}
