// Covered by flow/measure/ethics_test.cpp.
#include "flow/measure/ethics.h"

#include <map>
#include <set>
#include <tuple>

namespace dropsmith::measure {
namespace {

using Stratum = std::tuple<DropId, std::uint32_t, std::int64_t>;  // drop, line, hour

struct Sum {
    std::int64_t units = 0;
    __int128 paid = 0;
};

struct Sold {
    Stratum stratum;
    ChannelId channel;
    PlaceId place;
    std::int64_t units;
    Money price;
};

struct Group {
    std::set<std::uint64_t> orders;
    std::map<Stratum, Sum> sums;
};

// Rounded once, at the end: expected = sum over strata of units * (all paid / all units).
GroupPaid figures(std::string name, const Group& group, const std::map<Stratum, Sum>& all) {
    GroupPaid out;
    out.name = std::move(name);
    out.orders = static_cast<std::int64_t>(group.orders.size());
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

template <class Id, class Name>
std::vector<GroupPaid> groups_of(const std::map<Id, Group>& groups, const std::map<Stratum, Sum>& all, Name name) {
    std::vector<GroupPaid> out;
    for (const auto& [id, group] : groups) out.push_back(figures(name(id), group, all));
    return out;
}

}  // namespace

Ethics ethics_of(const State& state, Instant since, Instant until) {
    Ethics out;
    out.since = since, out.until = until;
    std::map<Stratum, Sum> all;
    std::map<ChannelId, Group> channels;
    std::map<PlaceId, Group> regions;
    std::set<DropId> drops;
    state.orders.table.each([&](const Order& order) {
        if (order.placed_at < since || order.placed_at >= until) return;
        ++out.orders;
        drops.insert(order.drop);
        for (const auto& line : order.lines) {
            const Stratum stratum{order.drop, line.terms.line, order.placed_at.ms / 3'600'000};
            const auto units = line.terms.units.n;
            const auto paid = static_cast<__int128>(line.terms.unit_price.n) * units;
            out.units += line.terms.units;
            const auto add = [&](Sum& sum) { sum.units += units, sum.paid += paid; };
            add(all[stratum]);
            for (auto* group : {&channels[order.channel], &regions[line.terms.place]})
                add(group->sums[stratum]), group->orders.insert(order.id.n);
        }
    });
    out.channels = groups_of(channels, all, [&](ChannelId id) {
        const auto* channel = state.places.find(id);
        return channel ? channel->name : std::string();
    });
    out.regions = groups_of(regions, all, [&](PlaceId id) {
        const auto* place = state.places.find(id);
        return place ? place->name : std::string();
    });
    std::set<std::string> features;
    for (const auto id : drops)
        if (const auto* drop = state.drops.find(id)) {
            out.personal_drops += !drop->terms.pricing.personal.empty();
            features.insert(drop->terms.pricing.features.begin(), drop->terms.pricing.features.end());
        }
    out.features.assign(features.begin(), features.end());
    return out;
}

}  // namespace dropsmith::measure
