// Opening prices. Covered by flow/decide/plan_test.cpp.
#include "flow/decide/opening.h"

#include <algorithm>

#include "flow/decide/guardrail.h"
#include "flow/decide/level.h"
#include "flow/decide/modes.h"
#include "flow/decide/price_inside.h"
#include "flow/decide/prior_price.h"

namespace dropsmith::decide {
namespace {

Result<PriceSet, Refusal> opening_price(const State& state, const LineKey& key, const DropTerms& terms, Instant now,
                                        Levels& levels) {
    const auto line = in_channel(terms.lines[key.line], key.channel);
    const auto unit = unit_economics(state, line, key.channel, now);
    if (!unit) return refuse(refusals::not_found, "the line's SKU or channel is not there");
    const auto bands = bands_of(line);
    const bool moves = reviewed(terms.pricing), bandit = decided_by_engine(terms.pricing);
    const auto mode = mode_of(terms.pricing);
    const auto floor = floor_of(line, *unit);

    PriceSet set;
    set.key = key;
    set.kind = DecisionKind::opening;
    const bool from_the_top = bandit || mode == PriceMode::taper;
    set.wanted = from_the_top ? bands.back() : fixed_price(line);
    // Where margin must not be put at risk nothing is tried before it can be afforded: not even a higher price.
    if (bandit && terms.pricing.revenue_at_risk && floor)
        set.wanted = baseline_band(line, floor->price).value_or(set.wanted);
    GateAsk ask;
    ask.wanted = set.wanted;
    auto gated = pass_gate(line, terms.pricing, *unit, ask);
    if (!gated) return Failure{std::move(gated.error())};
    set.price = gated->price, set.arm = gated->arm, set.floor = gated->floor;
    set.clamps = gated->clamps, set.bound = gated->bound();
    set.sku = line.sku, set.list_price = line.list_price;
    set.prior_price = prior_price(state.prices, line.sku, key.channel, std::max(now, terms.opens_at));
    set.propensity = whole;
    set.inputs.based_on = state.head;
    set.inputs.stock_left = line.cap;
    set.inputs.periods_left = moves ? periods_left(terms, now) : 0;
    // The level is the SKU's, of all channels together; a channel's share of it was counted at its own prices
    // (channel_share.h), so that it is told at the line's list price.
    if (bandit) set.inputs.level = levels.of(line.sku, terms.lines[key.line].list_price);
    const bool safe = bandit && terms.pricing.revenue_at_risk;
    set.inputs.policy = safe ? "opening-baseline/1" : bandit ? "opening-highest/1" : std::string(word_of(mode)) + "/1";
    for (std::size_t b = 0; b < bands.size(); ++b)
        set.inputs.arms.push_back({bands[b], 0, 0, set.arm && *set.arm == b ? whole : Rate{}});
    set.reason = safe     ? "opens at the band nearest to the list price: margin must not be put at risk"
                 : bandit ? "opens at the highest lawful band"
                 : moves  ? "opens a " + std::string(word_of(mode))
                          : "fixed price";
    set.next_review = next_review(terms, line, false, now);
    return set;
}

bool is_killed(const State& state, DropId drop) {
    const auto first = state.prices.lines.lower_bound({drop, 0, ChannelId{}});
    return std::any_of(first, state.prices.lines.end(),
                       [&](const auto& row) { return row.first.drop == drop && row.second.killed; });
}

// A line of a drop whose kill switch was thrown stands at its list price, whatever the edit makes of that.
void keep_killed(PriceSet& set, const State& state, const LineKey& key, const DropTerms& terms, Instant now) {
    const auto line = in_channel(terms.lines[key.line], key.channel);
    GateAsk ask;
    ask.wanted = line.list_price, ask.killed = true;
    const auto gated = fall_back(line, terms.pricing, *unit_economics(state, line, key.channel, now), ask);
    set.kind = DecisionKind::kill, set.reason = "the plan was edited, and the kill switch stands";
    set.wanted = ask.wanted, set.price = gated.price, set.arm = gated.arm, set.floor = gated.floor;
    set.clamps = gated.clamps, set.bound = gated.bound();
    set.inputs.arms.clear(), set.next_review = Instant{};
}

// Whether a person's price may go on: it is not above what may be asked at most, nor below a floor that it kept before.
bool override_stands(const State& state, const LineKey& key, const LinePrice& price, const PriceSet& edited,
                     const LineTerms& line, Instant now) {
    if (price.price > cap_price(line)) return false;
    const auto* drop = state.drops.find(key.drop);
    if (price.price >= edited.floor || !drop || key.line >= drop->lines.size()) return true;
    const auto before = in_channel(drop->lines[key.line].terms, key.channel);
    const auto unit = unit_economics(state, before, key.channel, now);
    const auto floor = unit ? floor_of(before, *unit) : Result<Floor, NoFloor>(Failure{NoFloor::cost_unknown});
    return floor && price.price < floor->price;  // by leave
}

// The cohort goes on at its price while that is a lawful band below everybody's.
std::optional<CohortPrice> kept_cohort(std::optional<CohortPrice> cohort, const std::vector<Money>& bands,
                                       const PriceSet& set) {
    if (!cohort || cohort->price < set.floor || cohort->price >= set.price) return std::nullopt;
    cohort->arm = arm_at(bands, cohort->price);
    return cohort->arm ? cohort : std::nullopt;
}

}  // namespace

Result<std::vector<PriceSet>, Refusal> opening_prices(const State& state, DropId drop, const DropTerms& terms,
                                                      const std::vector<std::uint32_t>& lines, std::uint64_t decisions,
                                                      Instant now) {
    std::vector<PriceSet> out;
    Levels levels(state);
    for (const auto line : lines)
        for (const auto channel : terms.channels) {
            auto set = opening_price(state, {drop, line, channel}, terms, now, levels);
            if (!set) {
                if (const auto* sku = state.catalogue.find(terms.lines[line].sku)) set.error().sku = sku->terms.sku;
                return Failure{std::move(set.error())};
            }
            set->decision = DecisionId{++decisions};
            out.push_back(std::move(*set));
        }
    return out;
}

Result<std::optional<PriceSet>, Refusal> edited_price(const State& state, const LineKey& key, const DropTerms& terms,
                                                      std::uint64_t decisions, Instant now) {
    Levels levels(state);
    auto opening = opening_price(state, key, terms, now, levels);
    if (!opening) return Failure{std::move(opening.error())};
    opening->decision = DecisionId{decisions + 1};
    const auto* price = state.prices.find(key);
    if (is_killed(state, key.drop)) {
        keep_killed(*opening, state, key, terms, now);
        const bool same = price && price->price == opening->price && price->list_price == opening->list_price;
        return same ? std::optional<PriceSet>{} : std::optional(std::move(*opening));
    }
    if (!price) return std::optional(std::move(*opening));
    const auto line = in_channel(terms.lines[key.line], key.channel);
    const bool by_hand = price->override_until.has_value();
    if (by_hand && override_stands(state, key, *price, *opening, line, now)) return std::optional<PriceSet>{};

    const bool moves = reviewed(terms.pricing);
    auto set = std::move(*opening);
    set.kind = by_hand ? DecisionKind::override_ended : DecisionKind::fixed;
    set.reason = by_hand ? "the plan was edited, and does not allow the override any more" : "the plan was edited";
    if (moves) {  // the price that was decided stands when it still may
        GateAsk ask;
        ask.wanted = by_hand ? price->before_override : price->price;
        auto gated = pass_gate(line, terms.pricing, *unit_economics(state, line, key.channel, now), ask);
        if (!gated) return Failure{gated.error()};
        const auto bands = bands_of(line);
        gated->move(Guardrail::band_low, *std::lower_bound(bands.begin(), bands.end(), gated->price));
        set.wanted = ask.wanted, set.price = gated->price, set.arm = arm_at(bands, gated->price);
        set.clamps = gated->clamps, set.bound = gated->bound();
        set.cohort = kept_cohort(price->cohort, bands, set);
        for (std::size_t b = 0; b < bands.size(); ++b) set.inputs.arms[b].propensity = b == *set.arm ? whole : Rate{};
        if (price->next_review > now && terms.opens_at <= now) set.next_review = price->next_review;
    }
    bool same = !by_hand && set.price == price->price && set.next_review == price->next_review &&
                set.list_price == price->list_price && price->cohort == set.cohort &&
                price->arms.size() == set.inputs.arms.size();
    for (std::size_t b = 0; same && b < price->arms.size(); ++b)
        same = price->arms[b].price == set.inputs.arms[b].price;
    if (same) return std::optional<PriceSet>{};
    return std::optional(std::move(set));
}

std::uint32_t periods_left(const DropTerms& terms, Instant now) {
    const auto from = std::max(terms.opens_at, now);
    if (from >= terms.closes_at || terms.pricing.cadence <= Duration{}) return 0;
    const auto left = (terms.closes_at - from).n, cadence = terms.pricing.cadence.n;
    return static_cast<std::uint32_t>(std::min<std::int64_t>((left + cadence - 1) / cadence, 1'000'000));
}

}  // namespace dropsmith::decide
