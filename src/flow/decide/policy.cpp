// TS-update, and from shares to propensities. Covered by flow/decide/policy_test.cpp.
#include "flow/decide/policy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/limits.h"
#include "flow/decide/mix.h"
#include "flow/decide/sample.h"

namespace dropsmith::decide {
namespace {

double draw_rate(const PolicyAsk& ask, const ArmView& arm, Random& random) {
    if (ask.model == DemandModel::one_look)
        return draw_beta(random, 1 + arm.sales, 1 + std::max(0.0, arm.looks - arm.sales));
    return draw_gamma(random, 1 + arm.sales) / (1 / ask.prior_rate + arm.looks);
}

std::optional<std::size_t> top_lawful(const PolicyAsk& ask) {
    for (std::size_t k = ask.arms.size(); k > 0; --k)
        if (ask.arms[k - 1].lawful) return k - 1;
    return std::nullopt;
}

// Weights to parts per million that add up to exactly a million (largest remainder, lower index first).
std::vector<Rate> to_rates(const std::vector<double>& weights) {
    std::vector<std::uint64_t> counts;
    std::uint64_t total = 0;
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (const double weight : weights)
        total += counts.emplace_back(static_cast<std::uint64_t>(std::llround(weight / all * 1e9)));
    std::vector<Rate> out;
    std::vector<std::pair<std::uint64_t, std::size_t>> remainders;
    Rate sum;
    for (std::size_t k = 0; k < counts.size(); ++k) {
        const auto scaled = counts[k] * static_cast<std::uint64_t>(whole.n);
        out.push_back(Rate{static_cast<std::int64_t>(scaled / total)});
        remainders.push_back({scaled % total, k});
        sum += out.back();
    }
    std::stable_sort(remainders.begin(), remainders.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t i = 0; sum < whole; ++i, sum += Rate{1}) out[remainders[i].second] += Rate{1};
    return out;
}

// The likeliest arm keeps what the others may not have together.
bool bound_exploring(std::vector<Rate>& propensity, Rate explore_share) {
    const auto best =
        static_cast<std::size_t>(std::max_element(propensity.begin(), propensity.end()) - propensity.begin());
    const Rate others = whole - propensity[best];
    if (others <= explore_share) return false;
    Rate given;
    std::size_t last = best;
    for (std::size_t k = 0; k < propensity.size(); ++k) {
        if (k == best || propensity[k] == Rate{}) continue;
        propensity[k] = Rate{checked(try_mul_div_floor(propensity[k].n, explore_share.n, others.n))};
        given += propensity[k];
        last = k;
    }
    if (last != best)
        propensity[last] += explore_share - given;  // what rounding left: the share is used to the last part
    propensity[best] = whole - explore_share;
    return true;
}

}  // namespace

std::optional<std::size_t> TsUpdate::draw(const PolicyAsk& ask, Random& random) const {
    std::array<double, limits::bands_max> values{}, rates{};
    const auto arms = std::min(ask.arms.size(), limits::bands_max);
    for (std::size_t k = 0; k < arms; ++k) {
        values[k] = ask.arms[k].value;
        rates[k] = ask.arms[k].lawful ? draw_rate(ask, ask.arms[k], random) : 0;
    }
    const auto mix =
        best_mix({values.data(), arms}, {rates.data(), arms}, ask.stock_left / std::max(1.0, ask.periods_left));
    const double u = draw_uniform(random);
    if (u < mix.first_share) return mix.first;
    if (u < mix.first_share + mix.second_share) return mix.second;
    return ask.may_rest ? std::nullopt : top_lawful(ask);
}

std::vector<double> Policy::shares(const PolicyAsk& ask, unsigned draws, Random& random) const {
    std::vector<double> counts(ask.arms.size());
    for (unsigned i = 0; i < draws; ++i)
        if (const auto arm = draw(ask, random)) counts[*arm] += 1;
    return counts;
}

const Policy& engine_policy() {
    static const EnginePolicy policy;
    return policy;
}

Choice choose(const Policy& policy, const PolicyAsk& ask, unsigned draws, Rate explore_share, Random& random) {
    Choice choice;
    auto shares = policy.shares(ask, draws, random);
    if (std::accumulate(shares.begin(), shares.end(), 0.0) <= 0) shares[top_lawful(ask).value_or(0)] = 1;
    choice.propensity = to_rates(shares);
    choice.explore_bound = bound_exploring(choice.propensity, explore_share);
    Rate ticket{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(whole.n)))};
    while (ticket >= choice.propensity[choice.arm]) ticket -= choice.propensity[choice.arm++];
    return choice;
}

}  // namespace dropsmith::decide
