// The story of a try against a door of the test's own: the order of the questions, what is told, what is told when it
// cannot be.
#include "edge/cli/try.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace dropsmith::cli::try_test {
namespace {

class ScriptDoor final : public Door {
  public:
    explicit ScriptDoor(std::vector<std::string>& log) : log_(log) {}
    Result<Told, Fault> ask(Asked asked) override {
        log_.push_back(asked.method + " " + asked.path);
        if (asked.path == "/v1/shop") return Told{200, R"({"currency":"GBP","time_zone":"Europe/London"})"};
        if (asked.path == "/v1/imports") return Told{201, R"({"id":"imp_1"})"};
        if (asked.path == "/v1/audit/velocity")
            return Told{
                200, R"({"skus":2,"picked":1,"data":[{"sku":"MUG-RED","title":"Mug","units":3,"velocity_per_day":1.5,)"
                     R"("revenue":{"amount":3750,"currency":"GBP"}}]})"};
        if (asked.path == "/v1/plans")
            return Told{200, R"({"drop":{"title":"First","opens_at":"2026-12-01T10:00:00.000Z",)"
                             R"("closes_at":"2026-12-04T10:00:00.000Z",)"
                             R"("lines":[{"sku":"MUG-RED","cap":20,"bands":[{"amount":1250,"currency":"GBP"}],)"
                             R"("floor":{"amount":700,"currency":"GBP"}}]},)"
                             R"("explanations":[{"pointer":"/lines/0/cap","detail":"busiest window"}],)"
                             R"("assumptions":[{"sku":"MUG-RED","detail":"cost assumed"}]})"};
        if (asked.path == "/v1/rehearsals") {
            EXPECT_NE(asked.body.find(R"("plan":{"title":"First")"), std::string::npos) << asked.body;
            return Told{202, R"({"id":"r1","status":"running"})"};
        }
        if (asked.path == "/v1/rehearsals/r1")
            return Told{200, R"({"id":"r1","status":"done","result":{"runs":100,"seed":1,)"
                             R"("best_fixed":"fixed:0","policies":[{"policy":"engine",)"
                             R"("margin":{"mean":{"amount":5000,"currency":"GBP"},)"
                             R"("p05":{"amount":1,"currency":"GBP"},"p95":{"amount":9,"currency":"GBP"}},)"
                             R"("sell_through":{"mean":0.875},"sold_out_share":0.25}],)"
                             R"("assumptions":["demand as in the busiest tenth"]}})"};
        return Told{200, R"({"unchanged":0,"data":[]})"};
    }

  private:
    std::vector<std::string>& log_;
};

class TryTest : public ::testing::Test {
  protected:
    Outcome run(TryAsk ask) {
        ImportDoors doors;
        doors.open = [](const std::string& path) -> Result<Stream, Fault> {
            std::ifstream in("tests/data/imports/" + path, std::ios::binary);
            if (!in) return fault(FaultKind::io, path + ": cannot be opened");
            std::stringstream all;
            all << in.rdbuf();
            auto text = std::make_shared<std::string>(all.str());
            Stream out;
            out.read = [text](char* to, std::size_t room) {
                const std::size_t n = std::min(room, text->size());
                std::memcpy(to, text->data(), n);
                text->erase(0, n);
                return n;
            };
            return out;
        };
        doors.shop = [this](const std::string&) -> Result<std::unique_ptr<Door>, Fault> {
            return std::unique_ptr<Door>(std::make_unique<ScriptDoor>(log));
        };
        return run_try(ask, doors);
    }
    static TryAsk files(std::vector<std::string> names) {
        TryAsk ask;
        ask.files = std::move(names);
        return ask;
    }
    std::vector<std::string> log;
};

TEST_F(TryTest, TellsTheStory) {
    const auto out = run(files({"shopify_orders.csv"}));
    EXPECT_EQ(out.code, 0) << out.err;
    for (const char* words :
         {"6 rows read", "net 84.80 GBP", "1 of 2 SKUs", "MUG-RED", "37.50 GBP", "First, 2026-12-01",
          "20 units, prices 12.50 GBP", "never below 7.00 GBP", "busiest window", "assumed: MUG-RED: cost assumed",
          "margin 50.00 GBP (0.01 GBP to 0.09 GBP)", "sells 87.5 %", "sold out in 25.0 %", "Nothing left this machine"})
        EXPECT_NE(out.out.find(words), std::string::npos) << words << "\n" << out.out;
}

TEST_F(TryTest, OrdersComeFirstSoThatTheShopTakesTheirCurrency) {
    const auto out = run(files({"shopify_products_old.csv", "shopify_orders.csv"}));
    EXPECT_EQ(out.code, 0) << out.err;
    const auto at = [&](const std::string& line) { return std::find(log.begin(), log.end(), line) - log.begin(); };
    EXPECT_LT(at("POST /v1/imports/imp_1/publish"), at("POST /v1/products"));
    EXPECT_LT(at("POST /v1/products"), at("GET /v1/audit/velocity"));
}

TEST_F(TryTest, SaysWhatIsMissing) {
    struct Case {
        std::vector<std::string> names;
        const char* words;
    };
    for (const auto& c : {Case{{"shopify_products_old.csv"}, "no orders among the files"},
                          {{"-"}, "not standard input"},
                          {{"none.csv"}, "cannot be opened"},
                          {{"generic.csv"}, "needs a mapping"}}) {
        const auto out = run(files(c.names));
        EXPECT_EQ(out.code, 1);
        EXPECT_NE(out.err.find(c.words), std::string::npos) << out.err;
    }
}

TEST_F(TryTest, AsJson) {
    TryAsk ask = files({"shopify_orders.csv"});
    ask.json = true;
    const auto out = run(ask);
    EXPECT_EQ(out.code, 0) << out.err;
    EXPECT_TRUE(out.out.starts_with(R"({"import":{"what":"orders")")) << out.out;
    EXPECT_NE(out.out.find(R"("rehearsal":{"runs":100)"), std::string::npos);
}

}  // namespace
}  // namespace dropsmith::cli::try_test
