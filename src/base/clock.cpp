// The machine's two clocks; the only file that asks what time it is. Any thread. Covered by base/clock_test.cpp.
#include "base/clock.h"

#include <ctime>

#include "base/check.h"

namespace dropsmith {

namespace {

std::int64_t read_ms(clockid_t id) {
    timespec now{};
    CHECK_BECAUSE(clock_gettime(id, &now) == 0, "Linux has this clock since 2.6.39");
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

std::int64_t thread_cpu_us() {
    timespec now{};
    CHECK_BECAUSE(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0, "Linux has this clock since 2.6.12");
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

Instant SystemClock::wall() const { return Instant{read_ms(CLOCK_REALTIME)}; }
Duration SystemClock::boot() const { return Duration{read_ms(CLOCK_BOOTTIME)}; }

}  // namespace dropsmith
