// Square's items detail CSV, by column name: local date and time with a zone's name, amounts with a currency sign,
// refunds as rows of their own. Whether 03/04 is March or April shows only in other rows: all are read first, and when
// none tells the file is refused with the way out. Covered by edge/cli/import_orders_test.cpp.
#include <algorithm>
#include <map>

#include "edge/cli/import_orders.h"

namespace dropsmith::cli {

namespace {

struct Row {  // kept until the order of dates is known
    std::uint64_t row = 0;
    std::string date, time, zone;
    ReadLine line;
};

class SquareItems {
  public:
    SquareItems(Table& table, DateOrder order, Book& book) : table_(table), order_(order), book_(book) {
        date_ = need("Date");
        time_ = need("Time");
        zone_ = need("Time Zone");
        item_ = need("Item");
        units_ = need("Qty");
        id_ = need("Transaction ID");
        price_point_ = table.find("Price Point Name");
        sku_ = table.find("SKU");
        net_ = table.find("Net Sales");
        gross_ = table.find("Gross Sales");
        event_ = table.find("Event Type");
        customer_ = table.find("Customer ID");
        if (!net_ && !gross_) need("Net Sales");
    }

    void row() {
        book_.row();
        if (table_.cells() != table_.header().size())
            return wrong(table_.row(), "",
                         "has " + std::to_string(table_.cells()) + " cells, the header " +
                             std::to_string(table_.header().size()));
        Row row{table_.row(),
                std::string(table_.cell(date_)),
                std::string(table_.cell(time_)),
                std::string(table_.cell(zone_)),
                {}};
        ReadLine& line = row.line;
        line.order = table_.cell(id_);
        if (line.order.empty()) return wrong(row.row, "Transaction ID", "is empty");
        line.title = table_.cell(item_);
        if (const auto point = table_.cell(price_point_); !point.empty() && point != "Regular")
            line.title += " / " + std::string(point);
        line.sku = table_.cell(sku_).empty() ? line.title : table_.cell(sku_);
        line.customer = table_.cell(customer_);
        const auto units = parse_units(table_.cell(units_));
        if (!units)
            return wrong(row.row, "Qty", "'" + std::string(table_.cell(units_)) + "' is not a whole number of units");
        line.units = *units;
        const auto money_column = net_ ? net_ : gross_;
        const auto amount = parse_amount(table_.cell(money_column));
        if (!amount)
            return wrong(row.row, net_ ? "Net Sales" : "Gross Sales",
                         "'" + std::string(table_.cell(money_column)) + "' is not an amount");
        line.price = *amount;
        line.is_return = table_.cell(event_) == "Refund";
        if (line.is_return && line.units > 0) line.units = -line.units;
        if (line.is_return && line.price.mantissa > 0) line.price.mantissa = -line.price.mantissa;
        if (!line.is_return && line.units < 0) return wrong(row.row, "Qty", "is below zero in a row that is no refund");
        if (line.is_return) line.order += "/refund";
        learn_order(row.date);
        rows_.push_back(std::move(row));
    }

    void finish() {
        const bool slashes =
            std::ranges::any_of(rows_, [](const Row& row) { return row.date.find('/') != std::string::npos; });
        if (slashes && first_over_12_ && second_over_12_)
            return book_.problem(0, "Date",
                                 "some dates begin with the day and some with the month: export the file again");
        if (slashes && order_ == DateOrder::unknown) {
            if (!first_over_12_ && !second_over_12_)
                return book_.problem(0, "Date",
                                     "03/04 may be March or April, and no row tells: say --date-order dmy or "
                                     "--date-order mdy (date_order)");
            order_ = first_over_12_ ? DateOrder::day_first : DateOrder::month_first;
        }
        for (Row& row : rows_) place_in_time(row);
    }

  private:
    std::optional<std::size_t> need(std::string_view column) {
        const auto at = table_.find(column);
        if (!at) book_.problem(0, column, "the file has no such column; is it an items detail export of Square?");
        return at;
    }
    void wrong(std::uint64_t row, std::string_view column, std::string detail) {
        book_.problem(row, column, std::move(detail));
        book_.skip();
    }
    void learn_order(const std::string& date) {
        const auto first = date.find('/');
        const auto second = date.find('/', first + 1);
        if (first == std::string::npos || second == std::string::npos) return;
        first_over_12_ = first_over_12_ || parse_units(date.substr(0, first)).value_or(0) > 12;
        second_over_12_ = second_over_12_ || parse_units(date.substr(first + 1, second - first - 1)).value_or(0) > 12;
    }
    std::optional<std::int64_t> local_ms(const Row& row) const {
        const bool day_first = order_ == DateOrder::day_first;
        const bool iso = row.date.find('/') == std::string::npos;
        const bool two_digits = !iso && row.date.size() - row.date.rfind('/') == 3;
        const std::string date =
            iso ? "%Y-%m-%d" : std::string(day_first ? "%d/%m/" : "%m/%d/") + (two_digits ? "%y" : "%Y");
        for (const char* time : {" %H:%M:%S", " %I:%M:%S %p", " %H:%M", " %I:%M %p"})
            if (const auto got = parse_local(row.date + " " + row.time, date + time)) return got->ms;
        return std::nullopt;
    }
    void place_in_time(Row& row) {
        const auto local = local_ms(row);
        if (!local)
            return wrong(row.row, "Date", "'" + row.date + " " + row.time + "' is not a date and a time of day");
        auto zone = zones_.find(row.zone);
        if (zone == zones_.end()) {
            auto found = Zone::find(row.zone);
            if (!found) return wrong(row.row, "Time Zone", "'" + row.zone + "' is not a time zone that we know");
            zone = zones_.emplace(row.zone, std::move(*found)).first;
        }
        row.line.at = zone->second.utc(*local);
        if (!book_.add(row.row, row.line)) book_.skip();
    }

    Table& table_;
    DateOrder order_;
    Book& book_;
    std::optional<std::size_t> date_, time_, zone_, item_, units_, id_, price_point_, sku_, net_, gross_, event_,
        customer_;
    bool first_over_12_ = false, second_over_12_ = false;
    std::vector<Row> rows_;
    std::map<std::string, Zone> zones_;
};

}  // namespace

void read_square_items(Table& table, DateOrder order, Book& book, const Tick& tick) {
    SquareItems items(table, order, book);
    if (book.fatal()) return;
    while (table.next()) {
        items.row();
        tick(table.row());
    }
    if (const auto error = table.error(); !error.empty()) return book.problem(0, "", error);
    items.finish();
}

}  // namespace dropsmith::cli
