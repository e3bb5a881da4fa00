// A bare number is no money: of what unit?
// expect: could not convert
#include "base/numbers.h"

dropsmith::Money charge(dropsmith::Money amount) { return amount; }
#ifdef MUST_NOT_COMPILE
auto charged = charge(std::int64_t{2990});
#else
auto charged = charge(dropsmith::Money{2990});
#endif
