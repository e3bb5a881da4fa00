// Planners: slow mathematics outside the loop. A job is a pure function made on the loop's thread from a copy of what
// it needs; its result is a command handed in on the control lane, checked like anybody's. Threads: 0 = run by
// drain() (simulator), n = a pool. Determinism: results are submitted in job order whatever thread finished first.
// Bounded: what finds the queue full is dropped and counted, and the last price stands; it holds a review of every
// line and channel of two drops of the largest size at once. Covered by engine/planners_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "model/fact.h"

namespace dropsmith::engine {

inline constexpr std::size_t planner_queue = 16'384;  // jobs that wait

class Planners {
public:
    using Job = std::function<std::optional<Command>()>;
    // called by one thread at a time, never under a lock that offer() needs; it may wait
    using Submit = std::function<void(Command)>;
    Planners(unsigned threads, Submit submit, std::size_t waiting_max = planner_queue);
    ~Planners();                                     // stop()
    // Loop's thread. false: the queue is full but for `kept` places for others (the last price stands).
    bool offer(Job job, std::size_t kept = 0);
    void drain();                                    // waits until all offered jobs are submitted, in order
    void stop();                                     // jobs that have not begun are dropped, as is any offered later

    struct Figures {
        std::uint64_t offered = 0;                   // taken into the queue
        std::uint64_t submitted = 0;
        std::uint64_t dropped = 0;                   // found the queue full
        std::uint64_t waiting = 0;                   // now
    };
    Figures figures() const;                         // any thread

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::engine
