// Covered by flow/measure/ethics_test.cpp.
#include "flow/measure/ethics.h"

#include <algorithm>
#include <utility>

namespace dropsmith::measure {

void EthicsBook::add(const OrderPlaced& order, Instant at) {
    ++orders_;
    drops_.insert(order.drop);
    ++channels_[order.channel].orders;
    std::vector<PlaceId> places;
    for (const auto& line : order.lines) {
        const Stratum stratum{order.drop, line.line, at.ms / 3'600'000};
        const auto units = line.units.n;
        const auto paid = static_cast<__int128>(line.gross.n) - line.tax.n;
        units_ += line.units;
        const auto add = [&](PaidUnits& sum) { sum.units += units, sum.paid += paid; };
        add(all_[stratum]), add(channels_[order.channel].sums[stratum]), add(regions_[line.place].sums[stratum]);
        if (std::find(places.begin(), places.end(), line.place) == places.end()) places.push_back(line.place);
    }
    for (const auto place : places) ++regions_[place].orders;
}

// Rounded once, at the end: expected = sum over strata of units * (all paid / all units).
GroupPaid EthicsBook::figures(std::string name, const Group& group) const {
    GroupPaid out;
    out.name = std::move(name);
    out.orders = group.orders;
    __int128 paid = 0;
    double expected = 0;
    for (const auto& [stratum, sum] : group.sums) {
        const auto& everybody = all_.at(stratum);
        out.units += Quantity{sum.units};
        paid += sum.paid;
        expected += static_cast<double>(everybody.paid) / static_cast<double>(everybody.units) *
                    static_cast<double>(sum.units);
    }
    out.paid = Money{static_cast<std::int64_t>(paid)};
    out.expected = Money{static_cast<std::int64_t>(expected + 0.5)};
    out.index = out.expected > Money{} ? Rate{checked(try_mul_div_round(out.paid.n, whole.n, out.expected.n))} : whole;
    const auto off = out.index > whole ? out.index - whole : whole - out.index;
    out.flagged = off > disparity_tolerance && out.units.n >= disparity_units_min;
    return out;
}

Ethics EthicsBook::told(const State& state, Instant since, Instant until) const {
    Ethics out;
    out.since = since, out.until = until, out.orders = orders_, out.units = units_;
    for (const auto& [id, group] : channels_) {
        const auto* channel = state.places.find(id);
        out.channels.push_back(figures(channel ? channel->name : std::string(), group));
    }
    for (const auto& [id, group] : regions_) {
        const auto* place = state.places.find(id);
        out.regions.push_back(figures(place ? place->name : std::string(), group));
    }
    std::set<std::string> features;
    for (const auto id : drops_)
        if (const auto* drop = state.drops.find(id)) {
            out.personal_drops += !drop->terms.pricing.personal.empty();
            features.insert(drop->terms.pricing.features.begin(), drop->terms.pricing.features.end());
        }
    out.features.assign(features.begin(), features.end());
    return out;
}

}  // namespace dropsmith::measure
