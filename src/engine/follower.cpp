// Catching up and the thread that does it; see follower.h. Covered by engine/follower_test.cpp.
#include "engine/follower.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace dropsmith::engine {

namespace {

constexpr std::size_t facts_at_once = 4'096;             // of one transaction of the follower
constexpr std::chrono::milliseconds retry{1'000};
// Facts gather this long unless somebody waits: a transaction for each batch of the loop took a quarter of its time.
constexpr std::chrono::milliseconds gather{100};
constexpr int behind = 5;                                // nice, of this thread alone

// One transaction's worth; false: there was nothing to take.
Result<bool, Fault> take_some(const Journal& journal, Follower& follower) {
    auto bookmark = follower.bookmark();
    if (!bookmark) return Failure{bookmark.error()};
    std::vector<StoredBatch> batches;
    std::uint64_t facts = 0;
    auto read = journal.read(*bookmark + 1, [&](const StoredBatch& batch) {
        batches.push_back(batch);
        facts += batch.last - batch.first + 1;
        return facts < facts_at_once;
    });
    if (!read) return Failure{read.error()};
    if (batches.empty()) return false;
    if (auto taken = follower.take(batches); !taken) return Failure{taken.error()};
    return true;
}

}  // namespace

Status<Fault> catch_up(const Journal& journal, Follower& follower) {
    auto bookmark = follower.bookmark();
    if (!bookmark) return Failure{bookmark.error()};
    auto head = journal.head();
    if (!head) return Failure{head.error()};
    if (*bookmark > *head)
        if (auto anew = follower.begin_anew(); !anew) return anew;
    for (;;) {
        auto took = take_some(journal, follower);
        if (!took) return Failure{took.error()};
        if (!*took) return Nothing{};
    }
}

struct FollowerThread::Inside {
    const Journal& journal;
    Follower& follower;
    mutable std::mutex mutex;
    std::condition_variable wake, moved;
    std::uint64_t head = 0, taken = 0;
    unsigned waiting = 0;  // in wait_for
    bool stopping = false;
    std::optional<Fault> trouble;
    std::thread thread;

    Inside(const Journal& journal_, Follower& follower_) : journal(journal_), follower(follower_) {}

    void work() {
        // Where there is one core, or all are busy, what sells goes first: lists say as_of when.
        (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), behind);
        std::unique_lock lock(mutex);
        for (;;) {
            wake.wait(lock, [&] { return stopping || head > taken; });
            wake.wait_for(lock, gather, [&] { return stopping || waiting > 0 || head >= taken + facts_at_once; });
            const bool last = stopping;
            if (head > taken && !take_all(lock)) wake.wait_for(lock, retry, [&] { return stopping; });
            if (last) return;
        }
    }

    bool take_all(std::unique_lock<std::mutex>& lock) {
        const auto goal = head;  // what comes meanwhile gathers for the next time
        while (goal > taken) {
            lock.unlock();
            auto took = take_some(journal, follower);
            const auto bookmark = follower.bookmark();
            lock.lock();
            trouble.reset();
            if (!took) trouble = took.error();
            if (bookmark) taken = *bookmark;
            moved.notify_all();
            if (!took || !*took) return false;
        }
        return true;
    }
};

FollowerThread::FollowerThread(const Journal& journal, Follower& follower)
    : inside_(std::make_unique<Inside>(journal, follower)) {}

FollowerThread::~FollowerThread() { stop(); }

void FollowerThread::start() {
    const auto head = inside_->journal.head();
    if (head) inside_->head = *head;
    auto bookmark = inside_->follower.bookmark();
    if (bookmark && head && *bookmark > *head) {  // the journal was restored from a backup
        if (auto anew = inside_->follower.begin_anew(); !anew) inside_->trouble = anew.error();
        bookmark = inside_->follower.bookmark();
    }
    if (bookmark) inside_->taken = *bookmark;
    inside_->thread = std::thread([inside = inside_.get()] { inside->work(); });
    ::pthread_setname_np(inside_->thread.native_handle(), "follower");
}

void FollowerThread::stop() {
    {
        std::scoped_lock lock(inside_->mutex);
        inside_->stopping = true;
    }
    inside_->wake.notify_all();
    if (inside_->thread.joinable()) inside_->thread.join();
}

void FollowerThread::stored(const State&, const Batch& batch) {
    bool worth_waking = false;
    {
        std::scoped_lock lock(inside_->mutex);
        worth_waking = inside_->head == inside_->taken || batch.last() >= inside_->taken + facts_at_once;
        inside_->head = batch.last();
    }
    if (worth_waking) inside_->wake.notify_one();
}

bool FollowerThread::wait_for(std::uint64_t seq, std::chrono::milliseconds most) {
    std::unique_lock lock(inside_->mutex);
    ++inside_->waiting;
    inside_->wake.notify_one();
    const bool reached = inside_->moved.wait_for(lock, most, [&] { return inside_->taken >= seq; });
    --inside_->waiting;
    return reached;
}

std::optional<Fault> FollowerThread::trouble() const {
    std::scoped_lock lock(inside_->mutex);
    return inside_->trouble;
}

}  // namespace dropsmith::engine
