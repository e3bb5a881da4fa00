// A mapping file (TOML): which column of any CSV is what. docs/formats/csv-mapping.md describes it, docs/examples has
// two that are used on real data. Any thread. Covered by edge/cli/import_orders_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dropsmith::cli {

using Columns = std::vector<std::string>;  // several are joined

struct Mapping {
    std::string source;
    std::string currency;
    char decimal = '.';
    Columns order, sku, title, units, unit_price, line_total, time, customer;          // orders
    Columns size, unit_cost, list_price, weight_g, gtin, handle, brand, story, place;  // products and stock
    Columns booked, amount, credit, text, id;  // statements of a bank
    std::string joint = " / ";  // between several columns of one value (time: a space)
    std::string time_format, zone, zone_column;
    std::optional<std::int64_t> constant_units;
    std::string constant_place;
    std::vector<std::string> return_prefixes, adjustment_prefixes, adjustment_skus, adjustment_sku_prefixes;
    std::int64_t skip_lines = 0;  // before the header
    bool latin_1 = false;         // the file is not UTF-8
    bool negative_units_are_returns = false, negative_units_are_adjustments = false;
};

// The error names the line of the file and what would be right.
Result<Mapping, std::string> parse_mapping(std::string_view toml);

// Mappings that are known by their header, with the text of docs/examples; nullptr: none fits.
const char* known_mapping(const std::vector<std::string>& header);

}  // namespace dropsmith::cli
