// What the rules of prices share: the line that a command is about, the fact that a decision becomes, what is asked
// when nothing else may be, and what the governors say at this moment. Included by decide's own .cpp files only. Pure;
// the state's thread. Covered by flow/decide/price_test.cpp.
#pragma once

#include <optional>

#include "flow/decide/economics.h"
#include "flow/decide/guardrail.h"
#include "model/fact.h"
#include "model/moment.h"
#include "model/state.h"

namespace dropsmith::decide {

struct Line {
    const Drop& drop;
    const DropLine& line;
    LineTerms terms;  // of the line in the key's channel, whose bands, list price and floor may be its own
    const LinePrice& price;
    UnitEconomics unit;
};

bool sells(DropStatus status);       // open or paused
bool has_prices(DropStatus status);  // these, and scheduled

Result<Line, Refusal> find_line(const State& state, const LineKey& key, Instant at, bool ended_too = false);

// The fact of a decision that the gate let through, its number being the state's next.
PriceSet set_price(const State& state, const LineKey& key, DecisionKind kind, Money wanted, const Gated& gated,
                   const Line& at, Instant now);

// What the shop falls back to (an override that ended, the kill switch, a taper's or ladder's step). Costs may have
// risen until every band is below the floor: then the floor itself is asked, because a price below it is never served.
Gated fall_back(const Line& at, const GateAsk& ask);
Gated fall_back(const LineTerms& terms, const PricingTerms& pricing, const UnitEconomics& unit, const GateAsk& ask);

// When a line is looked at next: at the next step of a taper, else a cadence after now or the opening; epoch: never. A
// fixed price is looked at where a margin is to be kept, for costs rise. A
// price below the first one (`cut`) is looked at every cadence, whoever has set it, where the drop is watched for
// cannibalisation, and at each step of a taper all the same.
Instant next_review(const DropTerms& terms, const LineTerms& line, bool cut, Instant now);

// What the governors say of this line at this moment; what stands is stepped from.
GateAsk governors_of(const State& state, const LineKey& key, const Line& at, Instant now);

// The bands that revenue_at_risk does not allow now, whichever way the visitors of each period are counted
// (visitors.h). Sales do not tell who came: they are what is judged.
std::vector<Money> too_risky(const State& state, const LineKey& key, const Line& at, Money baseline, Instant now);

}  // namespace dropsmith::decide
