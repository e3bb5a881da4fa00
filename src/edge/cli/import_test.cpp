// The command as a user meets it: exit codes, JSON, all or nothing, --dry-run, --skip-bad, what is told when it cannot
// be.
#include "edge/cli/import.h"

#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

namespace dropsmith::cli::import_test {
namespace {

class CountingDoor final : public Door {
  public:
    CountingDoor(int& asked, std::string currency) : asked_(asked), currency_(std::move(currency)) {}
    Result<Told, Fault> ask(Asked asked) override {
        if (asked.path == "/v1/shop")
            return Told{200, R"({"currency":")" + currency_ + R"(","time_zone":"Europe/London"})"};
        ++asked_;
        if (asked.path == "/v1/imports") return Told{201, R"({"id":"imp_1"})"};
        return Told{200, R"({"unchanged":1,"data":[]})"};
    }

  private:
    int& asked_;
    std::string currency_;
};

class ImportTest : public ::testing::Test {
  protected:
    ImportTest() {
        doors.open = [this](const std::string& path) -> Result<Stream, Fault> {
            auto text = std::make_shared<std::string>();
            if (const auto at = files.find(path); at != files.end()) {
                *text = at->second;
            } else {
                std::ifstream in("tests/data/imports/" + path, std::ios::binary);
                if (!in) return fault(FaultKind::io, path + ": cannot be opened");
                std::stringstream all;
                all << in.rdbuf();
                *text = all.str();
            }
            Stream out;
            out.read = [text](char* to, std::size_t room) {
                const std::size_t n = std::min(room, text->size());
                std::memcpy(to, text->data(), n);
                text->erase(0, n);
                return n;
            };
            return out;
        };
        doors.shop = [this](const std::string& wanted) -> Result<std::unique_ptr<Door>, Fault> {
            made_in = wanted;
            return std::unique_ptr<Door>(std::make_unique<CountingDoor>(asked, shop_currency));
        };
    }
    Outcome run(ImportAsk ask) {
        asked = 0;
        ask.json = true;
        return run_import(ask, doors);
    }
    std::map<std::string, std::string> files;
    ImportDoors doors;
    int asked = 0;
    std::string shop_currency = "EUR", made_in;
};

constexpr const char* bad_row = "R9;03.02.2026 10:00;A;x;many;1,00;;Europe/London\n";

TEST_F(ImportTest, TakesAFileByItsMapping) {
    const auto out = run({.format = "csv", .map = "generic.toml", .files = {"generic.csv"}});
    EXPECT_EQ(out.code, 0) << out.err;
    EXPECT_EQ(made_in, "EUR") << "a new shop is made in the file's currency";
    EXPECT_EQ(asked, 3);
    EXPECT_EQ(
        out.out,
        R"({"what":"orders","format":"csv","dry_run":false,"done":true,"rows":3,"taken":2,"skipped":0,"unchanged":1,)"
        R"("orders":2,"returns":1,"customers":1,"gross":{"amount":246900,"currency":"EUR"},)"
        R"("returned":{"amount":-320,"currency":"EUR"},"net":{"amount":246580,"currency":"EUR"},)"
        R"("unrounded":{"gross":"2469.00","returned":"-3.20","net":"2465.80"},)"
        R"("notes":["amounts are rounded line by line to the minor unit, half away from zero; )"
        R"(unrounded has the exact sums"],)"
        R"("errors":[],"error_count":0})"
        "\n");
}

TEST_F(ImportTest, DryRunTouchesNothing) {
    const auto out = run({.format = "csv", .map = "generic.toml", .files = {"generic.csv"}, .dry_run = true});
    EXPECT_EQ(out.code, 0) << out.err;
    EXPECT_EQ(asked, 0);
    EXPECT_NE(out.out.find(R"("dry_run":true,"done":true,"rows":3,"taken":3)"), std::string::npos) << out.out;
}

TEST_F(ImportTest, AllOrNothingUnlessTold) {
    files["bad.csv"] = "Ref;When;Code;What;Pieces;Line;Who;Zone\n" + std::string(bad_row) +
                       "R1;02.03.2026 10:00;A;x;1;1,00;;Europe/London\n";
    const auto refused = run({.format = "csv", .map = "generic.toml", .files = {"bad.csv"}});
    EXPECT_EQ(refused.code, 1);
    EXPECT_EQ(asked, 0);
    EXPECT_NE(refused.err.find("1 rows are wrong; mend them, or leave them out with --skip-bad"), std::string::npos)
        << refused.err;
    EXPECT_NE(
        refused.out.find(R"("errors":[{"row":2,"column":"Pieces","detail":"'many' is not a whole number of units"}])"),
        std::string::npos);
    const auto taken = run({.format = "csv", .map = "generic.toml", .files = {"bad.csv"}, .skip_bad = true});
    EXPECT_EQ(taken.code, 0) << taken.err;
    EXPECT_NE(taken.out.find(R"("rows":2,"taken":0,"skipped":1,"unchanged":1)"), std::string::npos) << taken.out;
}

TEST_F(ImportTest, WhatCannotBeIsSaidWithItsRemedy) {
    files["empty.csv"] = "";
    files["other.csv"] = "a,b\n1,2\n";
    struct Case {
        ImportAsk ask;
        int code;
        const char* words;
    };
    const Case cases[] = {
        {{.files = {}}, 2, "at least one file"},
        {{.format = "xls", .files = {"x"}}, 2, "shopify, square or csv"},
        {{.format = "shopify", .map = "generic.toml", .files = {"x"}}, 2, "--map goes with"},
        {{.files = {"x"}, .date_order = "ymd"}, 2, "dmy or mdy"},
        {{.files = {"missing.csv"}}, 1, "missing.csv: cannot be opened"},
        {{.files = {"empty.csv"}}, 1, "is empty"},
        {{.files = {"other.csv"}}, 1, "needs a mapping"},
        {{.format = "shopify", .files = {"other.csv"}}, 1, "not that of Shopify's orders export"},
        {{.format = "csv", .map = "other.csv", .files = {"other.csv"}}, 1, "other.csv: line 1"},
        {{.what = ImportWhat::products, .format = "square", .files = {"shopify_orders.csv"}},
         1,
         "Square's item library export"},
        {{.files = {"square_ambiguous.csv"}, .currency = "GBP"}, 1, "does not fit"},
    };
    for (const auto& c : cases) {
        const auto out = run(c.ask);
        EXPECT_EQ(out.code, c.code) << c.words;
        EXPECT_NE(out.err.find(c.words), std::string::npos) << out.err;
        EXPECT_EQ(asked, 0) << c.words;
    }
}

TEST_F(ImportTest, AnotherCurrencyIsRefused) {
    shop_currency = "GBP";
    const auto out = run({.format = "csv", .map = "generic.toml", .files = {"generic.csv"}});
    EXPECT_EQ(out.code, 1);
    EXPECT_NE(out.err.find("the file is in EUR, this shop in GBP"), std::string::npos) << out.err;
    EXPECT_EQ(asked, 0);
}

TEST_F(ImportTest, FormatsAreToldFromTheHeader) {
    shop_currency = "GBP";
    const auto orders = run({.files = {"shopify_orders.csv"}, .dry_run = true});
    EXPECT_EQ(orders.code, 0) << orders.err;
    EXPECT_NE(orders.out.find(R"("format":"shopify")"), std::string::npos);
    const auto products = run({.what = ImportWhat::products, .files = {"square_library.csv"}, .dry_run = true});
    EXPECT_EQ(products.code, 0) << products.err;
    EXPECT_NE(products.out.find(R"("format":"square","dry_run":true,"done":true,"rows":3,"taken":3)"),
              std::string::npos)
        << products.out;
    const auto stock = run({.what = ImportWhat::stock, .files = {"shopify_inventory_wide.csv"}, .dry_run = true});
    EXPECT_EQ(stock.code, 0) << stock.err;
    EXPECT_NE(stock.out.find(R"("taken":3)"), std::string::npos) << stock.out;
}

TEST_F(ImportTest, ForPeopleInLines) {
    ImportAsk ask{.format = "csv", .map = "generic.toml", .files = {"generic.csv"}};
    const auto out = run_import(ask, doors);
    EXPECT_EQ(out.out,
              "3 rows read; taken: 2, known already: 1, skipped: 0\norders 2, of them returns 1; customers 1\n"
              "gross 2469.00 EUR, returned -3.20 EUR, net 2465.80 EUR (exact 2465.80)\n");
}

}  // namespace
}  // namespace dropsmith::cli::import_test
