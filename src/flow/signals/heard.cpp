// Covered by flow/signals/fold_test.cpp.
#include "flow/signals/heard.h"

#include <algorithm>
#include <set>

namespace dropsmith::signals {
namespace {

constexpr Duration echo = hours(24);  // before the opening: what was announced earlier is over

bool runs(const Drop& drop) { return drop.status == DropStatus::open || drop.status == DropStatus::paused; }
bool to_come(const Drop& drop) {
    return runs(drop) || drop.status == DropStatus::scheduled || drop.status == DropStatus::draft;
}

// Of a drop: by name, else those of the place; `online` without either: those that are no place's.
std::vector<ChannelId> channels_meant(const State& state, const Drop& drop, const DemandKey& key, bool online) {
    std::vector<ChannelId> out;
    for (const auto id : drop.terms.channels) {
        const auto* channel = state.places.find(id);
        if (!channel) continue;
        const bool meant = key.channel  ? id == key.channel
                           : key.place ? channel->place == key.place
                                       : online && !channel->place;
        if (meant) out.push_back(id);
    }
    return out;
}

bool sells(const Drop& drop, SkuId sku) {
    return std::any_of(drop.lines.begin(), drop.lines.end(),
                       [&](const DropLine& line) { return line.terms.sku == sku && !line.ended; });
}

}  // namespace

std::vector<Hearing> heard_by(const State& state, const std::vector<DemandRow>& rows) {
    std::set<Hearing> heard;
    for (const auto& row : rows) {
        if (row.key.kind != Signal::footfall_counted || heard.size() >= hearing_max) continue;
        for (const auto& drop : state.drops.drops) {
            if (!runs(drop) || (row.key.drop && row.key.drop != drop.id)) continue;
            for (const auto channel : channels_meant(state, drop, row.key, false))
                heard.insert({row.key.channel ? PlaceId{} : row.key.place, drop.id, channel});
        }
    }
    std::vector<Hearing> out(heard.begin(), heard.end());
    if (out.size() > hearing_max) out.resize(hearing_max);
    return out;
}

std::vector<Announcement> announced_by(const State& state, const std::vector<DemandRow>& rows) {
    std::vector<Announcement> out;
    for (const auto& row : rows) {
        const auto& key = row.key;
        if (key.kind != Signal::creator_announced || (!key.drop && !key.sku)) continue;
        const Instant at{key.minute * 60'000};
        for (const auto& drop : state.drops.drops) {
            if (!to_come(drop) || (key.drop && key.drop != drop.id) || (key.sku && !sells(drop, key.sku))) continue;
            if (at >= drop.terms.closes_at || at + echo < drop.terms.opens_at) continue;
            for (const auto channel : channels_meant(state, drop, key, true))
                if (out.size() < announced_max) out.push_back({drop.id, channel, key.sku, at});
        }
    }
    return out;
}

}  // namespace dropsmith::signals
