// See import.h. Covered by edge/cli/import_test.cpp.
#include "edge/cli/import.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "edge/cli/import_orders.h"
#include "edge/cli/import_report.h"

namespace dropsmith::cli {

namespace {

constexpr std::size_t file_name_max = 200;

std::string base_name(const std::string& path) {
    if (path == "-") return "standard input";
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string percent(std::pair<std::uint64_t, std::uint64_t> progress) {
    if (progress.second == 0) return "";
    return ", " + std::to_string(std::min<std::uint64_t>(100, progress.first * 100 / progress.second)) + " %";
}

class Importer {
  public:
    Importer(const ImportAsk& ask, const ImportDoors& doors) : ask_(ask), doors_(doors) {}

    Outcome run() {
        if (auto usage = wrong_use()) return {2, "", "dropsmith import: " + *usage + "\n"};
        if (!read_mapping()) return finish();
        ask_.what == ImportWhat::orders ? orders() : goods();
        return finish();
    }

  private:
    std::optional<std::string> wrong_use() const {
        if (ask_.files.empty()) return "name at least one file; - is standard input";
        if (ask_.format != "" && ask_.format != "shopify" && ask_.format != "square" && ask_.format != "csv")
            return "--format is shopify, square or csv, not '" + ask_.format + "'";
        if (!ask_.map.empty() && ask_.format != "" && ask_.format != "csv") return "--map goes with --format csv";
        if (ask_.date_order != "" && ask_.date_order != "dmy" && ask_.date_order != "mdy")
            return "--date-order is dmy or mdy";
        if (!ask_.currency.empty() && !known_currency(ask_.currency))
            return "--currency is a code of ISO 4217, for example GBP";
        if (std::ranges::count(ask_.files, "-") > 1) return "standard input can be read once only";
        return std::nullopt;
    }

    bool fail(std::string why) {
        report_.trouble = std::move(why);
        return false;
    }

    bool read_mapping() {
        if (ask_.map.empty()) return true;
        auto stream = doors_.open(ask_.map);
        if (!stream) return fail(stream.error().what);
        std::string text;
        char piece[4096];
        while (const std::size_t n = stream->read(piece, sizeof piece)) text.append(piece, n);
        if (const auto error = stream->error(); !error.empty()) return fail(error);
        auto mapping = parse_mapping(text);
        if (!mapping) return fail(ask_.map + ": " + mapping.error());
        mapping_ = std::move(mapping).value();
        return true;
    }

    // The kind of a file by --format and its header; notes why it cannot be.
    std::optional<FileKind> kind_of(const Table& table, const std::string& file) {
        if (const auto error = table.error(); !error.empty()) return fail(error), std::nullopt;
        if (mapping_) return FileKind::known;
        FileKind kind = sniff(table);
        if (table.header().empty()) return fail(file + ": is empty"), std::nullopt;
        const bool orders = ask_.what == ImportWhat::orders;
        const auto needs = [&](FileKind right, const char* words) -> std::optional<FileKind> {
            if (kind == right) return kind;
            return fail(file + ": the header is not that of " + words +
                        "; for another CSV write a mapping: --format csv --map FILE.toml"),
                   std::nullopt;
        };
        if (ask_.format == "shopify") {
            if (orders) return needs(FileKind::shopify_orders, "Shopify's orders export");
            return needs(
                ask_.what == ImportWhat::products ? FileKind::shopify_products : FileKind::shopify_stock,
                ask_.what == ImportWhat::products ? "Shopify's products export" : "Shopify's inventory export");
        }
        if (ask_.format == "square")
            return orders ? needs(FileKind::square_items, "Square's items detail export")
                          : needs(FileKind::square_library, "Square's item library export");
        if (kind == FileKind::known && orders) {
            auto mapping = parse_mapping(known_mapping(table.header()));
            if (!mapping) return fail(mapping.error()), std::nullopt;
            mapping_ = std::move(mapping).value();
            return kind;
        }
        const bool sale = kind == FileKind::shopify_orders || kind == FileKind::square_items;
        if (ask_.format == "csv" || kind == FileKind::unknown || kind == FileKind::known || sale != orders)
            return fail(file +
                        ": needs a mapping that says which column is what: --map FILE.toml "
                        "(docs/formats/csv-mapping.md)"),
                   std::nullopt;
        return kind;
    }

    // Opens the shop when its currency is wanted or something shall be sent. With a currency given a new shop is made
    // in it.
    bool open_shop(const std::string& currency) {
        if (door_) return true;
        auto door = doors_.shop(currency);
        if (!door) return fail(door.error().what);
        door_ = std::move(door).value();
        auto shop = ask_shop(*door_);
        if (!shop) return fail(shop.error());
        shop_ = std::move(shop).value();
        return true;
    }

    // Of the mapping, of the command, of the file's own column, else of the shop.
    std::optional<std::string> currency_for(FileKind kind, const std::string& file) {
        if (mapping_ && !mapping_->currency.empty()) return mapping_->currency;
        if (!ask_.currency.empty()) return ask_.currency;
        if (kind == FileKind::shopify_orders && file != "-") {
            if (auto stream = doors_.open(file)) {
                Table peek(std::move(stream).value());
                if (peek.next() && known_currency(peek.cell(peek.find("Currency"))))
                    return std::string(peek.cell(peek.find("Currency")));
            }
        }
        if (!open_shop("")) return std::nullopt;
        return shop_.currency;
    }

    bool right_currency(const std::string& currency) {
        if (!open_shop(currency)) return false;
        if (shop_.currency == currency) return true;
        return fail("the file is in " + currency + ", this shop in " + shop_.currency + "; a shop has one currency");
    }

    void show_reading(const Table& table, std::uint64_t row) {
        if (!doors_.show || row % 4096 != 0) return;
        doors_.show(std::to_string(row) + " rows read" + percent(table.progress()));
    }
    Progress sending() const {
        return [this](std::uint64_t done, std::uint64_t all) {
            if (doors_.show) doors_.show(std::to_string(done) + " of " + std::to_string(all) + " sent");
        };
    }

    void orders() {
        Blake2b digests;
        std::string names;
        std::optional<Book> book;
        for (const auto& file : ask_.files) {
            auto stream = doors_.open(file);
            if (!stream) return void(fail(stream.error().what));
            Table table(std::move(stream).value());
            const auto kind = kind_of(table, file);
            if (!kind) return;
            if (!book) {
                const auto currency = currency_for(*kind, file);
                if (!currency) return;
                report_.format = *kind == FileKind::shopify_orders ? "shopify"
                                 : *kind == FileKind::square_items ? "square"
                                                                   : "csv";
                book.emplace(mapping_ && !mapping_->source.empty() ? mapping_->source : report_.format, *currency);
            }
            book->begin_file();
            const Tick tick = [&](std::uint64_t row) { show_reading(table, row); };
            const DateOrder order = ask_.date_order == "dmy"   ? DateOrder::day_first
                                    : ask_.date_order == "mdy" ? DateOrder::month_first
                                                               : DateOrder::unknown;
            if (*kind == FileKind::shopify_orders)
                read_shopify_orders(table, *book, tick);
            else if (*kind == FileKind::square_items)
                read_square_items(table, order, *book, tick);
            else
                read_mapped_orders(table, *mapping_, *book, tick);
            digests.add(table.digest());
            names += (names.empty() ? "" : ", ") + base_name(file);
        }
        book_ = std::move(book);
        report_.book = &*book_;
        report_.rows = book_->totals().rows;
        report_.skipped = book_->totals().skipped;
        report_.problems = book_->problems();
        report_.problem_count = book_->problem_count();
        if (stands_in_the_way(book_->fatal())) return;
        if (book_->lines().empty()) return void(fail("the file has no rows to import"));
        report_.sent.taken = book_->lines().size();
        report_.done = ask_.dry_run;
        if (ask_.dry_run) return;
        report_.sent = {};
        if (!right_currency(book_->currency())) return;
        if (names.size() > file_name_max) names = names.substr(0, file_name_max - 3) + "...";
        while (!valid_utf8(names)) names.pop_back();
        accept(send_sales(*door_, *book_, {names, hex(digests.finish()), report_.format, ask_.replace_unfinished},
                          sending()));
    }

    void goods() {
        Goods goods;
        for (const auto& file : ask_.files) {
            auto stream = doors_.open(file);
            if (!stream) return void(fail(stream.error().what));
            Table table(std::move(stream).value());
            const auto kind = kind_of(table, file);
            if (!kind) return;
            report_.format = mapping_ ? "csv" : *kind == FileKind::square_library ? "square" : "shopify";
            if (goods.currency.empty() && ask_.what == ImportWhat::products) {
                const auto currency = currency_for(*kind, file);
                if (!currency) return;
                goods.currency = *currency;
            }
            const Mapping* mapping = mapping_ ? &*mapping_ : nullptr;
            if (ask_.what == ImportWhat::products)
                read_products(table, *kind, mapping, goods);
            else
                read_stock(table, *kind, mapping, goods);
        }
        report_.rows = goods.rows, report_.skipped = goods.skipped;
        report_.problems = goods.problems, report_.problem_count = goods.problems.size();
        if (stands_in_the_way(goods.fatal())) return;
        for (const auto& product : goods.products) report_.sent.taken += product.skus.size();
        report_.sent.taken += goods.counts.size();
        report_.done = ask_.dry_run;
        if (ask_.dry_run) return;
        report_.sent = {};
        if (ask_.what == ImportWhat::products) {
            if (right_currency(goods.currency)) accept(send_products(*door_, goods, sending()));
            return;
        }
        if (!open_shop("")) return;
        accept(send_stock(*door_, goods, ask_.create_places, sending()));
        report_.problems = goods.problems, report_.problem_count = goods.problems.size();
    }

    bool stands_in_the_way(bool fatal) {
        if (report_.problem_count == 0 || (ask_.skip_bad && !fatal)) return false;
        fail(fatal ? "nothing was imported: the file does not fit, see the errors"
                   : "nothing was imported: " + std::to_string(report_.problem_count) +
                         " rows are wrong; mend them, or leave them out with --skip-bad");
        return true;
    }
    void accept(Result<Sent, std::string> sent) {
        if (!sent) return void(fail(sent.error()));
        report_.sent = *sent;
        report_.done = true;
    }

    Outcome finish() {
        Outcome out;
        out.code = report_.trouble.empty() ? 0 : 1;
        if (doors_.show) doors_.show("");
        if (ask_.json)
            out.out = report_json(ask_, report_);
        else if (report_.rows > 0 || !report_.problems.empty())
            out.out = report_text(ask_, report_);
        if (!report_.trouble.empty()) out.err = "dropsmith import: " + report_.trouble + "\n";
        return out;
    }

    const ImportAsk& ask_;
    const ImportDoors& doors_;
    std::optional<Mapping> mapping_;
    std::unique_ptr<Door> door_;
    ShopFacts shop_;
    std::optional<Book> book_;
    ImportReport report_;
};

}  // namespace

Outcome run_import(const ImportAsk& ask, const ImportDoors& doors) { return Importer(ask, doors).run(); }

}  // namespace dropsmith::cli
