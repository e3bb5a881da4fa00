// CHECK's last words: the broken condition and its place on standard error, then abort (the design's "bug").
// Any thread. Covered by base/numbers_test.cpp (death tests).
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace dropsmith {

void check_failed(const char* condition, const char* file, int line, const char* why) {
    std::fprintf(stderr, "dropsmith: bug at %s:%d: %s does not hold. %s\n", file, line, condition, why);
    std::abort();
}

}  // namespace dropsmith
