// Proposals, overrides, reviews and the kill switch; every price leaves through the one gate. Covered by
// flow/decide/price_test.cpp.
#include "flow/decide/price.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/opening.h"

namespace dropsmith::decide {
namespace {

struct Line {
    const Drop& drop;
    const DropLine& line;
    const LinePrice& price;
    UnitEconomics unit;
};

bool sells(DropStatus status) { return status == DropStatus::open || status == DropStatus::paused; }
bool has_prices(DropStatus status) { return sells(status) || status == DropStatus::scheduled; }

Result<Line, Refusal> find_line(const State& state, const LineKey& key, Instant at, bool ended_too = false) {
    const auto* drop = state.drops.find(key.drop);
    if (!drop) return refuse(refusals::not_found, "there is no such drop");
    if (key.line >= drop->lines.size() || (drop->lines[key.line].ended && !ended_too))
        return refuse(refusals::no_such_line, "the drop does not sell this: its line is not there or has ended");
    const auto* price = state.prices.find(key);
    auto unit = unit_economics(state, drop->lines[key.line].terms.sku, key.channel, at);
    if (!price || !unit)
        return refuse(refusals::wrong_channel,
                      "the line has no price in this channel: name a channel of the drop, after it is scheduled");
    return Line{*drop, drop->lines[key.line], *price, std::move(*unit)};
}

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

// The chance that this price was set: of every arm that the gate leads to it.
Rate propensity_of(const Line& at, const GateAsk& ask, const std::vector<ArmInput>& arms, Money price) {
    Rate chance;
    for (const auto& arm : arms) {
        GateAsk other = ask;
        other.wanted = arm.price;
        const auto gated = pass_gate(at.line.terms, at.drop.terms.pricing, at.unit, other);
        if (gated && gated->price == price) chance += arm.propensity;
    }
    return chance;
}

PriceSet set_price(const State& state, const LineKey& key, DecisionKind kind, Money wanted, const Gated& gated,
                   const LinePrice& now) {
    PriceSet set;
    set.decision = DecisionId{state.prices.decisions + 1};
    set.key = key;
    set.kind = kind;
    set.price = gated.price, set.arm = gated.arm, set.bound = gated.bound, set.floor = gated.floor;
    set.propensity = whole;
    set.wanted = wanted;
    set.inputs.based_on = state.head;
    set.next_review = now.next_review;
    return set;
}

// What the shop falls back to (an override that ended, the kill switch). Costs may have risen until every band is below
// the floor: then the floor itself is asked, because a price below it is never served.
Gated fall_back(const Line& at, const GateAsk& ask) {
    const auto gated = pass_gate(at.line.terms, at.drop.terms.pricing, at.unit, ask);
    if (gated) return *gated;
    const auto floor = floor_of(at.line.terms, at.unit);
    Gated out{std::max(ask.killed ? at.line.terms.list_price : ask.wanted, floor ? floor->price : Money{}),
              {},
              {},
              floor ? floor->price : Money{}};
    if (ask.killed) out.bound.push_back(Guardrail::killed);
    if (floor) out.bound.push_back(floor->by);
    return out;
}

// The bands as the decision names them; what is known of a price stays with it.
std::vector<ArmStats> arms_after(const std::vector<ArmStats>& before, const std::vector<ArmInput>& inputs) {
    std::vector<ArmStats> arms;
    for (const auto& input : inputs) {
        const auto known =
            std::find_if(before.begin(), before.end(), [&](const ArmStats& arm) { return arm.price == input.price; });
        arms.push_back(known == before.end() ? ArmStats{input.price, 0, 0, 0} : *known);
    }
    return arms;
}

}  // namespace

Verdict handle(const State& state, const ProposePrice& command, const Moment& moment) {
    auto at = find_line(state, command.key, moment.at);
    if (!at) return Failure{std::move(at.error())};
    if (!sells(at->drop.status))
        return refuse(refusals::drop_not_open,
                      "the drop is " + std::string(word_of(at->drop.status)) + ": its prices stand");
    if (at->price.killed)
        return refuse(refusals::prices_killed, "the prices of this drop were put back to the list price for good");
    if (at->drop.terms.pricing.policy != PricePolicy::bandit)
        return refuse(refusals::wrong_state, "the drop's prices are fixed");
    if (at->price.override_until) return refuse(refusals::overtaken, "an override stands until it ends");
    if (command.inputs.based_on < std::max(at->price.last_review_seq, at->price.last_set_seq))
        return refuse(refusals::overtaken,
                      "the proposal was made from facts that have moved on: the last price stands");
    if (auto wrong = wrong_arms(at->line.terms, at->drop.terms.pricing, command))
        return refuse(refusals::bad_value, std::move(*wrong));

    GateAsk ask;
    ask.wanted = command.inputs.arms[command.arm].price;
    ask.stepping_from = at->price.price;
    auto gated = pass_gate(at->line.terms, at->drop.terms.pricing, at->unit, ask);
    if (!gated) return Failure{std::move(gated.error())};
    auto set = set_price(state, command.key, DecisionKind::bandit, ask.wanted, *gated, at->price);
    set.inputs = command.inputs;
    set.propensity = propensity_of(*at, ask, command.inputs.arms, gated->price);
    Rate most;
    for (const auto& arm : command.inputs.arms) most = std::max(most, arm.propensity);
    if (most != whole && whole - most == at->drop.terms.pricing.explore_share)
        set.bound.push_back(Guardrail::explore_share);
    set.reason = "reviewed by " + command.inputs.policy;
    return facts(std::move(set));
}

Verdict handle(const State& state, const OverridePrice& command, const Moment& moment) {
    auto at = find_line(state, command.key, moment.at);
    if (!at) return Failure{std::move(at.error())};
    if (!has_prices(at->drop.status))
        return refuse(refusals::drop_not_open, "the drop is " + std::string(word_of(at->drop.status)));
    if (at->price.killed)
        return refuse(refusals::prices_killed, "the prices of this drop were put back to the list price for good");
    if (command.reason.empty() || command.reason.size() > limits::text_max)
        return refuse(refusals::bad_value, "an override says why: give a reason of at most 4000 bytes");
    if (command.until <= moment.at) return refuse(refusals::bad_value, "an override ends: until must lie after now");
    if (command.price <= Money{}) return refuse(refusals::bad_value, "a price is above 0");

    GateAsk ask;
    ask.wanted = command.price;
    ask.leave = true;
    const auto grant = moment.who.grant.n;
    ask.leave_below_floor =
        grant >= 1 && grant <= state.access.grants.size() && state.access.grants[grant - 1].limits.override_below_floor;
    auto gated = pass_gate(at->line.terms, at->drop.terms.pricing, at->unit, ask);
    if (!gated) return Failure{std::move(gated.error())};
    auto set = set_price(state, command.key, DecisionKind::override_, command.price, *gated, at->price);
    set.until = command.until;
    set.reason = command.reason;
    return facts(std::move(set));
}

Verdict handle(const State& state, const KillPrices& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return refuse(refusals::not_found, "there is no such drop");
    if (!has_prices(drop->status))
        return refuse(refusals::wrong_state,
                      "the drop is " + std::string(word_of(drop->status)) + ": it has no prices to stop");
    if (command.reason.size() > limits::text_max) return refuse(refusals::bad_value, "a reason has at most 4000 bytes");
    Facts out;
    std::uint64_t decisions = state.prices.decisions;
    for (auto it = state.prices.lines.lower_bound({command.drop, 0, ChannelId{}});
         it != state.prices.lines.end() && it->first.drop == command.drop; ++it) {
        if (it->second.killed)
            return refuse(refusals::prices_killed, "the prices of this drop were put back to the list price before");
        auto at = find_line(state, it->first, moment.at);
        if (!at) continue;  // the line has ended
        GateAsk ask;
        ask.wanted = at->line.terms.list_price;
        ask.killed = true;
        auto set = set_price(state, it->first, DecisionKind::kill, ask.wanted, fall_back(*at, ask), at->price);
        set.decision = DecisionId{++decisions};
        set.reason = command.reason;
        set.next_review = Instant{};
        out.emplace_back(std::move(set));
    }
    out.emplace_back(PricesKilled{command.drop, command.reason});
    return out;
}

Verdict handle(const State& state, const ReviewDue& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.key.drop);
    const auto* price = state.prices.find(command.key);
    if (!drop || !price) return refuse(refusals::not_found, "there is no such line");
    PriceReviewed reviewed{command.key, Instant{}, drop->status == DropStatus::open};
    const bool goes_on = has_prices(drop->status) && !price->killed && command.key.line < drop->lines.size() &&
                         !drop->lines[command.key.line].ended;
    if (goes_on) {
        const Instant next = std::max(moment.at, drop->terms.opens_at) + drop->terms.pricing.cadence;
        reviewed.next_review = next;  // closing disarms it, so that an extended drop goes on being reviewed
    }
    return facts(std::move(reviewed));
}

Verdict handle(const State& state, const OverrideDue& command, const Moment& moment) {
    auto at = find_line(state, command.key, moment.at, true);
    if (!at) return Failure{std::move(at.error())};
    GateAsk ask;
    ask.wanted = at->price.before_override;
    auto set = set_price(state, command.key, DecisionKind::override_ended, ask.wanted, fall_back(*at, ask), at->price);
    set.reason = "the override has ended";
    return facts(std::move(set));
}

void evolve(Prices& slice, const PriceSet& fact, const Stamp& stamp) {
    auto& line = slice.lines[fact.key];
    if (fact.kind == DecisionKind::override_ && !line.override_until) line.before_override = line.price;
    line.override_until = fact.kind == DecisionKind::override_ ? fact.until : std::nullopt;
    line.price = fact.price;
    line.decision = fact.decision;
    line.kind = fact.kind;
    line.arm = fact.arm;
    line.set_at = stamp.at;
    line.last_set_seq = stamp.seq;
    line.next_review = fact.next_review;
    if (!fact.inputs.arms.empty()) line.arms = arms_after(line.arms, fact.inputs.arms);
    slice.decisions = std::max(slice.decisions, fact.decision.n);
}

void evolve(Prices& slice, const PriceReviewed& fact, const Stamp& stamp) {
    auto& line = slice.lines[fact.key];
    if (fact.counted) {
        ++line.reviews;
        if (line.arm && *line.arm < line.arms.size() && !line.override_until)
            ++line.arms[*line.arm].periods, ++line.arms[*line.arm].looks;
    }
    line.last_review_seq = stamp.seq;
    line.next_review = fact.next_review;
}

void evolve(Prices& slice, const PricesKilled& fact, const Stamp&) {
    for (auto it = slice.lines.lower_bound({fact.drop, 0, ChannelId{}});
         it != slice.lines.end() && it->first.drop == fact.drop; ++it) {
        it->second.killed = true;
        it->second.next_review = Instant{};
        it->second.override_until.reset();
    }
}

void evolve(Prices& slice, const UnitsHeld& fact, const Stamp&) {
    for (const auto& held : fact.lines) {
        const auto found = slice.lines.find({fact.drop, held.line, fact.channel});
        if (found == slice.lines.end()) continue;
        for (auto& arm : found->second.arms)
            if (arm.price == held.unit_price) arm.sales += static_cast<std::uint64_t>(held.units.n);
    }
}

// Units given back were not sold after all. The facts do not say the channel: it is the only one, or the one whose
// decision it was; failing that (several channels, an older decision) they stay counted, on the side of asking more.
static void give_back(Prices& slice, DropId drop, const std::vector<HeldLine>& lines) {
    for (const auto& given : lines) {
        const auto first = slice.lines.lower_bound({drop, given.line, ChannelId{}});
        auto last = first, found = slice.lines.end();
        for (; last != slice.lines.end() && last->first.drop == drop && last->first.line == given.line; ++last)
            if (last->second.decision == given.decision) found = last;
        if (first != last && std::next(first) == last) found = first;
        if (found == slice.lines.end()) continue;
        for (auto& arm : found->second.arms)
            if (arm.price == given.unit_price)
                arm.sales -= std::min(arm.sales, static_cast<std::uint64_t>(given.units.n));
    }
}

void evolve(Prices& slice, const HoldReduced& fact, const Stamp&) { give_back(slice, fact.drop, fact.given_back); }
void evolve(Prices& slice, const HoldEnded& fact, const Stamp&) { give_back(slice, fact.drop, fact.given_back); }

void evolve(Prices& slice, const DropClosed& fact, const Stamp&) {
    for (auto it = slice.lines.lower_bound({fact.drop, 0, ChannelId{}});
         it != slice.lines.end() && it->first.drop == fact.drop; ++it) {
        it->second.next_review = Instant{};
        it->second.override_until.reset();
    }
}

void evolve(Prices& slice, const DropCancelled& fact, const Stamp&) {
    const auto first = slice.lines.lower_bound({fact.drop, 0, ChannelId{}});
    auto last = first;
    while (last != slice.lines.end() && last->first.drop == fact.drop) ++last;
    slice.lines.erase(first, last);
}

}  // namespace dropsmith::decide
