// A bare number is no id.
// expect: could not convert
#include "model/ids.h"

bool find(dropsmith::SkuId id) { return static_cast<bool>(id); }
#ifdef MUST_NOT_COMPILE
bool found = find(std::uint64_t{7});
#else
bool found = find(dropsmith::SkuId{7});
#endif
