// The gate. The order of the steps is its contract (guardrail.h). Covered by flow/decide/guardrail_test.cpp.
#include "flow/decide/guardrail.h"

#include <algorithm>
#include <string>

namespace dropsmith::decide {
namespace {

std::string minor(Money amount) { return std::to_string(amount.n); }

Money distance(Money a, Money b) { return a > b ? a - b : b - a; }

Result<Gated, Refusal> pass_leave(const LineTerms& terms, const GateAsk& ask, const Floor& floor) {
    if (ask.wanted > cap_price(terms))
        return refuse(
            refusals::outside_band,
            "the override of " + minor(ask.wanted) + " is above the cap of " + minor(cap_price(terms)) +
                " minor units (the higher of list price and highest band): ask for less, or raise the list price");
    if (ask.wanted < floor.price && !ask.leave_below_floor)
        return refuse(refusals::below_floor,
                      "the override of " + minor(ask.wanted) + " is below the floor of " + minor(floor.price) +
                          " minor units: ask for the floor or more, or use a grant that may go below it");
    return Gated{ask.wanted, arm_at(bands_of(terms), ask.wanted), {Guardrail::override_}, floor.price};
}

// The band nearest to `price` that one step reaches; the current price when none is in reach.
Money step_towards(const std::vector<Money>& lawful, Money price, Money from, Money step) {
    Money best = from;
    for (const Money band : lawful)
        if (distance(band, from) <= step && distance(band, price) < distance(best, price)) best = band;
    return best;
}

}  // namespace

bool has_guardrail(const LineTerms& terms) { return terms.floor || terms.min_margin; }

Result<Floor, NoFloor> floor_of(const LineTerms& terms, const UnitEconomics& unit) {
    Floor floor{terms.floor.value_or(Money{}), Guardrail::floor};
    if (!terms.min_margin) return floor;
    if (!unit.unit_cost) return Failure{NoFloor::cost_unknown};
    const auto price = lowest_price(unit, *terms.min_margin);
    if (!price) return Failure{NoFloor::margin_unreachable};
    if (*price > floor.price) floor = {*price, Guardrail::min_margin};
    return floor;
}

std::vector<Money> bands_of(const LineTerms& terms) {
    return terms.bands.empty() ? std::vector{terms.list_price} : terms.bands;
}

Money cap_price(const LineTerms& terms) { return std::max(terms.list_price, bands_of(terms).back()); }

std::optional<std::uint32_t> arm_at(const std::vector<Money>& bands, Money price) {
    const auto found = std::find(bands.begin(), bands.end(), price);
    if (found == bands.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - bands.begin());
}

Result<Gated, Refusal> pass_gate(const LineTerms& terms, const PricingTerms& pricing, const UnitEconomics& unit,
                                 const GateAsk& ask) {
    const auto floor = floor_of(terms, unit);
    if (!floor) {
        const bool cost = floor.error() == NoFloor::cost_unknown;
        return refuse(refusals::no_guardrail,
                      cost ? "min_margin needs the unit cost, which is not known: set unit_cost of the SKU"
                           : "no price leaves the min_margin after tax and payment fee: lower it");
    }
    if (ask.leave && !ask.killed) return pass_leave(terms, ask, *floor);

    Gated out{ask.wanted, {}, {}, floor->price};
    if (ask.killed) out.price = terms.list_price, out.bound.push_back(Guardrail::killed);

    const auto bands = bands_of(terms);
    if (out.price < bands.front()) out.price = bands.front(), out.bound.push_back(Guardrail::band_low);
    if (out.price > bands.back()) out.price = bands.back(), out.bound.push_back(Guardrail::band_high);

    const auto first_lawful = std::lower_bound(bands.begin(), bands.end(), floor->price);
    if (first_lawful == bands.end())
        return refuse(refusals::below_floor,
                      "every band is below the floor of " + minor(floor->price) +
                          " minor units: raise the bands, or lower floor, min_margin or unit cost");
    if (out.price < floor->price) out.price = *first_lawful, out.bound.push_back(floor->by);

    if (ask.stepping_from && pricing.max_step && !ask.killed && *ask.stepping_from >= floor->price) {
        const Money step = Money{checked(try_mul_div_floor(ask.stepping_from->n, pricing.max_step->n, whole.n))};
        if (distance(out.price, *ask.stepping_from) > step) {
            out.price = step_towards({first_lawful, bands.end()}, out.price, *ask.stepping_from, step);
            out.bound.push_back(Guardrail::max_step);
        }
    }
    out.arm = arm_at(bands, out.price);
    return out;
}

}  // namespace dropsmith::decide
