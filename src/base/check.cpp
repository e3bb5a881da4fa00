// CHECK's last words: the broken condition and its place on standard error, then abort (the design's "bug"); or, inside
// a ChecksThrow, an exception that ends where replay is.
// Any thread. Covered by base/numbers_test.cpp (death tests).
#include "base/check.h"

#include "base/checks_throw.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace dropsmith {

namespace {
thread_local int checks_throw = 0;
}

ChecksThrow::ChecksThrow() { ++checks_throw; }
ChecksThrow::~ChecksThrow() { --checks_throw; }

void check_failed(const char* condition, const char* file, int line, const char* why) {
    if (checks_throw > 0) throw std::logic_error(why[0] ? std::string(why) + " (" + condition + ")" : condition);
    std::fprintf(stderr, "dropsmith: bug at %s:%d: %s does not hold. %s\n", file, line, condition, why);
    std::abort();
}

}  // namespace dropsmith
