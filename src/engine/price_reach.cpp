// Covered by engine/price_reach_test.cpp.
#include "engine/price_reach.h"

#include "flow/decide/guardrail.h"
#include "flow/sell/price_now.h"

namespace dropsmith::engine {

std::optional<Money> price_reached(const LineTerms& terms, const PricingTerms& pricing, const PriceSet& decision,
                                   Money wanted, Money standing) {
    for (std::size_t k = 0; k < decision.reached.size() && k < decision.inputs.arms.size(); ++k)
        if (decision.inputs.arms[k].price == wanted)
            return decision.reached[k] > Money{} ? std::optional(decision.reached[k]) : std::nullopt;
    LineTerms then = in_channel(terms, decision.key.channel);
    then.floor = decision.floor, then.min_margin.reset();
    decide::GateAsk ask;
    ask.wanted = wanted;
    if (standing > Money{}) ask.stepping_from = standing;
    const auto gated = decide::pass_gate(then, pricing, decide::UnitEconomics{}, ask);
    return gated ? std::optional(gated->price) : std::nullopt;
}

bool of_cohort(DropId drop, std::uint64_t session, Rate share) { return sell::in_cohort(drop, session, share); }

}  // namespace dropsmith::engine
