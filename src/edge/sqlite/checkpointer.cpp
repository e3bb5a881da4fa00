// The checkpoint thread; see checkpointer.h. Covered by edge/sqlite/sqlite_journal_test.cpp.
#include "edge/sqlite/checkpointer.h"

#include <sqlite3.h>

#include <utility>

namespace dropsmith::sqlite {

namespace {
constexpr int passive_pages = 2'048;                 // 8 MiB
constexpr int restart_pages = 16'384;                // 64 MiB
}  // namespace

Checkpointer::Checkpointer(Connection connection)
    : connection_(std::move(connection)), thread_([this] { work(); }) {}

Checkpointer::~Checkpointer() {
    {
        std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Checkpointer::grown(int pages) {
    if (pages < passive_pages) return;
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

void Checkpointer::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [&] { return stopping_ || truncate_ || pages_ >= passive_pages; });
        if (stopping_) return;
        const bool long_log = std::exchange(pages_, 0) >= restart_pages;
        const int mode = std::exchange(truncate_, false) ? SQLITE_CHECKPOINT_TRUNCATE
                         : long_log                      ? SQLITE_CHECKPOINT_RESTART
                                                         : SQLITE_CHECKPOINT_PASSIVE;
        lock.unlock();
        // Most of the work is done without the writer waiting, whatever follows. A failure is no loss: the log stays,
        // and the next commit asks again.
        sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        if (mode != SQLITE_CHECKPOINT_PASSIVE)
            sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, mode, nullptr, nullptr);
        done_.fetch_add(1);
        lock.lock();
    }
}

}  // namespace dropsmith::sqlite
