// A statement's credits as the shop hears of them: which lines, under which ids, and what of the payer.
#include "edge/cli/import_transfers.h"

#include <cstring>
#include <map>

#include <gtest/gtest.h>

#include "base/creditor_reference.h"

namespace dropsmith::cli::import_transfers_test {
namespace {

class Ear final : public Door {
  public:
    explicit Ear(std::string& heard) : heard_(heard) {}
    Result<Told, Fault> ask(Asked asked) override {
        if (asked.path == "/v1/shop") return Told{200, R"({"currency":"EUR"})"};
        heard_ += asked.body + "\n";
        return Told{200, R"({"taken":1,"unchanged":0,"paid":0,"open":1,"data":[]})"};
    }

  private:
    std::string& heard_;
};

struct TransfersImport : testing::Test {
    std::map<std::string, std::string> files;
    std::string heard;
    ImportDoors doors;

    TransfersImport() {
        files["map"] = "source = \"main\"\n[columns]\nbooked = \"Day\"\namount = \"Sum\"\ntext = [\"Who\", \"Why\"]\n"
                       "[time]\nformat = \"%d.%m.%Y\"\n[numbers]\ndecimal = \",\"\n";
        doors.open = [this](const std::string& path) -> Result<Stream, Fault> {
            const auto text = std::make_shared<std::string>(files[path]);
            Stream out;
            out.read = [text](char* to, std::size_t room) {
                const auto n = std::min(room, text->size());
                std::memcpy(to, text->data(), n);
                text->erase(0, n);
                return n;
            };
            return out;
        };
        doors.shop = [this](const std::string&) -> Result<std::unique_ptr<Door>, Fault> {
            return std::unique_ptr<Door>(std::make_unique<Ear>(heard));
        };
    }
    Outcome run(std::string statement) {
        files["csv"] = std::move(statement);
        heard.clear();
        return run_transfers({{"csv"}, "map", false, true}, doors);
    }
    std::vector<std::string> ids() const {
        std::vector<std::string> out;
        for (auto at = heard.find("\"id\":\""); at != std::string::npos; at = heard.find("\"id\":\"", at + 1))
            out.push_back(heard.substr(at + 6, heard.find('"', at + 6) - at - 6));
        return out;
    }
};

TEST_F(TransfersImport, OnlyTheReferenceLeavesTheFile) {
    const auto reference = creditor_reference(1'001);
    const auto told = run("Day;Who;Why;Sum\n22.11.2026;Ada Love;for " + grouped_by_four(reference) + ";1.029,90\n");
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_NE(heard.find(reference), std::string::npos);
    EXPECT_NE(heard.find("102990"), std::string::npos);
    EXPECT_NE(heard.find("2026-11-22"), std::string::npos);
    EXPECT_EQ(heard.find("Ada"), std::string::npos);
}

TEST_F(TransfersImport, EqualLinesOfADayAreTwoAndAFileReadAgainIsTheSame) {
    const std::string line = "22.11.2026;A;x;5,00\n";
    (void)run("Day;Who;Why;Sum\n" + line + line + "22.11.2026;A;x;-5,00\n22.11.2026;B;y;;\n");
    const auto first = ids();
    ASSERT_EQ(first.size(), 2u) << "debits and empty sums are left out";
    EXPECT_NE(first[0], first[1]);
    (void)run("Day;Who;Why;Sum\n22.11.2026;C;z;1,00\n" + line + line);
    EXPECT_EQ((std::vector<std::string>{ids()[1], ids()[2]}), first);
}

TEST_F(TransfersImport, WrongRowsAreNamedAndNothingIsSent) {
    const auto told = run("Day;Who;Why;Sum\n22.11.2026;A;x;5,00\n2026;A;x;5,00\n22.11.2026;A;x;5,005\n");
    EXPECT_EQ(told.code, 1);
    EXPECT_NE(told.err.find("row 3, column Day"), std::string::npos) << told.err;
    EXPECT_NE(told.err.find("row 4, column Sum"), std::string::npos) << told.err;
    EXPECT_EQ(heard, "");
    EXPECT_NE(run("Day;Who;Why\n").err.find("column Sum"), std::string::npos) << "a column that is not there";
}

}  // namespace
}  // namespace dropsmith::cli::import_transfers_test
