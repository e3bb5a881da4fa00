// Covered by flow/decide/channel_share_test.cpp.
#include "flow/decide/channel_share.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "flow/decide/lanes.h"
#include "flow/decide/opening.h"

namespace dropsmith::decide {
namespace {

constexpr float elasticity = 2.2F;        // from the price that was asked to the list price
constexpr double worth_alone = 1;         // units that the division before is worth where no drop was before,
constexpr double worth_before = 4;        // and where one was
constexpr double plan_worth = 2;          // units that the plan is worth against what other channels have sold
constexpr std::uint64_t even_units = 10;  // of an earlier drop, in each channel: it is drawn to an even division
constexpr std::size_t drops_read = 3;     // the newest: this runs on the loop's thread

// Mean units of the channel's newest drops; nullopt: none of them sold here.
std::optional<std::uint64_t> sold_before(const Prices& prices, ChannelId channel) {
    const auto curves = prices.curves.find(channel);
    if (curves == prices.curves.end() || curves->second.empty()) return std::nullopt;
    std::uint64_t units = 0, drops = 0;
    for (auto drop = curves->second.rbegin(); drop != curves->second.rend() && drops < drops_read; ++drop, ++drops)
        for (const auto& cell : drop->cells) units += cell.units;
    return units / drops;
}

// What was sold, and the periods that it took, as if all had been asked the list price.
struct Asked {
    double sales = 0, periods = 0;
};
Asked asked_in(const LinePrice& line, Money list_price) {
    Asked out;
    for (const auto& arm : line.arms) {
        if (arm.exposure == 0 || arm.price <= Money{} || list_price <= Money{}) continue;
        const auto price = static_cast<float>(arm.price.n) / static_cast<float>(list_price.n);
        out.sales += static_cast<double>(arm.sales);
        const auto more = static_cast<double>(exp_of(-elasticity * log_of(price)));
        out.periods += static_cast<double>(arm.exposure) / 1e6 * more;
    }
    return out;
}

}  // namespace

std::optional<ChannelsInput> channels_of(const State& state, const Drop& drop, const LineKey& key,
                                         double* elsewhere) {
    struct Selling {
        ChannelId channel;
        const LinePrice* price;
        std::optional<std::uint64_t> before;
    };
    std::vector<Selling> selling;
    std::uint64_t known = 0, units = 0;
    for (const auto channel : drop.terms.channels) {
        const auto* price = state.prices.find({key.drop, key.line, channel});
        if (!price) continue;
        selling.push_back({channel, price, sold_before(state.prices, channel)});
        if (selling.back().before) ++known, units += *selling.back().before;
    }
    if (selling.size() < 2) return std::nullopt;
    const std::uint64_t usual = known > 0 ? units / known : 0;  // of a channel in which nothing was sold before
    const double all = static_cast<double>(units + (selling.size() - known) * usual + selling.size() * even_units);
    const auto& terms = drop.lines[key.line].terms;
    const double periods = std::max(1u, periods_left(drop.terms, drop.terms.opens_at));
    const double plan = std::max(0.01, static_cast<double>(terms.cap.n) / periods);  // units a period, all channels
    ChannelsInput out;
    double sold = plan_worth, planned = plan_worth;
    for (const auto& one : selling) {
        const double share = static_cast<double>(one.before.value_or(usual) + even_units) / all;
        const double worth = one.before ? worth_before : worth_alone;
        const auto asked = asked_in(*one.price, list_price_in(terms, one.channel));
        const double rate = (worth + asked.sales) / (worth / (plan * share) + asked.periods);
        const auto told = static_cast<std::uint64_t>(std::llround(std::clamp(rate, 1e-6, 1e9) * 1e6));
        if (one.channel != key.channel) {
            out.others += told;
            sold += asked.sales, planned += plan * share * asked.periods;
            continue;
        }
        out.own = told;
        out.before = Rate{static_cast<std::int64_t>(std::llround(share * 1e6))};
    }
    if (elsewhere) *elsewhere = std::clamp(sold / planned, 0.2, 5.0);
    return out;
}

double own_share(const std::optional<ChannelsInput>& channels) {
    if (!channels || channels->own == 0) return 1;
    return static_cast<double>(channels->own) / static_cast<double>(channels->own + channels->others);
}

double share_before(const std::optional<ChannelsInput>& channels) {
    return channels ? static_cast<double>(channels->before.n) / 1e6 : 1;
}

}  // namespace dropsmith::decide
