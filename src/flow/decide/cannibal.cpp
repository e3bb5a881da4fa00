// Covered by flow/decide/governors_test.cpp.
#include "flow/decide/cannibal.h"

#include <algorithm>
#include <cmath>

namespace dropsmith::decide {
namespace {

constexpr std::int64_t kept_hours = 15 * 24, days_before = 7;
constexpr double error_share = 0.01;

std::int64_t hour_of(Instant at) { return at.ms / hour_ms; }

std::int64_t units_in(const std::vector<HourUnits>& hours, std::int64_t hour) {
    const auto it = std::lower_bound(hours.begin(), hours.end(), hour,
                                     [](const HourUnits& row, std::int64_t wanted) { return row.hour < wanted; });
    return it != hours.end() && it->hour == hour ? it->units : 0;
}

}  // namespace

std::vector<SkuId> neighbours_of(const State& state, SkuId id) {
    std::vector<SkuId> out;
    const auto* sku = state.catalogue.find(id);
    const auto* product = sku ? state.catalogue.find(sku->product) : nullptr;
    if (!product) return out;
    const auto take = [&](const Product& other) {
        for (const auto neighbour : other.skus)
            if (neighbour != id) out.push_back(neighbour);
    };
    if (product->brand.empty()) return take(*product), out;
    for (const auto& other : state.catalogue.products)
        if (other.brand == product->brand) take(other);
    return out;
}

NeighbourSales neighbour_sales(const Prices& prices, const std::vector<SkuId>& neighbours, Instant test_began,
                               Instant now) {
    NeighbourSales out;
    if (prices.counting_since == Instant{} || test_began == Instant{}) return out;
    const auto began = hour_of(test_began), first = hour_of(prices.counting_since) + 1;
    std::vector<const std::vector<HourUnits>*> counted;
    for (const auto sku : neighbours)
        if (const auto found = prices.full_price.find(sku); found != prices.full_price.end())
            counted.push_back(&found->second);
    for (auto hour = std::max(began + 1, hour_of(now) - kept_hours / 2); hour < hour_of(now); ++hour) {
        std::int64_t compared = 0;
        for (std::int64_t day = 1; day <= days_before; ++day) {
            const auto before = hour - 24 * day;
            if (before >= began || before < first) continue;
            ++compared;
            for (const auto* hours : counted) out.before += units_in(*hours, before);
        }
        if (compared == 0) continue;
        out.hours_before += compared, ++out.hours_after;
        for (const auto* hours : counted) out.after += units_in(*hours, hour);
    }
    return out;
}

bool eats_full_price(const NeighbourSales& sales, Rate borne, std::uint32_t reviews) {
    if (borne >= whole || sales.hours_before <= 0 || sales.hours_after <= 0 || sales.before <= 0) return false;
    // after / hours_after < (1 - borne) * before / hours_before
    if (static_cast<__int128>(sales.after) * sales.hours_before * whole.n >=
        static_cast<__int128>(sales.before) * sales.hours_after * (whole - borne).n)
        return false;
    const auto n = static_cast<double>(sales.before + sales.after);
    const double seen = static_cast<double>(sales.after) / n;
    const double fair =
        static_cast<double>(sales.hours_after) / static_cast<double>(sales.hours_after + sales.hours_before);
    double divergence = (1 - seen) * std::log((1 - seen) / (1 - fair));
    if (seen > 0) divergence += seen * std::log(seen / fair);
    return n * divergence > std::log(static_cast<double>(std::max(1u, reviews)) / error_share);
}

void count_full_price(Prices& slice, SkuId sku, std::int64_t units, Instant at) {
    if (slice.counting_since == Instant{}) slice.counting_since = at;
    auto& hours = slice.full_price[sku];
    const auto hour = hour_of(at);
    if (hours.empty() || hours.back().hour < hour) hours.push_back({hour, 0});
    hours.back().units = checked(try_add(hours.back().units, units));
    std::erase_if(hours, [&](const HourUnits& row) { return row.hour < hour - kept_hours; });
}

}  // namespace dropsmith::decide
