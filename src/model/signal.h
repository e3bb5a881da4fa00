// Demand as seen: raw CloudEvents stay in signals.db; what enters the journal is their fold by minute, SKU, place and
// channel, one fact per batch of events, additive (a late event makes a further fold). Codes 100-119.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/arrivals.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

enum class Signal : std::uint8_t {
    page_viewed, page_scrolled, cart_added, session_started, pos_sold, stock_scanned, footfall_counted, shelf_counted,
    creator_announced, creator_claimed, listing_changed, packaging_promoted, label_scanned,
};
DROPSMITH_CHOICE(Signal, "page.viewed", "page.scrolled", "cart.added", "session.started", "pos.sold", "stock.scanned",
                 "footfall.counted", "shelf.counted", "creator.announced", "creator.claimed", "listing.changed",
                 "packaging.promoted", "label.scanned")

struct DemandKey {
    std::int64_t minute = 0;                 // since the epoch, of the event's own time
    DropId drop;                             // none: not about a drop
    SkuId sku;                               // none: about the shop or a place
    PlaceId place;
    ChannelId channel;
    Signal kind = Signal::page_viewed;
    friend auto operator<=>(const DemandKey&, const DemandKey&) = default;
};
DROPSMITH_RECORD(DemandKey, minute, drop, sku, place, channel, kind)

struct DemandRow {
    DemandKey key;
    std::int64_t count = 0;
};
DROPSMITH_RECORD(DemandRow, key, count)

// Whom footfall is about: what was counted at the place is of the drop's lines in the channel. Place none: what was
// counted in the channel by name.
struct Hearing {
    PlaceId place;
    DropId drop;
    ChannelId channel;
    friend auto operator<=>(const Hearing&, const Hearing&) = default;
};
DROPSMITH_RECORD(Hearing, place, drop, channel)

struct FoldDemand {
    static constexpr CommandCode code{100};
    std::uint64_t first = 0;                 // range in signals.db, inclusive
    std::uint64_t last = 0;
    std::string segment_digest;              // hex BLAKE2b over the raw rows of the range
    std::vector<DemandRow> rows;
};
struct DemandFolded {
    static constexpr FactCode code{100};
    static constexpr std::uint8_t version = 1;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::string segment_digest;
    std::vector<DemandRow> rows;
    std::vector<Hearing> hearing;            // of the rows that count footfall, by the drops that were open
    std::vector<Announcement> announced;     // what the rows say, by drop and channel
};
DROPSMITH_RECORD(DemandFolded, first, last, segment_digest, rows, hearing, announced)

struct Demand {
    std::map<DemandKey, std::int64_t> minutes;
    std::map<DemandKey, std::int64_t> hours, days;  // what is older: `minute` is the hour's or the day's first
    std::uint64_t folded_to = 0;             // last row of signals.db that is in
    template <class Visit>
    void each(Visit visit) const {
        for (const auto* part : {&minutes, &hours, &days})
            for (const auto& [key, count] : *part) visit(key, count);
    }
};

}  // namespace dropsmith
