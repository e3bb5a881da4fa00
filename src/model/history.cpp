// Field tables of history.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/history.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(HistorySku, HistoryTotals, ImportBegun, HourSales, HistoryStaged, HistoryImported, ImportAbandoned,
                Import, SkuHour)

std::vector<std::pair<std::int64_t, SkuHour>> hours_of(const History& history, std::uint32_t sku) {
    std::vector<std::pair<std::int64_t, SkuHour>> out;
    const auto last = history.hours.upper_bound({sku, INT64_MAX});
    for (auto it = history.hours.lower_bound({sku, INT64_MIN}); it != last; ++it)
        if (const auto hour = history.shown(it->second); !is_nothing(hour)) out.emplace_back(it->first.second, hour);
    return out;
}

}  // namespace dropsmith
