// A live drop, hour by hour: the review, the question that is copied out of the state, the policy, the gate and the
// facts, as in a shop, without its journal; sales are counted by period, visitors are not. Its market is known here, so
// each hour's price is held against the exact optimum of Poisson demand (Gallego and van Ryzin, Management Science
// 40(8), 1994, in discrete time): what is lost is summed by decision, without the chance of who buys. Covered by its
// run in CI (bench.pricing).
#include "live.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "flow/decide/lab_grid.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::bench {
namespace {

using namespace dropsmith::decide;

constexpr std::size_t hours_open = 72;
constexpr std::array<std::int64_t, 3> bands{2400, 3000, 3600};
constexpr std::size_t list_price = 1;  // the band at which a drop opens

struct LiveMarket {
    std::array<double, 3> rate{};  // units an hour at each band
    std::int64_t stock = 0;
};

// What n units are worth with the hours from t on to come, and with each band asked in the first of them.
class PoissonOptimum {
  public:
    explicit PoissonOptimum(const LiveMarket& market) : wide_(static_cast<std::size_t>(market.stock) + 1) {
        best_.assign((hours_open + 1) * wide_, 0.0);
        for (std::size_t k = 0; k < bands.size(); ++k) {
            double chance = std::exp(-market.rate[k]), left = 1;
            for (std::size_t units = 0; units < wide_ && left > 1e-12; ++units) {
                chances_[k].push_back(chance);
                left -= chance, chance *= market.rate[k] / static_cast<double>(units + 1);
            }
        }
        for (std::size_t t = hours_open; t-- > 0;)
            for (std::size_t n = 1; n < wide_; ++n)
                best_[t * wide_ + n] = std::max({asked(t, n, 0), asked(t, n, 1), asked(t, n, 2)});
    }
    double value() const { return best_[wide_ - 1]; }
    double loss(std::size_t t, std::size_t n, std::size_t band) const {
        return n == 0 ? 0 : best_[t * wide_ + n] - asked(t, n, band);
    }

  private:
    double asked(std::size_t t, std::size_t n, std::size_t band) const {
        const double price = static_cast<double>(bands[band]);
        const double* after = best_.data() + (t + 1) * wide_;
        double sum = 0, left = 1;
        for (std::size_t units = 0; units < n && units < chances_[band].size(); ++units) {
            sum += chances_[band][units] * (price * static_cast<double>(units) + after[n - units]);
            left -= chances_[band][units];
        }
        return sum + left * price * static_cast<double>(n);
    }
    std::size_t wide_;
    std::vector<double> best_;
    std::array<std::vector<double>, 3> chances_;
};

// One drop; what was lost against the optimum. No policy: the list price stays.
double lost(const LiveMarket& market, const PoissonOptimum& optimum, const Policy* policy, std::uint64_t seed) {
    SampleShop shop;
    Random random(seed);
    auto terms = shop.terms();
    terms.lines[0].cap = Quantity{market.stock};
    shop.state.stock.rows[{shop.cup, shop.here}].free = Quantity{market.stock};
    terms.lines[0].bands.clear();
    for (const auto price : bands) terms.lines[0].bands.push_back(Money{price});
    terms.pricing.objective = PriceObjective::revenue;
    const auto key = shop.open(terms);
    double sum = 0;
    for (std::size_t hour = 0; hour < hours_open; ++hour) {
        auto& line = shop.drop(key.drop).lines[0];
        const auto band = shop.price(key).arm.value_or(list_price);
        sum += optimum.loss(hour, static_cast<std::size_t>(line.free().n), band);
        shop.sell(key, Quantity{draw_poisson(random, market.rate[band])}, minutes(30));
        shop.now = shop.now + hours(1);
        if (!policy || hour + 1 == hours_open || !shop.ask(ReviewDue{key}).ok()) continue;
        if (const auto question = question_of(shop.state, key, shop.state.head, seed * 1000 + hour))
            (void)shop.ask(propose(*question, *policy));
    }
    return sum;
}

struct LiveScore {
    double mean = 0, low = 0;  // percent of the optimum; the 5th percentile over drops
};

LiveScore score(const std::vector<LiveMarket>& markets, const Policy* policy, std::uint64_t runs, std::uint64_t seed) {
    std::vector<double> percents;
    double sum = 0;
    for (std::size_t i = 0; i < markets.size(); ++i) {
        const PoissonOptimum optimum(markets[i]);
        double gone = 0;
        for (std::uint64_t run = 0; run < runs; ++run)
            gone += lost(markets[i], optimum, policy, (seed * 1000 + i) * 1000 + run);
        percents.push_back(100 - 100 * gone / static_cast<double>(runs) / optimum.value());
        sum += percents.back();
    }
    std::sort(percents.begin(), percents.end());
    return {sum / static_cast<double>(percents.size()), percents[percents.size() / 20]};
}

std::vector<LiveMarket> grid_markets(double visitors) {
    std::vector<LiveMarket> out;
    for (const auto& problem : grid_252(hours_open).problems) {
        LiveMarket market;
        for (std::size_t k = 0; k < bands.size(); ++k) market.rate[k] = visitors * problem.chances[k];
        market.stock = static_cast<std::int64_t>(static_cast<double>(problem.stock) * visitors);
        out.push_back(market);
    }
    return out;
}

// Those that the share of what periods teach was chosen on: none of them is in the grid.
std::vector<LiveMarket> made_up_markets(double visitors) {
    std::vector<LiveMarket> out;
    for (const double low : {.25, .45, .65, .85})
        for (const double middle : {.95, .75, .5, .3})
            for (const double high : {.95, .75, .5, .3})
                for (const double scarcity : {.2, .4, .7})
                    out.push_back({{visitors * low, visitors * low * middle, visitors * low * middle * high},
                                   static_cast<std::int64_t>(scarcity * visitors * static_cast<double>(hours_open))});
    return out;
}

}  // namespace

void print_live(bool smoke, std::uint64_t runs, std::uint64_t seed) {
    std::printf("\n## The live engine, 72 hours, told nothing: percent of the exact optimum of Poisson demand, mean "
                "(5th percentile)\n\n| markets, visitors an hour  |");
    const TsUpdate ts_update;
    const struct {
        const char* name;
        const Policy* policy;
    } columns[] = {{"engine", &engine_policy()}, {"ts-update", &ts_update}, {"the list price", nullptr}};
    for (const auto& column : columns) std::printf(" %-14s |", column.name);
    std::printf("\n|---|---|---|---|\n");
    const auto row = [&](const char* name, double visitors, std::vector<LiveMarket> markets) {
        if (smoke)
            for (std::size_t i = 0; i < markets.size(); ++i) markets[i] = markets[std::min(13 * i, markets.size() - 1)];
        if (smoke) markets.resize(markets.size() / 13);
        std::printf("| %-21s %4.0f |", name, visitors);
        for (const auto& column : columns) {
            const auto seen = score(markets, column.policy, runs, seed);
            std::printf(" %6.2f (%5.1f) |", seen.mean, seen.low);
            std::fflush(stdout);
        }
        std::printf("\n");
    };
    for (const double visitors : {1.0, 3.0, 10.0})
        if (!smoke || visitors == 1) row("GRID-252", visitors, grid_markets(visitors));
    for (const double visitors : {2.0, 6.0})
        if (!smoke) row("made up, to tune on", visitors, made_up_markets(visitors));
}

}  // namespace dropsmith::bench
