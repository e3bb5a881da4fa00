// Orders by a mapping file. Covered by edge/cli/import_orders_test.cpp.
#include <algorithm>
#include <map>

#include "edge/cli/import_orders.h"

namespace dropsmith::cli {

namespace {

// The columns of one value, found in the header.
class Cells {
  public:
    Cells(const Table& table, const Columns& names, std::string_view joint, Book& book) : joint_(joint), names_(names) {
        for (const auto& name : names) {
            at_.push_back(table.find(name));
            if (at_.back()) continue;
            std::string header;
            for (const auto& known : table.header()) header += (header.empty() ? "" : ", ") + known;
            book.problem(0, name, "the file has no such column; it has: " + header);
        }
    }
    bool given() const { return !at_.empty(); }
    std::string name() const { return names_.empty() ? "" : names_[0]; }
    void read(const Table& table, std::string& out) const {
        out.clear();
        for (std::size_t i = 0; i < at_.size(); ++i) {
            if (i > 0) out += joint_;
            out += table.cell(at_[i]);
        }
    }

  private:
    std::string joint_;
    Columns names_;
    std::vector<std::optional<std::size_t>> at_;
};

bool begins_with_any(std::string_view text, const std::vector<std::string>& prefixes) {
    return std::ranges::any_of(prefixes, [&](const auto& prefix) { return text.starts_with(prefix); });
}

class MappedOrders {
  public:
    MappedOrders(Table& table, const Mapping& mapping, Book& book)
        : table_(table),
          mapping_(mapping),
          book_(book),
          order_(table, mapping.order, mapping.joint, book),
          sku_(table, mapping.sku, mapping.joint, book),
          title_(table, mapping.title, mapping.joint, book),
          units_(table, mapping.units, mapping.joint, book),
          price_(table, mapping.unit_price, mapping.joint, book),
          total_(table, mapping.line_total, mapping.joint, book),
          time_(table, mapping.time, " ", book),
          customer_(table, mapping.customer, mapping.joint, book) {
        if (!mapping.zone_column.empty()) zone_column_ = table.find(mapping.zone_column);
        if (!mapping.zone.empty()) zone_ = Zone::find(mapping.zone);
        demand(sku_.given() || title_.given(), "columns.sku", "is missing: which column is the SKU?");
        demand(price_.given() || total_.given(), "columns.unit_price",
               "is missing, and so is columns.line_total: one of them is the money");
        demand(time_.given(), "columns.time", "is missing: when was it sold?");
        demand(!mapping.time_format.empty(), "time.format", "is missing, for example \"%Y-%m-%d %H:%M:%S\"");
        demand(units_.given() || mapping.constant_units, "columns.units",
               "is missing; every row one unit: [constants] units = 1");
        demand(zone_ || !mapping.zone_column.empty() || mapping.time_format.find("%z") != std::string::npos,
               "time.zone", "is missing, for example \"Europe/London\"");
    }

    void row() {
        const std::uint64_t row = table_.row();
        book_.row();
        if (table_.cells() != table_.header().size())
            return wrong("", "has " + std::to_string(table_.cells()) + " cells, the header " +
                                 std::to_string(table_.header().size()));
        order_.read(table_, line_.order);
        sku_.read(table_, line_.sku);
        title_.read(table_, line_.title);
        customer_.read(table_, line_.customer);
        if (line_.sku.empty()) line_.sku = line_.title;
        if (order_.given() && line_.order.empty())
            return wrong(order_.name(), "is empty; every row belongs to an order");
        if (!read_units() || !read_money() || !read_time()) return;
        line_.is_return = begins_with_any(line_.order, mapping_.return_prefixes) ||
                          (mapping_.negative_units_are_returns && line_.units < 0);
        line_.is_adjustment = !line_.is_return && (begins_with_any(line_.order, mapping_.adjustment_prefixes) ||
                                                   (mapping_.negative_units_are_adjustments && line_.units < 0));
        line_.is_adjustment = line_.is_adjustment || begins_with_any(line_.sku, mapping_.adjustment_sku_prefixes) ||
                              std::ranges::find(mapping_.adjustment_skus, line_.sku) != mapping_.adjustment_skus.end();
        if (!line_.is_return && !line_.is_adjustment && line_.units < 0)
            return wrong(units_.name(),
                         "is below zero; say what that means: [returns] or [adjustments] negative_units = true");
        if (!book_.add(row, line_)) book_.skip();
    }

  private:
    void demand(bool there, std::string_view what, std::string detail) {
        if (!there) book_.problem(0, what, "of the mapping " + std::move(detail));
    }
    void wrong(std::string_view column, std::string detail) {
        book_.problem(table_.row(), column, std::move(detail));
        book_.skip();
    }
    bool refuse(std::string_view column, std::string detail) { return wrong(column, std::move(detail)), false; }

    bool read_units() {
        line_.units = mapping_.constant_units.value_or(1);
        if (!units_.given()) return true;
        units_.read(table_, text_);
        const auto units = parse_units(text_, mapping_.decimal);
        if (!units) return refuse(units_.name(), "'" + text_ + "' is not a whole number of units");
        line_.units = *units;
        return true;
    }
    bool read_money() {
        const Cells& cells = total_.given() ? total_ : price_;
        cells.read(table_, text_);
        const auto price = parse_amount(text_, mapping_.decimal);
        if (!price) return refuse(cells.name(), "'" + text_ + "' is not an amount, for example 12.50");
        line_.price = *price;
        line_.times = total_.given() ? 1 : line_.units;
        return true;
    }
    bool read_time() {
        time_.read(table_, text_);
        const auto local = parse_local(text_, mapping_.time_format);
        if (!local) return refuse(time_.name(), "'" + text_ + "' is not a time as " + mapping_.time_format);
        if (local->offset_ms) {
            line_.at = Instant{local->ms - *local->offset_ms};
            return true;
        }
        Zone* zone = zone_ ? &*zone_ : nullptr;
        if (zone_column_) {
            const std::string name(table_.cell(zone_column_));
            auto at = zones_.find(name);
            if (at == zones_.end()) {
                auto found = Zone::find(name);
                if (!found) return refuse(mapping_.zone_column, "'" + name + "' is not a time zone that we know");
                at = zones_.emplace(name, std::move(*found)).first;
            }
            zone = &at->second;
        }
        if (zone == nullptr) return refuse(time_.name(), "has no time zone");
        line_.at = zone->utc(local->ms);
        return true;
    }

    Table& table_;
    const Mapping& mapping_;
    Book& book_;
    Cells order_, sku_, title_, units_, price_, total_, time_, customer_;
    std::optional<std::size_t> zone_column_;
    std::optional<Zone> zone_;
    std::map<std::string, Zone> zones_;
    ReadLine line_;
    std::string text_;
};

}  // namespace

void read_mapped_orders(Table& table, const Mapping& mapping, Book& book, const Tick& tick) {
    MappedOrders orders(table, mapping, book);
    if (book.fatal()) return;
    while (table.next()) {
        orders.row();
        tick(table.row());
    }
    if (const auto error = table.error(); !error.empty()) book.problem(0, "", error);
}

}  // namespace dropsmith::cli
