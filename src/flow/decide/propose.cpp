// Question and proposal. Covered by flow/decide/price_laws_test.cpp.
#include "flow/decide/propose.h"

#include <algorithm>
#include <cmath>

#include "flow/decide/channel_share.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/modes.h"
#include "flow/decide/opening.h"

namespace dropsmith::decide {
namespace {

double value_of(const PriceQuestion& question, Money price) {
    return static_cast<double>(gain_of_a_sale(question.unit, question.terms, question.pricing.objective, price).n);
}

constexpr std::uint64_t drops_back = 16;  // how far history is looked for: this runs on the loop's thread
constexpr std::size_t watched_periods = 12;       // of the newest periods, one by one: a market that jumps is followed
constexpr double day_to_drop = 0.8;       // sd of the log of a drop's demand against an ordinary day's
constexpr double unlike = 2;              // standard deviations from which that is worth the time

std::vector<Seen> history_of(const State& state, const LineKey& key, const DropLine& line,
                             const std::vector<Money>& bands, Duration cadence) {
    std::vector<Seen> out(bands.size());
    bool any = false;
    for (std::uint64_t back = 1; back <= drops_back && back < key.drop.n; ++back) {
        const DropId earlier{key.drop.n - back};
        const auto* drop = state.drops.find(earlier);
        if (!drop || (drop->status != DropStatus::closed && drop->status != DropStatus::settled)) continue;
        const double length = static_cast<double>(drop->terms.pricing.cadence.n) /
                              static_cast<double>(std::max<std::int64_t>(1, cadence.n));
        for (std::size_t i = 0; i < drop->lines.size(); ++i) {
            if (drop->lines[i].terms.sku != line.terms.sku) continue;
            const auto* price = state.prices.find({earlier, static_cast<std::uint32_t>(i), key.channel});
            if (!price) continue;
            for (const auto& arm : price->arms)
                for (std::size_t k = 0; k < bands.size(); ++k) {
                    if (arm.price != bands[k] || arm.exposure == 0) continue;
                    const auto exposure = arm.weighted > 0 ? arm.weighted : arm.exposure;
                    out[k].looks += static_cast<double>(exposure) / 1e6 * length;
                    out[k].sales += static_cast<double>(arm.sales), any = true;
                }
        }
    }
    if (!any) out.clear();
    return out;
}

// Whether the newest periods sold so unlike those before them that it is worth telling them one by one: following a
// jump costs the planner ten times a decision without one.
bool may_have_jumped(const PolicyAsk& ask) {
    std::vector<Seen> before(ask.arms.size());
    for (std::size_t k = 0; k < before.size(); ++k) before[k] = {ask.arms[k].looks, ask.arms[k].sales};
    double sold = 0, expected = 0;
    for (auto it = ask.recent.rbegin(); it != ask.recent.rend(); ++it) {
        auto& at = before[it->arm];
        at.looks = std::max(0.0, at.looks - it->looks), at.sales = std::max(0.0, at.sales - it->sales);
        sold += it->sales;
        expected += it->looks * (at.sales + 1) / (at.looks + 1 / ask.prior_rate);
        if (std::fabs(sold - expected) > unlike * std::sqrt(expected + 1)) return true;
    }
    return false;
}

// What was seen, in periods with average arrivals: totals by band, and the newest periods one by one.
void tell_periods(PolicyAsk& ask, const PriceQuestion& question, const std::vector<Money>& bands,
                  const Arrivals& arrivals) {
    const auto& seen = question.arrivals.seen;
    std::vector<double> listed(bands.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const auto k = static_cast<std::size_t>(std::find(bands.begin(), bands.end(), seen[i].price) - bands.begin());
        if (k == bands.size()) continue;
        listed[k] += static_cast<double>(seen[i].exposure) / 1e6;
        ask.arms[k].looks += arrivals.factor[i];
        if (i + watched_periods >= seen.size() && arrivals.factor[i] > 0)
            ask.recent.push_back({k, arrivals.factor[i], static_cast<double>(seen[i].units)});
    }
    if (!may_have_jumped(ask)) ask.recent.clear();
    for (std::size_t k = 0; k < bands.size(); ++k)  // what is older than the list counts as average
        ask.arms[k].looks += std::max(0.0, static_cast<double>(question.arms[k].exposure) / 1e6 - listed[k]);
}

// An ordinary day is not a drop: what it says of the level is believed loosely.
void tell_level(PolicyAsk& ask, const PriceQuestion& question) {
    if (!question.level || question.level->per_day == 0) return;
    const double part = static_cast<double>(question.pricing.cadence.n) / static_cast<double>(days(1).n);
    ask.level = std::log(static_cast<double>(question.level->per_day) / 1e6 * part * share_before(question.channels));
    ask.level_sd = std::hypot(static_cast<double>(question.level->spread.n) / 1e6, day_to_drop);
}

}  // namespace

std::optional<PriceQuestion> question_of(const State& state, const LineKey& key, std::uint64_t based_on,
                                         std::uint64_t seed, CurveShelf* shelf) {
    const auto* drop = state.drops.find(key.drop);
    const auto* price = state.prices.find(key);
    if (!drop || !price || drop->status != DropStatus::open || !decided_by_engine(drop->terms.pricing))
        return std::nullopt;
    if (price->killed || price->override_until || key.line >= drop->lines.size()) return std::nullopt;
    const auto& line = drop->lines[key.line];
    auto unit = unit_economics(state, line.terms, key.channel, state.at);
    if (line.ended || line.free() <= Quantity{} || !unit) return std::nullopt;
    auto terms = in_channel(line.terms, key.channel);
    const auto floor = floor_of(terms, *unit);
    const auto bands = bands_of(terms);
    if (!floor || bands.size() < 2 || bands.back() < floor->price) return std::nullopt;

    PriceQuestion question;
    question.key = key;
    question.terms = std::move(terms);
    question.pricing = drop->terms.pricing;
    question.unit = std::move(*unit);
    for (const auto band : bands) {
        const auto known = std::find_if(price->arms.begin(), price->arms.end(),
                                        [&](const ArmStats& arm) { return arm.price == band; });
        question.arms.push_back(known == price->arms.end() ? ArmStats{band, 0, 0, 0, 0, 0} : *known);
    }
    question.level = price->level;
    double elsewhere = 1;  // of the plan
    question.channels = channels_of(state, *drop, key, &elsewhere);
    question.history = history_of(state, key, line, bands, drop->terms.pricing.cadence);
    question.arrivals = visitors_now(state, *drop, *price, state.at);
    question.arrivals.announced = announced_for(state.prices, key, line.terms.sku);
    question.arrivals.planned = drop->terms.pricing.arrival_curve;
    question.earlier = curves_of(state.prices, key.channel, shelf);
    question.stock_left = line.free();
    question.periods_left = std::max(1u, periods_left(drop->terms, state.at));
    question.periods_all = std::max(1u, periods_left(drop->terms, drop->terms.opens_at));
    question.arrivals.prior_rate =
        std::max(0.01, static_cast<double>(line.terms.cap.n) / question.periods_all * share_before(question.channels) *
                           elsewhere);
    question.based_on = based_on;
    question.seed = seed;
    return question;
}

ArrivalsAsk visitors_of(const PriceQuestion& question) {
    auto ask = question.arrivals;
    if (question.earlier) ask.earlier = *question.earlier;
    return ask;
}

ProposePrice propose(const PriceQuestion& question, const Policy& policy, unsigned draws) {
    const auto floor = floor_of(question.terms, question.unit);
    const auto bands = bands_of(question.terms);
    PolicyAsk ask;
    ask.model = DemandModel::counts;
    ask.stock_left = static_cast<double>(question.stock_left.n);
    ask.history = question.history;
    ask.prior_rate = question.arrivals.prior_rate;
    const auto list = std::max(Money{1}, question.terms.list_price);
    for (std::size_t k = 0; k < bands.size(); ++k)
        ask.arms.push_back({value_of(question, bands[k]), 0, static_cast<double>(question.arms[k].sales),
                            floor && bands[k] >= floor->price,
                            static_cast<double>(bands[k].n) / static_cast<double>(list.n)});
    tell_level(ask, question);
    const auto arrivals = arrivals_of(visitors_of(question));
    tell_periods(ask, question, bands, arrivals);
    // Half a period is taken off by the policy. Units are scarce by what all channels will ask of them: here as much
    // again as all are expected to, at whatever price, of what this one is.
    ask.periods_left = 0.5 + (0.5 * arrivals.now + arrivals.left) / own_share(question.channels);
    Random random(question.seed);
    const auto choice = choose(policy, ask, draws, question.pricing.explore_share, random);

    ProposePrice proposal;
    proposal.key = question.key;
    proposal.arm = static_cast<std::uint32_t>(choice.arm);
    proposal.inputs.based_on = question.based_on;
    proposal.inputs.stock_left = question.stock_left;
    proposal.inputs.periods_left = question.periods_left;
    for (std::size_t k = 0; k < bands.size(); ++k)
        proposal.inputs.arms.push_back(
            {bands[k], question.arms[k].periods, question.arms[k].sales, choice.propensity[k]});
    for (std::size_t k = 0; k < question.history.size(); ++k)
        proposal.inputs.history.push_back(
            {bands[k], static_cast<std::uint64_t>(std::llround(question.history[k].looks * 1e3)),
             static_cast<std::uint64_t>(question.history[k].sales)});
    proposal.inputs.arrivals = arrivals.told;
    proposal.inputs.level = question.level;
    proposal.inputs.channels = question.channels;
    proposal.inputs.seed = question.seed;
    proposal.inputs.policy = policy.name();
    return proposal;
}

}  // namespace dropsmith::decide
