// Follower: reads facts after its bookmark and saves what it makes of them and the bookmark together, so that a crash
// repeats nothing and misses nothing. FollowerThread drives one behind the loop: the loop's thread only notes the new
// head. A follower that cannot write tries again; one that meets a broken journal stops and says so. Covered by
// engine/follower_test.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "engine/core.h"
#include "engine/journal.h"

namespace dropsmith::engine {

class Follower {
public:
    virtual ~Follower() = default;
    virtual Result<std::uint64_t, Fault> bookmark() = 0;                 // the last fact that is in; 0: none
    virtual Status<Fault> take(std::span<const StoredBatch> batches) = 0;  // output and bookmark in one transaction
    // forgets all: its bookmark is beyond the journal
    virtual Status<Fault> begin_anew() = 0;
};

// Takes all that the journal holds; for start and for commands without a loop.
Status<Fault> catch_up(const Journal& journal, Follower& follower);

class FollowerThread final : public Watcher {
public:
    FollowerThread(const Journal& journal, Follower& follower);  // both outlive it
    ~FollowerThread() override;

    void start();
    void stop();                                                         // takes what is stored, joins
    void stored(const State& state, const Batch& batch) override;        // the loop's thread
    bool wait_for(std::uint64_t seq, std::chrono::milliseconds most);    // any thread; false: not there yet
    std::optional<Fault> trouble() const;                                // of the last attempt

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::engine
