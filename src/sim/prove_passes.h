// The prover's second look at passes: how often each is used, by the facts alone. It says where one is used more often
// than it may be, after its end or for another hold than the one that it stands beside, where a use is not given back
// with the hold, and where a hold before the opening was made without a pass that opens that early. One drop, one
// thread. Covered by sim/prove_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/state.h"

namespace dropsmith::sim {

class ProvePasses {
  public:
    // beside: all that the same request made.
    std::string take(const Fact& fact, const Facts& beside, Instant at);
    std::string compare(const State& state) const;

  private:
    struct Known {
        PassTerms terms;
        std::int64_t used = 0;
        bool ended = false;
    };
    std::string used(const PassUsed& fact, const Facts& beside, Instant at);
    std::string early(const UnitsHeld& fact, const Facts& beside, Instant at) const;
    void end(HoldId hold, std::int64_t back);

    std::map<std::uint64_t, Known> passes_;
    std::map<std::uint64_t, std::uint64_t> live_;  // pass, by hold
    Instant opens_at_;
    bool opened_ = false;
};

}  // namespace dropsmith::sim
