// See the header. Covered by edge/http/page_views_test.cpp.
#include "edge/http/page_views.h"

#include <utility>

namespace dropsmith::http {

bool PageViews::add(engine::SignalEvent look, engine::SignalLog& log, Slow& slow) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= waiting_max) return false;
        waiting_.push_back(std::move(look));
        if (under_way_) return true;
        under_way_ = true;
    }
    if (slow.offer([this, &log] { hand_over(log); })) return true;
    const std::lock_guard lock(mutex_);  // the next look tries again, and takes this one along
    under_way_ = false;
    return true;
}

void PageViews::hand_over(engine::SignalLog& log) {
    for (;;) {
        std::vector<engine::SignalEvent> now;
        {
            const std::lock_guard lock(mutex_);
            if (waiting_.empty()) return void(under_way_ = false);
            now.swap(waiting_);
        }
        (void)log.append(now);  // a disk that is full loses looks, never a sale
    }
}

// The throttle counts whole requests in a second: a clock that goes ten times slower makes it ten seconds.
bool PageViews::may(std::uint64_t address, std::int64_t now_ms) {
    return throttle_.ask(address, {1, 60}, now_ms / 10) == 0;
}

}  // namespace dropsmith::http
