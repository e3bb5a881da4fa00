// Covered by flow/decide/price_laws_test.cpp, flow/decide/governors_test.cpp.
#include "flow/decide/visitors.h"

#include <algorithm>

namespace dropsmith::decide {
namespace {

std::vector<std::int64_t> trade_of(const History& history) {  // imported units by hour of the day
    std::vector<std::int64_t> out;
    for (const auto& import : history.imports) {
        if (import.status != ImportStatus::published || import.by_hour.size() != 24) continue;
        out.resize(24);
        for (std::size_t h = 0; h < 24; ++h) out[h] += import.by_hour[h];
    }
    return out;
}

constexpr double looks_counted = 60;

double looks_of(const std::vector<SeenPeriod>& seen) {  // a cohort's row repeats those of its period
    double out = 0;
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (i == 0 || seen[i].from != seen[i - 1].from) out += static_cast<double>(seen[i].looks);
    return out;
}
double exposure_in(const SeenPeriod& period) { return static_cast<double>(period.exposure) / 1e6; }

}  // namespace

std::shared_ptr<const std::vector<DropCurve>> curves_of(const Prices& prices, ChannelId channel, CurveShelf* shelf) {
    const auto curves = prices.curves.find(channel);
    if (curves == prices.curves.end()) return nullptr;
    if (!shelf) return std::make_shared<const std::vector<DropCurve>>(curves->second);
    auto& kept = (*shelf)[channel];
    if (!kept) kept = std::make_shared<const std::vector<DropCurve>>(curves->second);
    return kept;
}

std::vector<Instant> announced_for(const Prices& prices, const LineKey& key, SkuId sku) {
    std::vector<Instant> out;
    const auto told = prices.announced.find(key.drop);
    if (told == prices.announced.end()) return out;
    for (const auto& one : told->second)
        if (one.channel == key.channel && (!one.sku || one.sku == sku) && (out.empty() || out.back() < one.at))
            out.push_back(one.at);
    return out;
}

ArrivalsAsk visitors_now(const State& state, const Drop& drop, const LinePrice& price, Instant now) {
    ArrivalsAsk ask;
    ask.opens = drop.opened_at.value_or(drop.terms.opens_at);
    ask.closes = std::max(drop.terms.closes_at, ask.opens + drop.terms.pricing.cadence);
    ask.now = now, ask.cadence = drop.terms.pricing.cadence;
    ask.seen = price.seen;
    ask.trade = trade_of(state.history);
    return ask;
}

ArrivalsAsk visitors_of(const State& state, const Drop& drop, const LineKey& key, const LinePrice& price, Instant now) {
    auto ask = visitors_now(state, drop, price, now);
    if (const auto curves = state.prices.curves.find(key.channel); curves != state.prices.curves.end())
        ask.earlier = curves->second;
    ask.announced = announced_for(state.prices, key, price.sku);
    ask.planned = drop.terms.pricing.arrival_curve;
    return ask;
}

std::vector<PeriodWeights> period_weights(ArrivalsAsk ask) {
    std::vector<PeriodWeights> out;
    const bool counted = looks_of(ask.seen) >= looks_counted;
    if (!counted) {
        auto& alike = out.emplace_back();
        for (const auto& period : ask.seen) alike.seen.push_back(exposure_in(period));
        const bool walked = std::any_of(ask.seen.begin(), ask.seen.end(),
                                        [](const SeenPeriod& period) { return period.footfall > 0; });
        const bool told = !ask.earlier.empty() || !ask.trade.empty() || !ask.announced.empty() || !ask.planned.empty();
        if (!told && !walked) return out;
    }
    ask.by_sales = false;
    const auto arrivals = arrivals_of(ask);
    auto& told = out.emplace_back(PeriodWeights{arrivals.factor, arrivals.now});
    if (!counted) return out;
    for (std::size_t i = ask.seen.size(); i-- > 0;)
        if (const double exposure = exposure_in(ask.seen[i]); exposure > 0) {
            told.next = std::max(told.next, told.seen[i] / exposure);
            break;
        }
    return out;
}

}  // namespace dropsmith::decide
