// Covered by sim/lab_elasticity_test.cpp.
#include "sim/lab_elasticity.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <vector>

#include "base/csv.h"
#include "base/json.h"
#include "base/text.h"
#include "flow/measure/slopes.h"
#include "sim/figure_text.h"

namespace dropsmith::sim {
namespace {

using Groups = std::map<std::string, std::vector<measure::PriceUnits>>;

std::optional<double> number_in(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

Result<Groups, std::string> read(std::string_view table, const ElasticityColumns& columns) {
    CsvReader csv([&table](char* to, std::size_t room) {
        const auto n = std::min(room, table.size());
        std::memcpy(to, table.data(), n);
        table.remove_prefix(n);
        return n;
    });
    const auto header = csv.next();
    if (!header) return Failure{"the table is empty" + csv.error()};
    const auto column = [&](const std::string& name) {
        return static_cast<std::size_t>(std::find(header->begin(), header->end(), name) - header->begin());
    };
    const auto width = header->size(), price = column(columns.price), units = column(columns.units),
               group = columns.group.empty() ? width : column(columns.group);
    if (price == width) return Failure{"no column is named \"" + columns.price + "\": name the price's with --price"};
    if (units == width) return Failure{"no column is named \"" + columns.units + "\": name the units' with --units"};
    if (!columns.group.empty() && group == width) return Failure{"no column is named \"" + columns.group + "\" (--by)"};
    Groups groups;
    while (const auto row = csv.next()) {
        if (row->size() != width)
            return Failure{"row " + std::to_string(csv.row()) + ": not as many fields as the header"};
        const auto asked = number_in((*row)[price]), sold = number_in((*row)[units]);
        if (!asked || !sold || *asked <= 0 || *sold < 0)
            return Failure{"row " + std::to_string(csv.row()) + ": a price above 0 and units of 0 or more are needed"};
        groups[group == width ? "all" : std::string((*row)[group])].push_back({*asked, *sold});
    }
    if (!csv.error().empty()) return Failure{csv.error()};
    return groups;
}

void write(JsonWriter& json, std::string_view key, const std::optional<measure::Slope>& slope) {
    json.key(key);
    if (!slope) return (void)json.null();
    json.object().key("value").real_text(number(slope->value)).key("se").real_text(number(slope->se));
    json.key("low").real_text(number(slope->low())).key("high").real_text(number(slope->high())).end();
}

}  // namespace

Result<std::string, std::string> lab_elasticity(std::string_view table, const ElasticityColumns& columns) {
    const auto groups = read(table, columns);
    if (!groups) return Failure{groups.error()};
    std::vector<measure::Slope> slopes;
    for (const auto& [name, rows] : *groups) slopes.push_back(measure::log_log_slope(rows).value_or(measure::Slope{}));
    const auto pooled = measure::pool(slopes);
    std::string out;
    JsonWriter json(out);
    json.object().key("definition").text("elasticity/1").key("groups").array();
    std::size_t i = 0;
    for (const auto& [name, rows] : *groups) {
        json.object().key("group").text(name).key("rows").natural(rows.size());
        write(json, "least_squares", measure::log_log_slope(rows));
        write(json, "poisson_regression", measure::poisson_slope(rows));
        write(json, "pooled", pooled ? std::optional(pooled->slopes[i]) : std::nullopt);
        json.end(), ++i;
    }
    json.end();
    write(json, "mean", pooled ? std::optional(pooled->mean) : std::nullopt);
    json.key("between_sd");
    pooled ? json.real_text(number(pooled->between_sd)) : json.null();
    json.key("caution").text(
        "plain regressions: where prices followed demand (promotions before holidays, clearing what does not sell) "
        "these are not what a price causes; `dropsmith elasticity` uses the engine's own draws");
    json.end();
    return out;
}

}  // namespace dropsmith::sim
