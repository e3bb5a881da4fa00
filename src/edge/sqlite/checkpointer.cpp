// The checkpoint thread; see checkpointer.h. Covered by edge/sqlite/sqlite_journal_test.cpp.
#include "edge/sqlite/checkpointer.h"

#include <sqlite3.h>

#include <utility>

#include "edge/sqlite/journal.sql.h"

namespace dropsmith::sqlite {

namespace {
constexpr int passive_pages = 1'024;                 // 4 MiB
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

bool Checkpointer::carry_back(int mode) {
    int in_log = 0, carried = 0;
    const int code = sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, mode, &in_log, &carried);
    return code == SQLITE_OK && carried > 0;
}

void Checkpointer::work() {
    // A connection that has never read does not know that there is a log, and would carry back nothing for ever.
    (void)connection_.number(sql::journal::user_version);
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
        bool moved = carry_back(SQLITE_CHECKPOINT_PASSIVE);
        if (mode != SQLITE_CHECKPOINT_PASSIVE) moved = carry_back(mode) || moved;
        if (moved) done_.fetch_add(1);
        lock.lock();
    }
}

}  // namespace dropsmith::sqlite
