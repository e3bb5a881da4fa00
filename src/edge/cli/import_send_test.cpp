// The importer against a door of the test's own: slices, publishing, giving up, repeats, products and counts.
#include "edge/cli/import_send.h"

#include <functional>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "edge/cli/import_ask.h"

namespace dropsmith::cli::import_send_test {
namespace {

// Answers by "METHOD path"; keeps what was asked.
class TestDoor final : public Door {
  public:
    std::vector<std::string> log;
    std::function<Told(const Asked&)> answer;
    Result<Told, Fault> ask(Asked asked) override {
        log.push_back(asked.method + " " + asked.path);
        return answer(asked);
    }
};

const Progress quiet = [](std::uint64_t, std::uint64_t) {};

Book book_of(std::size_t lines) {
    Book book("test", "GBP");
    for (std::size_t i = 0; i < lines; ++i) {
        ReadLine line;
        line.order = std::to_string(i / 3);
        line.sku = "S" + std::to_string(i % 7);
        line.customer = i % 2 == 0 ? "ann" : "";
        line.units = 1;
        line.price = {250, 2};
        EXPECT_TRUE(book.add(i + 2, line));
    }
    return book;
}

TEST(ImportSend, SlicesThenPublishes) {
    TestDoor door;
    std::size_t lines = 0, slices = 0;
    door.answer = [&](const Asked& asked) -> Told {
        if (asked.path == "/v1/imports") return {201, R"({"id":"imp_1","status":"staging"})"};
        if (asked.path.ends_with("/rows")) {
            std::size_t n = 0;
            for (std::size_t at = asked.body.find("\"key\""); at != std::string::npos;
                 at = asked.body.find("\"key\"", at + 1))
                ++n;
            EXPECT_LE(n, limits::import_slice_rows);
            ++slices;
            EXPECT_NE(asked.body.find(R"("amount":{"amount":250,"currency":"GBP"})"), std::string::npos);
            lines += n;
            return {200, R"({"id":"imp_1","rows":1000,"unchanged":10})"};
        }
        return {200, R"({"id":"imp_1","status":"published"})"};
    };
    const auto sent = send_sales(door, book_of(2500), {"f.csv", "d", "csv"}, quiet);
    ASSERT_TRUE(sent.ok()) << sent.error();
    EXPECT_EQ(lines, 2500u);
    EXPECT_GE(slices, 3u);
    EXPECT_EQ(sent->unchanged, 10 * slices);
    EXPECT_EQ(sent->taken, 2500 - 10 * slices);
    std::vector<std::string> expected(slices + 2, "POST /v1/imports/imp_1/rows");
    expected.front() = "POST /v1/imports", expected.back() = "POST /v1/imports/imp_1/publish";
    EXPECT_EQ(door.log, expected);
}

TEST(ImportSend, ARefusedSliceAbandonsAll) {
    TestDoor door;
    int rows = 0;
    door.answer = [&](const Asked& asked) -> Told {
        if (asked.path == "/v1/imports") return {201, R"({"id":"imp_1"})"};
        if (asked.path.ends_with("/rows") && ++rows == 2)
            return {409, R"({"code":"bad_value","detail":"line 3 of this slice: too much"})"};
        return {200, "{}"};
    };
    const auto sent = send_sales(door, book_of(2500), {"f.csv", "d", "csv"}, quiet);
    ASSERT_FALSE(sent.ok());
    EXPECT_EQ(sent.error(), "line 3 of this slice: too much; nothing was imported");
    EXPECT_EQ(door.log.back(), "POST /v1/imports/imp_1/abandon");
}

TEST(ImportSend, TheSameFileIsUnchanged) {
    TestDoor door;
    door.answer = [](const Asked&) -> Told { return {409, R"({"code":"already_imported","detail":"..."})"}; };
    const auto sent = send_sales(door, book_of(5), {"f.csv", "d", "csv"}, quiet);
    ASSERT_TRUE(sent.ok());
    EXPECT_EQ(sent->unchanged, 5u);
    EXPECT_EQ(sent->taken, 0u);
    EXPECT_EQ(door.log.size(), 1u);
}

TEST(ImportSend, AnUnfinishedImportStandsInTheWayUntilToldOtherwise) {
    TestDoor door;
    bool abandoned = false;
    door.answer = [&](const Asked& asked) -> Told {
        if (asked.path == "/v1/imports" && asked.method == "GET")
            return {200,
                    R"({"data":[{"id":"imp_1","status":"published"},{"id":"imp_2","status":"staging"}],"next":null})"};
        if (asked.path == "/v1/imports/imp_2/abandon") abandoned = true;
        if (asked.path == "/v1/imports" && !abandoned) return {409, R"({"code":"import_running","detail":"busy"})"};
        return {201, R"({"id":"imp_3"})"};
    };
    const auto refused = send_sales(door, book_of(1), {"f.csv", "d", "csv"}, quiet);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().find("--replace-unfinished"), std::string::npos);
    EXPECT_TRUE(send_sales(door, book_of(1), {"f.csv", "d", "csv", true}, quiet).ok());
    EXPECT_TRUE(abandoned);
}

TEST(ImportSend, ProductsAreCreatedChangedOrLeftAlone) {
    Goods goods;
    goods.currency = "GBP";
    const auto product = [](const char* title, const char* code) {
        GoodsProduct out{title, title, "", "", {}};
        out.skus.push_back({2, code, "", "", Money{100}, Money{250}, 10});
        return out;
    };
    goods.products = {product("New", "N"), product("Equal", "E"), product("Other", "O"), product("Sold before", "H")};
    TestDoor door;
    std::string changed;
    door.answer = [&](const Asked& asked) -> Told {
        const auto shown = [](const char* title, const char* code, const char* price) -> Told {
            return {200, std::string(R"({"data":[{"id":"prd_)") + code + R"(","title":")" + title +
                             R"(","story":"s","brand":"","skus":[{"sku":")" + code +
                             R"(","size":"","gtin":"","weight_g":10,"unit_cost":)" +
                             (price[0] == 'n' ? "null" : R"({"amount":100,"currency":"GBP"})") + R"(,"list_price":)" +
                             price + "}]}]}"};
        };
        if (asked.query == "sku=E") return shown("Equal", "E", R"({"amount":250,"currency":"GBP"})");
        if (asked.query == "sku=O") return shown("Other", "O", R"({"amount":200,"currency":"GBP"})");
        if (asked.query == "sku=H") return shown("H", "H", "null");
        if (asked.method == "GET") return {200, R"({"data":[]})"};
        if (asked.method == "PATCH") changed = asked.body;
        return {201, "{}"};
    };
    const auto sent = send_products(door, goods, quiet);
    ASSERT_TRUE(sent.ok()) << sent.error();
    EXPECT_EQ(sent->created, 2u);
    EXPECT_EQ(sent->changed, 1u);
    EXPECT_EQ(sent->unchanged, 1u);
    EXPECT_EQ(sent->taken, 3u);
    EXPECT_EQ(changed, R"({"title":"Other","skus":[{"sku":"O","size":"","unit_cost":{"amount":100,"currency":"GBP"},)"
                       R"("list_price":{"amount":250,"currency":"GBP"},"weight_g":10,"gtin":""}]})");
}

TEST(ImportSend, StockNeedsItsPlacesAndSkus) {
    Goods goods;
    goods.counts = {{2, "High Street", "A", 5}, {3, "Market", "A", 2}, {4, "Market", "B", 1}};
    TestDoor door;
    bool has_b = false;
    std::vector<std::string> counted;
    door.answer = [&](const Asked& asked) -> Told {
        if (asked.path == "/v1/places" && asked.method == "GET")
            return {200, R"({"data":[{"id":"plc_1","name":"High Street"}],"next":null})"};
        if (asked.path == "/v1/products" && (asked.query == "sku=A" || has_b))
            return {200, R"({"data":[{"id":"prd_1","skus":[{"sku":")" + asked.query.substr(4) + R"("}]}]})"};
        if (asked.path == "/v1/products") return {200, R"({"data":[]})"};
        if (asked.path == "/v1/shop") return {200, R"({"currency":"GBP","time_zone":"Europe/London"})"};
        if (asked.path == "/v1/stock/counts") counted.push_back(asked.body);
        return {201, R"({"id":"plc_2"})"};
    };
    EXPECT_FALSE(send_stock(door, goods, false, quiet).ok());
    ASSERT_EQ(goods.problems.size(), 2u);
    EXPECT_EQ(goods.problems[0].column, "Location");
    EXPECT_EQ(goods.problems[1].detail, "'B' is no SKU of this shop; import its product first");
    EXPECT_TRUE(counted.empty()) << "all or nothing";
    has_b = true;
    goods.problems.clear();
    const auto sent = send_stock(door, goods, true, quiet);
    ASSERT_TRUE(sent.ok()) << sent.error();
    EXPECT_EQ(sent->created, 1u);
    EXPECT_EQ(sent->taken, 3u);
    EXPECT_EQ(counted,
              (std::vector<std::string>{
                  R"({"place":"plc_1","lines":[{"sku":"A","units":5}],"note":"import"})",
                  R"({"place":"plc_2","lines":[{"sku":"A","units":2},{"sku":"B","units":1}],"note":"import"})"}));
}

TEST(ImportSend, QueryValuesAreEncoded) { EXPECT_EQ(query_value("A&B c/\xC3\xA9"), "A%26B%20c%2f%c3%a9"); }

}  // namespace
}  // namespace dropsmith::cli::import_send_test
