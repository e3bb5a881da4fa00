// Units by SKU and place. The law, none negative:
//     received + returned + moved_in + short = free + held + sold + moved_out + written_off
// free is kept on its own, not derived, so that the law can be broken and found. `short` rises only by a sale that
// physically happened beyond what was there. Making up a bundle is a move: out of its components, into the bundle.
// Codes 420-429, 495.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"
#include "model/product.h"

namespace dropsmith {

namespace refusals {
inline constexpr RefusalCode insufficient_free{420, "insufficient_free"};  // a move or write-off of more than is free
}

struct StockLine {
    SkuId sku;
    Quantity units;
    std::optional<Money> unit_cost;
};
DROPSMITH_RECORD(StockLine, sku, units, unit_cost)

struct ReceiveStock {
    static constexpr CommandCode code{420};
    PlaceId place;
    std::vector<StockLine> lines;
    std::string note;
};
struct MoveStock {
    static constexpr CommandCode code{421};
    PlaceId from;
    PlaceId to;
    std::vector<StockLine> lines;
    std::string note;
};
struct CountStock {                  // counted: what physically lies there (free + held); the difference is booked
    static constexpr CommandCode code{422};
    PlaceId place;
    std::vector<StockLine> lines;
    std::string note;
};
struct ReportSale {                  // a sale made elsewhere, once by source + id
    static constexpr CommandCode code{423};
    std::string source;
    std::string id;
    PlaceId place;
    ChannelId channel;               // none: not attributed
    Instant sold_at;
    std::vector<StockLine> lines;    // unit_cost unused; negative units: a return
    std::vector<Money> unit_prices;  // empty, or one a line
};

inline Quantity in_bundles(const BundlePart& part, Quantity bundles) {
    return Quantity{checked(try_mul(part.units.n, bundles.n))};
}

struct MakeBundles {                 // of free components at the place, all or nothing; apart: back into them
    static constexpr CommandCode code{495};
    PlaceId place;
    SkuId sku;
    Quantity units;
    bool apart = false;
    std::string note = {};
};

struct StockReceived {
    static constexpr FactCode code{420};
    static constexpr std::uint8_t version = 1;
    ReceiptId receipt;
    PlaceId place;
    std::vector<StockLine> lines;
    std::string note;
};
DROPSMITH_RECORD(StockReceived, receipt, place, lines, note)

struct StockMoved {
    static constexpr FactCode code{421};
    static constexpr std::uint8_t version = 1;
    PlaceId from;
    PlaceId to;
    std::vector<StockLine> lines;
    std::string note;
};
DROPSMITH_RECORD(StockMoved, from, to, lines, note)

struct CountDifference {
    SkuId sku;
    Quantity counted;
    Quantity found;                  // > 0: received; < 0: written off
};
DROPSMITH_RECORD(CountDifference, sku, counted, found)

struct StockCounted {
    static constexpr FactCode code{422};
    static constexpr std::uint8_t version = 1;
    PlaceId place;
    std::vector<CountDifference> lines;
    std::string note;
};
DROPSMITH_RECORD(StockCounted, place, lines, note)

struct SoldElsewhereLine {
    SkuId sku;
    Quantity units;                  // negative: returned
    Quantity short_units;            // how many of them were not there
    std::optional<Money> unit_price;
};
DROPSMITH_RECORD(SoldElsewhereLine, sku, units, short_units, unit_price)

struct SoldElsewhere {
    static constexpr FactCode code{423};
    static constexpr std::uint8_t version = 1;
    std::string source;
    std::string id;
    std::uint64_t source_key = 0;    // digest of source + id
    PlaceId place;
    ChannelId channel;
    Instant sold_at;
    std::vector<SoldElsewhereLine> lines;
};
DROPSMITH_RECORD(SoldElsewhere, source, id, source_key, place, channel, sold_at, lines)

struct BundlesMade {
    static constexpr FactCode code{495};
    static constexpr std::uint8_t version = 1;
    PlaceId place;
    SkuId sku;
    Quantity units;                  // bundles, above 0
    bool apart = false;
    std::vector<BundlePart> parts;   // of one bundle
    std::string note;
};
DROPSMITH_RECORD(BundlesMade, place, sku, units, apart, parts, note)

struct StockKey {
    SkuId sku;
    PlaceId place;
    friend auto operator<=>(const StockKey&, const StockKey&) = default;
};

struct StockRow {
    Quantity received, returned, moved_in, short_units, free, held, sold, moved_out, written_off;
    friend bool operator==(const StockRow&, const StockRow&) = default;
};
DROPSMITH_RECORD(StockRow, received, returned, moved_in, short_units, free, held, sold, moved_out, written_off)

struct Stock {
    std::map<StockKey, StockRow> rows;
    std::set<std::uint64_t> reported;    // source keys of sales made elsewhere, for ever
    std::uint64_t receipts = 0;
    // Units in bundles, ever put in less taken out, by bundle and component; by bundle and itself: bundles made up
    std::map<std::pair<SkuId, SkuId>, Quantity> bundled;

    const StockRow* find(SkuId sku, PlaceId place) const {
        auto it = rows.find({sku, place});
        return it == rows.end() ? nullptr : &it->second;
    }
};

}  // namespace dropsmith
