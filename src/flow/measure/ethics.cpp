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
    if (!order.personal.empty()) add_own(order);
}

void EthicsBook::add(const PersonalOfferMade& offer) {
    ++offers_;
    drops_.insert(offer.drop);
    std::set<std::string> named;  // an offer counts once for each feature that gave a line of it
    for (const auto& line : offer.lines)
        if (named.insert(line.feature).second) ++offered_[line.feature].offers;
}

void EthicsBook::add_own(const OrderPlaced& order) {
    ++own_channels_[order.channel].orders;
    std::set<PlaceId> places;
    for (const auto& line : order.lines)
        for (const auto& own : order.personal) {
            if (own.line != line.line) continue;
            const Stratum stratum{order.drop, line.line, own.rule};
            const auto shown = line.unit_price * line.units;
            if (shown <= Money{}) continue;
            const Money given{checked(try_mul_div_round(((own.standing - own.price) * line.units).n,
                                                        (line.gross - line.tax).n, shown.n))};
            auto& feature = offered_[own.feature];
            feature.units += line.units, feature.given += given;
            const auto add = [&](PaidUnits& sum) { sum.units += line.units.n, sum.paid += given.n; };
            add(own_[stratum]), add(own_channels_[order.channel].sums[stratum]);
            add(own_regions_[line.place].sums[stratum]);
            if (places.insert(line.place).second) ++own_regions_[line.place].orders;
        }
}

// Rounded once, at the end: expected = sum over strata of units * (all paid / all units).
GroupPaid EthicsBook::figures(std::string name, const Group& group, const Strata& all) {
    GroupPaid out;
    out.name = std::move(name);
    out.orders = group.orders;
    __int128 paid = 0;
    double expected = 0;
    for (const auto& [stratum, sum] : group.sums) {
        const auto& everybody = all.at(stratum);
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
        out.channels.push_back(figures(channel ? channel->name : std::string(), group, all_));
    }
    for (const auto& [id, group] : regions_) {
        const auto* place = state.places.find(id);
        out.regions.push_back(figures(place ? place->name : std::string(), group, all_));
    }
    for (const auto& [id, group] : own_channels_) {
        const auto* channel = state.places.find(id);
        out.own_channels.push_back(figures(channel ? channel->name : std::string(), group, own_));
    }
    for (const auto& [id, group] : own_regions_) {
        const auto* place = state.places.find(id);
        out.own_regions.push_back(figures(place ? place->name : std::string(), group, own_));
    }
    out.offers = offers_;
    for (const auto& [name, sums] : offered_) {
        out.offered.push_back(sums);
        out.offered.back().feature = name;
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
