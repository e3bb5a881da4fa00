// Proposals and reviews; every price leaves through the one gate. Covered by flow/decide/price_test.cpp.
#include "flow/decide/price.h"

#include <algorithm>

#include "flow/decide/cannibal.h"
#include "flow/decide/cascade.h"
#include "flow/decide/modes.h"
#include "flow/decide/opening.h"
#include "flow/decide/override.h"
#include "flow/decide/price_inside.h"

namespace dropsmith::decide {
namespace {

// Checks that what a proposal says of its arms is a distribution over the line's bands and keeps to the share that may
// explore.
std::optional<std::string> wrong_arms(const LineTerms& terms, const PricingTerms& pricing,
                                      const ProposePrice& command) {
    const auto bands = bands_of(terms);
    const auto& arms = command.inputs.arms;
    if (arms.size() != bands.size() || command.arm >= arms.size()) return "the arms are not the line's bands";
    Rate sum, most;
    for (std::size_t k = 0; k < arms.size(); ++k) {
        if (arms[k].price != bands[k]) return "arm " + std::to_string(k) + " is not at the price of its band";
        if (arms[k].propensity < Rate{} || arms[k].propensity > whole) return "a propensity is between 0 and 1";
        sum += arms[k].propensity, most = std::max(most, arms[k].propensity);
    }
    if (sum != whole) return "the propensities do not add up to 1";
    if (arms[command.arm].propensity == Rate{}) return "the chosen arm had no chance";
    if (whole - most > pricing.explore_share) return "more than explore_share of the looks would explore";
    return std::nullopt;
}

// Where the gate, with all its rules at this moment, leads each arm; no money: it refuses it. The chance that a price
// was set is that of every arm that is led to it.
std::vector<Money> reached_by(const Line& at, const GateAsk& ask, const std::vector<ArmInput>& arms) {
    std::vector<Money> out;
    for (const auto& arm : arms) {
        GateAsk other = ask;
        other.wanted = arm.price;
        const auto gated = pass_gate(at.terms, at.drop.terms.pricing, at.unit, other);
        out.push_back(gated ? gated->price : Money{});
    }
    return out;
}

// In a cohort drop everybody but the cohort goes on at the standing price; the cohort's own never rises. What has
// become unlawful goes up to the next lawful band, on both sides.
void keep_control(PriceSet& set, const Line& at, const Gated& gated) {
    const auto& pricing = at.drop.terms.pricing;
    const auto bands = bands_of(at.terms);
    const auto lawful = std::lower_bound(bands.begin(), bands.end(), gated.floor);
    set.price = at.price.price, set.arm = at.price.arm;
    if (set.price < gated.floor && lawful != bands.end()) set.price = *lawful, set.arm = arm_at(bands, *lawful);
    set.cohort = at.price.cohort;
    if (gated.price < set.price)
        set.cohort = CohortPrice{gated.price, gated.arm, std::min(pricing.cohort_share, pricing.explore_share)};
    else if (set.cohort && set.cohort->price < gated.floor)
        set.cohort.reset();
}

// A test that eats the full-price sales of its neighbours is over until a person resumes.
std::optional<PricesHalted> halt_before(const State& state, const LineKey& key, const Line& at, Instant now) {
    const auto& terms = at.drop.terms;
    const bool watched = at.price.testing_since != Instant{} && state.prices.counting_since != Instant{} &&
                         terms.pricing.cannibalisation_max < whole;
    if (at.price.halted_by || !watched) return std::nullopt;
    const auto sales = neighbour_sales(state.prices, neighbours_of(state, at.terms.sku), at.price.testing_since, now);
    if (!eats_full_price(sales, terms.pricing.cannibalisation_max, periods_left(terms, terms.opens_at)))
        return std::nullopt;
    return PricesHalted{key.drop, key, Guardrail::cannibalisation,
                        "neighbours sold " + std::to_string(sales.after) + " units at full price in " +
                            std::to_string(sales.hours_after) + " hours of the test, and " +
                            std::to_string(sales.before) + " in " + std::to_string(sales.hours_before) +
                            " like hours before it"};
}

// What the breaker stops when `key` asks `price`: its drop, or all drops that a run over drops has gone through.
std::vector<PricesHalted> break_cascade(const Prices& prices, const LineKey& key, Money price, Instant now) {
    std::vector<PricesHalted> out;
    const auto halt = [&](DropId drop, const CascadeRun& run, const std::string& whom) {
        out.push_back({drop, std::nullopt, Guardrail::cascade,
                       std::to_string(run.moved.size()) + " moves in a row outdid " + whom +
                           (run.direction < 0 ? ", downwards" : ", upwards")});
    };
    if (const auto run = run_after(prices, key, price); trips(run)) return halt(key.drop, run, "every other line"), out;
    for (const std::int64_t direction : {-1, 1})
        if (const auto run = shop_run_after(prices, key, price, now, direction);
            trips_over_drops(prices, run, key, price))
            for (const auto drop : drops_of(run))
                halt(drop, run, "each other over " + std::to_string(drops_of(run).size()) + " drops");
    return out;
}

// Of a period that ended sold out: up to its last sale; nothing of one that began so.
Rate seen_until_sold_out(const LinePrice& price, Instant now) {
    const auto all = (now - price.period_from).n, until = (price.sold_at - price.period_from).n;
    if (all <= 0 || until <= 0) return Rate{};
    return Rate{checked(try_mul_div_floor(std::min(until, all), whole.n, all))};
}

// What the plan itself asks for now, without an engine; nullopt: a ladder whose next stage is not due.
std::optional<Money> planned(const Line& at, Instant now) {
    switch (mode_of(at.drop.terms.pricing)) {
        case PriceMode::taper:
            return tapered(at.drop.terms, at.terms, now);
        case PriceMode::ladder:
            return laddered(at.drop.terms, at.terms, at.line.held + at.line.sold, at.price.price, now);
        case PriceMode::fixed:
            return fixed_price(at.terms);
        case PriceMode::interval:
        case PriceMode::cohort:
            break;
    }
    return std::nullopt;
}

// A step of the taper or the ladder that is due, or a price that its costs have overtaken; nullopt: nothing moves. A
// ladder that was stopped goes back to the baseline. A taper that was stopped takes no further step and does not rise:
// its prices were announced.
std::optional<PriceSet> clockwork(const State& state, const LineKey& key, const Line& at, bool stopped, Instant now) {
    const auto mode = mode_of(at.drop.terms.pricing);
    const bool taper = mode == PriceMode::taper, fixed = mode == PriceMode::fixed;
    const auto floor = floor_of(at.terms, at.unit);
    const bool unlawful = floor && at.price.price < floor->price;
    if ((taper || fixed) && stopped && !unlawful) return std::nullopt;
    const auto step = stopped ? std::nullopt : planned(at, now);
    if (!step && !stopped && !unlawful) return std::nullopt;
    auto ask = governors_of(state, key, at, now);
    ask.announced = taper || fixed;
    if (stopped) ask.stopped = true, ask.never_up = false;
    if (fixed) ask.never_up = ask.stopped = false;
    ask.wanted = step.value_or(at.price.price);
    const auto gated = fall_back(at, ask);
    if (gated.price == at.price.price) return std::nullopt;
    const auto kind = taper ? DecisionKind::taper : fixed ? DecisionKind::fixed : DecisionKind::ladder;
    auto set = set_price(state, key, kind, ask.wanted, gated, at, now);
    set.inputs.stock_left = at.line.free();
    set.inputs.policy = std::string(word_of(mode)) + "/1";
    set.reason = unlawful  ? "what stood is below the floor: what the unit costs has risen"
                 : fixed   ? "the price of the plan: what the unit costs has fallen"
                 : stopped ? "the ladder ate full-price sales of its neighbours: back to the list price's band"
                 : taper   ? "a step of the announced taper"
                           : "a stage of the ladder: its time has come and too little has sold";
    return set;
}

// An override that ate full-price sales of its neighbours is over; a taper below it takes no further step.
PriceSet stop_override(const State& state, const LineKey& key, const Line& at, Instant now) {
    auto ask = governors_of(state, key, at, now);
    ask.wanted = at.price.before_override;
    ask.stopped = mode_of(at.drop.terms.pricing) != PriceMode::taper;
    ask.stepping_from.reset(), ask.never_up = false, ask.dwelling = false;
    return override_ended(state, key, at, ask, "the override ate full-price sales of its neighbours", now);
}

}  // namespace

Verdict handle(const State& state, const ProposePrice& command, const Moment& moment) {
    auto at = find_line(state, command.key, moment.at);
    if (!at) return Failure{std::move(at.error())};
    const auto& pricing = at->drop.terms.pricing;
    if (!sells(at->drop.status))
        return refuse(refusals::drop_not_open,
                      "the drop is " + std::string(word_of(at->drop.status)) + ": its prices stand");
    if (at->price.killed)
        return refuse(refusals::prices_killed, "the kill switch was thrown: the list price stands until it is undone");
    if (!decided_by_engine(pricing)) return refuse(refusals::wrong_state, "no engine sets the drop's prices");
    if (at->price.override_until) return refuse(refusals::overtaken, "an override stands until it ends");
    if (command.inputs.based_on < std::max(at->price.last_review_seq, at->price.last_set_seq))
        return refuse(refusals::overtaken,
                      "the proposal was made from facts that have moved on: the last price stands");
    if (auto wrong = wrong_arms(at->terms, pricing, command)) return refuse(refusals::bad_value, std::move(*wrong));

    Facts out;
    auto ask = governors_of(state, command.key, *at, moment.at);
    ask.wanted = command.inputs.arms[command.arm].price;
    if (auto halted = halt_before(state, command.key, *at, moment.at)) {
        ask.stopped = true, ask.never_up = false;
        out.emplace_back(std::move(*halted));
    }
    const bool cohort = mode_of(pricing) == PriceMode::cohort && !ask.stopped;
    if (cohort && at->price.cohort) ask.stepping_from = at->price.cohort->price;
    auto gated = pass_gate(at->terms, pricing, at->unit, ask);
    if (!gated) return Failure{std::move(gated.error())};
    const auto asked = cohort ? at->price.price : gated->price;
    if (auto halts = break_cascade(state.prices, command.key, asked, moment.at); !ask.halted && !halts.empty()) {
        ask.halted = true;
        gated = pass_gate(at->terms, pricing, at->unit, ask);
        if (!gated) return Failure{std::move(gated.error())};
        for (auto& halt : halts) out.emplace_back(std::move(halt));
    }
    auto set = set_price(state, command.key, DecisionKind::bandit, ask.wanted, *gated, *at, moment.at);
    set.inputs = command.inputs;
    set.reached = reached_by(*at, ask, command.inputs.arms);
    set.propensity = Rate{};
    for (std::size_t k = 0; k < set.reached.size(); ++k)
        if (set.reached[k] == gated->price) set.propensity += command.inputs.arms[k].propensity;
    if (cohort) keep_control(set, *at, *gated);
    Rate most;
    for (const auto& arm : command.inputs.arms) most = std::max(most, arm.propensity);
    if (most != whole && whole - most == pricing.explore_share) {
        set.bound.push_back(Guardrail::explore_share);
        set.clamps.push_back({Guardrail::explore_share, gated->price, gated->price});
    }
    set.reason = "reviewed by " + command.inputs.policy;
    out.emplace_back(std::move(set));
    return out;
}

Verdict handle(const State& state, const ReviewDue& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.key.drop);
    const auto* price = state.prices.find(command.key);
    if (!drop || !price) return refuse(refusals::not_found, "there is no such line");
    PriceReviewed reviewed{command.key, Instant{}, drop->status == DropStatus::open, whole};
    const auto& of = drop->lines;
    if (command.key.line < of.size() && of[command.key.line].free() <= Quantity{})
        reviewed.seen = seen_until_sold_out(*price, moment.at);
    const bool goes_on = has_prices(drop->status) && !price->killed && command.key.line < drop->lines.size() &&
                         !drop->lines[command.key.line].ended;
    if (goes_on) {
        // closing disarms it, so that an extended drop goes on being reviewed
        reviewed.next_review =
            next_review(drop->terms, in_channel(drop->lines[command.key.line].terms, command.key.channel),
                        price->testing_since != Instant{}, moment.at);
    }
    Facts out = facts(reviewed);
    const auto at = find_line(state, command.key, moment.at);
    if (!goes_on || !sells(drop->status) || !at) return out;
    const bool by_hand = at->price.override_until.has_value();
    if (!by_hand && decided_by_engine(drop->terms.pricing)) return out;  // the engine's are judged when it proposes
    auto halted = halt_before(state, command.key, *at, moment.at);
    const bool stopped = halted || at->price.halted_by == Guardrail::cannibalisation;
    std::optional<PriceSet> set;
    if (!by_hand)
        set = clockwork(state, command.key, *at, stopped, moment.at);
    else if (halted)
        set = stop_override(state, command.key, *at, moment.at);
    if (halted) out.emplace_back(std::move(*halted));
    if (!set) return out;
    set->next_review = next_review(drop->terms, at->terms,
                                   at->price.testing_since != Instant{} || set->price < at->price.opened_at, moment.at);
    out.emplace_back(std::move(*set));
    return out;
}

}  // namespace dropsmith::decide
