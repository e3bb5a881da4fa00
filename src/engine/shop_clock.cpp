// The shop's clock; see shop_clock.h. Covered by engine/shop_clock_test.cpp.
#include "engine/shop_clock.h"

#include <algorithm>

namespace dropsmith::engine {

namespace {

constexpr Duration step_max = minutes(5);
constexpr std::int64_t slew_us_per_ms = 50;             // 5 %
constexpr std::int64_t slew_us_per_ms_held = 1;         // 0.1 %: 0.9 s in a hold of 15 minutes
constexpr std::int64_t slew_us_max = 60'000'000;        // a long silence does not make a jump of more than a minute

}  // namespace

ShopClock::ShopClock(const Clock& clock, Instant last, std::int64_t speed, bool simulated)
    : clock_(clock), speed_(simulated ? std::max<std::int64_t>(speed, 1) : 1), simulated_(simulated), last_(last),
      boot_at_last_(clock.boot()) {
    const auto wall = clock.wall();
    if (!simulated_ || last_ == Instant{}) last_ = std::max(last_, wall);
    waits_ = !simulated_ && last_ - wall > step_max;    // the wall was set back while the shop was shut
}

Instant ShopClock::now() {
    std::scoped_lock lock(mutex_);
    const auto boot = clock_.boot();
    const auto elapsed = std::max(boot - boot_at_last_, Duration{0});
    boot_at_last_ = boot;
    last_ = last_ + elapsed * speed_;
    if (!simulated_) follow(clock_.wall(), elapsed);
    return last_;
}

void ShopClock::follow(Instant wall, Duration elapsed) {
    const auto ahead = wall - last_;
    const auto away = ahead < Duration{0} ? -ahead : ahead;
    if (away <= step_max) accepted_ = false;
    waits_ = away > step_max && !accepted_;
    // What was not used is no credit for later: a step after hours without one is still followed at that rate.
    const auto rate = held_ ? slew_us_per_ms_held : slew_us_per_ms;
    slew_us_ = std::min(std::min<std::int64_t>(slew_us_, 999) + elapsed.n * rate, slew_us_max);
    if (waits_) return;
    const Duration allowed{slew_us_ / 1000};
    // Behind: run slower, but for what has just passed, so that it never goes back.
    const auto slew = ahead > Duration{0} ? std::min(ahead, allowed) : -std::min({-ahead, allowed, elapsed});
    last_ = last_ + slew;
    slew_us_ -= (slew < Duration{0} ? -slew : slew).n * 1000;
}

bool ShopClock::waits_for_operator() const {
    std::scoped_lock lock(mutex_);
    return waits_;
}

void ShopClock::somebody_holds(bool so) {
    std::scoped_lock lock(mutex_);
    held_ = so;
}

void ShopClock::accept_wall() {
    std::scoped_lock lock(mutex_);
    if (simulated_) return;
    last_ = std::max(last_, clock_.wall());
    accepted_ = true;
    waits_ = false;
}

}  // namespace dropsmith::engine
