// The prover's second look at the waiting list: who waits for what by the facts alone, kept naively, with none of the
// shop's queues or timers. It says where somebody was passed over, was offered what they did not ask for or what is not
// theirs, where units that somebody waits for went to another, and where a round ended with a wish that could be met.
// Wishes for lines with a limit per person are followed but not judged by order: the limit may stand in their way.
// One thread. Covered by sim/prove_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "model/state.h"

namespace dropsmith::sim {

// Units of a line of a drop that a hold could have now, as the ledger counts.
using FreeUnits = std::function<std::int64_t(DropId drop, std::uint32_t line)>;

class ProveWishes {
  public:
    void set_lines(DropId drop, const std::vector<LineTerms>& lines);
    // Of a hold that no offer made: before its units are taken.
    std::string held(const UnitsHeld& fact, const FreeUnits& free) const;
    // What else a fact does; offers and ends of rounds are judged by what is free after it.
    std::string take(const Fact& fact, Instant at, const FreeUnits& free);
    std::string compare(const State& state) const;
    std::uint64_t waiting() const;

  private:
    struct Wish {
        std::uint64_t drop = 0;
        std::map<std::uint32_t, std::int64_t> units;  // by line
        WaitStatus status = WaitStatus::waiting;
        std::uint64_t hold = 0;
        bool ahead = false, limited = false;
    };
    using Units = std::map<std::uint32_t, std::int64_t>;

    std::string joined(const WaitJoined& fact);
    std::string offered(const UnitsOffered& fact, const FreeUnits& free);
    std::string round_over(DropId drop, Instant at, const FreeUnits& free) const;
    std::string ended(HoldId hold, WaitStatus to);
    void closed(DropId drop, bool but_ahead);
    std::string leave_waiting(WaitId wish, WaitStatus to);
    bool could_be_met(const Wish& wish, const FreeUnits& free, const Units& more = {}) const;

    std::map<std::uint64_t, Wish> wishes_;
    std::map<std::uint64_t, std::uint64_t> of_hold_;                     // offers, by hold
    std::set<std::pair<std::uint64_t, std::uint32_t>> limited_;          // lines with a limit per person
    std::set<std::uint64_t> selling_;                                    // drops that are open
    std::map<std::uint64_t, Instant> closes_;                            // from then on nothing is offered
    std::pair<std::uint64_t, Units> last_held_;                          // the hold made last, and what it took
};

}  // namespace dropsmith::sim
