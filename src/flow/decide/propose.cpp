// Question and proposal. Covered by flow/decide/price_laws_test.cpp.
#include "flow/decide/propose.h"

#include <algorithm>

#include "flow/decide/guardrail.h"
#include "flow/decide/modes.h"
#include "flow/decide/opening.h"

namespace dropsmith::decide {
namespace {

double value_of(const PriceQuestion& question, Money price) {
    return static_cast<double>(gain_of_a_sale(question.unit, question.terms, question.pricing.objective, price).n);
}

}  // namespace

std::optional<PriceQuestion> question_of(const State& state, const LineKey& key, std::uint64_t based_on,
                                         std::uint64_t seed) {
    const auto* drop = state.drops.find(key.drop);
    const auto* price = state.prices.find(key);
    if (!drop || !price || drop->status != DropStatus::open || !decided_by_engine(drop->terms.pricing))
        return std::nullopt;
    if (price->killed || price->override_until || key.line >= drop->lines.size()) return std::nullopt;
    const auto& line = drop->lines[key.line];
    auto unit = unit_economics(state, line.terms, key.channel, state.at);
    if (line.ended || line.free() <= Quantity{} || !unit) return std::nullopt;
    const auto floor = floor_of(line.terms, *unit);
    const auto bands = bands_of(line.terms);
    if (!floor || bands.size() < 2 || bands.back() < floor->price) return std::nullopt;

    PriceQuestion question;
    question.key = key;
    question.terms = line.terms;
    question.pricing = drop->terms.pricing;
    question.unit = std::move(*unit);
    for (const auto band : bands) {
        const auto known = std::find_if(price->arms.begin(), price->arms.end(),
                                        [&](const ArmStats& arm) { return arm.price == band; });
        question.arms.push_back(known == price->arms.end() ? ArmStats{band, 0, 0, 0, 0} : *known);
    }
    question.stock_left = line.free();
    question.periods_left = std::max(1u, periods_left(drop->terms, state.at));
    question.periods_all = std::max(1u, periods_left(drop->terms, drop->terms.opens_at));
    question.based_on = based_on;
    question.seed = seed;
    return question;
}

ProposePrice propose(const PriceQuestion& question, const Policy& policy, unsigned draws) {
    const auto floor = floor_of(question.terms, question.unit);
    const auto bands = bands_of(question.terms);
    PolicyAsk ask;
    ask.model = DemandModel::counts;
    ask.stock_left = static_cast<double>(question.stock_left.n);
    ask.periods_left = question.periods_left;
    ask.prior_rate = std::max(0.01, static_cast<double>(question.terms.cap.n) / question.periods_all);
    for (std::size_t k = 0; k < bands.size(); ++k)
        ask.arms.push_back({value_of(question, bands[k]), static_cast<double>(question.arms[k].exposure) / 1e6,
                            static_cast<double>(question.arms[k].sales), floor && bands[k] >= floor->price});
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
    proposal.inputs.seed = question.seed;
    proposal.inputs.policy = policy.name();
    return proposal;
}

}  // namespace dropsmith::decide
