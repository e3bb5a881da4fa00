// Sales before Dropsmith: imported, staged in slices and published by one fact; feeds audit, plan and forecast, never
// stock. A line is known for ever by a digest of (source, order, line), so that an overlapping or repeated file changes
// nothing. Folded by SKU and hour. Customers are counted by keyed digest only. Codes 120-139.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

namespace refusals {
inline constexpr RefusalCode already_imported{120, "already_imported"};  // the very same file: nothing would change
inline constexpr RefusalCode import_running{121, "import_running"};      // another one is being staged: one at a time
}  // namespace refusals

struct HistorySku {                          // a SKU that the catalogue does not have yet
    std::string sku;
    std::string title;
};
DROPSMITH_RECORD(HistorySku, sku, title)

struct HistoryLine {
    std::uint64_t key = 0;                   // digest of (source, order, line)
    std::uint64_t order = 0;                 // digest of (source, order)
    std::uint64_t customer = 0;              // keyed digest, 0 = not given
    std::uint32_t sku = 0;                   // index into StageHistory::skus
    Instant at;
    Quantity units;                          // negative: returned
    // of the line, before tax handling: units x price, rounded to the minor unit
    Money amount;
    bool is_return = false;                  // a cancellation or return document
    bool is_adjustment = false;              // no sale: write-off, fee, bad debt; counts to net only
};
struct BeginImport {
    static constexpr CommandCode code{120};
    std::string file_name;
    std::string file_digest;                 // hex
    std::string format;
};
struct StageHistory {
    static constexpr CommandCode code{121};
    ImportId import;
    std::vector<HistorySku> skus;
    std::vector<HistoryLine> lines;          // at most limits::import_slice_rows
};
struct PublishImport {
    static constexpr CommandCode code{122};
    ImportId import;
};
struct AbandonImport {
    static constexpr CommandCode code{123};
    ImportId import;
};

struct HistoryTotals {
    std::uint64_t rows = 0, unchanged = 0, orders = 0, returns = 0, customers = 0;
    // gross: lines with units and amount above zero; returned: of return documents
    Money gross, returned, net;
};
DROPSMITH_RECORD(HistoryTotals, rows, unchanged, orders, returns, customers, gross, returned, net)

struct ImportBegun {
    static constexpr FactCode code{120};
    static constexpr std::uint8_t version = 1;
    ImportId import;
    std::string file_name;
    std::string file_digest;
    std::string format;
};
DROPSMITH_RECORD(ImportBegun, import, file_name, file_digest, format)

struct HourSales {
    std::uint32_t sku = 0;                   // SkuId
    std::int64_t hour = 0;                   // since the epoch
    std::int64_t units = 0;                  // sold
    std::int64_t returned = 0;
    Money revenue;                           // of the units sold
};
DROPSMITH_RECORD(HourSales, sku, hour, units, returned, revenue)

// one slice: new SKUs (unknown to the catalogue, added without a price), its fold, its keys
struct HistoryStaged {
    static constexpr FactCode code{121};
    static constexpr std::uint8_t version = 1;
    ImportId import;
    ProductId first_product;                 // new SKUs get products and ids from here on, one each
    SkuId first_sku;
    std::vector<HistorySku> new_skus;
    std::vector<HourSales> hours;
    std::vector<std::uint64_t> keys;         // of the lines taken
    std::vector<std::uint64_t> orders;       // digests seen first in this import
    std::vector<std::uint64_t> customers;
    HistoryTotals totals;                    // of this slice
};
DROPSMITH_RECORD(HistoryStaged, import, first_product, first_sku, new_skus, hours, keys, orders, customers, totals)

struct HistoryImported {
    static constexpr FactCode code{122};
    static constexpr std::uint8_t version = 1;
    ImportId import;
    HistoryTotals totals;
};
DROPSMITH_RECORD(HistoryImported, import, totals)

struct ImportAbandoned {
    static constexpr FactCode code{123};
    static constexpr std::uint8_t version = 1;
    ImportId import;
};
DROPSMITH_RECORD(ImportAbandoned, import)

enum class ImportStatus : std::uint8_t { staging, published, abandoned };
DROPSMITH_CHOICE(ImportStatus, "staging", "published", "abandoned")

struct Import {
    ImportId id;
    std::string file_name, file_digest, format;
    ImportStatus status = ImportStatus::staging;
    HistoryTotals totals;
    std::vector<std::int64_t> by_hour{};     // units sold by hour of the day, UTC; empty: none
};
DROPSMITH_RECORD(Import, id, file_name, file_digest, format, status, totals, by_hour)

struct SkuHour {
    std::int64_t units = 0, returned = 0;
    Money revenue;
};
DROPSMITH_RECORD(SkuHour, units, returned, revenue)

    // line, order, customer -> the import that brought it last; trees: no slice waits for a table to be rehashed
// file was. Each row says which import wrote it last; whether that counts is that import's status. What an abandoned
// import left behind is written over when its lines come again.
struct HistoryHour {
    SkuHour sum;                             // of imports published before `by`
    SkuHour staged;                          // what `by` adds
    ImportId by;
};

struct History {
    std::vector<Import> imports;             // import id - 1 is the index
    std::map<std::pair<std::uint32_t, std::int64_t>, HistoryHour> hours;  // (sku, hour); read them by shown()
    // line, order, customer -> the import that brought it last; trees: no slice waits for a table to be rehashed
    std::map<std::uint64_t, ImportId> keys, orders, customers;

    bool published(ImportId id) const {
        return id.n >= 1 && id.n <= imports.size() && imports[id.n - 1].status == ImportStatus::published;
    }
    SkuHour shown(const HistoryHour& row) const {  // all zero: nothing of this row is published
        if (!published(row.by)) return row.sum;
        return {row.sum.units + row.staged.units, row.sum.returned + row.staged.returned,
                row.sum.revenue + row.staged.revenue};
    }
};

inline bool is_nothing(const SkuHour& hour) { return hour.units == 0 && hour.returned == 0 && hour.revenue.n == 0; }

// The published hours of one SKU, in order; those where nothing was sold or returned are left out.
std::vector<std::pair<std::int64_t, SkuHour>> hours_of(const History& history, std::uint32_t sku);

}  // namespace dropsmith
