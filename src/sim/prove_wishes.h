// The prover's second look at the waiting list: who waits for what by the facts alone, kept naively, with none of the
// shop's queues or timers. It says where somebody was passed over, was offered what they did not ask for or what is not
// theirs, where units that somebody waits for went to another, and where a wish that could be met waits on. Of orders
// ahead also: more than may be, another price than today's at the promise or a higher one at the offer, another date,
// an end before that date, or none when it has passed. Wishes for lines with a limit per person are followed but not
// judged by order: the limit may stand in their way. One thread. Covered by sim/prove_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "model/state.h"

namespace dropsmith::sim {

// Units of a line of a drop that a hold could have now, as the ledger counts.
using FreeUnits = std::function<std::int64_t(DropId drop, std::uint32_t line)>;

class ProveWishes {
  public:
    void set_terms(DropId drop, const DropTerms& terms);
    // Of a hold that no offer made: before its units are taken.
    std::string held(const UnitsHeld& fact, const FreeUnits& free) const;
    // What else a fact does; offers and ends of rounds are judged by what is free after it.
    std::string take(const Fact& fact, Instant at, const FreeUnits& free);
    // All timers have run, and all that was asked is answered.
    std::string batch_over(Instant at, const FreeUnits& free);
    std::string compare(const State& state) const;
    std::uint64_t waiting() const;

  private:
    struct Wish {
        std::uint64_t drop = 0, channel = 0;
        std::map<std::uint32_t, std::int64_t> units;  // by line
        std::map<std::uint32_t, Money> promised;      // ordered ahead: by line
        WaitStatus status = WaitStatus::waiting;
        std::uint64_t hold = 0;
        bool ahead = false, limited = false;
        std::optional<Instant> date, until;           // ordered ahead: promised for, and given up at
    };
    struct Line {
        std::int64_t ahead_cap = 0;
        bool limited = false;                         // per person
        std::optional<Instant> ship_by;
    };
    struct Asked {                                    // of a line in a channel
        Money price, under;                           // under: what an override lies on
        std::optional<Instant> until;
    };
    using Units = std::map<std::uint32_t, std::int64_t>;
    struct Held {                                     // the hold made last
        std::uint64_t hold = 0;
        Units units;
        std::map<std::uint32_t, Money> prices;
    };

    std::string joined(const WaitJoined& fact, Instant at);
    std::string promised(const WaitJoined& fact, Wish& wish, Instant at) const;
    std::string offered(const UnitsOffered& fact, Instant at, const FreeUnits& free);
    std::string too_dear(const Wish& wish, Instant at) const;
    std::string round_over(DropId drop, Instant at, const FreeUnits& free) const;
    std::string ended(HoldId hold, WaitStatus to);
    std::string given_up(const WishesEnded& fact, Instant at);
    std::string closed(DropId drop, std::uint64_t ahead);
    std::string leave_waiting(WaitId wish, WaitStatus to);
    void set_price(const PriceSet& fact);
    std::optional<Money> price_at(const LineKey& key, Instant at) const;
    bool is_served(const Wish& wish, Instant at) const;  // its drop gives out what comes free
    bool could_be_met(const Wish& wish, const FreeUnits& free, const Units& more = {}) const;

    std::map<std::uint64_t, Wish> wishes_;
    std::map<std::uint64_t, std::uint64_t> of_hold_;                     // offers, by hold
    std::map<std::pair<std::uint64_t, std::uint32_t>, Line> lines_;      // by drop and line
    std::map<std::uint64_t, Duration> grace_;                            // by drop
    std::map<LineKey, Asked> asked_;
    std::set<std::uint64_t> selling_, closed_;                           // drops
    std::map<std::uint64_t, Instant> closes_;                            // from then on nothing is offered
    std::set<std::uint64_t> could_be_met_;                               // when the last batch was over
    Held last_;
};

}  // namespace dropsmith::sim
