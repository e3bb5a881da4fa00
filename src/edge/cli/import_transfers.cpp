// See the header. Covered by edge/cli/import_transfers_test.cpp.
#include "edge/cli/import_transfers.h"

#include <algorithm>
#include <map>
#include <set>

#include <boost/json/serialize.hpp>

#include "base/creditor_reference.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/cli/import_ask.h"
#include "edge/cli/import_mapping.h"
#include "edge/cli/import_words.h"

namespace dropsmith::cli {
namespace {

constexpr std::size_t lines_per_call = 500;

struct Credit {
    std::string id, booked_on, text;
    std::int64_t minor = 0;
};

Outcome wrong(std::string what, int code = 1) { return {code, {}, "dropsmith import transfers: " + what + "\n"}; }

std::string read_whole(const Stream& stream) {
    std::string out;
    char part[1 << 14];
    for (std::size_t got = 0; (got = stream.read(part, sizeof part)) > 0;) out.append(part, got);
    return out;
}

// Each octet is a character of its own there; its first 256 are Unicode's.
std::string from_latin_1(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | octet >> 6);
            out += static_cast<char>(0x80 | (octet & 0x3F));
        }
    }
    return out;
}

// The stream from its header on, as UTF-8.
Stream prepared(const Stream& stream, const Mapping& mapping) {
    auto text = std::make_shared<std::string>(read_whole(stream));
    std::size_t at = 0;
    for (auto left = mapping.skip_lines; left > 0; --left) {
        const auto end = text->find('\n', at);
        at = end == std::string::npos ? text->size() : end + 1;
    }
    text->erase(0, at);
    if (mapping.latin_1) *text = from_latin_1(*text);
    Stream out;
    out.read = [text, given = std::size_t{0}](char* to, std::size_t room) mutable {
        const auto n = std::min(room, text->size() - given);
        text->copy(to, n, given);
        given += n;
        return n;
    };
    out.error = stream.error;
    return out;
}

class Statement {
  public:
    Statement(const Mapping& mapping, int places) : mapping_(mapping), places_(places) {}
    std::vector<Credit> credits;
    std::uint64_t rows = 0, debits = 0;
    std::vector<Problem> problems;

    void read(Table& table) {
        const auto booked = columns(table, mapping_.booked, "booked");
        const auto amount = columns(table, mapping_.amount.empty() ? mapping_.credit : mapping_.amount, "amount");
        const auto text = columns(table, mapping_.text, "text"), id = columns(table, mapping_.id, "");
        if (!problems.empty()) return;
        while (table.next()) {
            if (table.cells() <= 1 && table.cell(0).empty()) continue;
            ++rows;
            Credit credit;
            if (take(table, booked, amount, credit)) {
                for (const auto column : text) {
                    if (!credit.text.empty()) credit.text += ' ';
                    credit.text += table.cell(column);
                }
                for (const auto column : id) credit.id += table.cell(column);
                name(credit);
                credits.push_back(std::move(credit));
            }
        }
        if (const auto error = table.error(); !error.empty()) problems.push_back({table.row(), "", error});
    }

  private:
    using Places = std::vector<std::size_t>;

    Places columns(Table& table, const Columns& names, std::string_view needed) {
        Places out;
        for (const auto& name : names) {
            if (const auto at = table.find(name))
                out.push_back(*at);
            else
                problems.push_back({1, name, "the header has no such column; is columns in the mapping file right?"});
        }
        if (names.empty() && !needed.empty())
            problems.push_back({0, "", "the mapping file does not say columns." + std::string(needed)});
        return out;
    }

    bool take(const Table& table, const Places& booked, const Places& amount, Credit& out) {
        const auto cell = table.cell(amount.front());
        if (cell.empty()) return ++debits, false;  // the other column has it
        const auto exact = parse_amount(cell, mapping_.decimal);
        const auto minor = exact ? to_minor(*exact, 1, places_) : std::nullopt;
        const auto whole = exact ? to_minor(*exact, 1'000, places_) : std::nullopt;
        if (!minor || !whole || *whole != *minor * 1'000) {
            problems.push_back({table.row(), table.header()[amount.front()],
                                "'" + std::string(cell) + "' is no amount in minor units of the shop's currency"});
            return false;
        }
        if (*minor <= 0) return ++debits, false;
        out.minor = *minor;
        std::string day;
        for (const auto column : booked) day += (day.empty() ? "" : " ") + std::string(table.cell(column));
        const auto local = parse_local(day, mapping_.time_format.empty() ? "%Y-%m-%d" : mapping_.time_format);
        if (!local) {
            problems.push_back({table.row(), table.header()[booked.front()],
                                "'" + day + "' does not fit time.format"});
            return false;
        }
        out.booked_on = rfc3339(Instant{local->ms}).substr(0, 10);
        return true;
    }

    // The bank's own id, or one that says nothing about the payer.
    void name(Credit& credit) {
        if (!credit.id.empty()) {
            credit.id = mapping_.source + " " + credit.id;
        } else {
            const auto content = credit.booked_on + '\n' + std::to_string(credit.minor) + '\n' + credit.text;
            const auto nth = ++same_[content];
            credit.id = mapping_.source + " " + credit.booked_on + " " +
                        hex(blake2b(content, "dropsmith bank line")).substr(0, 16) + "-" + std::to_string(nth);
        }
        if (credit.id.size() > 200) credit.id = hex(blake2b(credit.id, "dropsmith bank line"));
    }

    const Mapping& mapping_;
    int places_;
    std::map<std::string, std::uint64_t> same_;
};

// Only what may hold a reference leaves this process: names and accounts of payers stay in the file.
std::string only_reference(const std::string& text) {
    const auto found = find_creditor_reference(text);
    return found ? found->reference : std::string{};
}

std::string body_of(const std::vector<Credit>& credits, std::size_t from, const std::string& currency, bool dry_run) {
    std::string body;
    JsonWriter json(body);
    json.object().key("lines").array();
    for (auto i = from; i < std::min(credits.size(), from + lines_per_call); ++i) {
        const auto& credit = credits[i];
        json.object().key("id").text(credit.id).key("booked_on").text(credit.booked_on);
        json.key("amount").money(credit.minor, currency).key("text").text(only_reference(credit.text)).end();
    }
    json.end().key("dry_run").boolean(dry_run).end();
    return body;
}

struct Sums {
    std::uint64_t taken = 0, unchanged = 0, paid = 0, open = 0;
    std::string data;  // members of the answers' lists
    std::string shown;
};

void add(Sums& sums, const Answer& answer) {
    sums.taken += answer.number("taken"), sums.unchanged += answer.number("unchanged");
    sums.paid += answer.number("paid"), sums.open += answer.number("open");
    const auto* list = answer.body.as_object().if_contains("data");
    for (const auto& line : list->as_array()) {
        if (!sums.data.empty()) sums.data += ',';
        sums.data += boost::json::serialize(line);
        const auto outcome = text_of(line, "outcome");
        if (outcome == "paid" || outcome == "known") continue;
        sums.shown += "  " + outcome + ": " + text_of(line, "id");
        if (const auto reference = text_of(line, "reference"); !reference.empty()) sums.shown += ", " + reference;
        sums.shown += '\n';
    }
}

std::string problems_text(const std::vector<Problem>& problems) {
    std::string out;
    for (std::size_t i = 0; i < problems.size() && i < 20; ++i) {
        const auto& [row, column, detail] = problems[i];
        out += "  " + (row == 0 ? std::string("file") : "row " + std::to_string(row));
        if (!column.empty()) out += ", column " + column;
        out += ": " + detail + "\n";
    }
    return out;
}

}  // namespace

Outcome run_transfers(const TransfersAsk& ask_for, const ImportDoors& doors) {
    auto map = doors.open(ask_for.map);
    if (!map) return wrong(map.error().what);
    const auto mapping = parse_mapping(read_whole(*map));
    if (!mapping) return wrong(ask_for.map + ": " + mapping.error());
    if (mapping->source.empty()) return wrong(ask_for.map + ": source is required: the name of the account, say", 2);
    auto shop = doors.shop("");
    if (!shop) return wrong(shop.error().what);
    const auto told = ask(**shop, {"GET", "/v1/shop", {}, {}, {}});
    if (!told) return wrong(told.error());
    const auto currency = told->text("currency");
    if (!mapping->currency.empty() && mapping->currency != currency)
        return wrong(ask_for.map + ": currency is " + mapping->currency + ", the shop's is " + currency);
    Statement statement(*mapping, std::max(0, currency_places(currency)));
    for (const auto& file : ask_for.files) {
        auto opened = doors.open(file);
        if (!opened) return wrong(opened.error().what);
        Statement one(*mapping, std::max(0, currency_places(currency)));
        Table table(prepared(*opened, *mapping));
        one.read(table);
        if (!one.problems.empty())
            return wrong(file + ": nothing was taken:\n" + problems_text(one.problems));
        statement.rows += one.rows, statement.debits += one.debits;
        for (auto& credit : one.credits) statement.credits.push_back(std::move(credit));
    }
    Sums sums;
    for (std::size_t from = 0; from < statement.credits.size(); from += lines_per_call) {
        const auto answer = ask(**shop, {"POST", "/v1/payments/transfers", {},
                                         body_of(statement.credits, from, currency, ask_for.dry_run), {}});
        if (!answer) return wrong(answer.error());
        if (!answer->good()) return wrong(answer->problem());
        add(sums, *answer);
    }
    Outcome out;
    if (ask_for.json) {
        JsonWriter json(out.out);
        json.object().key("dry_run").boolean(ask_for.dry_run).key("rows").natural(statement.rows);
        json.key("debits").natural(statement.debits).key("credits").natural(statement.credits.size());
        json.key("taken").natural(sums.taken).key("unchanged").natural(sums.unchanged).key("paid").natural(sums.paid);
        json.key("open").natural(sums.open).key("data").raw("[" + sums.data + "]").end();
        out.out += '\n';
        return out;
    }
    out.out = std::string(ask_for.dry_run ? "Would take " : "Took ") + std::to_string(sums.taken) + " of " +
              std::to_string(statement.credits.size()) + " credits (" + std::to_string(sums.unchanged) +
              " known already, " + std::to_string(statement.debits) + " debits left out): " +
              std::to_string(sums.paid) + " orders paid, " + std::to_string(sums.open) + " open items\n" + sums.shown;
    if (sums.open != 0) out.out += "Open items: dropsmith payments open --data DIR\n";
    return out;
}

}  // namespace dropsmith::cli
