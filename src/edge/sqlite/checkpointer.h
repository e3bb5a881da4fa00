// Carries the write-ahead log back into its database on a thread and connection of its own, so that the writer never
// does. Each time the log has grown by so much it is carried back without standing in the writer's way; when it has
// grown long the writer waits once and it starts anew. Not with every commit: each carrying back is a sync of its own,
// and the journal's syncs wait for it. grown(): the writer's thread. Covered by
// edge/sqlite/sqlite_journal_test.cpp.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "edge/sqlite/connection.h"

namespace dropsmith::sqlite {

class Checkpointer {
public:
    explicit Checkpointer(Connection connection);
    ~Checkpointer();
    void grown(int pages);                           // of the log, after a commit
    void truncate();                                 // soon: what was erased must leave the log too
    std::uint64_t done() const { return done_.load(); }

private:
    void work();
    bool carry_back(int mode);
    Connection connection_;
    std::mutex mutex_;
    std::condition_variable wake_;
    int seen_ = 0;                                   // pages at the last commit; writer's thread
    std::atomic<int> next_at_;                       // pages from which on it is worth the while
    int pages_ = 0;
    bool truncate_ = false;
    bool stopping_ = false;
    std::atomic<std::uint64_t> done_{0};
    std::thread thread_;
};

}  // namespace dropsmith::sqlite
