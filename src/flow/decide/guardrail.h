// The one gate that every price passes before it becomes a fact. Governors first, who say what may be wanted at all;
// then the hard limits of the price itself, so that nothing that comes after can undo one. Each step that binds leaves
// its word and its figures (from what to what) in the trail:
//     killed           the list price is wanted, whatever was asked; exempt from governors, step and dwell
//     override leave   a person's price: attributed, expiring; at or above the floor unless the grant may go below; at
//                      most the cap; exempt from all that follows
//     cascade          halted by the breaker (cascade.h): the standing price stays until a person resumes
//     cannibalisation  a test that ate full-price sales (cannibal.h) is over: back to the baseline band
//     revenue_at_risk  a band that cannot be afforded (risk.h): the baseline band instead
//     explore_share    bound by the policy before it proposes (policy.h); checked of every proposal
//     brand_exposure   nothing below what the brand's rule still allows (exposure.h); not of an announced step
//     constancy        a mode that promised never to rise (cohort, taper, ladder) does not
//     band             inside lowest … highest band
//     floor            the money floor, the price that leaves min_margin, the list price less max_discount: the highest
//                      of them; up to the next band that is lawful
//     cap              nothing above the higher of list price and highest band (bands are inside; it refuses overrides)
//     max_step         at most this share of the current price in one decision of the engine (max_step_up for a rise);
//                      never back below the floor; holds back no governor and no announced step
//     dwell            a price stands at least min_dwell, unless it has become unlawful; the same. What step and dwell
//                      lead to, the standing price included, is asked of the governors once more
//     prior_price      what may be announced of the result (prior_price.h): it bounds the announcement, not the price
// Forbidden attributes are refused before any of this, when a plan is loaded (attributes.h); a quote and a hold keep
// their price whatever passes here (flow/sell/hold.h).
// A price that cannot be made lawful is refused: then the last price stands. Pure integers; any thread.
// Covered by flow/decide/guardrail_test.cpp and price_laws_test.cpp, where a naive policy without it breaks its laws.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "flow/decide/economics.h"
#include "model/drop.h"
#include "model/price.h"
#include "model/state.h"

namespace dropsmith::decide {

struct Floor {  // the lowest lawful shown price, and the guardrail that makes it
    Money price;
    Guardrail by = Guardrail::floor;
};

// Why there is no floor to hold on to: `no_guardrail` words for plan, gate and reports.
enum class NoFloor : std::uint8_t { cost_unknown, margin_unreachable };

Result<Floor, NoFloor> floor_of(const LineTerms& terms, const UnitEconomics& unit);
bool has_guardrail(const LineTerms& terms);  // a floor or a min_margin; a share off the list price keeps no margin

// The prices that may be asked: the bands, or the list price alone when none are given.
std::vector<Money> bands_of(const LineTerms& terms);
Money cap_price(const LineTerms& terms);
std::optional<std::uint32_t> arm_at(const std::vector<Money>& bands, Money price);

struct GateAsk {
    Money wanted;
    std::optional<Money> stepping_from;  // the current price, when the step counts
    bool killed = false;
    bool leave = false;              // an override by a person
    bool leave_below_floor = false;  // whose grant may go below the floor
    // What the governors say at this moment (governors.h); nothing: they have no say.
    bool halted = false;                       // cascade
    bool stopped = false;                      // cannibalisation
    std::optional<Money> baseline = {};        // where a stopped test and a band that is not affordable go back to
    std::vector<Money> too_risky = {};         // bands that revenue_at_risk does not allow now
    std::optional<Money> exposure_floor = {};  // brand_exposure
    bool never_up = false;                     // constancy: not above stepping_from
    bool dwelling = false;                     // the standing price has not stood long enough
    bool announced = false;                    // a step of a taper, promised with the drop
};

struct Gated {
    Money price;
    std::optional<std::uint32_t> arm;  // when the price is a band
    std::vector<Clamp> clamps;         // in the order of the gate
    Money floor;
    std::vector<Guardrail> bound() const;
    void move(Guardrail by, Money to);  // no word when it is there already
};

Result<Gated, Refusal> pass_gate(const LineTerms& terms, const PricingTerms& pricing, const UnitEconomics& unit,
                                 const GateAsk& ask);

}  // namespace dropsmith::decide
