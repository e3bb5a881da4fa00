// Loop: the one thread around Core. Bounded queues: selling, control (at least a tenth of a batch), bulk, and the
// kill switch before all. A full queue refuses at once (submit answers false -> 503 with Retry-After). Closes a batch
// when the producers' round is drained or after 1 ms, and after a crowd when it is back or after min(1/4 of the running
// mean sync time, 1 ms). Covered by engine/loop_test.cpp (also under TSan).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "engine/core.h"
#include "engine/shop_clock.h"

namespace dropsmith::engine {

enum class Lane : std::uint8_t { selling, control, bulk, urgent };  // urgent: the kill switch; as bounded as control

// Brackets each batch on the loop's thread: whoever hands its answers on can do so in one go.
class BatchScope {
public:
    virtual ~BatchScope() = default;
    virtual void batch_begins() = 0;
    virtual void batch_ends() = 0;
};

class Loop {
public:
    Loop(Core& core, ShopClock& clock);
    ~Loop();                                     // stop()

    void start();
    void stop();                                 // takes no more, finishes what is queued, joins

    // any thread; false: full or stopping (the ask is destroyed unanswered)
    bool submit(Lane lane, Ask ask);

    // A producer that hands in several asks in one go brackets them, so that they make one batch and the loop is
    // woken once.
    void round_begins();                         // any thread
    void round_ends();

    void announce_to(BatchScope* scope);         // any thread; null: nobody. It outlives the loop's thread

    // A waiting call for tools and tests: submits and waits until settled. Not from the loop's own thread.
    struct Settled { bool stored = false; std::optional<Refusal> refusal; std::uint64_t first_seq = 0; };
    Settled ask_and_wait(Lane lane, Ask ask);

    // Of the longest batch since the start: processor time of the loop's thread (what a neighbour on the machine cannot
    // stretch) and its durable write; bulk: of those with a slice of an import or a fold.
    struct Longest { std::int64_t cpu_us = 0, bulk_cpu_us = 0, write_us = 0, bulk_write_us = 0; };
    struct Figures {
        std::uint64_t batches = 0, commands = 0, refused_full = 0;
        std::int64_t mean_sync_us = 0;
        Longest longest;
    };
    Figures figures() const;                     // any thread

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::engine
