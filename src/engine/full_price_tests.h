// The readings of the cannibalisation meter (flow/decide/cannibal.h) for people: of the tests that run in a state, and
// of every test of a drop by a fold over the journal, taken when the test ended, since the state forgets hours after 15
// days and a test when it is over. One thread. Covered by engine/full_price_tests_test.cpp.
#pragma once

#include <utility>
#include <vector>

#include "flow/measure/full_price.h"
#include "model/fact.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::engine {

// What does not move while a drop runs: the neighbours of each line and what the merchant bears.
struct MeterTerms {
    DropId drop;
    std::vector<std::vector<SkuId>> neighbours;  // by line
    Rate borne;
    std::uint32_t reviews = 1;
};
MeterTerms meter_terms(const State& state, const Drop& drop);

// Of an open or paused drop; none otherwise.
std::vector<measure::FullPriceTest> tests_running(const State& state, DropId drop, Instant now);

class FullPriceLog {  // told every fact of the journal, in order
  public:
    explicit FullPriceLog(MeterTerms terms) : terms_(std::move(terms)) {}
    void saw(const Fact& fact, const Stamp& stamp);
    // Those that ended, oldest first, and with them those that still run.
    std::vector<measure::FullPriceTest> take();

  private:
    template <class F>
    bool take_in(const Fact& fact, const Stamp& stamp);
    template <class Evolve>
    void ends(DropId drop, Instant at, bool all, Evolve evolve);

    MeterTerms terms_;
    Prices prices_;
    Instant last_;
    bool sells_ = false;
    std::vector<measure::FullPriceTest> ended_;
};

}  // namespace dropsmith::engine
