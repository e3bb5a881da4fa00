// Looks at drops on their way to the signal log: a crowd's are handed over together, so that one sync serves many. A
// look that is lost with the process was not promised to anybody; one that comes twice is counted once by the log
// (source and id). Also how many one address may add. Any thread. Covered by edge/http/page_views_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "edge/http/slow.h"
#include "edge/http/throttle.h"
#include "engine/signal_log.h"

namespace dropsmith::http {

class PageViews {
  public:
    static constexpr std::size_t waiting_max = 10'000;
    // false: too many wait already, this one is not counted.
    bool add(engine::SignalEvent look, engine::SignalLog& log, Slow& slow);
    bool may(std::uint64_t address, std::int64_t now_ms);

  private:
    void hand_over(engine::SignalLog& log);
    std::mutex mutex_;
    std::vector<engine::SignalEvent> waiting_;
    bool under_way_ = false;  // a thread hands over: what comes meanwhile goes with its next round
    Throttle throttle_;
};

}  // namespace dropsmith::http
