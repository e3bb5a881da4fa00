// The prover's second ledger: the same facts, counted naively and on its own, with none of the shop's rules or slices.
// It says where the shop promised what it did not have, let a hold go early or kept it late, passed somebody over who
// waited, or counts otherwise. One thread. Covered by sim/prove_test.cpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/batch.h"
#include "model/state.h"
#include "sim/prove_passes.h"
#include "sim/prove_room.h"
#include "sim/prove_wishes.h"

namespace dropsmith::sim {

class ProveLedger {
  public:
    // Counts what the journal has since the last call. "": all well. boot: real time since the simulation began,
    // when the batch was stamped.
    std::string read(const engine::Journal& journal, Duration boot);
    // The shop's own figures are these, and no hold outlived its promise.
    std::string compare(const State& state, Duration boot) const;
    // The shop was shut: how long its clock thinks that took need not be how long it was.
    void restarted(Duration boot) { restarted_ = boot; }

    std::uint64_t facts() const { return read_to_; }
    std::size_t holds_open() const { return open_; }
    std::uint64_t wishes_open() const { return wishes_.waiting(); }

  private:
    struct Units {
        std::int64_t in = 0, free = 0, held = 0, sold = 0;
    };
    struct KnownHold {
        std::map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t> units;  // by SKU and place
        std::uint64_t drop = 0;
        Duration boot;                     // when it was placed
        Duration promised;
        Instant expires_at;
        HoldStatus status = HoldStatus::held;
    };
    struct Line {
        std::int64_t cap = 0, held = 0, sold = 0;
        std::uint64_t sku = 0, place = 0;  // place 0: not said yet, or several
    };

    std::string take(const Fact& fact, Instant at, Duration boot);
    std::int64_t free_units(DropId drop, std::uint32_t line) const;
    std::string hold(const UnitsHeld& fact, Instant at, Duration boot);
    std::string give_back(HoldId hold, const HeldLines& lines);
    std::string end(const HoldEnded& fact, Instant at, Duration boot);
    std::string order(const OrderPlaced& fact, Instant at);
    std::string take_back(const std::vector<ReturnedLine>& lines, DropId drop, bool cancelled);
    std::string check(SkuId sku, PlaceId place) const;
    std::string check(DropId drop, std::uint32_t line) const;
    void set_caps(DropId drop, const DropTerms& terms);

    std::map<std::pair<std::uint64_t, std::uint64_t>, Units> stock_;       // by SKU and place
    std::map<std::pair<std::uint64_t, std::uint32_t>, Line> lines_;        // by drop and line
    std::map<std::uint64_t, KnownHold> holds_;
    ProveWishes wishes_;
    ProveRoom room_;
    ProvePasses passes_;
    std::uint64_t read_to_ = 0;
    std::size_t open_ = 0;
    Duration restarted_{-1};
};

}  // namespace dropsmith::sim
