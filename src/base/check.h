// CHECK: a bug ends the process, in release builds too (design: "three kinds of trouble"). Never for input of a user.
// Any thread. Covered by base/numbers_test.cpp (death tests).
#pragma once

namespace dropsmith {

[[noreturn]] void check_failed(const char* condition, const char* file, int line, const char* why);

}  // namespace dropsmith

#define CHECK_BECAUSE(condition, why)                                       \
    do {                                                                    \
        if (!(condition)) [[unlikely]]                                      \
            ::dropsmith::check_failed(#condition, __FILE__, __LINE__, why); \
    } while (false)
#define CHECK(condition) CHECK_BECAUSE(condition, "")
