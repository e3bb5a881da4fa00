// Covered by flow/decide/level_test.cpp.
#include "flow/decide/level.h"

#include <algorithm>
#include <cmath>

#include "flow/decide/arrivals.h"

namespace dropsmith::decide {
namespace {

constexpr double unexplained = 4.6;    // expected units of a silence that chance explains once in a hundred times
constexpr double usual_slope = 2.2;     // from the price that was paid to the list price
constexpr std::size_t cluster_most = 48, rows_most = 200'000;
constexpr std::int64_t day_hours = 24;

struct Told {  // of one SKU: log of the units a day at the list price, and its variance
    double log = 0, variance = 0;
};

}  // namespace

double days_on_sale(const std::vector<DaySales>& sold, std::int64_t last_day) {
    if (sold.empty()) return 0;
    double units = 0;
    for (const auto& day : sold) units += day.units;
    auto days = static_cast<double>(std::max(last_day, sold.back().day) - sold.front().day + 1);
    for (int round = 0; round < 4; ++round) {
        const double rate = units / days;
        days = 0;
        for (std::size_t i = 0; i < sold.size(); ++i) {
            const auto next = i + 1 < sold.size() ? sold[i + 1].day : std::max(last_day, sold[i].day) + 1;
            const auto silent = static_cast<double>(next - sold[i].day - 1);
            days += 1 + (silent * rate > unexplained ? std::min(silent, 1 / rate) : silent);
        }
    }
    return days;
}

const Levels::Past& Levels::past_of(SkuId sku) {
    const auto known = known_.find(sku);
    if (known != known_.end()) return known->second;
    auto& past = known_[sku];
    if (rows_ >= rows_most) return past;
    const auto number = static_cast<std::uint32_t>(sku.n);
    for (auto row = state_.history.hours.lower_bound({number, INT64_MIN});
         row != state_.history.hours.end() && row->first.first == number && rows_ < rows_most; ++row, ++rows_) {
        const auto hour = state_.history.shown(row->second);
        if (hour.units <= 0) continue;
        const auto at = row->first.second, day = (at >= 0 ? at : at - day_hours + 1) / day_hours;
        if (past.sold.empty() || past.sold.back().day != day) past.sold.push_back({day, 0});
        past.sold.back().units += static_cast<double>(hour.units);
        past.units += static_cast<double>(hour.units), past.revenue += static_cast<double>(hour.revenue.n);
    }
    return past;
}

// The SKU itself, then those nearest to it in the catalogue.
std::vector<SkuId> Levels::cluster_of(SkuId sku, Money list_price) const {
    std::vector<SkuId> out{sku};
    const auto* own = state_.catalogue.find(sku);
    const auto* product = own ? state_.catalogue.find(own->product) : nullptr;
    if (!product) return out;
    const auto alike = [&](SkuId id) {
        const auto* other = state_.catalogue.find(id);
        if (!other) return false;
        const auto* of = state_.catalogue.find(other->product);
        if (!of || of->brand != product->brand) return false;
        const auto& list = other->terms.list_price;
        return !list || (list->n * 2 >= list_price.n && list->n <= list_price.n * 2);
    };
    const auto all = state_.catalogue.skus.size();
    for (std::uint64_t away = 1; away < all && out.size() < cluster_most && away < 2'000; ++away) {
        if (sku.n > away && alike(SkuId{sku.n - away})) out.push_back(SkuId{sku.n - away});
        if (sku.n + away <= all && alike(SkuId{sku.n + away})) out.push_back(SkuId{sku.n + away});
    }
    return out;
}

std::optional<LevelInput> Levels::of(SkuId sku, Money list_price) {
    const auto cluster = cluster_of(sku, list_price);
    std::int64_t last_day = INT64_MIN;
    for (const auto id : cluster) {
        const auto& past = past_of(id);
        if (!past.sold.empty()) last_day = std::max(last_day, past.sold.back().day);
    }
    std::vector<Told> told;
    std::optional<Told> own;
    LevelInput out;
    for (const auto id : cluster) {
        const auto& past = past_of(id);
        if (past.units <= 0) continue;
        const double days = days_on_sale(past.sold, last_day), paid = past.revenue / past.units;
        Told of{std::log(past.units / days), 1 / past.units};
        const auto* terms = state_.catalogue.find(id);
        const auto list = id == sku ? list_price : terms->terms.list_price.value_or(Money{});
        if (list > Money{} && paid > 0) {
            const double off = std::log(static_cast<double>(list.n) / paid);
            of.log -= usual_slope * std::clamp(off, -0.7, 0.7);
        }
        told.push_back(of);
        if (id == sku)
            own = of, out.units = static_cast<std::uint64_t>(past.units),
            out.days = static_cast<std::uint32_t>(std::llround(std::min(days, 1e6)));
    }
    if (told.empty()) return std::nullopt;
    // how far the SKUs differ beyond chance
    double weight = 0, sum = 0, squares = 0, spread = 0;
    for (const auto& of : told) weight += 1 / of.variance, sum += of.log / of.variance;
    for (const auto& of : told)
        spread += (of.log - sum / weight) * (of.log - sum / weight) / of.variance,
            squares += 1 / (of.variance * of.variance);
    const auto more = static_cast<double>(told.size()) - 1;
    double between = 1;  // one SKU alone tells nothing of it
    if (more > 0) between = std::max(0.04, (spread - more) / std::max(1e-9, weight - squares / weight));
    double mean = 0, certain = 0;
    for (const auto& of : told) certain += 1 / (of.variance + between), mean += of.log / (of.variance + between);
    mean /= certain;
    double log = mean, variance = between + 1 / certain;
    if (own) {
        const double one = 1 / own->variance, pool = 1 / between;
        log = (own->log * one + mean * pool) / (one + pool), variance = 1 / (one + pool);
    }
    out.alike = static_cast<std::uint32_t>(told.size() - (own ? 1 : 0));
    out.per_day = static_cast<std::uint64_t>(std::llround(std::exp(std::clamp(log, -12.0, 14.0)) * 1e6));
    out.spread = rate_of(std::sqrt(variance));
    return out;
}

}  // namespace dropsmith::decide
