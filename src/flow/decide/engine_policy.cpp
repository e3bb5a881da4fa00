// The engine's policy on a question that stands for itself: belief from totals and the last periods, worth, shares.
// Covered by flow/decide/policy_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "flow/decide/engine_line.h"
#include "flow/decide/policy.h"
#include "flow/decide/sample.h"

namespace dropsmith::decide {
namespace {

constexpr double near_equal = 0.01;  // of the best worth: the scale on which arms share the looks
constexpr double share_least = 0.001;
constexpr double level_of_plan = 0.9;  // of the plan's units a period, at the list price

std::vector<float> narrow(const std::vector<CurveView>& curves, double CurveView::* field) {
    std::vector<float> out;
    for (const auto& curve : curves) out.push_back(static_cast<float>(curve.*field));
    return out;
}

// The prior of a line stays the same from decision to decision and from run to run of a rehearsal: the last few are
// kept. What is returned does not depend on it, only how soon.
std::shared_ptr<const Prepared> prepared(const DemandPrior& prior, const std::vector<double>& values) {
    struct Kept {
        DemandPrior prior;
        std::vector<double> values;
        std::shared_ptr<const Prepared> made;
    };
    thread_local std::array<Kept, 16> kept;
    thread_local std::size_t next = 0;
    for (const auto& one : kept)
        if (one.made && one.values == values && one.prior == prior) return one.made;
    auto& place = kept[next++ % kept.size()];
    place = {prior, values, Prepared::of(prior, values)};
    return place.made;
}

// What is known of a line from its prices; false: not all are said.
bool tell_law(DemandPrior& prior, const PolicyAsk& ask) {
    for (const auto& arm : ask.arms) {
        if (arm.price <= 0) return prior.law.price.clear(), false;
        prior.law.price.push_back(arm.price);
    }
    auto& law = prior.law;
    law.level = std::log(level_of_plan * prior.expected);
    if (ask.level) {
        const double plan = 1 / (law.level_sd * law.level_sd), past = 1 / (ask.level_sd * ask.level_sd);
        law.level = (plan * law.level + past * *ask.level) / (plan + past);
        law.level_sd = 1 / std::sqrt(plan + past);
    }
    return true;
}

EngineLine line_of(const PolicyAsk& ask) {
    DemandPrior prior;
    prior.model = ask.model, prior.arms = ask.arms.size(), prior.expected = std::max(1e-6, ask.prior_rate);
    prior.history = ask.history;
    for (const auto& curve : ask.curves) prior.curves.push_back(curve.weight);
    if (prior.curves.size() == 1) prior.curves.clear();
    std::vector<double> values;
    for (const auto& arm : ask.arms) values.push_back(arm.lawful ? arm.value : 0);

    std::vector<Seen> before(ask.arms.size());
    for (std::size_t k = 0; k < ask.arms.size(); ++k) before[k] = {ask.arms[k].looks, ask.arms[k].sales};
    for (const auto& period : ask.recent)
        before[period.arm].looks -= period.looks, before[period.arm].sales -= period.sales;
    const bool by_law = ask.model == DemandModel::counts && ask.curves.empty() && tell_law(prior, ask);
    if (by_law) {
        for (auto& seen : before) seen = {std::max(0.0, seen.looks), std::max(0.0, seen.sales)};
        EngineLine line(Belief::after(prior, values, before), true);
        for (const auto& period : ask.recent)
            line.saw(period.arm, {static_cast<float>(period.looks)}, period.sales);
        return line;
    }
    EngineLine line(prepared(prior, values), ask.model == DemandModel::counts);
    for (std::size_t k = 0; k < before.size(); ++k) {
        if (before[k].looks <= 0) continue;
        std::vector<float> exposure;
        for (const auto& curve : ask.curves) exposure.push_back(static_cast<float>(curve.exposure[k]));
        if (exposure.empty()) exposure.push_back(static_cast<float>(before[k].looks));
        line.belief().saw_counts(k, std::max(0.0, before[k].sales), exposure);
    }
    if (ask.curves.size() > 1) line.belief().favour(narrow(ask.curves, &CurveView::log_evidence));
    for (std::size_t i = 0; i < ask.recent.size(); ++i) {
        std::vector<float> exposure;
        for (const auto& curve : ask.curves) exposure.push_back(static_cast<float>(curve.recent[i]));
        if (exposure.empty()) exposure.push_back(static_cast<float>(ask.recent[i].looks));
        line.saw(ask.recent[i].arm, exposure, ask.recent[i].sales);
    }
    return line;
}

}  // namespace

std::vector<double> shares_of(const Worth& worth, const std::vector<ArmView>& arms) {
    double best = -1e300;
    for (std::size_t k = 0; k < arms.size(); ++k)
        if (arms[k].lawful) best = std::max(best, worth[k]);
    std::vector<double> shares(arms.size(), 0.0);
    double sum = 0;
    for (std::size_t k = 0; k < arms.size(); ++k) {
        if (!arms[k].lawful) continue;
        const double behind = (best - worth[k]) / (near_equal * std::max(std::fabs(best), 1e-12));
        sum += shares[k] = std::exp(-std::min(behind, 700.0));
    }
    for (auto& share : shares)
        if (share < share_least * sum) share = 0;
    return shares;
}

std::vector<double> EnginePolicy::shares(const PolicyAsk& ask, unsigned, Random&) const {
    const auto line = line_of(ask);
    std::vector<float> left = narrow(ask.curves, &CurveView::left), now = narrow(ask.curves, &CurveView::now);
    const double spent = ask.model == DemandModel::counts ? 0.5 : 1;  // of this period, at its mean sale
    if (ask.curves.empty()) left = {static_cast<float>(std::max(0.0, ask.periods_left - spent))}, now = {1};
    return shares_of(line.worth(ask.stock_left, left, now), ask.arms);
}

std::optional<std::size_t> EnginePolicy::draw(const PolicyAsk& ask, Random& random) const {
    const auto weights = shares(ask, 1, random);
    double ticket = draw_uniform(random) * std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t k = 0; k < weights.size(); ++k)
        if ((ticket -= weights[k]) <= 0 && weights[k] > 0) return k;
    return std::nullopt;
}

}  // namespace dropsmith::decide
