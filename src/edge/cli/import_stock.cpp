// Stock from a file: Shopify's inventory with a row per location or a column per location, Square's library with a
// column per location, any CSV by a mapping. Covered by edge/cli/import_goods_test.cpp.
#include <map>

#include "edge/cli/import_goods.h"
#include "edge/cli/import_words.h"

namespace dropsmith::cli {

namespace {

using Column = std::optional<std::size_t>;

// A column of units: of which place (empty: the place stands in a column), and another one that goes before it when
// filled.
struct Units {
    Column column;
    std::string name, place;
    Column rather;
};

std::vector<Units> shopify_wide(const Table& table) {
    std::vector<Units> out;
    bool after_sku = false;
    for (std::size_t i = 0; i < table.header().size(); ++i) {
        const std::string& name = table.header()[i];
        if (after_sku && name != "HS Code" && name != "COO" && name != "Bin name") out.push_back({i, name, name, {}});
        after_sku = after_sku || name == "SKU";
    }
    return out;
}

std::vector<Units> shopify_long(const Table& table) {
    for (const char* name : {"On hand (current)", "On hand", "Available (not editable)", "Available"})
        if (const auto at = table.find(name)) return {{at, name, "", table.find("On hand (new)")}};
    return {};
}

std::vector<Units> square(const Table& table) {
    constexpr std::string_view current = "Current Quantity ", fresh = "New Quantity ";
    std::vector<Units> out;
    for (std::size_t i = 0; i < table.header().size(); ++i) {
        const std::string& name = table.header()[i];
        if (!name.starts_with(current)) continue;
        const std::string place = name.substr(current.size());
        out.push_back({i, name, place, table.find(std::string(fresh) + place)});
    }
    return out;
}

}  // namespace

void read_stock(Table& table, FileKind kind, const Mapping* mapping, Goods& goods) {
    Column sku = table.find("SKU"), place = table.find("Location");
    std::vector<Units> units;
    char decimal = '.';
    std::string everywhere;
    if (mapping != nullptr) {
        const auto find = [&](const Columns& names) { return names.empty() ? Column{} : table.find(names[0]); };
        sku = find(mapping->sku), place = find(mapping->place), everywhere = mapping->constant_place,
        decimal = mapping->decimal;
        if (const auto at = find(mapping->units)) units = {{at, mapping->units[0], everywhere, {}}};
        if (!place && everywhere.empty())
            goods.problem(0, "columns.place", "is missing; all in one place: [constants] place = \"High Street\"");
    } else if (kind == FileKind::square_library) {
        units = square(table);
    } else {
        units = place ? shopify_long(table) : shopify_wide(table);
    }
    if (!sku) goods.problem(0, "SKU", "the file has no such column");
    if (units.empty()) goods.problem(0, "units", "the file has no column of units that we know");
    if (goods.fatal()) return;

    std::map<std::pair<std::string, std::string>, std::uint64_t> seen;
    while (table.next()) {
        ++goods.rows;
        const std::uint64_t row = table.row();
        if (table.cells() != table.header().size()) {
            goods.problem(
                row, "",
                "has " + std::to_string(table.cells()) + " cells, the header " + std::to_string(table.header().size()));
            continue;
        }
        const std::string code(table.cell(sku));
        for (const Units& one : units) {
            std::string_view cell = table.cell(one.rather);
            if (cell.empty()) cell = table.cell(one.column);
            if (cell.empty() || cell == "not stocked") continue;
            const std::string where = one.place.empty() ? std::string(table.cell(place)) : one.place;
            const auto count = parse_units(cell, decimal);
            if (code.empty()) {
                goods.problem(row, "SKU", "is empty, but units are given");
            } else if (where.empty()) {
                goods.problem(row, "Location", "is empty");
            } else if (!count || *count < 0) {
                goods.problem(row, one.name, "'" + std::string(cell) + "' is not a number of units, 0 or above");
            } else if (const auto [at, fresh] = seen.try_emplace({where, code}, row); !fresh) {
                goods.problem(
                    row, "SKU",
                    "'" + code + "' at '" + where + "' stands in row " + std::to_string(at->second) + " already");
            } else {
                goods.counts.push_back({row, where, code, *count});
            }
        }
    }
    if (const auto error = table.error(); !error.empty()) goods.problem(0, "", error);
}

}  // namespace dropsmith::cli
