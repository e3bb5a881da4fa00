// The prover's second look at the waiting room: who entered, who was let in when and until when, by the facts alone.
// It says where somebody who was let in by nobody holds or joins the list, where the draw is not that of the seed
// that was committed to (recomputed here from the published rule), where admissions outrun their rate or jump the
// order, where somebody waits and nobody is let in, or where the shop's places are others. One drop, one thread.
// Covered by sim/prove_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/state.h"

namespace dropsmith::sim {

class ProveRoom {
  public:
    std::string take(const Fact& fact, Instant at);
    // A buyer took units, or a place in the list, by asking for them; not by a pass that opens the drop early.
    std::string took(const std::string& what, std::uint64_t session, Instant at) const;
    // All timers have run, and all that was asked is answered.
    std::string batch_over(Instant at);
    std::string compare(const State& state) const;

  private:
    struct Entrant {
        std::uint64_t ticket = 0, session = 0, person = 0;
        std::optional<std::uint32_t> rank;
        std::optional<Instant> let_in;
    };

    std::string entered(const RoomEntered& fact, Instant at);
    std::string drawn(const RoomDrawn& fact);
    std::string let_in(const RoomAdmitted& fact, Instant at);
    bool runs_out(const Entrant& entrant, Instant at) const { return *entrant.let_in + terms_.admission_for <= at; }

    bool runs_ = false, selling_ = false, was_drawn_ = false, round_ = false;
    RoomTerms terms_;
    std::string commitment_;
    std::uint64_t measured_ = admissions_at_first;
    std::vector<Entrant> entrants_;             // by number - 1
    std::vector<std::uint32_t> order_;          // numbers - 1, as they are let in
    std::uint32_t upto_ = 0;
    std::optional<Instant> last_, waits_since_;  // somebody waits while the drop sells
};

}  // namespace dropsmith::sim
