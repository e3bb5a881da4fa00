// See import_send.h. Covered by edge/cli/import_send_test.cpp.
#include "edge/cli/import_send.h"

#include <unordered_map>

#include "base/json.h"
#include "base/limits.h"
#include "edge/cli/import_ask.h"

namespace dropsmith::cli {

namespace {

// In a shop that sells, a tenth of what a slice may have: the loop and the network thread are busy with a whole one for
// milliseconds, and buyers wait behind it (bench/import_beside_holds).
std::size_t rows_a_slice(const Door& door) {
    return door.others_ask_too() ? limits::import_slice_rows / 10 : limits::import_slice_rows;
}

std::string rows_body(const Book& book, std::size_t first, std::size_t last) {
    std::unordered_map<std::uint32_t, std::uint32_t> index;
    std::vector<std::uint32_t> skus;
    for (std::size_t i = first; i < last; ++i) {
        const std::uint32_t sku = book.lines()[i].sku;
        if (index.try_emplace(sku, static_cast<std::uint32_t>(skus.size())).second) skus.push_back(sku);
    }
    std::string body;
    JsonWriter json(body);
    json.object().key("skus").array();
    for (const auto sku : skus) json.object().key("sku").text(book.sku(sku)).key("title").text(book.title(sku)).end();
    json.end().key("lines").array();
    for (std::size_t i = first; i < last; ++i) {
        const BookLine& line = book.lines()[i];
        json.object().key("key").natural(line.key).key("order").natural(line.order);
        if (line.customer != 0) json.key("customer").text(book.customer(line.customer));
        json.key("sku").natural(index[line.sku]).key("at").instant(line.at.ms).key("units").integer(line.units);
        json.key("amount").money(line.amount.n, book.currency());
        if (line.is_return) json.key("is_return").boolean(true);
        if (line.is_adjustment) json.key("is_adjustment").boolean(true);
        json.end();
    }
    json.end().end();
    return body;
}

Result<Answer, std::string> begin(Door& door, const SendSales& how) {
    std::string body;
    JsonWriter json(body);
    json.object()
        .key("file_name")
        .text(how.file_name)
        .key("file_digest")
        .text(how.file_digest)
        .key("format")
        .text(how.format)
        .end();
    return ask(door, {"POST", "/v1/imports", {}, body, {}});
}

// The id of the import that is being staged, or "".
Result<std::string, std::string> unfinished(Door& door) {
    std::string cursor;
    for (;;) {
        const auto answer = ask(
            door,
            {"GET", "/v1/imports", cursor.empty() ? "limit=200" : "limit=200&cursor=" + query_value(cursor), {}, {}});
        if (!answer) return Failure{answer.error()};
        if (!answer->good()) return Failure{answer->problem()};
        const auto* members = answer->body.if_object();
        const auto* data = members != nullptr ? members->if_contains("data") : nullptr;
        if (data == nullptr || !data->is_array()) return std::string();
        for (const auto& import : data->get_array())
            if (text_of(import, "status") == "staging") return text_of(import, "id");
        cursor = answer->text("next");
        if (cursor.empty()) return std::string();
    }
}

}  // namespace

Result<ShopFacts, std::string> ask_shop(Door& door) {
    const auto answer = ask(door, {"GET", "/v1/shop", {}, {}, {}});
    if (!answer) return Failure{answer.error()};
    if (!answer->good()) return Failure{answer->problem()};
    return ShopFacts{answer->text("currency"), answer->text("time_zone")};
}

Result<Sent, std::string> send_sales(Door& door, const Book& book, const SendSales& how, const Progress& progress) {
    auto begun = begin(door, how);
    if (begun && begun->status == 409 && begun->text("code") == "import_running" && how.replace_unfinished) {
        const auto left = unfinished(door);
        if (!left) return Failure{left.error()};
        if (!left->empty()) {
            const auto ended = ask(door, {"POST", "/v1/imports/" + *left + "/abandon", {}, {}, {}});
            if (!ended) return Failure{ended.error()};
        }
        begun = begin(door, how);
    }
    if (!begun) return Failure{begun.error()};
    if (begun->status == 409 && begun->text("code") == "already_imported") return Sent{0, book.lines().size(), 0, 0};
    if (!begun->good()) {
        std::string why = begun->problem();
        if (begun->text("code") == "import_running") why += " (--replace-unfinished abandons it)";
        return Failure{std::move(why)};
    }
    const std::string path = "/v1/imports/" + begun->text("id");
    const auto give_up = [&](std::string why) {
        (void)ask(door, {"POST", path + "/abandon", {}, {}, {}});
        return Failure{why + "; nothing was imported"};
    };
    Sent sent;
    const std::size_t all = book.lines().size();
    const std::size_t rows = rows_a_slice(door);
    for (std::size_t first = 0; first < all; first += rows) {
        const std::size_t last = std::min(all, first + rows);
        const auto answer = ask(door, {"POST", path + "/rows", {}, rows_body(book, first, last), {}});
        if (!answer) return give_up(answer.error());
        if (!answer->good()) return give_up(answer->problem());
        sent.unchanged += answer->number("unchanged");
        progress(last, all);
    }
    const auto published = ask(door, {"POST", path + "/publish", {}, {}, {}});
    if (!published)
        return Failure{published.error() +
                       "; whether it was published is not known: run the import again, it changes nothing twice"};
    if (!published->good()) return give_up(published->problem());
    sent.taken = all - sent.unchanged;
    return sent;
}

}  // namespace dropsmith::cli
