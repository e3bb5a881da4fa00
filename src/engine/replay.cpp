// Replay, loading, snapshots. One thread. Covered by engine/replay_test.cpp.
#include "engine/replay.h"

#include <exception>
#include <string>
#include <utility>

#include "base/checks_throw.h"
#include "base/limits.h"
#include "engine/slices.h"

namespace dropsmith::engine {

void begin_batch(State& state, Instant at) {
    state.at = at;
    // In a shop whose clock runs faster, a day of the client's time is more of the shop's.
    const Duration retention{limits::key_retention_ms * state.shop.speed};
    const auto& known = state.keys.oldest_first();
    while (!known.empty() && known.front().at + retention < at) state.keys.forget_oldest();
}

bool remember_key(State& state, const KeyUse& key, std::uint64_t first, std::size_t count) {
    if (state.keys.oldest_first().size() >= limits::keys_remembered_max) state.keys.forget_oldest();
    return state.keys.remember(state.at, key.scope, KeyEffect{key.body, first, static_cast<std::uint32_t>(count)});
}

Status<Fault> Replay::apply(const StoredBatch& stored) {
    if (waiting_)
        if (auto taken = take(*waiting_, &stored); !taken) return taken;
    waiting_ = stored;
    return Nothing{};
}

Status<Fault> Replay::finish() {
    if (!waiting_) return Nothing{};
    const auto last = std::exchange(waiting_, std::nullopt);
    return take(*last, nullptr);
}

static Failure<Fault> broken(const StoredBatch& stored, const std::string& what) {
    return fault(FaultKind::corrupt, "journal, batch of fact " + std::to_string(stored.first) + ": " + what);
}

// A fact that only a forger can have written may break any rule's promise to itself: a CHECK, a look-up, a size. Each
// is an exception here, and the fact is named.
Status<Fault> Replay::take(const StoredBatch& stored, const StoredBatch* next) {
    const auto after = chain(hash_, stored.bytes);
    if (next) {
        const BatchWalk following(*next, scratch_);
        if (following.fault()) return Failure{*following.fault()};
        if (following.header().previous != after)
            return broken(stored, "the hash chain is broken: this batch or the one after it was changed");
    }
    try {
        const ChecksThrow guard;
        if (auto walked = walk(stored); !walked) return walked;
    } catch (const std::exception& error) {
        impossible_ = at_fact_;
        return broken(stored,
                      "fact " + std::to_string(impossible_) + " cannot follow those before it: " + error.what());
    }
    hash_ = after;
    return Nothing{};
}

Status<Fault> Replay::walk(const StoredBatch& stored) {
    BatchWalk walk(stored, scratch_);
    if (walk.fault()) return Failure{*walk.fault()};
    if (stored.first != state_.head + 1)
        return broken(stored, "it follows fact " + std::to_string(state_.head) + ": a batch is missing or doubled");
    if (walk.header().previous != hash_)
        return broken(stored, "the hash chain is broken: this batch or the one before it was changed");
    if (walk.header().at < state_.at) return broken(stored, "its time is before that of the batch before");
    at_fact_ = stored.first;
    begin_batch(state_, walk.header().at);
    while (walk.next_entry()) {
        BatchWalk::RawFact fact;
        while (walk.next_fact(fact)) {
            const Stamp stamp{walk.header().at, fact.seq, walk.who()};
            at_fact_ = fact.seq;
            fact.info->evolve(state_, fact.object, stamp);
            state_.head = fact.seq;
            if (watch_) watch_(walk, fact, stamp);
        }
        if (walk.fault()) break;
        if (const auto& key = walk.key()) {
            key_twice_ = !remember_key(state_, *key, walk.entry_first(), walk.entry_facts());
            if (key_twice_) return broken(stored, "an idempotency key has a second effect");
        }
    }
    if (walk.fault()) return Failure{*walk.fault()};
    return Nothing{};
}

Result<Loaded, Fault> load(const Journal& journal, State& state, Digest256& hash) {
    state = State{};
    hash = {};
    Loaded loaded;
    auto snapshot = journal.newest_snapshot(slices_schema);
    if (!snapshot) return Failure{snapshot.error()};
    if (*snapshot) {
        const auto& stored = **snapshot;
        if (read_slices(stored.state, state) && state.head == stored.seq) {
            hash = stored.journal_hash;
            loaded.from_snapshot = state.head;
        } else {
            state = State{};  // not readable: the journal is the truth, replay all of it
        }
    }
    Replay replay(state, hash);
    Status<Fault> applied = Nothing{};
    const auto from = state.head + 1;
    auto read = journal.read(from, [&](const StoredBatch& stored) {
        applied = replay.apply(stored);
        return applied.ok();
    });
    if (!read) return Failure{read.error()};
    if (applied) applied = replay.finish();
    if (!applied) return Failure{applied.error()};
    loaded.replayed = state.head + 1 - from;
    return loaded;
}

Result<std::optional<SnapshotReport>, Fault> take_snapshot(Journal& journal) {
    State state;
    Digest256 hash{};
    auto loaded = load(journal, state, hash);
    if (!loaded) return Failure{loaded.error()};
    if (loaded->replayed == 0) return std::optional<SnapshotReport>{};
    StoredSnapshot snapshot{state.head, std::string(slices_schema), hash, {}};
    write_slices(snapshot.state, state);
    if (auto put = journal.put_snapshot(snapshot); !put) return Failure{put.error()};
    return std::optional(SnapshotReport{state.head, loaded->replayed, snapshot.state.size()});
}

}  // namespace dropsmith::engine
