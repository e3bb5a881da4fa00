// Orders of the past: any CSV by a mapping, Shopify, Square; and the two public data sets to the penny when they are
// there.
#include "edge/cli/import_orders.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/text.h"
#include "edge/cli/import_goods.h"

namespace dropsmith::cli::import_orders_test {
namespace {

namespace fs = std::filesystem;

std::string file_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    EXPECT_TRUE(in) << path << ": tests run from the source folder";
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

Stream stream_of(std::string text) {
    auto rest = std::make_shared<std::string>(std::move(text));
    auto at = std::make_shared<std::size_t>(0);
    Stream out;
    out.read = [rest, at](char* to, std::size_t room) {
        const std::size_t n = std::min(room, rest->size() - *at);
        std::memcpy(to, rest->data() + *at, n);
        *at += n;
        return n;
    };
    return out;
}
Table sample(const std::string& name) { return Table(stream_of(file_text("tests/data/imports/" + name))); }

std::string problems(const Book& book) {
    std::string out;
    for (const auto& p : book.problems()) out += std::to_string(p.row) + " " + p.column + ": " + p.detail + "\n";
    return out;
}
const Tick quiet = [](std::uint64_t) {};

Mapping mapping_of(const std::string& text) {
    auto mapping = parse_mapping(text);
    EXPECT_TRUE(mapping.ok()) << (mapping.ok() ? "" : mapping.error());
    return mapping.ok() ? *mapping : Mapping{};
}

TEST(ImportOrders, ShopifyUnderstandsRefundsAndCancellations) {
    Table table = sample("shopify_orders.csv");
    EXPECT_EQ(sniff(table), FileKind::shopify_orders);
    Book book("shopify", "GBP");
    read_shopify_orders(table, book, quiet);
    EXPECT_EQ(problems(book), "");
    const auto& t = book.totals();
    EXPECT_EQ(t.rows, 6u);
    EXPECT_EQ(t.orders, 7u) << "five orders and two refund documents";
    EXPECT_EQ(t.returns, 2u);
    EXPECT_EQ(book.customers(), 3u);
    EXPECT_EQ(t.gross, Money{2500 + 2500 + 1250 + 3000 + 900});
    EXPECT_EQ(t.returned, Money{-1250 - 420});
    EXPECT_EQ(t.net, t.gross + t.returned);
    ASSERT_EQ(book.lines().size(), 8u);
    EXPECT_EQ(book.sku(book.lines()[1].sku), "PLATE-L");
    EXPECT_EQ(rfc3339(book.lines()[2].at), "2026-07-01T08:00:00.000Z");
    EXPECT_EQ(book.lines()[3].units, -1);
    EXPECT_EQ(book.sku(book.lines()[7].sku), "Gift wrap") << "a line without a SKU goes by its name";
}

TEST(ImportOrders, SquareKnowsZonesSignsAndRefunds) {
    Table table = sample("square_items.csv");
    EXPECT_EQ(sniff(table), FileKind::square_items);
    Book book("square", "USD");
    read_square_items(table, DateOrder::unknown, book, quiet);
    EXPECT_EQ(problems(book), "");
    ASSERT_EQ(book.lines().size(), 3u);
    EXPECT_EQ(rfc3339(book.lines()[0].at), "2026-03-14T18:05:00.000Z");
    EXPECT_EQ(rfc3339(book.lines()[2].at), "2026-07-04T13:30:00.000Z");
    EXPECT_EQ(book.totals().gross, Money{1150});
    EXPECT_EQ(book.totals().returned, Money{-450});
    EXPECT_EQ(book.totals().orders, 2u);
    EXPECT_EQ(book.totals().returns, 1u);
    EXPECT_EQ(book.sku(book.lines()[1].sku), "Scone / Cheese");
}

TEST(ImportOrders, AnAmbiguousDateIsRefusedWithItsRemedy) {
    Table table = sample("square_ambiguous.csv");
    Book refused("square", "GBP");
    read_square_items(table, DateOrder::unknown, refused, quiet);
    EXPECT_TRUE(refused.fatal());
    EXPECT_NE(problems(refused).find("date_order"), std::string::npos) << problems(refused);
    struct Case {
        DateOrder order;
        const char* at;
    };
    for (const auto& c : {Case{DateOrder::day_first, "2026-04-03T13:05:00.000Z"},
                          {DateOrder::month_first, "2026-03-04T14:05:00.000Z"}}) {
        Table again = sample("square_ambiguous.csv");
        Book book("square", "GBP");
        read_square_items(again, c.order, book, quiet);
        EXPECT_EQ(problems(book), "");
        EXPECT_EQ(rfc3339(book.lines().at(0).at), c.at);
    }
}

TEST(ImportOrders, AnyCsvByAMapping) {
    Table table = sample("generic.csv");
    const Mapping mapping = mapping_of(file_text("tests/data/imports/generic.toml"));
    Book book(mapping.source, mapping.currency);
    read_mapped_orders(table, mapping, book, quiet);
    EXPECT_EQ(problems(book), "");
    ASSERT_EQ(book.lines().size(), 3u);
    EXPECT_EQ(book.totals().gross, Money{2 * 123'450}) << "two equal rows are two sales";
    EXPECT_NE(book.lines()[0].key, book.lines()[1].key);
    EXPECT_EQ(book.lines()[0].order, book.lines()[1].order);
    EXPECT_EQ(rfc3339(book.lines()[0].at), "2026-03-02T09:00:00.000Z");
    EXPECT_TRUE(book.lines()[2].is_return);
    EXPECT_EQ(rfc3339(book.lines()[2].at), "2026-03-02T11:30:00.000Z");
}

TEST(ImportOrders, OverlappingFilesCountOnce) {
    const Mapping mapping = mapping_of(file_text("tests/data/imports/generic.toml"));
    Book once(mapping.source, mapping.currency), twice(mapping.source, mapping.currency);
    Table first = sample("generic.csv");
    read_mapped_orders(first, mapping, once, quiet);
    for (int i = 0; i < 2; ++i) {
        Table table = sample("generic.csv");
        twice.begin_file();
        read_mapped_orders(table, mapping, twice, quiet);
    }
    EXPECT_EQ(twice.lines().size(), once.lines().size());
    EXPECT_EQ(twice.totals().net, once.totals().net);
    EXPECT_EQ(twice.totals().repeated, 3u);
    for (std::size_t i = 0; i < once.lines().size(); ++i) EXPECT_EQ(once.lines()[i].key, twice.lines()[i].key);
}

TEST(ImportOrders, WrongRowsAreNamed) {
    const std::string head = "Ref;When;Code;What;Pieces;Line;Who;Zone\n";
    const std::string good = "R1;02.03.2026 10:00;A;x;1;1,00;;Europe/London\n";
    struct Case {
        const char* row;
        const char* problem;
    };
    for (const auto& c :
         {Case{"R1;02.03.2026;A;x;1;1,00;;Europe/London", "3 When: '02.03.2026' is not a time"},
          {"R1;02.03.2026 10:00;A;x;1.5x;1,00;;Europe/London", "3 Pieces: '1.5x' is not a whole number"},
          {"R1;02.03.2026 10:00;A;x;1;abc;;Europe/London", "3 Line: 'abc' is not an amount"},
          {"R1;02.03.2026 10:00;A;x;1;1,00;;Nowhere", "3 Zone: 'Nowhere' is not a time zone"},
          {";02.03.2026 10:00;A;x;1;1,00;;Europe/London", "3 Ref: is empty"},
          {"R1;02.03.2026 10:00;;;1;1,00;;Europe/London", "3 : has neither a SKU nor a title"},
          {"R1;02.03.2026 10:00;A;x;1;1,00;;", "3 Zone: '' is not a time zone"},
          {"R1;02.03.2026 10:00;A;x;1;1,00", "3 : has 6 cells, the header 8"}}) {
        Table table(stream_of(head + good + c.row + "\n" + good));
        const Mapping mapping = mapping_of(file_text("tests/data/imports/generic.toml"));
        Book book(mapping.source, mapping.currency);
        read_mapped_orders(table, mapping, book, quiet);
        EXPECT_EQ(book.problem_count(), 1u) << problems(book);
        EXPECT_TRUE(problems(book).starts_with(c.problem)) << problems(book);
        EXPECT_EQ(book.totals().rows, 3u);
        EXPECT_EQ(book.totals().skipped, 1u);
        EXPECT_EQ(book.lines().size(), 2u);
        EXPECT_FALSE(book.fatal());
    }
}

TEST(ImportOrders, AMissingColumnIsNamedWithThoseThatAreThere) {
    Table table(stream_of("Ref,When\n1,2\n"));
    const Mapping mapping = mapping_of(file_text("tests/data/imports/generic.toml"));
    Book book(mapping.source, mapping.currency);
    read_mapped_orders(table, mapping, book, quiet);
    EXPECT_TRUE(book.fatal());
    EXPECT_NE(problems(book).find("0 Code: the file has no such column; it has: Ref, When"), std::string::npos)
        << problems(book);
}

TEST(ImportMapping, MistakesAreNamedByLine) {
    struct Case {
        const char* toml;
        const char* error;
    };
    for (const auto& c : {Case{"source = \"x\"\ncolour = 1\n", "line 2: colour is not known"},
                          {"source = 5\n", "line 1: source must be text"},
                          {"[columns]\nsku = [1]\n", "line 2: columns.sku must be a list of texts"},
                          {"[time]\nzone = \"Mars\"\n", "line 1: time.zone must be a zone"},
                          {"currency = \"XYZ\"\n", "currency must be"},
                          {"source = \n", "line 1"},
                          {"[constants]\nunits = 0\n", "line 2: constants.units must be"},
                          {"[numbers]\ndecimal = \";\"\n", "numbers.decimal must be"}}) {
        const auto mapping = parse_mapping(c.toml);
        ASSERT_FALSE(mapping.ok()) << c.toml;
        EXPECT_NE(mapping.error().find(c.error), std::string::npos) << mapping.error();
    }
}

// The folder with public data sets, which are not part of the project.
fs::path shared() {
    if (const char* set = std::getenv("DROPSMITH_SHARED")) return set;
    return fs::path("..") / "shared";
}

Stream gzip_stream(const fs::path& path) {
    std::shared_ptr<gzFile_s> file(gzopen(path.c_str(), "rb"), [](gzFile f) { gzclose(f); });
    Stream out;
    out.read = [file](char* to, std::size_t room) {
        return static_cast<std::size_t>(std::max(0, gzread(file.get(), to, static_cast<unsigned>(room))));
    };
    return out;
}

TEST(ImportOrders, OnlineRetailToThePenny) {
    const fs::path path = shared() / "data/online_retail/online_retail_2010-12_2011-08.csv.gz";
    if (!fs::exists(path))
        GTEST_SKIP() << path << " is not here; set DROPSMITH_SHARED to the folder that has data/online_retail";
    const Mapping mapping = mapping_of(file_text("docs/examples/online-retail.toml"));
    Table table(gzip_stream(path));
    EXPECT_EQ(sniff(table), FileKind::known);
    Book book(mapping.source, mapping.currency);
    read_mapped_orders(table, mapping, book, quiet);
    EXPECT_EQ(problems(book), "");
    const auto& t = book.totals();
    EXPECT_EQ(t.rows, 320'705u);
    EXPECT_EQ(book.lines().size(), 320'705u);
    EXPECT_EQ(t.net, Money{576'193'138});
    EXPECT_EQ(t.gross, Money{630'482'606});
    EXPECT_EQ(t.returned, Money{-52'077'056});
    EXPECT_EQ(t.orders, 16'459u);
    EXPECT_EQ(t.returns, 2'554u);
    EXPECT_EQ(book.customers(), 3'360u);
}

TEST(ImportOrders, StockXWithFractionsOfACent) {
    const fs::path path = shared() / "data/stockx_2019/stockx_2019_sales.csv.gz";
    if (!fs::exists(path))
        GTEST_SKIP() << path << " is not here; set DROPSMITH_SHARED to the folder that has data/stockx_2019";
    const Mapping mapping = mapping_of(file_text("docs/examples/stockx.toml"));
    Table table(gzip_stream(path));
    EXPECT_EQ(sniff(table), FileKind::known);
    Book book(mapping.source, mapping.currency);
    read_mapped_orders(table, mapping, book, quiet);
    EXPECT_EQ(problems(book), "");
    EXPECT_EQ(book.lines().size(), 74'758u);
    EXPECT_EQ(book.totals().orders, 74'758u);
    EXPECT_EQ(book.totals().net, Money{3'515'489'514}) << "each line rounded half away from zero";
    EXPECT_EQ(book.totals().net_exact.text(2), "35154895.15009999999902");
}

// The texts compiled in are those of docs/examples, comments aside.
TEST(ImportMapping, KnownFilesAreThoseOfTheExamples) {
    struct Case {
        const char* header;
        const char* file;
    };
    for (const auto& c :
         {Case{"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n",
               "docs/examples/online-retail.toml"},
          {"Order Date,Brand,Sneaker Name,Sale Price,Retail Price,Release Date,Shoe Size,Buyer Region\n",
           "docs/examples/stockx.toml"}}) {
        Table table(stream_of(c.header));
        const char* known = known_mapping(table.header());
        ASSERT_NE(known, nullptr);
        const Mapping a = mapping_of(known), b = mapping_of(file_text(c.file));
        EXPECT_EQ(a.source, b.source);
        EXPECT_EQ(a.currency, b.currency);
        EXPECT_EQ(a.order, b.order);
        EXPECT_EQ(a.sku, b.sku);
        EXPECT_EQ(a.units, b.units);
        EXPECT_EQ(a.unit_price, b.unit_price);
        EXPECT_EQ(a.time, b.time);
        EXPECT_EQ(a.time_format, b.time_format);
        EXPECT_EQ(a.zone, b.zone);
        EXPECT_EQ(a.customer, b.customer);
        EXPECT_EQ(a.constant_units, b.constant_units);
        EXPECT_EQ(a.return_prefixes, b.return_prefixes);
        EXPECT_EQ(a.adjustment_prefixes, b.adjustment_prefixes);
        EXPECT_EQ(a.adjustment_skus, b.adjustment_skus);
        EXPECT_EQ(a.adjustment_sku_prefixes, b.adjustment_sku_prefixes);
        EXPECT_EQ(a.negative_units_are_adjustments, b.negative_units_are_adjustments);
    }
}

}  // namespace
}  // namespace dropsmith::cli::import_orders_test
