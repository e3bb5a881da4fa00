// The pricing planner: after a stored batch with a PriceReviewed it copies what a decision needs and offers the
// mathematics to the planner threads, which hand in ProposePrice on the control lane; it is checked there like
// anybody's and refused when overtaken. Core's thread. The seed of a decision is made of the shop's seed and the
// review's place in the journal and is logged with it. A line whose review found the queue full keeps its price, and
// has a place at its next review before those that were left out less often. Covered by sim/market_test.cpp (same
// bytes with one and two threads), engine/price_cadence_test.cpp.
#pragma once

#include <map>

#include "engine/core.h"
#include "engine/planners.h"
#include "flow/decide/propose.h"

namespace dropsmith::engine {

class PricingPlanner final : public Watcher {
  public:
    // seed: of a simulated shop its own; of a real one drawn when the program starts.
    PricingPlanner(Planners& planners, std::uint64_t seed) : planners_(planners), seed_(seed) {}
    void stored(const State& state, const Batch& batch) override;
    std::size_t missed() const { return missed_.size(); }  // lines that wait for their next review

  private:
    struct Review {
        LineKey key;
        std::uint64_t seq = 0;
    };
    bool offer(const State& state, const Batch& batch, const Review& review, std::size_t kept,
               decide::CurveShelf& shelf);
    Planners& planners_;
    std::uint64_t seed_;
    std::map<LineKey, std::uint32_t> missed_;  // how often in a row
};

}  // namespace dropsmith::engine
