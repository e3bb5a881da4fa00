// Doors that edge/http asks for and src/app fills in: other edge folders and the simulator are not to be named here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.h"
#include "base/numbers.h"
#include "model/signal.h"
#include "model/state.h"

namespace dropsmith::http {

// A raw event as it came in, checked; stored before it is acknowledged.
struct RawSignal {
    std::string source, id, type, subject;
    Instant at;                      // of the event
    std::string data;                // the whole CloudEvent, as it came
    DemandKey key;                   // where it counts
    std::int64_t count = 1;
};
struct SignalsTaken {
    std::uint64_t accepted = 0, duplicates = 0;
};

struct Ports {
    // Stores events once by source + id; durable when it returns. Slow threads.
    std::function<Result<SignalsTaken, Fault>(std::vector<RawSignal> events)> keep_signals;
    // A rehearsal: plan JSON (the body of POST /v1/drops), runs, seed -> report JSON. Slow threads.
    std::function<Result<std::string, std::string>(const State& copy, std::string_view plan, std::uint64_t runs, std::uint64_t seed)> rehearse;
    // The pricing lab: instance JSON, policy, runs, seed -> answer JSON. Slow threads.
    std::function<Result<std::string, std::string>(std::string_view instance, std::string_view policy, std::uint64_t runs, std::uint64_t seed)> lab;
    // The demo's figures, already JSON; empty when this is no demo.
    std::function<std::string()> demo;
    std::function<bool()> demo_kill;
};

}  // namespace dropsmith::http
