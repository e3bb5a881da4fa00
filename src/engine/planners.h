// Planners: slow mathematics outside the loop. A job is a pure function made on the loop's thread from a copy of what
// it needs; its result is a command handed in on the control lane, checked like anybody's. Threads: 0 = run by
// drain() (simulator), n = a pool. Determinism: results are submitted in job order whatever thread finished first.
// Covered by engine/planners_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "model/fact.h"

namespace dropsmith::engine {

class Planners {
public:
    using Job = std::function<std::optional<Command>()>;
    // called by one thread at a time, never under a lock that offer() needs
    using Submit = std::function<void(Command)>;
    Planners(unsigned threads, Submit submit);
    ~Planners();                                     // jobs that have not begun are dropped
    // loop's thread; dropped when the bounded queue is full (the last price stands)
    void offer(Job job);
    void drain();                                    // waits until all offered jobs are submitted, in order
    std::uint64_t dropped() const;                   // jobs that found the queue full

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::engine
