// ShopClock: holds, drops and prices live by it: max(last journaled at, start + boot-time elapsed x speed), slewed to
// the wall at no more than 5 %; a wall step over five minutes is not followed until an operator accepts it. Never goes
// back, also across restarts. Read by the loop; any thread may read now(). Covered by engine/shop_clock_test.cpp (jump
// schedules).
#pragma once

#include <atomic>
#include <mutex>

#include "base/clock.h"

namespace dropsmith::engine {

class ShopClock {
public:
    // speed > 1 only in simulated shops: those start at `last` (or `start`) and never follow the wall.
    ShopClock(const Clock& clock, Instant last, std::int64_t speed, bool simulated);
    Instant now();
    bool waits_for_operator() const;             // the wall stepped by more than five minutes
    void accept_wall();                          // the operator's word

private:
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::int64_t speed_;
    bool simulated_;
    Instant last_;
    Duration boot_at_last_;
    bool waits_ = false;
};

}  // namespace dropsmith::engine
