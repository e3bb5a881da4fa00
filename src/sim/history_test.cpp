// What earlier drops and ordinary trade are worth to a live drop, and what they cost when they are wrong: the engine by
// its own rules meets the same shoppers knowing nothing, the truth, half of it and twice of it. Half and twice must not
// end below knowing nothing, in mean over markets.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "base/sized_testing.h"
#include "flow/decide/sample.h"
#include "sim/rehearsal_run.h"
#include "sim/rehearsal_stage.h"

namespace dropsmith::sim::history_test {
namespace {

constexpr std::int64_t bands[] = {2000, 2500, 3000, 3600};
constexpr std::size_t at_list = 2;
constexpr double planned = 40;  // units of the window, as the plan expects them

Rehearsal plan() {
    Rehearsal out;
    out.currency = "GBP";
    out.pricing.policy = PricePolicy::bandit, out.pricing.objective = PriceObjective::revenue;
    out.pricing.cadence = hours(1), out.window = hours(48);
    MarketLine line;
    line.sku = "ONE", line.expected_units = planned;
    line.terms.cap = Quantity{48}, line.terms.list_price = Money{bands[at_list]}, line.terms.floor = Money{bands[0]};
    for (const auto band : bands) line.terms.bands.push_back(Money{band});
    line.unit.unit_cost = Money{0};
    out.lines.push_back(std::move(line));
    return out;
}

// `off`: what is told, of what is true.
EarlierDrop drop_before(const MarketTruth& truth, double off) {
    EarlierDrop out;
    out.shares.assign(48, 1.0 / 48);
    for (const auto band : bands) {
        const double ratio = static_cast<double>(band) / static_cast<double>(bands[at_list]);
        out.periods.push_back(12);
        out.units.push_back(off * planned * truth.scale * std::pow(ratio, -truth.elasticity) * 12 / 48);
    }
    return out;
}
EarlierDrop trade_before(const MarketTruth& truth, double off, Random& random) {
    EarlierDrop out;
    for (int day = 0; day < 60; ++day)
        out.daily.push_back(decide::draw_poisson(random, off * planned * truth.scale / 2));
    return out;
}

struct Mean {
    double sum = 0, squares = 0, n = 0;
    void add(double x) { sum += x, squares += x * x, n += 1; }
    double mean() const { return sum / n; }
    double error() const { return std::sqrt(std::max(0.0, squares / n - mean() * mean()) / n); }
};

TEST(History, HelpsWhenItIsRightAndDoesNotHurtWhenItIsWrongByTwo) {
    const auto at = plan();
    Crowd crowd(at, std::vector<double>(48, 1.0 / 48));
    std::map<std::string, Mean> over;  // earned over knowing nothing, of the market's mean
    Mean nothing;
    Random random(17);
    // Ten times as many with DROPSMITH_ACCEPTANCE=1.
    const std::uint64_t markets = std::getenv("DROPSMITH_ACCEPTANCE") ? 1'500 : sized(150U, 10U);
    for (std::uint64_t market = 0; market < markets; ++market) {
        MarketTruth truth;
        truth.scale = std::exp(0.7 * decide::draw_normal(random));
        truth.elasticity = std::clamp(2.2 + 0.8 * decide::draw_normal(random), 0.4, 5.0);
        std::vector<std::pair<std::string, EarlierDrop>> told;
        for (const auto& [name, off] : {std::pair{"right", 1.0}, {"half", 0.5}, {"twice", 2.0}}) {
            told.push_back({std::string("drop, ") + name, drop_before(truth, off)});
            told.push_back({std::string("trade, ") + name, trade_before(truth, off, random)});
        }
        crowd.draw(3, market, truth);
        const auto earned = [&](const EarlierDrop* before) {
            auto pricer = shop_pricer(at, market, before);
            EXPECT_TRUE(pricer.ok());
            return play(at, crowd, **pricer, market).revenue;
        };
        const double alone = earned(nullptr);
        nothing.add(alone);
        for (const auto& [name, before] : told) over[name].add(earned(&before) - alone);
    }
    for (const auto& [name, gain] : over) {
        const double percent = 100 * gain.mean() / nothing.mean(), error = 100 * gain.error() / nothing.mean();
        std::printf("%-14s %+.2f %% (s.e. %.2f)\n", name.c_str(), percent, error);
        if (sized(1, 0) == 0) continue;  // too few markets to judge by
        EXPECT_GT(percent, name.ends_with("right") ? -error : -2 * error) << name;
    }
}

}  // namespace
}  // namespace dropsmith::sim::history_test
