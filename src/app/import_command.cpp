// dropsmith import and dropsmith try: arguments, files, the way to the shop, progress on a terminal.
// Covered by edge/cli/import_test.cpp, tests/http/imports.py.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <unistd.h>

#include "app/commands.h"
#include "app/door.h"
#include "edge/cli/import.h"
#include "edge/cli/import_transfers.h"
#include "edge/cli/try.h"
#include "edge/files/input.h"

namespace dropsmith::app {
namespace {

namespace fs = std::filesystem;

Result<cli::Stream, Fault> open_file(const std::string& path) {
    auto opened = files::Input::open(path);
    if (!opened) return Failure{opened.error()};
    std::shared_ptr<files::Input> input = std::move(opened).value();
    cli::Stream out;
    out.read = [input](char* to, std::size_t room) { return input->read(to, room); };
    out.error = [input] { return input->error(); };
    out.progress = [input] { return std::pair{input->position(), input->size()}; };
    return out;
}

// One line on a terminal, written over again; "" ends it.
void show_line(const std::string& line) {
    if (line.empty())
        std::fprintf(stderr, "\r\033[K");
    else
        std::fprintf(stderr, "\r\033[K%s", line.c_str());
    std::fflush(stderr);
}

cli::ImportDoors doors_of(const ShopSettings& shop) {
    cli::ImportDoors doors;
    doors.open = open_file;
    doors.shop = [shop](const std::string& currency) {
        ShopSettings settings = shop;
        settings.any_kind = true;
        if (!currency.empty()) settings.currency = currency;  // of a new shop; an old one keeps its own
        return open_door(settings);
    };
    if (::isatty(STDERR_FILENO) == 1) doors.show = show_line;
    return doors;
}

int print(const cli::Outcome& outcome) {
    std::fwrite(outcome.out.data(), 1, outcome.out.size(), stdout);
    std::fwrite(outcome.err.data(), 1, outcome.err.size(), stderr);
    return outcome.code;
}

struct ImportAsked {
    cli::ImportAsk import;
    ShopSettings shop;
};

void add_what(Verb parent, cli::ImportWhat what, const char* name, const char* says, const char* example) {
    auto asked = std::make_shared<ImportAsked>();
    asked->import.what = what;
    const auto sub = parent.command(name, says, example);
    auto& import = asked->import;
    sub.add_option("files", import.files, "CSV files, plain or gzip; - is standard input").type_name("FILE").required();
    sub.add_option("--data", asked->shop.data, "The shop's data folder; made when it is not there").type_name("DIR");
    sub.add_option("--format", import.format, "shopify, square or csv; left out: told from the header");
    sub.add_option("--map", import.map, "Which column is what, for csv (docs/formats/csv-mapping.md)")
        .type_name("FILE.toml");
    sub.add_flag("--dry-run", import.dry_run, "Check and count, change nothing");
    sub.add_flag("--skip-bad", import.skip_bad, "Leave wrong rows out instead of refusing the file");
    sub.add_flag("--json", import.json, "One JSON document on standard output, nothing else there");
    sub.add_option("--currency", import.currency, "Of a file that does not say it, ISO 4217");
    sub.add_option("--name", asked->shop.name, "Name of a new shop");
    sub.add_option("--time-zone", asked->shop.time_zone, "Time zone of a new shop, IANA").shows_default();
    if (what == cli::ImportWhat::orders) {
        sub.add_option("--date-order", import.date_order, "dmy or mdy, when no row tells");
        sub.add_flag("--replace-unfinished", import.replace_unfinished, "Abandon an import that was left unfinished");
    }
    if (what == cli::ImportWhat::stock)
        sub.add_flag("--create-places", import.create_places, "Make places that the shop does not have");
    sub.runs([asked] {
        const bool needs_shop = !asked->import.dry_run;
        if (needs_shop && asked->shop.data.empty()) {
            std::fprintf(stderr, "dropsmith import: --data is required; only --dry-run goes without a shop\n");
            return 2;
        }
        auto doors = doors_of(asked->shop);
        if (asked->shop.data.empty()) {
            doors.shop = [](const std::string&) -> Result<std::unique_ptr<cli::Door>, Fault> {
                return fault(FaultKind::io,
                             "which currency is the file in? Say --currency, or --data for that of the shop");
            };
        }
        return print(cli::run_import(asked->import, doors));
    });
}

void add_transfers(Verb parent) {
    struct Words {
        cli::TransfersAsk import;
        ShopSettings shop;
    };
    auto asked = std::make_shared<Words>();
    const auto sub =
        parent.command("transfers", "A bank's statement: credits are matched with orders by reference and amount",
                       "dropsmith import transfers --map my-bank.toml statement.csv --data ~/shop");
    sub.add_option("files", asked->import.files, "CSV files, plain or gzip; - is standard input")
        .type_name("FILE")
        .required();
    sub.add_option("--data", asked->shop.data, "The shop's data folder").type_name("DIR").required();
    sub.add_option("--map", asked->import.map, "Which column is what (docs/formats/bank-statements.md)")
        .type_name("FILE.toml")
        .required();
    sub.add_flag("--dry-run", asked->import.dry_run, "Say what would become of each line, change nothing");
    sub.add_flag("--json", asked->import.json, "One JSON document on standard output, nothing else there");
    sub.runs([asked] {
        asked->shop.must_exist = true;
        return print(cli::run_transfers(asked->import, doors_of(asked->shop)));
    });
}

// A folder of its own that goes away with it.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::error_code ec;
        std::string name = (fs::temp_directory_path(ec) / "dropsmith-try-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ec;
        if (!path_.empty()) fs::remove_all(path_, ec);
    }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace

void add_import(Verb program) {
    const auto sub = program.command("import", "Orders, products, stock or bank transfers from others' files",
                                     "dropsmith import orders --format shopify orders_export.csv --data ~/shop");
    sub.needs_command();
    add_what(sub, cli::ImportWhat::orders, "orders", "Sales of the past; they feed audit and plan, never stock",
             "dropsmith import orders --format csv --map docs/examples/online-retail.toml retail.csv.gz --data ~/shop "
             "--json");
    add_what(sub, cli::ImportWhat::products, "products", "Products with their SKUs, costs and prices",
             "dropsmith import products --format shopify products_export.csv --data ~/shop");
    add_what(sub, cli::ImportWhat::stock, "stock", "What lies where, as a count",
             "dropsmith import stock --format shopify inventory_export.csv --create-places --data ~/shop");
    add_transfers(sub);
}

void add_try(Verb program) {
    auto asked = std::make_shared<cli::TryAsk>();
    const auto sub = program.command(
        "try", "Your own export in a temporary shop: audit, draft, rehearsal; nothing leaves this machine",
        "dropsmith try orders_export.csv");
    sub.add_option("files", asked->files, "Orders, and if you like products and stock: CSV, plain or gzip")
        .type_name("FILE")
        .required();
    sub.add_option("--map", asked->map, "Which column is what, when the file is none of Shopify's or Square's")
        .type_name("FILE.toml");
    sub.add_option("--currency", asked->currency, "Of a file that does not say it, ISO 4217");
    sub.add_option("--date-order", asked->date_order, "dmy or mdy, when no row tells");
    sub.add_option("--runs", asked->runs, "Rehearsals").range(1, 10'000).shows_default();
    sub.add_flag("--skip-bad", asked->skip_bad, "Leave wrong rows out");
    sub.add_flag("--json", asked->json, "One JSON document on standard output, nothing else there");
    sub.runs([asked] {
        const TemporaryFolder folder;
        if (folder.path().empty()) {
            std::fprintf(stderr, "dropsmith try: no folder for temporary files can be made; set TMPDIR\n");
            return 1;
        }
        ShopSettings shop;
        shop.data = folder.path() + "/shop";
        shop.name = "A try";
        return print(cli::run_try(*asked, doors_of(shop)));
    });
}

}  // namespace dropsmith::app
