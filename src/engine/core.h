// Core: the state machine without threads. take -> stamp -> due timers -> answer repeats -> handle -> evolve ->
// append ONE batch, sync ONCE -> settle all callers. The loop (loop.h), the simulator and the command line drive the
// same Core. One thread. Invariants: at never goes back; memory is never ahead of the disk when a caller is settled;
// a repeat of a remembered key is answered from the facts it made; a refusal makes no fact. Covered by
// engine/core_test.cpp, tests/crash/.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/batch.h"
#include "engine/dispatch.h"
#include "engine/journal.h"
#include "engine/person.h"
#include "model/state.h"

namespace dropsmith::engine {

struct Answer {
    const State& state;            // after this command
    Instant at;
    const Facts* facts = nullptr;  // the effect; null when refused and for a question
    const Refusal* refusal = nullptr;
    bool replayed = false;         // the key was known: facts are those of the first time
    std::uint64_t first_seq = 0;   // of the facts; 0: none
    PersonId person;               // as resolved
};

// Who asked. decided() runs on the core's thread before the sync: render the reply there and keep it. settled() runs
// after the sync (fault == nullptr), or when the batch could not be stored: then nothing happened and the reply must
// say so (503). While the store refuses writes a command is settled with that fault and without decided(); questions
// are answered as always.
class Caller {
public:
    virtual ~Caller() = default;
    virtual void decided(const Answer& answer) = 0;
    virtual void settled(const Fault* fault) = 0;
};

// Turns a request into a command where the state can be read: names to ids, quotes to prices. Runs on the core's
// thread just before handle, as part of the command; what it refuses is the command's refusal.
using Build = std::function<Result<Command, Refusal>(const State& state, const Moment& moment)>;

struct Ask {
    std::optional<Command> command;       // neither command nor build: a question, decided() at the end of the batch
    Build build;
    Actor who;
    std::optional<KeyUse> key;
    std::optional<PersonData> person;
    std::vector<VaultWrite> vault;        // written only when the command has an effect
    std::unique_ptr<Caller> caller;       // may be null
};

// Told of every stored batch, on the core's thread, after the sync and before the callers are settled: board,
// streams, planners.
class Watcher {
public:
    virtual ~Watcher() = default;
    virtual void stored(const State& state, const Batch& batch) = 0;
};

// Refusals that somebody answered without the core (the board): folded into the counting facts. take() on the core's
// thread, any() on any.
class RefusalSource {
public:
    virtual ~RefusalSource() = default;
    virtual bool any() const = 0;
    virtual void take(const std::function<void(DropId drop, RefusalCode code, std::uint64_t times)>& each) = 0;
};

struct CoreSettings {
    std::string vault_key;                // 32 octets: MACs of e-mail addresses
    std::uint64_t random_seed = 0;        // real shops: from the system; simulated: the shop's
};

struct StartReport {
    std::uint64_t facts = 0;              // head
    std::uint64_t replayed = 0;           // after the snapshot
    Digest256 head_hash{};
    std::int64_t took_us = 0;             // filled by the caller of start()
};

class Core {
public:
    Core(Journal& journal, CoreSettings settings);
    ~Core();

    // Loads the newest snapshot, replays what follows, checks the chain, and makes WriterStarted durable (not for an
    // empty journal: OpenShop does that with its own batch).
    Result<StartReport, Fault> start(Instant now);

    // One batch. `now` is the shop clock's reading; the batch's at is max(now, state.at). Asks are answered in order.
    // Due timers first. false: the store refused the write; the state was rebuilt from the journal and the core is
    // read-only until a later batch succeeds. A write of unknown outcome ends the process.
    bool run(std::span<Ask> asks, Instant now);

    const State& state() const { return state_; }
    const Digest256& head_hash() const { return head_hash_; }
    bool read_only() const;                      // the store refuses writes just now
    std::optional<Instant> next_due() const;     // earliest timer, or refusals to be counted
    std::int64_t last_append_us() const;         // of the last batch that was stored: what the loop's patience goes by
    void watch(Watcher* watcher) { watchers_.push_back(watcher); }
    void count_also(RefusalSource* source) { elsewhere_ = source; }

private:
    struct Inside;
    struct Round;                                // one call of run()
    void answer(Ask& ask, Round& round);
    void answer_repeat(Ask& ask, const KeyEffect& effect, Round& round);
    void effect(Facts facts, const Actor& who, const std::optional<KeyUse>& key, Round& round);
    void issue_due(Round& round);
    void count_refusals(Round& round);
    bool store(Round& round);
    bool open_again(Instant at);
    void run_read_only(std::span<Ask> asks, Instant at);
    Status<Fault> start_writer(Instant at, std::span<const VaultWrite> vault);
    Status<Fault> append(Batch& batch, std::span<const VaultWrite> vault);
    Status<Fault> rebuild();

    Journal& journal_;
    CoreSettings settings_;
    State state_;
    Digest256 head_hash_{};
    std::vector<Watcher*> watchers_;
    RefusalSource* elsewhere_ = nullptr;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::engine
