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
    Gated out{ask.wanted, arm_at(bands_of(terms), ask.wanted), {}, floor.price};
    out.clamps.push_back({Guardrail::override_, ask.wanted, ask.wanted});
    return out;
}

// What may be wanted at all. A governor that would not change the wish leaves no word, but for the
// stop. Says whether one has its way
// now: step and dwell, habits of the engine, do not hold it back.
bool govern(Gated& out, const GateAsk& ask, const std::vector<Money>& bands) {
    const auto& from = ask.stepping_from;
    if (ask.halted && from) return out.move(Guardrail::cascade, *from), true;  // no other governor moves it
    if (ask.stopped && ask.baseline) {  // whatever was wished, and so with its word
        out.clamps.push_back({Guardrail::cannibalisation, out.price, *ask.baseline});
        out.price = *ask.baseline;
    }
    const auto& risky = ask.too_risky;
    if (ask.baseline && std::find(risky.begin(), risky.end(), out.price) != risky.end())
        out.move(Guardrail::revenue_at_risk, *ask.baseline);
    if (!ask.announced && ask.exposure_floor && out.price < *ask.exposure_floor) {
        const auto band = std::lower_bound(bands.begin(), bands.end(), *ask.exposure_floor);
        out.move(Guardrail::brand_exposure, band == bands.end() ? bands.back() : *band);
    }
    const bool its_way = !out.clamps.empty();
    if (ask.never_up && from && out.price > *from) out.move(Guardrail::constancy, *from);
    return its_way;
}

// The band nearest to `price` that one step reaches; the current price when none is in reach.
Money step_towards(const std::vector<Money>& lawful, Money price, Money from, Money step) {
    Money best = from;
    for (const Money band : lawful)
        if (distance(band, from) <= step && distance(band, price) < distance(best, price)) best = band;
    return best;
}

}  // namespace

void Gated::move(Guardrail by, Money to) {
    if (to == price) return;
    clamps.push_back({by, price, to});
    price = to;
}

std::vector<Guardrail> Gated::bound() const {
    std::vector<Guardrail> out;
    for (const auto& clamp : clamps) out.push_back(clamp.by);
    return out;
}

bool has_guardrail(const LineTerms& terms) { return terms.floor || terms.min_margin; }

Result<Floor, NoFloor> floor_of(const LineTerms& terms, const UnitEconomics& unit) {
    Floor floor{terms.floor.value_or(Money{}), Guardrail::floor};
    if (terms.max_discount) {
        const Money least{checked(try_mul_div_ceil(terms.list_price.n, (whole - *terms.max_discount).n, whole.n))};
        if (least > floor.price) floor = {least, Guardrail::max_discount};
    }
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
    if (ask.killed)
        out.clamps.push_back({Guardrail::killed, ask.wanted, terms.list_price}), out.price = terms.list_price;
    const auto bands = bands_of(terms);
    const bool its_way = ask.killed || govern(out, ask, bands);
    if (out.price < bands.front()) out.move(Guardrail::band_low, bands.front());
    if (out.price > bands.back()) out.move(Guardrail::band_high, bands.back());

    const auto first_lawful = std::lower_bound(bands.begin(), bands.end(), floor->price);
    if (first_lawful == bands.end())
        return refuse(refusals::below_floor,
                      "every band is below the floor of " + minor(floor->price) +
                          " minor units: raise the bands, or lower floor, min_margin or unit cost");
    if (out.price < floor->price) out.move(floor->by, *first_lawful);
    // a lawful price that stood between two bands (costs had risen and fell again) is not left upwards either
    const auto& stood = ask.stepping_from;
    if (!ask.killed && stood && ask.never_up && *stood >= floor->price && out.price > *stood)
        out.move(Guardrail::constancy, *stood);

    const bool habits = ask.stepping_from && !its_way && !ask.announced;
    if (habits && *ask.stepping_from >= floor->price) {
        const Money from = *ask.stepping_from;
        const auto& share = out.price > from && pricing.max_step_up ? pricing.max_step_up : pricing.max_step;
        const Money step = share ? Money{checked(try_mul_div_floor(from.n, share->n, whole.n))} : Money{};
        if (share && distance(out.price, from) > step)
            out.move(Guardrail::max_step, step_towards({first_lawful, bands.end()}, out.price, from, step));
        if (ask.dwelling && from >= bands.front() && from <= bands.back()) out.move(Guardrail::dwell, from);
        govern(out, ask, bands);  // a habit leads nowhere that a governor forbids, the standing price included
    }
    out.arm = arm_at(bands, out.price);
    return out;
}

}  // namespace dropsmith::decide
