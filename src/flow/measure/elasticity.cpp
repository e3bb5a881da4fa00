// Estimating equation, its interval, and the table of all SKUs. Covered by flow/measure/elasticity_test.cpp.
#include "flow/measure/elasticity.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace dropsmith::measure {
namespace {

constexpr double lowest = -12, highest = 8, z = 1.959963984540054;

struct Score {
    double sum = 0, squares = 0;
    bool within() const { return std::fabs(sum) <= z * std::sqrt(squares); }
};

Score score_at(std::span<const Trial> trials, double b) {
    Score score;
    double sold = 0, exposed = 0;  // of the series so far, brought to list price
    for (std::size_t i = 0; i < trials.size(); ++i) {
        const auto& trial = trials[i];
        if (i > 0 && trials[i - 1].series != trial.series) sold = 0, exposed = 0;
        const double off = trial.x - trial.mean_x;
        if (off != 0 && trial.squares >= 0) {
            const double one = off * std::exp(-b * off);
            score.sum += one * trial.units, score.squares += one * one * trial.squares;
        } else if (off != 0) {
            const double before = exposed > 0 ? trial.exposure * sold / exposed * std::exp(b * trial.mean_x) : 0;
            const double term = off * (trial.units * std::exp(-b * off) - before);
            score.sum += term, score.squares += term * term;
        }
        sold += trial.units * std::exp(-b * trial.x), exposed += trial.exposure;
    }
    return score;
}

// Where `positive` turns false between a (true) and b (false).
template <class Positive>
double turning(double a, double b, Positive positive) {
    for (int i = 0; i < 60; ++i) {
        const double mid = (a + b) / 2;
        (positive(mid) ? a : b) = mid;
    }
    return (a + b) / 2;
}

double log_ratio(Money price, Money list) {
    return std::log(static_cast<double>(price.n) / static_cast<double>(std::max<std::int64_t>(1, list.n)));
}

double mean_x(const Period& period) {
    double mean = 0, all = 0;
    for (const auto& [price, chance] : period.chances)
        mean += chance * log_ratio(price, period.list_price), all += chance;
    return all > 0 ? mean / all : log_ratio(period.price, period.list_price);
}

Trial trial_of(const Period& period, std::uint32_t series) {
    const double x = log_ratio(period.price, period.list_price);
    return {x, period.drawn() ? mean_x(period) : x, static_cast<double>(std::max<std::int64_t>(0, period.units)),
            static_cast<double>(period.offered.n) / 3'600'000, series,
            period.side == Side::all ? -1 : static_cast<double>(std::max<std::int64_t>(0, period.unit_squares))};
}

bool drawn(const Period& period) { return period.drawn() && period.side != Side::rest; }  // a pair of sides is one draw

bool usable(const Period& period) {
    return period.offered.n > 0 && period.price > Money{} && period.list_price > Money{};
}

using Grouped = std::map<SkuId, std::vector<const Period*>>;

std::vector<Trial> trials_of(const std::vector<const Period*>& periods) {
    std::vector<Trial> trials;
    std::uint32_t series = 0;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        if (i > 0 && periods[i - 1]->key != periods[i]->key) ++series;
        trials.push_back(trial_of(*periods[i], series));
    }
    return trials;
}

void add_regressions(OwnElasticity& at, const std::vector<const Period*>& periods) {
    std::vector<PriceUnits> rows;
    for (const auto* period : periods)
        rows.push_back({static_cast<double>(period->price.n) / static_cast<double>(period->list_price.n),
                        static_cast<double>(std::max<std::int64_t>(0, period->units)),
                        static_cast<double>(period->offered.n) / 3'600'000});
    at.poisson = poisson_slope(rows), at.least = log_log_slope(rows);
}

Slope slope_of(const std::optional<Interval>& interval) {
    return interval ? Slope{interval->value, interval->se(), 1} : Slope{};
}

// The other line's draws at the same moments, with the own price taken out of the units.
std::vector<Trial> cross_trials(const std::vector<const Period*>& periods, SkuId other, double own,
                                const std::map<std::pair<LineKey, Instant>, const Period*>& at,
                                const std::map<std::pair<DropId, SkuId>, std::uint32_t>& line_of) {
    std::vector<Trial> trials;
    std::uint32_t series = 0;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        const auto& period = *periods[i];
        if (i > 0 && periods[i - 1]->key != period.key) ++series;
        const auto line = line_of.find({period.key.drop, other});
        if (line == line_of.end()) continue;
        Trial trial = trial_of(period, series);
        const double bring = std::exp(-own * (trial.x - trial.mean_x));
        trial.units *= bring, trial.x = trial.mean_x = 0, trial.squares = -1;
        const auto found = at.find({{period.key.drop, line->second, period.key.channel}, period.from});
        if (found != at.end()) {
            const auto their = trial_of(*found->second, 0);
            trial.x = their.x, trial.mean_x = their.mean_x;
        }
        trials.push_back(trial);
    }
    return trials;
}

void add_cross(Elasticity& out, const Grouped& grouped, const std::vector<Period>& periods) {
    std::map<std::pair<LineKey, Instant>, const Period*> at;
    std::map<std::pair<DropId, SkuId>, std::uint32_t> line_of;
    std::map<DropId, std::set<SkuId>> together;
    for (const auto& period : periods) {
        if (period.drawn() && period.side == Side::all && usable(period)) at[{period.key, period.from}] = &period;
        line_of[{period.key.drop, period.sku}] = period.key.line;
        together[period.key.drop].insert(period.sku);
    }
    std::set<std::pair<SkuId, SkuId>> pairs;
    constexpr std::size_t lines_max = 60;  // of one drop: beyond, a table of pairs says nothing to anybody
    for (const auto& [drop, skus] : together)
        for (const auto a : skus)
            for (const auto b : skus)
                if (a != b && skus.size() <= lines_max) pairs.insert({a, b});
    std::vector<Slope> slopes;
    for (const auto& [sku, other] : pairs) {
        const auto own = std::find_if(out.own.begin(), out.own.end(),
                                      [sku = sku](const auto& row) { return row.sku == sku; });
        if (own == out.own.end() || !own->pooled) continue;
        const auto found = randomised_slope(cross_trials(grouped.at(sku), other, own->pooled->value, at, line_of));
        if (!found) continue;
        out.cross.push_back({sku, other, *found, {}});
        slopes.push_back(slope_of(found));
    }
    out.pooled_cross = pool(slopes);
    for (std::size_t i = 0; i < out.cross.size(); ++i) out.cross[i].pooled = out.pooled_cross->slopes[i];
}

}  // namespace

std::optional<Interval> randomised_slope(std::span<const Trial> trials) {
    const auto at = [&](double b) { return score_at(trials, b); };
    if (!(at(lowest).sum > 0) || !(at(highest).sum < 0)) return std::nullopt;
    Interval found;
    found.value = turning(lowest, highest, [&](double b) { return at(b).sum > 0; });
    if (at(lowest).within() || at(highest).within()) return std::nullopt;
    found.low = turning(lowest, found.value, [&](double b) { return !at(b).within(); });
    found.high = turning(found.value, highest, [&](double b) { return at(b).within(); });
    return found;
}

Elasticity elasticity_of(const std::vector<Period>& periods, std::uint64_t unexplained) {
    Elasticity out;
    out.unexplained = unexplained;
    Grouped grouped;
    for (const auto& period : periods)
        if (usable(period)) grouped[period.sku].push_back(&period), ++out.periods, out.drawn += drawn(period);
    std::vector<Trial> all;
    std::vector<Slope> slopes;
    for (const auto& [sku, of_sku] : grouped) {
        OwnElasticity at;
        at.sku = sku;
        std::set<DropId> drops;
        for (const auto* period : of_sku) {
            at.units += period->units, at.drawn += drawn(*period);
            if (period->drawn()) drops.insert(period->key.drop);
        }
        at.drops = drops.size();
        auto trials = trials_of(of_sku);
        at.own = randomised_slope(trials);
        add_regressions(at, of_sku);
        slopes.push_back(slope_of(at.own));
        const auto shift = all.empty() ? 0 : all.back().series + 1;
        for (auto& trial : trials) trial.series += shift, all.push_back(trial);
        out.own.push_back(std::move(at));
    }
    out.common = randomised_slope(all);
    out.pooled = pool(slopes);
    if (!out.pooled && out.common) out.pooled = Pooled{slope_of(out.common), 0, {}};
    for (std::size_t i = 0; out.pooled && i < out.own.size(); ++i)
        out.own[i].pooled = out.pooled->slopes.empty() ? out.pooled->mean : out.pooled->slopes[i];
    add_cross(out, grouped, periods);
    return out;
}

}  // namespace dropsmith::measure
