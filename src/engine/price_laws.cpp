// Covered by engine/price_laws_test.cpp.
#include "engine/price_laws.h"

#include <algorithm>
#include <string>

#include "engine/dispatch.h"

namespace dropsmith::engine {
namespace {

std::string name_of(const PriceSet& set) { return "decision " + std::to_string(set.decision.n); }

template <class F>
const F& as(const BatchWalk::RawFact& fact) {
    return *static_cast<const F*>(fact.object);
}

Money lowest(Money price, const std::optional<CohortPrice>& cohort) {
    return cohort ? std::min(price, cohort->price) : price;
}

bool over(Money from, Money to, Rate share) {
    const auto change = from > to ? from - to : to - from;
    return static_cast<__int128>(change.n) * whole.n > static_cast<__int128>(from.n) * share.n;
}

bool clock_or_engine(DecisionKind kind) {
    return kind == DecisionKind::bandit || kind == DecisionKind::taper || kind == DecisionKind::ladder;
}

}  // namespace

void PriceLaws::look(const BatchWalk::RawFact& fact, const Stamp& stamp) {
    switch (fact.info->code) {
        case PriceSet::code.n:
            look_at(as<PriceSet>(fact), stamp);
            break;
        case DropOpened::code.n:
            for (auto& [key, line] : standing_)
                if (key.drop == as<DropOpened>(fact).drop)
                    begin(key, stamp.at), line.changed_at = std::max(line.changed_at, stamp.at);
            break;
        case UnitsHeld::code.n:
            if (const auto& held = as<UnitsHeld>(fact); held.preorder)
                for (const auto& line : held.lines) begin({held.drop, line.line, held.channel}, stamp.at);
            break;
        case DropEdited::code.n:
            for (const auto line : as<DropEdited>(fact).ended_lines)
                for (const auto& [key, unused] : standing_)
                    if (key.drop == as<DropEdited>(fact).drop && key.line == line) end(key, stamp.at);
            break;
        case DropClosed::code.n:
            end_of(as<DropClosed>(fact).drop, stamp.at);
            break;
        case DropCancelled::code.n:
            end_of(as<DropCancelled>(fact).drop, stamp.at);
            break;
        case OverrideAsked::code.n:
            asked_[as<OverrideAsked>(fact).id] = stamp.who;
            break;
        case KillUndoAsked::code.n:
            undos_[as<KillUndoAsked>(fact).drop] = stamp.who;
            break;
        case KillUndone::code.n:
            look_at_undoing(as<KillUndone>(fact), stamp);
            break;
        case KillUndoRejected::code.n:
            undos_.erase(as<KillUndoRejected>(fact).drop);
            break;
        default:
            break;
    }
}

void PriceLaws::look_at(const PriceSet& set, const Stamp& stamp) {
    const auto* drop = state_.drops.find(set.key.drop);
    look_at_trail(set, stamp.seq);
    look_at_reduction(set, stamp);
    if (set.approved) {
        ++second_.checked;
        const auto asked = asked_.find(set.approved);
        if (asked == asked_.end())
            breach(second_, stamp.seq, name_of(set) + " names an approval of nothing that was asked");
        else if (asked->second.kind == stamp.who.kind && asked->second.grant == stamp.who.grant)
            breach(second_, stamp.seq, name_of(set) + " was approved by whoever asked for it");
    }
    auto& now = standing_[set.key];
    if (drop && clock_or_engine(set.kind) && now.price > Money{}) {
        look_at_move(set, now, stamp);
        if (set.kind == DecisionKind::bandit) look_at_share(set, drop->terms.pricing, stamp.seq);
    }
    if (now.price != set.price) now.changed_at = stamp.at;
    now.price = set.price;
    now.cohort = set.cohort ? std::optional(set.cohort->price) : std::nullopt;
    skus_[set.key] = set.sku;
    if (!now.on_sale) return;
    auto& spans = spans_[{set.sku, set.key.channel}];
    const auto price = lowest(set.price, set.cohort);
    for (auto& span : spans)
        if (span.key == set.key && !span.until && span.price != price) {
            span.until = stamp.at;
            spans.push_back({set.key, price, stamp.at, std::nullopt});
            break;
        }
}

void PriceLaws::look_at_undoing(const KillUndone& undone, const Stamp& stamp) {
    if (!undone.approved) {
        if (state_.prices.rules.four_eyes_undo_kill)
            breach(second_, stamp.seq, "a kill switch was undone by one person where the rule asks for two");
        return;
    }
    ++second_.checked;
    const auto asked = undos_.find(undone.drop);
    if (asked == undos_.end())
        return breach(second_, stamp.seq, "the undoing of a kill switch was approved that nobody had asked for");
    if (asked->second.kind == stamp.who.kind && asked->second.grant == stamp.who.grant)
        breach(second_, stamp.seq, "the undoing of a kill switch was approved by whoever asked for it");
    undos_.erase(asked);
}

void PriceLaws::look_at_trail(const PriceSet& set, std::uint64_t seq) {
    ++trail_.checked;
    Money at = set.wanted;
    for (const auto& clamp : set.clamps) {
        if (clamp.from != at && clamp.by != Guardrail::explore_share)
            return breach(trail_, seq,
                          name_of(set) + ": " + std::string(word_of(clamp.by)) + " begins at " +
                              std::to_string(clamp.from.n) + ", the step before ended at " + std::to_string(at.n));
        at = clamp.to;
    }
    const bool told = at == set.price || (set.cohort && at == set.cohort->price);
    const auto* drop = state_.drops.find(set.key.drop);
    const bool control = set.kind == DecisionKind::bandit && drop && mode_of(drop->terms.pricing) == PriceMode::cohort;
    if (!told && !control)
        breach(trail_, seq,
               name_of(set) + ": the trail ends at " + std::to_string(at.n) + ", the price is " +
                   std::to_string(set.price.n));
}

void PriceLaws::look_at_move(const PriceSet& set, const Standing& before, const Stamp& stamp) {
    ++moves_.checked;
    const auto& pricing = state_.drops.find(set.key.drop)->terms.pricing;
    const auto from = before.price;
    const bool lifted = from < set.floor;  // what has become unlawful is left at once
    const auto wrong = [&](const std::string& what) {
        breach(moves_, stamp.seq,
               name_of(set) + what + " from " + std::to_string(from.n) + " to " + std::to_string(set.price.n));
    };
    const bool rises = set.price > from;
    const auto& share = rises && pricing.max_step_up ? pricing.max_step_up : pricing.max_step;
    const auto by = [&](Guardrail rule) {
        return std::any_of(set.clamps.begin(), set.clamps.end(), [=](const Clamp& clamp) { return clamp.by == rule; });
    };
    const bool stopped = by(Guardrail::cannibalisation);
    const auto mode = mode_of(pricing);
    // A governor is held back by no habit of the engine, and a taper keeps what was announced.
    const bool free = lifted || stopped || by(Guardrail::revenue_at_risk) || by(Guardrail::brand_exposure) ||
                      mode == PriceMode::taper;
    if (!free && share && over(from, set.price, *share)) wrong(" goes too far in one step,");
    if (!free && set.price != from && before.changed_at + pricing.min_dwell > stamp.at)
        wrong(" comes before the last price has stood long enough,");
    const bool promised = mode == PriceMode::cohort || mode == PriceMode::taper || mode == PriceMode::ladder;
    if (promised && rises && !lifted && !stopped) wrong(" rises where a rise was ruled out,");
    if (promised && set.cohort && before.cohort && set.cohort->price > *before.cohort && !lifted)
        wrong(" raises the cohort's price,");
}

void PriceLaws::look_at_share(const PriceSet& set, const PricingTerms& pricing, std::uint64_t seq) {
    ++explored_.checked;
    Rate sum, most;
    for (const auto& arm : set.inputs.arms) sum += arm.propensity, most = std::max(most, arm.propensity);
    if (sum != whole || whole - most > pricing.explore_share)
        breach(explored_, seq,
               name_of(set) + " explores with " + std::to_string((whole - most).n) + " ppm of the looks");
    if (set.cohort && set.cohort->share > pricing.explore_share)
        breach(explored_, seq, name_of(set) + " shows its cohort to more sessions than may explore");
}

// Minute by minute would be plainer still; span by span is the same.
void PriceLaws::look_at_reduction(const PriceSet& set, const Stamp& stamp) {
    ++reductions_.checked;
    const auto* drop = state_.drops.find(set.key.drop);
    const bool before_opening = drop && (set.kind == DecisionKind::opening || set.kind == DecisionKind::fixed) &&
                                stamp.at < drop->terms.opens_at;
    const Instant at = before_opening ? drop->terms.opens_at : stamp.at;
    const Instant from = at - days(30);
    std::optional<Money> least;
    std::vector<std::pair<Instant, Instant>> on_sale;
    if (const auto found = spans_.find({set.sku, set.key.channel}); found != spans_.end())
        for (const auto& span : found->second) {
            const auto a = std::max(span.from, from), b = std::min(span.until.value_or(at), at);
            if (a >= b) continue;
            on_sale.emplace_back(a, b);
            least = least ? std::min(*least, span.price) : span.price;
        }
    std::sort(on_sale.begin(), on_sale.end());
    Instant covered = from;
    for (const auto& [a, b] : on_sale)
        if (a <= covered) covered = std::max(covered, b);
    const bool known = covered >= at;
    if (set.prior_price && (!known || *set.prior_price > *least))
        breach(reductions_, stamp.seq,
               name_of(set) + " lets a reduction be announced from " + std::to_string(set.prior_price->n) +
                   (known ? ", and the lowest price of 30 days is " + std::to_string(least->n)
                          : ", and the SKU was not on sale all through 30 days"));
}

void PriceLaws::begin(const LineKey& key, Instant at) {
    const auto line = standing_.find(key);
    if (line == standing_.end() || line->second.on_sale) return;
    line->second.on_sale = true;
    const auto price = line->second.cohort ? std::min(line->second.price, *line->second.cohort) : line->second.price;
    spans_[{skus_[key], key.channel}].push_back({key, price, at, std::nullopt});
}

void PriceLaws::end(const LineKey& key, Instant at) {
    const auto line = standing_.find(key);
    if (line == standing_.end() || !line->second.on_sale) return;
    line->second.on_sale = false;
    for (auto& span : spans_[{skus_[key], key.channel}])
        if (span.key == key && !span.until) span.until = at;
}

void PriceLaws::end_of(DropId drop, Instant at) {
    for (const auto& [key, unused] : standing_)
        if (key.drop == drop) end(key, at);
}

}  // namespace dropsmith::engine
