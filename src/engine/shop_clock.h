// ShopClock: holds, drops and prices live by it: max(last journaled at, start + boot-time elapsed x speed), slewed to
// the wall: at 5 %, and at a thousandth while anybody holds units, so that one of a quarter of an hour lives its time
// within a second; a wall step over five minutes is not followed until an operator accepts it. Never goes back, also
// across restarts. Read by the loop; any thread may read now(). Covered by engine/shop_clock_test.cpp (jump schedules).
#pragma once

#include <mutex>

#include "base/clock.h"

namespace dropsmith::engine {

class ShopClock {
public:
    // last: at of the last batch, the epoch when there is none. speed > 1 only in simulated shops: those go on from
    // `last` (from the wall when there is none) and never follow the wall.
    ShopClock(const Clock& clock, Instant last, std::int64_t speed, bool simulated);
    Instant now();
    std::int64_t speed() const { return speed_; }  // shop seconds in a second
    bool waits_for_operator() const;               // the wall is more than five minutes away
    // The operator's word: goes to a wall that is ahead at once; towards one that is behind it slews, as it never
    // goes back.
    void accept_wall();
    // The loop's word after each batch; until it is given: somebody does.
    void somebody_holds(bool so);

private:
    void follow(Instant wall, Duration elapsed);
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::int64_t speed_;
    bool simulated_;
    Instant last_;
    Duration boot_at_last_;
    std::int64_t slew_us_ = 0;                     // what may be slewed at this look: a share of the time since
    bool held_ = true;                             // somebody holds units
    bool accepted_ = false;
    bool waits_ = false;
};

}  // namespace dropsmith::engine
