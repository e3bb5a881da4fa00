// A crowd's looks reach the log whole and together; what waits has a bound; one address has a share.
#include "edge/http/page_views.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <set>
#include <string>

namespace dropsmith::http::page_views_test {
namespace {

class CountingLog final : public engine::SignalLog {
  public:
    Result<engine::SignalsKept, Fault> append(std::span<const engine::SignalEvent> events) override {
        std::unique_lock lock(mutex_);
        ++calls;
        for (const auto& event : events) ids.insert(event.id);
        changed_.notify_all();
        changed_.wait(lock, [&] { return !closed; });
        return engine::SignalsKept{events.size(), 0};
    }
    Result<std::optional<FoldDemand>, Fault> next_fold(std::uint64_t) override {
        return std::optional<FoldDemand>{};
    }
    Result<std::uint64_t, Fault> forget(std::uint64_t, Instant) override { return std::uint64_t{0}; }

    void wait_for(std::size_t n) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ids.size() >= n; });
    }
    void wait_for_call() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return calls > 0; });
    }
    void open() {
        const std::lock_guard lock(mutex_);
        closed = false;
        changed_.notify_all();
    }
    bool closed = false;
    int calls = 0;
    std::set<std::string> ids;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

engine::SignalEvent look(int n) {
    engine::SignalEvent event;
    event.source = "dropsmith:", event.id = std::to_string(n);
    return event;
}

TEST(PageViews, WhatComesWhileOneIsStoredGoesTogether) {
    CountingLog log;
    PageViews views;
    Slow slow(1, 4);
    log.closed = true;
    EXPECT_TRUE(views.add(look(0), log, slow));
    log.wait_for_call();
    for (int n = 1; n <= 500; ++n) EXPECT_TRUE(views.add(look(n), log, slow));
    log.open();
    log.wait_for(501);
    slow.stop();
    EXPECT_EQ(log.calls, 2) << "one alone, five hundred together";
}

TEST(PageViews, WhatWaitsHasABound) {
    CountingLog log;
    PageViews views;
    Slow slow(1, 4);
    log.closed = true;
    EXPECT_TRUE(views.add(look(0), log, slow));
    log.wait_for_call();
    int taken = 0;
    for (int n = 1; n <= static_cast<int>(PageViews::waiting_max) + 10; ++n) taken += views.add(look(n), log, slow);
    EXPECT_EQ(taken, static_cast<int>(PageViews::waiting_max));
    log.open();
    log.wait_for(PageViews::waiting_max + 1);
    slow.stop();
}

TEST(PageViews, NoRoomForTheWorkLosesNothing) {
    CountingLog log;
    PageViews views;
    {
        Slow none(1, 0);
        EXPECT_TRUE(views.add(look(1), log, none));
    }
    Slow slow(1, 4);
    EXPECT_TRUE(views.add(look(2), log, slow));
    log.wait_for(2);
    slow.stop();
}

TEST(PageViews, OneAddressHasAShare) {
    PageViews views;
    int taken = 0;
    for (int n = 0; n < 1'000; ++n) taken += views.may(7, 1'000'000);
    EXPECT_EQ(taken, 60);
    EXPECT_TRUE(views.may(8, 1'000'000)) << "another address has its own";
    EXPECT_FALSE(views.may(7, 1'009'000));
    EXPECT_TRUE(views.may(7, 1'010'000)) << "one in ten seconds";
}

}  // namespace
}  // namespace dropsmith::http::page_views_test
