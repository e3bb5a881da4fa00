// A Result says whether it worked: it does not turn into its value by itself.
// expect: cannot convert
#include "base/result.h"

dropsmith::Result<int, const char*> ask();
#ifdef MUST_NOT_COMPILE
int answer() { return ask(); }
#else
int answer() { return ask().value(); }
#endif
