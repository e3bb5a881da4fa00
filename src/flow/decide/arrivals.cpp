// Curves, what speaks for each, and their average. Covered by flow/decide/arrivals_test.cpp.
#include "flow/decide/arrivals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include "flow/decide/announced.h"

namespace dropsmith::decide {
namespace {

constexpr std::array<double, 4> fronts{0.7, 1.5, 2.5, 4.0};      // fall over a window: exp(-front * share of it)
constexpr std::array<const char*, 5> words{"flat", "front 0.7", "front 1.5", "front 2.5", "front 4"};
constexpr double even_prior = 0.5, even_alone = 0.85, by_hour_prior = 0.5, as_before_prior = 0.3;
constexpr double planned_prior = 0.6;  // a merchant who says how visitors will come knows why
constexpr double sales_temper = 0.7, earlier_temper = 0.5;  // visitors come in groups; drops differ
constexpr double looks_worth = 60, drop_worth = 40;         // as much as this many lone visitors, at most
constexpr double hour_smooth = 6, cell_smooth = 5;          // units of the even curve, of what is believed before
constexpr std::int64_t trade_least = 100, units_least = 20, hours_least_units = 60;
constexpr std::size_t slots_most = 288;
constexpr double look_alike = 6;       // how closely a period keeps to its curve, in visitors
constexpr double look_counted = 0.25;  // where views are the only witness

using Curve = std::vector<double>;  // by slot, mean 1

struct Key {
    Instant opens, closes;
    Duration cadence;
    std::vector<DropId> earlier;
    std::uint64_t cells = 0;
    std::vector<std::int64_t> trade;
    std::vector<Instant> announced;
    std::vector<std::int64_t> planned;
    friend bool operator==(const Key&, const Key&) = default;
};

struct Table {
    std::vector<Curve> curves, logs;
    std::vector<std::string> names;
    std::vector<double> log_prior;  // what the earlier drops say of them is in
    std::uint64_t trade_units = 0;
};

double front_at(std::size_t which, double share) {
    return which == 0 ? 1 : std::exp(-fronts[which - 1] * std::clamp(share, 0.0, 1.0));
}
std::size_t hour_at(Instant at) {
    return static_cast<std::size_t>(((at.ms / 3'600'000) % 24 + 24) % 24);
}
double share_of(Instant at, Instant opens, Instant closes) {
    return static_cast<double>((at - opens).n) / static_cast<double>(std::max<std::int64_t>(1, (closes - opens).n));
}
Instant middle_of(const DropCurve& drop, std::size_t cell) {
    return drop.opens + Duration{drop.cell.n * static_cast<std::int64_t>(cell) + drop.cell.n / 2};
}
std::uint64_t units_of(const DropCurve& drop) {
    std::uint64_t sum = 0;
    for (const auto& cell : drop.cells) sum += cell.units;
    return sum;
}

// log chance that the drop's units fell into its cells as they did, under a curve of the instants.
template <class At>
double log_cells(const DropCurve& drop, At at) {
    double log = 0, units = 0, expected = 0;
    for (std::size_t i = 0; i < drop.cells.size(); ++i) {
        const auto& cell = drop.cells[i];
        if (cell.expected == 0 && cell.units == 0) continue;
        const double f = std::max(1e-3, at(middle_of(drop, i)));
        log += static_cast<double>(cell.units) * std::log(f), units += static_cast<double>(cell.units);
        expected += static_cast<double>(cell.expected) / 1e3 * f;
    }
    return units > 0 && expected > 0 ? (log - units * std::log(expected)) * std::min(1.0, drop_worth / units) : 0;
}

double log_sum(const std::vector<double>& logs) {
    const double top = *std::max_element(logs.begin(), logs.end());
    double sum = 0;
    for (const double l : logs) sum += std::exp(l - top);
    return top + std::log(sum);
}
std::vector<double> weights_of(const std::vector<double>& logs) {
    std::vector<double> out;
    const double all = log_sum(logs);
    for (const double l : logs) out.push_back(std::exp(l - all));
    return out;
}

// The shop's hours of the day, mean 1; empty: too little is known of them.
std::vector<double> hours_of_day(const std::vector<DropCurve>& earlier, const std::vector<std::int64_t>& trade,
                                 const std::vector<double>& front_weight, std::uint64_t& trade_units, bool& told) {
    std::vector<double> hours(24, 1.0);
    const auto sum = std::accumulate(trade.begin(), trade.end(), std::int64_t{0});
    const bool traded = trade.size() == 24 && sum >= trade_least;
    if (traded) {
        trade_units = static_cast<std::uint64_t>(sum);
        for (std::size_t h = 0; h < 24; ++h)
            hours[h] = (static_cast<double>(trade[h]) + 1) / (static_cast<double>(sum) / 24 + 1);
        for (auto& hour : hours) hour = std::max(0.15, hour);
    }
    std::vector<double> units(24), expected(24);
    for (const auto& drop : earlier)
        for (std::size_t i = 0; i < drop.cells.size(); ++i) {
            const auto at = middle_of(drop, i);
            double front = 0;
            for (std::size_t f = 0; f < front_weight.size(); ++f)
                front += front_weight[f] * front_at(f, share_of(at, drop.opens, drop.closes));
            units[hour_at(at)] += static_cast<double>(drop.cells[i].units);
            expected[hour_at(at)] += static_cast<double>(drop.cells[i].expected) / 1e3 * front;
        }
    const double all = std::accumulate(units.begin(), units.end(), 0.0),
                 even = std::accumulate(expected.begin(), expected.end(), 0.0);
    const auto met = std::count_if(expected.begin(), expected.end(), [](double x) { return x > 0; });
    told = met >= 18 && all >= static_cast<double>(hours_least_units) && even > 0;
    if (!told) return traded ? hours : std::vector<double>{};
    for (std::size_t h = 0; h < 24; ++h)
        hours[h] = (units[h] + hour_smooth * hours[h]) / (expected[h] * all / even + hour_smooth);
    return hours;
}

class Layout {
  public:
    explicit Layout(const ArrivalsAsk& ask) : ask_(ask) {
        const auto periods = (ask.closes - ask.opens).n / std::max<std::int64_t>(1, ask.cadence.n);
        slots_ = std::clamp<std::size_t>(static_cast<std::size_t>(std::max<std::int64_t>(1, periods)), 1, slots_most);
    }
    Table made() {
        std::vector<double> plain;  // what the earlier drops say of the falling curves alone
        even_ = ask_.earlier.empty() && ask_.trade.empty() ? even_alone : even_prior;
        for (std::size_t f = 0; f < words.size(); ++f) plain.push_back(prior_of(f) + earlier_of(f, {}));
        bool of_drops = false;  // then the drops that the hours are made of do not speak for them again
        const auto hours = hours_of_day(ask_.earlier, ask_.trade, weights_of(plain), table_.trade_units, of_drops);
        for (std::size_t f = 0; f < words.size(); ++f)
            add(words[f], plain[f] + (hours.empty() ? 0 : std::log(1 - by_hour_prior)),
                [&](Instant at) { return front_at(f, share_of(at, ask_.opens, ask_.closes)); });
        for (std::size_t f = 0; f < words.size() && !hours.empty(); ++f)
            add(std::string(words[f]) + ", by the hour",
                (of_drops ? plain[f] : prior_of(f) + earlier_of(f, hours)) + std::log(by_hour_prior),
                [&](Instant at) { return front_at(f, share_of(at, ask_.opens, ask_.closes)) * hours[hour_at(at)]; });
        std::uint64_t units = 0;
        for (const auto& drop : ask_.earlier) units += units_of(drop);
        if (units >= static_cast<std::uint64_t>(units_least)) as_before();
        if (!ask_.planned.empty()) as_planned();
        if (!ask_.announced.empty()) announce();
        for (const auto& curve : table_.curves) {
            auto& logs = table_.logs.emplace_back();
            for (const double f : curve) logs.push_back(std::log(f));
        }
        return std::move(table_);
    }

  private:
    double prior_of(std::size_t f) const {
        return std::log(f == 0 ? even_ : (1 - even_) / static_cast<double>(fronts.size()));
    }
    double earlier_of(std::size_t f, const std::vector<double>& hours) const {
        double log = 0;
        for (const auto& drop : ask_.earlier)
            log += earlier_temper * log_cells(drop, [&](Instant at) {
                       return front_at(f, share_of(at, drop.opens, drop.closes)) *
                              (hours.empty() ? 1 : hours[hour_at(at)]);
                   });
        return log;
    }
    Instant slot_middle(std::size_t s) const {
        const auto window = (ask_.closes - ask_.opens).n;
        return ask_.opens + Duration{window / static_cast<std::int64_t>(slots_) * static_cast<std::int64_t>(s) +
                                     window / static_cast<std::int64_t>(2 * slots_)};
    }
    template <class At>
    void add(std::string name, double log_prior, At at) {
        Curve curve;
        for (std::size_t s = 0; s < slots_; ++s) curve.push_back(std::max(0.02, at(slot_middle(s))));
        const double mean = std::accumulate(curve.begin(), curve.end(), 0.0) / static_cast<double>(slots_);
        for (auto& f : curve) f /= mean;
        table_.curves.push_back(std::move(curve)), table_.names.push_back(std::move(name));
        table_.log_prior.push_back(log_prior);
    }
    // The cells of the earlier drops by time since opening, drawn to what is believed without them.
    void as_before() {
        const auto weight = weights_of(table_.log_prior);
        Curve middle(slots_);
        for (std::size_t c = 0; c < weight.size(); ++c)
            for (std::size_t s = 0; s < slots_; ++s) middle[s] += weight[c] * table_.curves[c][s];
        const auto slot_of = [&](Duration since) {
            return static_cast<std::size_t>(since.n * static_cast<std::int64_t>(slots_) /
                                            std::max<std::int64_t>(1, (ask_.closes - ask_.opens).n));
        };
        std::vector<double> units(slots_), expected(slots_);
        for (const auto& drop : ask_.earlier)
            for (std::size_t i = 0; i < drop.cells.size(); ++i) {
                const auto first = slot_of(Duration{drop.cell.n * static_cast<std::int64_t>(i)}),
                           end = slot_of(Duration{drop.cell.n * static_cast<std::int64_t>(i + 1)}),
                           last = std::max(first + 1, end);
                const auto over = static_cast<double>(last - first);
                for (auto s = first; s < last && s < slots_; ++s) {
                    units[s] += static_cast<double>(drop.cells[i].units) / over;
                    expected[s] += static_cast<double>(drop.cells[i].expected) / 1e3 / over;
                }
            }
        const double prior = log_sum(table_.log_prior) + std::log(as_before_prior);
        for (auto& p : table_.log_prior) p += std::log(1 - as_before_prior);
        std::size_t s = 0;
        add("as before", prior, [&](Instant) {
            const double f = (units[s] + cell_smooth * middle[s]) / (expected[s] + cell_smooth);
            return ++s, f;
        });
    }

    void as_planned() {
        const double sum = std::accumulate(ask_.planned.begin(), ask_.planned.end(), 0.0);
        if (sum <= 0) return;
        const double prior = log_sum(table_.log_prior) + std::log(planned_prior);
        for (auto& p : table_.log_prior) p += std::log(1 - planned_prior);
        const auto parts = static_cast<double>(ask_.planned.size());
        add("as planned", prior, [&](Instant at) {
            const double share = std::clamp(share_of(at, ask_.opens, ask_.closes), 0.0, 1.0);
            const auto part = std::min(static_cast<std::size_t>(share * parts), ask_.planned.size() - 1);
            return static_cast<double>(ask_.planned[part]) * parts / sum;
        });
    }
    // Each curve three times: nobody hears of it, some do, many do.
    void announce() {
        const auto burst = burst_by_slot(ask_.opens, ask_.closes, slots_, ask_.announced);
        Table heard;
        heard.trade_units = table_.trade_units;
        for (std::size_t c = 0; c < table_.curves.size(); ++c)
            for (const auto& size : bursts) {
                Curve curve = table_.curves[c];
                for (std::size_t s = 0; s < slots_; ++s) curve[s] *= 1 + size.more * burst[s];
                const double mean = std::accumulate(curve.begin(), curve.end(), 0.0) / static_cast<double>(slots_);
                for (auto& f : curve) f /= mean;
                heard.curves.push_back(std::move(curve)), heard.names.push_back(table_.names[c] + size.suffix);
                heard.log_prior.push_back(table_.log_prior[c] + std::log(size.prior));
            }
        table_ = std::move(heard);
    }

    const ArrivalsAsk& ask_;
    std::size_t slots_ = 1;
    double even_ = even_prior;  // prior chance of an even curve: where nothing is told, sales alone tell it badly
    Table table_;
};

std::shared_ptr<const Table> table_of(const ArrivalsAsk& ask) {
    struct Kept {
        Key key;
        std::shared_ptr<const Table> made;
    };
    thread_local std::array<Kept, 4> kept;
    thread_local std::size_t next = 0;
    Key key{ask.opens, ask.closes, ask.cadence, {}, 0, ask.trade, ask.announced, ask.planned};
    for (const auto& drop : ask.earlier) {
        key.earlier.push_back(drop.drop);
        for (const auto& cell : drop.cells)
            key.cells = key.cells * 0x9E3779B97F4A7C15u + cell.units * 31 + cell.expected;
    }
    for (const auto& one : kept)
        if (one.made && one.key == key) return one.made;
    auto& place = kept[next++ % kept.size()];
    place = {std::move(key), std::make_shared<const Table>(Layout(ask).made())};
    return place.made;
}

// The periods that sensors tell of: from the first in which they counted anybody to the last. Before, there was none;
// after, it has not told yet.
struct Counted {
    std::size_t first = 0, end = 0;
};
Counted counted_periods(const std::vector<SeenPeriod>& seen) {
    Counted out{seen.size(), 0};
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (seen[i].footfall > 0) out.first = std::min(out.first, i), out.end = i + 1;
    return out;
}

}  // namespace

Rate rate_of(double x) { return Rate{static_cast<std::int64_t>(std::llround(std::clamp(x, 0.0, 1e6) * 1e6))}; }

Arrivals arrivals_of(const ArrivalsAsk& ask) {
    const auto table = table_of(ask);
    const std::size_t slots = table->curves.front().size();
    const auto slot_of = [&](Instant at) {
        const double share = share_of(at, ask.opens, ask.closes);
        return static_cast<std::size_t>(std::clamp(share * static_cast<double>(slots), 0.0,
                                                   static_cast<double>(slots) - 1));
    };
    struct Row {
        std::size_t slot, band;
        double units, exposure, looks, feet;
        bool counted;  // a sensor told of it
    };
    const auto counted = counted_periods(ask.seen);
    std::vector<Row> rows;
    std::vector<Money> prices;
    std::vector<double> sold, exposed;  // by price
    double looks = 0, feet = 0;
    for (std::size_t i = 0; i < ask.seen.size(); ++i) {
        const auto& period = ask.seen[i];
        const auto slot = slot_of(period.from + Duration{(period.to - period.from).n / 2});
        const auto known = std::find(prices.begin(), prices.end(), period.price);
        const auto band = static_cast<std::size_t>(known - prices.begin());
        if (known == prices.end()) prices.push_back(period.price), sold.push_back(0);
        rows.push_back({slot, band, static_cast<double>(period.units), static_cast<double>(period.exposure) / 1e6,
                        static_cast<double>(period.looks), static_cast<double>(period.footfall),
                        i >= counted.first && i < counted.end});
        looks += rows.back().looks, feet += rows.back().feet, sold[band] += rows.back().units;
    }
    auto logs = table->log_prior;
    for (std::size_t c = 0; c < logs.size(); ++c) {
        exposed.assign(prices.size(), 1 / ask.prior_rate);
        double log = 0, seen = 0, on_offer = 0, walked = 0, in_reach = 0;
        for (const auto& row : rows) {
            const double f = table->curves[c][row.slot], l = table->logs[c][row.slot];
            exposed[row.band] += row.exposure * f;
            log += row.units * l, seen += row.looks * l, on_offer += f;
            if (row.counted) walked += row.feet * l, in_reach += f;
        }
        for (std::size_t k = 0; k < prices.size(); ++k) log -= (sold[k] + 1) * std::log(exposed[k]);
        if (ask.by_sales) logs[c] += sales_temper * log;
        if (looks > 0) logs[c] += (seen - looks * std::log(on_offer)) * std::min(1.0, looks_worth / looks);
        if (feet > 0) logs[c] += (walked - feet * std::log(in_reach)) * std::min(1.0, looks_worth / feet);
    }
    const auto weight = weights_of(logs);
    Curve mean(slots);
    for (std::size_t c = 0; c < weight.size(); ++c)
        for (std::size_t s = 0; s < slots; ++s) mean[s] += weight[c] * table->curves[c][s];

    Arrivals out;
    double on_offer = 0, in_reach = 0;
    const double alike = ask.by_sales ? look_alike : look_counted;
    for (const auto& row : rows) {
        on_offer += mean[row.slot];
        if (row.counted) in_reach += mean[row.slot];
    }
    for (const auto& row : rows) {
        double f = mean[row.slot];
        double told = alike, expected = alike / f;  // a Gamma around the curve, and what was counted then
        if (looks > 0) told += row.looks, expected += looks / on_offer;
        if (row.counted) told += row.feet, expected += feet / in_reach;
        if (looks > 0 || row.counted) f = told / expected;
        out.factor.push_back(f * row.exposure);
    }
    const double cadence = static_cast<double>(std::max<std::int64_t>(1, ask.cadence.n));
    const auto now = std::max(ask.now, ask.opens);
    const double begin = std::clamp(share_of(now, ask.opens, ask.closes), 0.0, 1.0) * static_cast<double>(slots);
    double left = 0;  // in slots
    for (std::size_t s = static_cast<std::size_t>(begin); s < slots; ++s)
        left += mean[s] * std::min(1.0, static_cast<double>(s) + 1 - begin);
    const double all = static_cast<double>((ask.closes - ask.opens).n) / cadence;
    left *= all / static_cast<double>(slots);
    const auto length = std::min(ask.cadence, std::max(Duration{}, ask.closes - now));
    out.now = std::min(left, mean[slot_of(now + Duration{length.n / 2})] * static_cast<double>(length.n) / cadence);
    out.left = std::max(0.0, left - out.now);
    out.told.earlier_drops = static_cast<std::uint32_t>(ask.earlier.size());
    out.told.trade_units = table->trade_units;
    out.told.looks = static_cast<std::uint64_t>(looks);
    out.told.footfall = static_cast<std::uint64_t>(feet), out.told.announced = ask.announced;
    out.told.now = rate_of(out.now), out.told.left = rate_of(out.left);
    for (std::size_t c = 0; c < weight.size(); ++c)
        if (weight[c] >= 0.01) out.told.curves.push_back({table->names[c], rate_of(weight[c])});
    std::stable_sort(out.told.curves.begin(), out.told.curves.end(),
                     [](const CurveInput& a, const CurveInput& b) { return a.belief > b.belief; });
    return out;
}

}  // namespace dropsmith::decide
