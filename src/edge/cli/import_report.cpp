// See import_report.h. Covered by edge/cli/import_test.cpp.
#include "edge/cli/import_report.h"

#include "base/json.h"
#include "base/text.h"

namespace dropsmith::cli {

namespace {

constexpr std::string_view words[] = {"orders", "products", "stock"};

void write_totals(JsonWriter& json, const Book& book) {
    const BookTotals& t = book.totals();
    const int places = currency_places(book.currency());
    json.key("orders").natural(t.orders).key("returns").natural(t.returns).key("customers").natural(book.customers());
    json.key("gross").money(t.gross.n, book.currency()).key("returned").money(t.returned.n, book.currency());
    json.key("net").money(t.net.n, book.currency());
    json.key("unrounded").object().key("gross").text(t.gross_exact.text(places));
    json.key("returned").text(t.returned_exact.text(places)).key("net").text(t.net_exact.text(places)).end();
    json.key("notes").array();
    json.text("amounts are rounded line by line to the minor unit, half away from zero; unrounded has the exact sums");
    if (t.repeated > 0)
        json.text(std::to_string(t.repeated) + " lines stood in more than one of the files and count once");
    json.end();
}

std::string where(const Problem& problem) {
    std::string out = problem.row == 0 ? std::string("file") : "row " + std::to_string(problem.row);
    if (!problem.column.empty()) out += ", " + problem.column;
    return out;
}

}  // namespace

std::string report_json(const ImportAsk& ask, const ImportReport& report) {
    std::string out;
    JsonWriter json(out);
    json.object().key("what").text(words[static_cast<std::size_t>(ask.what)]).key("format").text(report.format);
    json.key("dry_run").boolean(ask.dry_run).key("done").boolean(report.done);
    json.key("rows")
        .natural(report.rows)
        .key("taken")
        .natural(report.sent.taken)
        .key("skipped")
        .natural(report.skipped);
    json.key("unchanged").natural(report.sent.unchanged);
    if (report.book != nullptr) write_totals(json, *report.book);
    if (ask.what != ImportWhat::orders)
        json.key("created").natural(report.sent.created).key("changed").natural(report.sent.changed);
    json.key("errors").array();
    for (const auto& problem : report.problems)
        json.object()
            .key("row")
            .natural(problem.row)
            .key("column")
            .text(problem.column)
            .key("detail")
            .text(problem.detail)
            .end();
    json.end().key("error_count").natural(report.problem_count);
    if (!report.trouble.empty()) json.key("detail").text(report.trouble);
    json.end();
    return out + "\n";
}

std::string report_text(const ImportAsk& ask, const ImportReport& report) {
    std::string out = std::to_string(report.rows) + " rows read";
    if (report.done)
        out += std::string(ask.dry_run ? "; would be taken: " : "; taken: ") + std::to_string(report.sent.taken) +
               ", known already: " + std::to_string(report.sent.unchanged) +
               ", skipped: " + std::to_string(report.skipped);
    out += "\n";
    if (report.book != nullptr) {
        const BookTotals& t = report.book->totals();
        const std::string& currency = report.book->currency();
        out += "orders " + std::to_string(t.orders) + ", of them returns " + std::to_string(t.returns) +
               "; customers " + std::to_string(report.book->customers()) + "\n";
        out += "gross " + format_money(t.gross, currency) + ", returned " + format_money(t.returned, currency) +
               ", net " + format_money(t.net, currency) + " (exact " + t.net_exact.text(currency_places(currency)) +
               ")\n";
    } else if (report.done && !ask.dry_run) {
        out += std::string(ask.what == ImportWhat::products ? "products" : "places") +
               " created: " + std::to_string(report.sent.created) +
               ", changed: " + std::to_string(report.sent.changed) + "\n";
    }
    constexpr std::size_t shown_max = 20;
    for (std::size_t i = 0; i < report.problems.size() && i < shown_max; ++i)
        out += where(report.problems[i]) + ": " + report.problems[i].detail + "\n";
    if (report.problem_count > shown_max)
        out += "... and " + std::to_string(report.problem_count - shown_max) + " more\n";
    return out;
}

}  // namespace dropsmith::cli
