// Covered by flow/decide/price_test.cpp, flow/decide/governors_test.cpp.
#include "flow/decide/price_inside.h"

#include <algorithm>

#include "flow/decide/cannibal.h"
#include "flow/decide/exposure.h"
#include "flow/decide/modes.h"
#include "flow/decide/opening.h"
#include "flow/decide/prior_price.h"
#include "flow/decide/risk.h"
#include "flow/decide/visitors.h"

namespace dropsmith::decide {

bool sells(DropStatus status) { return status == DropStatus::open || status == DropStatus::paused; }
bool has_prices(DropStatus status) { return sells(status) || status == DropStatus::scheduled; }

Result<Line, Refusal> find_line(const State& state, const LineKey& key, Instant at, bool ended_too) {
    const auto* drop = state.drops.find(key.drop);
    if (!drop) return refuse(refusals::not_found, "there is no such drop");
    if (key.line >= drop->lines.size() || (drop->lines[key.line].ended && !ended_too))
        return refuse(refusals::no_such_line, "the drop does not sell this: its line is not there or has ended");
    const auto* price = state.prices.find(key);
    auto unit = unit_economics(state, drop->lines[key.line].terms, key.channel, at);
    if (!price || !unit)
        return refuse(refusals::wrong_channel,
                      "the line has no price in this channel: name a channel of the drop, after it is scheduled");
    return Line{*drop, drop->lines[key.line], in_channel(drop->lines[key.line].terms, key.channel), *price,
                std::move(*unit)};
}

PriceSet set_price(const State& state, const LineKey& key, DecisionKind kind, Money wanted, const Gated& gated,
                   const Line& at, Instant now) {
    PriceSet set;
    set.decision = DecisionId{state.prices.decisions + 1};
    set.key = key;
    set.kind = kind;
    set.price = gated.price, set.arm = gated.arm, set.floor = gated.floor;
    set.clamps = gated.clamps, set.bound = gated.bound();
    set.propensity = whole;
    set.wanted = wanted;
    set.inputs.based_on = state.head;
    set.next_review = at.price.next_review;
    set.sku = at.terms.sku;
    set.list_price = at.terms.list_price;
    set.prior_price = prior_price(state.prices, set.sku, key.channel, now);
    return set;
}

Gated fall_back(const Line& at, const GateAsk& ask) { return fall_back(at.terms, at.drop.terms.pricing, at.unit, ask); }

Gated fall_back(const LineTerms& terms, const PricingTerms& pricing, const UnitEconomics& unit, const GateAsk& ask) {
    const auto gated = pass_gate(terms, pricing, unit, ask);
    if (gated) return *gated;
    const auto floor = floor_of(terms, unit);
    const auto wanted = ask.killed ? terms.list_price : ask.wanted;
    Gated out{ask.wanted, {}, {}, floor ? floor->price : Money{}};
    if (ask.killed) out.clamps.push_back({Guardrail::killed, ask.wanted, wanted}), out.price = wanted;
    if (floor) out.move(floor->by, std::max(wanted, floor->price));
    return out;
}

namespace {

RiskArm risk_of(const Line& at, const std::vector<SeenPeriod>& seen, const PeriodWeights& weights, Money band) {
    const auto gain = gain_of_a_sale(at.unit, at.terms, PriceObjective::margin, band);
    RiskArm out{static_cast<double>(gain.n), 0, 0};
    const auto known = std::find_if(at.price.arms.begin(), at.price.arms.end(),
                                    [&](const ArmStats& arm) { return arm.price == band; });
    if (known == at.price.arms.end()) return out;
    double listed = 0;
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (seen[i].price == band)
            out.periods += weights.seen[i], listed += static_cast<double>(seen[i].exposure) / 1e6;
    // what is older than the list counts as average
    out.periods += std::max(0.0, static_cast<double>(known->exposure) / 1e6 - listed);
    out.sales = static_cast<double>(known->sales);
    return out;
}

}  // namespace

Instant next_review(const DropTerms& terms, const LineTerms& line, bool cut, Instant now) {
    const auto from = std::max(now, terms.opens_at), cadence = from + terms.pricing.cadence;
    const bool watched = cut && terms.pricing.cannibalisation_max < whole;
    if (mode_of(terms.pricing) != PriceMode::taper)
        return watched || reviewed(terms.pricing) || line.min_margin ? cadence : Instant{};
    const auto step = next_taper(terms, line, from);
    return watched && (step == Instant{} || cadence < step) ? cadence : step;
}

std::vector<Money> too_risky(const State& state, const LineKey& key, const Line& at, Money baseline, Instant now) {
    const auto& pricing = at.drop.terms.pricing;
    std::vector<Money> out;
    if (!pricing.revenue_at_risk) return out;
    const auto bands = bands_of(at.terms);
    const auto visitors = visitors_of(state, at.drop, key, at.price, now);
    for (const auto& weights : period_weights(visitors)) {
        RiskAsk ask;
        ask.at_risk = static_cast<double>(pricing.revenue_at_risk->n) / 1e6;
        ask.confidence = static_cast<double>(pricing.confidence.n) / 1e6;
        ask.periods_all = std::max(1u, periods_left(at.drop.terms, at.drop.terms.opens_at));
        ask.next = weights.next;
        for (const auto band : bands) {
            if (band == baseline) ask.baseline = ask.arms.size();
            ask.arms.push_back(risk_of(at, visitors.seen, weights, band));
        }
        for (std::size_t k = 0; k < bands.size(); ++k)
            if (!may_explore(ask, k) && std::find(out.begin(), out.end(), bands[k]) == out.end())
                out.push_back(bands[k]);
    }
    return out;
}

GateAsk governors_of(const State& state, const LineKey& key, const Line& at, Instant now) {
    const auto& pricing = at.drop.terms.pricing;
    GateAsk ask;
    ask.stepping_from = at.price.price;
    ask.halted = at.price.halted_by == Guardrail::cascade;
    ask.stopped = at.price.halted_by == Guardrail::cannibalisation;
    const auto floor = floor_of(at.terms, at.unit);
    ask.baseline = floor ? baseline_band(at.terms, floor->price) : std::nullopt;
    if (ask.baseline && !ask.stopped) ask.too_risky = too_risky(state, key, at, *ask.baseline, now);
    ask.exposure_floor = exposure_floor(state, key);
    ask.never_up = never_rises(pricing) && !ask.stopped;
    ask.dwelling = at.price.changed_at + pricing.min_dwell > now;
    return ask;
}

}  // namespace dropsmith::decide
