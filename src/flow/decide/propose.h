// From a line in a channel to a proposal: what a planner copies out of the state on the loop's thread (question_of),
// and the pure mathematics that it does elsewhere (propose). The same question gives the same proposal on any thread.
// Covered by flow/decide/price_laws_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "flow/decide/arrivals.h"
#include "flow/decide/economics.h"
#include "flow/decide/policy.h"
#include "flow/decide/visitors.h"
#include "model/drop.h"
#include "model/price.h"
#include "model/state.h"

namespace dropsmith::decide {

inline constexpr unsigned posterior_draws = 1'000;  // each is a thousandth of propensity

struct PriceQuestion {
    LineKey key;
    LineTerms terms;
    PricingTerms pricing;
    UnitEconomics unit;
    std::vector<ArmStats> arms;  // by band
    // Earlier drops of the SKU in this channel, by band: units, and periods with average arrivals, in periods of this
    // drop. Empty: none. What they say of today's level is believed loosely (hypotheses.h).
    std::vector<Seen> history;
    std::optional<LevelInput> level;  // what past sales say of an ordinary day
    ArrivalsAsk arrivals;        // what is known of when visitors come; without `earlier`:
    std::shared_ptr<const std::vector<DropCurve>> earlier;  // closed drops of the channel; null: none
    std::optional<ChannelsInput> channels;  // who else asks for the same stock; absent: nobody
    Quantity stock_left;                    // of all channels together
    std::uint32_t periods_left = 0;
    std::uint32_t periods_all = 1;  // of the whole window: the prior expects the cap to sell in them
    std::uint64_t based_on = 0;
    std::uint64_t seed = 0;
};

// nullopt: nothing to decide (not open, fixed, killed, overridden, sold out, or one lawful band at most). The shelf is
// filled on the way; it may be used while the state stays as it is.
std::optional<PriceQuestion> question_of(const State& state, const LineKey& key, std::uint64_t based_on,
                                         std::uint64_t seed, CurveShelf* shelf = nullptr);

ArrivalsAsk visitors_of(const PriceQuestion& question);  // with the curves of earlier drops

ProposePrice propose(const PriceQuestion& question, const Policy& policy = engine_policy(),
                     unsigned draws = posterior_draws);

}  // namespace dropsmith::decide
