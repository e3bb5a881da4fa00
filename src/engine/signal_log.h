// SignalLog: raw events as they came in, once by source + id, for a stated time. The second source of truth; what
// enters the journal is their fold. Numbered 1, 2, 3 … in order of arrival. Any thread, one call at a time. Covered
// by edge/sqlite/signal_store_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/fault.h"
#include "model/signal.h"

namespace dropsmith::engine {

struct SignalEvent {
    std::string source;                      // with id: what makes it the same event
    std::string id;
    Instant received;                        // machine clock
    DemandKey key;                           // minute of the event's own time, drop, SKU, place, channel, kind
    std::int64_t count = 1;
    std::string data;                        // the event as it came; may be empty
};

struct SignalsKept {
    std::size_t accepted = 0, duplicates = 0;
};

class SignalLog {
public:
    virtual ~SignalLog() = default;
    // Durable when it returns ok; an event that is known already is a duplicate and changes nothing.
    virtual Result<SignalsKept, Fault> append(std::span<const SignalEvent> events) = 0;
    // The fold of the rows after `folded_to` (State::demand.folded_to), short enough for one fact; nullopt when there
    // are none.
    virtual Result<std::optional<FoldDemand>, Fault> next_fold(std::uint64_t folded_to) = 0;
    // Forgets raw rows up to `folded_to` that came before `received_before`.
    virtual Result<std::uint64_t, Fault> forget(std::uint64_t folded_to, Instant received_before) = 0;
};

}  // namespace dropsmith::engine
