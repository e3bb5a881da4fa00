// The pricing planner: after a stored batch with a PriceReviewed it copies what a decision needs and offers the
// mathematics to the planner threads, which hand in ProposePrice on the control lane; it is checked there like
// anybody's and refused when overtaken. Core's thread. The seed of a decision is made of the shop's seed and the
// review's place in the journal and is logged with it. Covered by sim/market_test.cpp (same bytes with one and two
// threads).
#pragma once

#include "engine/core.h"
#include "engine/planners.h"

namespace dropsmith::engine {

class PricingPlanner final : public Watcher {
  public:
    // seed: of a simulated shop its own; of a real one drawn when the program starts.
    PricingPlanner(Planners& planners, std::uint64_t seed) : planners_(planners), seed_(seed) {}
    void stored(const State& state, const Batch& batch) override;

  private:
    Planners& planners_;
    std::uint64_t seed_;
};

}  // namespace dropsmith::engine
