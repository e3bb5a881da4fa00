// Clocks enter from outside: nothing below engine/ asks for the time. wall and boot are the machine's; tests and the
// simulator bring a ManualClock. Any thread. Covered by base/clock_test.cpp.
#pragma once

#include <atomic>

#include "base/numbers.h"

namespace dropsmith {

class Clock {
  public:
    virtual ~Clock() = default;
    virtual Instant wall() const = 0;   // may step: only ever shown, compared loosely, or slewed to
    virtual Duration boot() const = 0;  // since boot, never steps, counts suspend (CLOCK_BOOTTIME)
};

class SystemClock final : public Clock {
  public:
    Instant wall() const override;
    Duration boot() const override;
};

std::int64_t thread_cpu_us();  // processor time of the calling thread: figures that a busy machine does not stretch

class ManualClock final : public Clock {
  public:
    explicit ManualClock(Instant start) : wall_ms_(start.ms) {}
    Instant wall() const override { return Instant{wall_ms_.load()}; }
    Duration boot() const override { return Duration{boot_ms_.load()}; }
    void advance(Duration d) { wall_ms_ += d.n, boot_ms_ += d.n; }
    void step_wall(Duration d) { wall_ms_ += d.n; }

  private:
    std::atomic<std::int64_t> wall_ms_;
    std::atomic<std::int64_t> boot_ms_{0};
};

}  // namespace dropsmith
