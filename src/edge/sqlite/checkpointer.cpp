// The checkpoint thread; see checkpointer.h. Covered by edge/sqlite/sqlite_journal_test.cpp.
#include "edge/sqlite/checkpointer.h"

#include <pthread.h>
#include <sqlite3.h>

#include <chrono>
#include <utility>

#include "edge/sqlite/journal.sql.h"

namespace dropsmith::sqlite {

namespace {
constexpr int passive_pages = 2'048;                 // 8 MiB since the last time
// 16 MiB: from there on the log is written over and does not grow, so that a sync has no new length to store.
constexpr int restart_pages = 4'096;
constexpr int restart_wait_ms = 20;                  // the writer waits as long; a long reader does not stop the shop
constexpr std::chrono::seconds truncate_again{1};
}  // namespace

Checkpointer::Checkpointer(Connection connection)
    : connection_(std::move(connection)), next_at_(passive_pages), thread_([this] { work(); }) {
    ::pthread_setname_np(thread_.native_handle(), "checkpoint");
}

Checkpointer::~Checkpointer() {
    {
        std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Checkpointer::grown(int pages) {
    if (pages < seen_) next_at_.store(passive_pages);  // the log has begun anew
    seen_ = pages;
    if (pages < next_at_.load()) return;
    {
        std::scoped_lock lock(mutex_);
        pages_ = pages;
    }
    wake_.notify_one();
}

void Checkpointer::truncate() {
    {
        std::scoped_lock lock(mutex_);
        truncate_ = true;
    }
    wake_.notify_one();
}

bool Checkpointer::carry_back(int mode) {
    return sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, mode, nullptr, nullptr) == SQLITE_OK;
}

void Checkpointer::work() {
    // A connection that has never read does not know that there is a log, and would carry back nothing for ever.
    (void)connection_.number(sql::journal::user_version);
    sqlite3_busy_timeout(connection_.raw(), restart_wait_ms);
    int restart_at = restart_pages;
    bool truncate_later = false;
    std::unique_lock lock(mutex_);
    for (;;) {
        const auto called = [&] { return stopping_ || truncate_ || pages_ > 0; };
        if (truncate_later)
            wake_.wait_for(lock, truncate_again, called);
        else
            wake_.wait(lock, called);
        if (stopping_) return;
        const int pages = std::exchange(pages_, 0);
        const bool truncate = std::exchange(truncate_, false) || truncate_later;
        const int mode = truncate              ? SQLITE_CHECKPOINT_TRUNCATE
                         : pages >= restart_at ? SQLITE_CHECKPOINT_RESTART
                                               : SQLITE_CHECKPOINT_PASSIVE;
        lock.unlock();
        // Most of the work is done without the writer waiting, whatever follows. A failure is no loss: the log stays,
        // and the next commit asks again.
        if (carry_back(SQLITE_CHECKPOINT_PASSIVE)) done_.fetch_add(1);
        if (pages > 0) next_at_.store(pages + passive_pages);
        if (mode != SQLITE_CHECKPOINT_PASSIVE) {
            const bool anew = carry_back(mode);  // in vain while somebody reads: later
            restart_at = anew ? restart_pages : pages + restart_pages;
            truncate_later = truncate && !anew;
        }
        lock.lock();
    }
}

}  // namespace dropsmith::sqlite
