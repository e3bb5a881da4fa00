// See the header. Linear: a shop has a handful of rates. Covered by model/tax_test.cpp.
#include "model/tax.h"

namespace dropsmith {
namespace {

const TaxRate* newest(const std::vector<TaxRate>& table, std::string_view category, std::string_view zone, Instant at) {
    const TaxRate* best = nullptr;
    for (const auto& row : table)
        if (row.category == category && row.zone == zone && row.valid_from <= at &&
            (!best || best->valid_from < row.valid_from))
            best = &row;
    return best;
}

const TaxRate* in_zones(const std::vector<TaxRate>& table, std::string_view category, std::string_view zone,
                        Instant at) {
    if (const auto* row = newest(table, category, zone, at)) return row;
    const auto dash = zone.find('-');
    if (dash != std::string_view::npos)
        if (const auto* row = newest(table, category, zone.substr(0, dash), at)) return row;
    return zone.empty() ? nullptr : newest(table, category, "", at);
}

}  // namespace

Rate tax_rate(const std::vector<TaxRate>& table, std::string_view category, std::string_view zone, Instant at) {
    if (const auto* row = in_zones(table, category, zone, at)) return row->rate;
    if (category != "standard")
        if (const auto* row = in_zones(table, "standard", zone, at)) return row->rate;
    return Rate{0};
}

}  // namespace dropsmith
