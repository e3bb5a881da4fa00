// Replica: a second state, read from the journal on the thread that asks, for questions that look at much (velocity,
// drafts, reports, one person's data): they may take their time, and the loop's thread never waits for them. Kept
// between questions and caught up by what came since; let go when nobody has asked for a while. Any thread but the
// loop's; one question at a time. Covered by engine/replica_test.cpp.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/digest.h"
#include "engine/journal.h"
#include "model/state.h"

namespace dropsmith::engine {

class Replica {
public:
    explicit Replica(const Journal& journal) : journal_(journal) {}

    // With all facts that the journal holds when asked. Not ok: the journal cannot be read, and `see` was not called.
    Status<Fault> ask(const std::function<void(const State& state)>& see);
    void rest(std::chrono::seconds unused_for);  // lets the state go when the last question is that old
    bool resting() const;

private:
    Status<Fault> catch_up();
    const Journal& journal_;
    mutable std::mutex mutex_;
    std::unique_ptr<State> state_;
    Digest256 hash_{};
    std::chrono::steady_clock::time_point asked_{};
};

}  // namespace dropsmith::engine
