// Covered by flow/decide/prior_price_test.cpp.
#include "flow/decide/prior_price.h"

#include <algorithm>

namespace dropsmith::decide {
namespace {

constexpr std::size_t periods_max = 1'024;  // of a SKU in a channel: beyond, the two oldest become one

Money lowest_asked(const LinePrice& line) {
    return line.cohort ? std::min(line.price, line.cohort->price) : line.price;
}

PricePeriod* standing(std::vector<PricePeriod>& periods, const LineKey& key) {
    for (auto it = periods.rbegin(); it != periods.rend(); ++it)
        if (it->key == key && !it->until) return &*it;
    return nullptr;
}

// What ended 30 days before the oldest price that still stands is asked for no more. Joining the oldest two under the
// lower price errs on the side of a smaller discount.
void prune(std::vector<PricePeriod>& periods, Instant at) {
    Instant oldest = at;
    for (const auto& period : periods)
        if (!period.until) oldest = std::min(oldest, period.from);
    std::erase_if(periods, [&](const PricePeriod& p) { return p.until && *p.until < oldest - prior_window; });
    while (periods.size() > periods_max) {
        auto& second = periods[1];
        second.price = std::min(second.price, periods[0].price);
        second.from = std::min(second.from, periods[0].from);
        if (!periods[0].until) break;
        periods.erase(periods.begin());
    }
}

}  // namespace

std::optional<Money> prior_price(const Prices& prices, SkuId sku, ChannelId channel, Instant before) {
    const auto found = prices.history.find({sku, channel});
    if (found == prices.history.end()) return std::nullopt;
    const Instant from = before - prior_window;
    std::optional<Money> lowest;
    Instant covered = from;                     // on sale without a gap from `from` to here
    for (const auto& period : found->second) {  // in the order in which they began
        const Instant until = std::min(period.until.value_or(before), before);
        if (until <= from || period.from >= before) continue;
        if (period.from > covered) return std::nullopt;
        covered = std::max(covered, until);
        lowest = lowest ? std::min(*lowest, period.price) : period.price;
    }
    return covered >= before ? lowest : std::nullopt;
}

std::optional<Reduction> announced_reduction(const Prices& prices, const LineKey& key, Money asked) {
    const auto* line = prices.find(key);
    if (!line) return std::nullopt;
    const auto found = prices.history.find({line->sku, key.channel});
    if (found == prices.history.end()) return std::nullopt;
    for (auto it = found->second.rbegin(); it != found->second.rend(); ++it) {
        if (it->key != key || it->until) continue;
        const auto prior = prior_price(prices, line->sku, key.channel, it->from);
        if (!prior || asked >= *prior) return std::nullopt;
        return Reduction{*prior, Rate{checked(try_mul_div_round((*prior - asked).n, whole.n, prior->n))}};
    }
    return std::nullopt;
}

void begin_period(Prices& slice, const LineKey& key, Instant at) {
    const auto line = slice.lines.find(key);
    if (line == slice.lines.end()) return;
    auto& periods = slice.history[{line->second.sku, key.channel}];
    if (standing(periods, key)) return;
    periods.push_back({key, lowest_asked(line->second), at, std::nullopt});
    prune(periods, at);
}

void move_period(Prices& slice, const LineKey& key, Instant at) {
    const auto line = slice.lines.find(key);
    if (line == slice.lines.end()) return;
    const auto found = slice.history.find({line->second.sku, key.channel});
    if (found == slice.history.end()) return;
    auto* now = standing(found->second, key);
    const auto price = lowest_asked(line->second);
    if (!now || now->price == price) return;
    if (now->from == at) return void(now->price = price);
    now->until = at;
    found->second.push_back({key, price, at, std::nullopt});
    prune(found->second, at);
}

void end_period(Prices& slice, const LineKey& key, Instant at) {
    const auto line = slice.lines.find(key);
    if (line == slice.lines.end()) return;
    const auto found = slice.history.find({line->second.sku, key.channel});
    if (found == slice.history.end()) return;
    if (auto* now = standing(found->second, key)) now->until = at;
    prune(found->second, at);
}

}  // namespace dropsmith::decide
