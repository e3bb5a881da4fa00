// Replay: stored batches become the state again. Core, verify, snapshots and tests go through here, so that a batch
// means the same thing whether it was made now or read back. Facts are replayed, commands never. One thread. Covered
// by engine/replay_test.cpp.
#pragma once

#include <functional>
#include <optional>

#include "engine/batch.h"
#include "engine/journal.h"
#include "model/state.h"

namespace dropsmith::engine {

// What a batch does to the state beside its facts; the same two calls when it is made and when it is read back.
void begin_batch(State& state, Instant at);             // time moves on, old keys are forgotten
bool remember_key(State& state, const KeyUse& key, std::uint64_t first, std::size_t count);  // false: it is known

class Replay {
public:
    // hash: head of the chain at state.head. Both must outlive the replay.
    Replay(State& state, Digest256& hash) : state_(state), hash_(hash) {}

    // Called for every fact just after its evolve; the object lives only during the call.
    using Watch = std::function<void(const BatchWalk& walk, const BatchWalk::RawFact& fact, const Stamp& stamp)>;
    void watch(Watch watch) { watch_ = std::move(watch); }

    // A batch waits until the next one vouches for its bytes, so that changed ones are found before any rule sees them;
    // finish applies the last, which has nobody. corrupt: the chain, the sequence or the bytes are wrong, and the state
    // is of no more use.
    Status<Fault> apply(const StoredBatch& stored);
    Status<Fault> finish();
    bool key_twice() const { return key_twice_; }       // it failed because an idempotency key had a second effect
    // it failed at this fact: well-formed and in the chain, but it cannot follow those before it; 0: it did not
    std::uint64_t impossible() const { return impossible_; }

private:
    Status<Fault> take(const StoredBatch& stored, const StoredBatch* next);
    Status<Fault> walk(const StoredBatch& stored);
    std::optional<StoredBatch> waiting_;
    State& state_;
    Digest256& hash_;
    Watch watch_;
    bool key_twice_ = false;
    std::uint64_t at_fact_ = 0;
    std::uint64_t impossible_ = 0;
    FactScratch scratch_;
};

struct Loaded {
    std::uint64_t from_snapshot = 0;                    // facts that came with the snapshot
    std::uint64_t replayed = 0;
};
// The newest snapshot that this program can read, and what follows it. `state` is replaced.
Result<Loaded, Fault> load(const Journal& journal, State& state, Digest256& hash);

// For a child process beside the running shop: replays from the last snapshot and stores the next one. nullopt:
// nothing new to store.
struct SnapshotReport {
    std::uint64_t seq = 0;
    std::uint64_t replayed = 0;
    std::size_t bytes = 0;
};
Result<std::optional<SnapshotReport>, Fault> take_snapshot(Journal& journal);

}  // namespace dropsmith::engine
