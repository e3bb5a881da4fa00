// Where units are, and through what they are sold. A till, a stall, a linked shop is a place: an allotment is a move to
// it. Channel modes: own (Dropsmith sells), linked (another system sells from the allotment at `place`), observed (only
// reported). Codes 410-419. A new shop starts with the channel "web" (own) and no place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

enum class PlaceKind : std::uint8_t { hub, store, popup, locker, warehouse, partner };
DROPSMITH_CHOICE(PlaceKind, "hub", "store", "popup", "locker", "warehouse", "partner")
enum class ChannelMode : std::uint8_t { own, linked, observed };
DROPSMITH_CHOICE(ChannelMode, "own", "linked", "observed")

struct Position {                    // WGS 84, millionths of a degree
    std::int64_t lat_micro = 0;
    std::int64_t lon_micro = 0;
};
DROPSMITH_RECORD(Position, lat_micro, lon_micro)

struct AddPlace {
    static constexpr CommandCode code{410};
    std::string name;
    PlaceKind kind = PlaceKind::store;
    std::string time_zone;
    std::optional<Position> position;
};
struct ChangePlace {
    static constexpr CommandCode code{411};
    PlaceId place;
    std::optional<std::uint64_t> if_version;
    std::optional<std::string> name;
    std::optional<PlaceKind> kind;
    std::optional<std::string> time_zone;
    std::optional<Position> position;
};
struct AddChannel {
    static constexpr CommandCode code{412};
    std::string name;
    ChannelMode mode = ChannelMode::own;
    std::optional<bool> prices_include_tax;  // absent: as the shop
    PlaceId place;                           // linked: where the allotment lies
};
struct ChangeChannel {
    static constexpr CommandCode code{413};
    ChannelId channel;
    std::optional<std::uint64_t> if_version;
    std::optional<std::string> name;
    std::optional<ChannelMode> mode;
    std::optional<PlaceId> place;
};

struct Place {
    PlaceId id;
    std::uint64_t version = 1;
    std::string name;
    PlaceKind kind = PlaceKind::store;
    std::string time_zone;
    std::optional<Position> position;
};
DROPSMITH_RECORD(Place, id, version, name, kind, time_zone, position)

struct Channel {
    ChannelId id;
    std::uint64_t version = 1;
    std::string name;
    ChannelMode mode = ChannelMode::own;
    bool prices_include_tax = true;
    PlaceId place;
};
DROPSMITH_RECORD(Channel, id, version, name, mode, prices_include_tax, place)

struct PlaceSet {                    // added (id is new) or changed: the whole place
    static constexpr FactCode code{410};
    static constexpr std::uint8_t version = 1;
    Place place;
};
DROPSMITH_RECORD(PlaceSet, place)

struct ChannelSet {
    static constexpr FactCode code{411};
    static constexpr std::uint8_t version = 1;
    Channel channel;
};
DROPSMITH_RECORD(ChannelSet, channel)

struct Places {
    std::vector<Place> places;       // place id - 1 is the index
    std::vector<Channel> channels;   // channel id - 1 is the index
    const Place* find(PlaceId id) const { return id.n >= 1 && id.n <= places.size() ? &places[id.n - 1] : nullptr; }
    const Channel* find(ChannelId id) const {
        return id.n >= 1 && id.n <= channels.size() ? &channels[id.n - 1] : nullptr;
    }
    const Channel* channel_named(std::string_view name) const {
        for (const auto& channel : channels)
            if (channel.name == name) return &channel;
        return nullptr;
    }
};
DROPSMITH_RECORD(Places, places, channels)

}  // namespace dropsmith
