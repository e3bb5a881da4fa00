// The ledger: receipts, moves, counts, sales made elsewhere; each keeps the law, and says no with figures.
#include "flow/sell/stock.h"

#include <gtest/gtest.h>

#include "flow/sell/laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::stock_test {
namespace {

struct StockTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A");
    PlaceId here{1}, hub = shop.place("Hub");
    void TearDown() override { EXPECT_EQ(stock_law(shop.state).breach, ""); }
    std::vector<StockLine> units(std::int64_t n) { return {{a, Quantity{n}, {}}}; }
};

TEST_F(StockTest, ReceivesAndMovesWhatIsFree) {
    EXPECT_EQ(shop.word(ReceiveStock{PlaceId{9}, units(1), ""}), "not_found");
    EXPECT_EQ(shop.word(ReceiveStock{here, units(0), ""}), "bad_value");
    EXPECT_EQ(shop.word(ReceiveStock{here, {}, ""}), "bad_value");
    EXPECT_EQ(shop.word(ReceiveStock{here, {{SkuId{9}, Quantity{1}, {}}}, ""}), "not_found");
    EXPECT_EQ(shop.word(ReceiveStock{here, {{a, Quantity{1}, Money{-1}}}, ""}), "bad_value");
    shop.receive(a, 10);
    EXPECT_EQ(shop.word(MoveStock{here, here, units(1), ""}), "bad_value");
    const auto drop = shop.opened({TestShop::line(a, 4)});
    shop.hold(drop, a, 4);
    const auto refused = shop.ask(MoveStock{here, hub, {{a, Quantity{4}, {}}, {a, Quantity{3}, {}}}, ""});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code.word, "insufficient_free");
    EXPECT_EQ(refused.error().available, Quantity{6});
    shop.must(MoveStock{here, hub, units(6), ""});
    EXPECT_EQ(shop.row(a).moved_out, Quantity{6});
    EXPECT_EQ(shop.row(a, hub).free, Quantity{6});
}

TEST_F(StockTest, AMoveTakesNothingThatADropWasPromised) {
    shop.receive(a, 10);
    const auto drop = shop.opened({TestShop::line(a, 5)});
    const auto hold = shop.hold(drop, a, 2);  // 8 are free, 3 of them promised
    const auto refused = shop.ask(MoveStock{here, hub, {{a, Quantity{2}, {}}, {a, Quantity{4}, {}}}, ""});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code.word, "breaks_promise");
    EXPECT_EQ(refused.error().available, Quantity{5});
    const auto& words = refused.error().detail;
    EXPECT_NE(words.find("8 of A are free"), std::string::npos) << words;
    EXPECT_NE(words.find('"' + shop.drop(drop).terms.title + "\" was promised 3: 5 can be moved"), std::string::npos)
        << words;
    shop.must(MoveStock{here, hub, units(5), ""});
    EXPECT_EQ(shop.word(MoveStock{here, hub, units(1), ""}), "breaks_promise");
    shop.must(ReleaseHold{hold});
    EXPECT_EQ(shop.word(MoveStock{here, hub, units(1), ""}), "breaks_promise") << "what comes back is promised again";
    shop.must(PauseDrop{drop, ""});
    EXPECT_EQ(shop.word(MoveStock{here, hub, units(1), ""}), "breaks_promise");
    EditDrop fewer{drop, {}, shop.drop(drop).terms, {}, "one less"};
    fewer.terms.lines = {shop.drop(drop).lines[0].terms};
    fewer.terms.lines[0].cap = Quantity{4}, fewer.terms.lines[0].places = {{here, Quantity{4}}};
    shop.must(fewer);
    shop.must(MoveStock{here, hub, units(1), ""});
    shop.must(CloseDrop{drop, ""});
    shop.must(MoveStock{here, hub, units(4), ""});
}

TEST_F(StockTest, AnAnnouncedDropIsPromisedAndADraftIsNot) {
    shop.receive(a, 6);
    shop.draft({TestShop::line(a, 6)});
    shop.must(MoveStock{here, hub, units(2), ""});
    auto line = TestShop::line(a, 4);
    line.places = {{here, Quantity{4}}};
    const auto drop = shop.scheduled({line});
    EXPECT_EQ(shop.word(MoveStock{here, hub, units(1), ""}), "breaks_promise");
    shop.must(MoveStock{hub, here, units(2), ""});
    shop.must(MoveStock{here, hub, units(2), ""});
    shop.must(CancelDrop{drop, ""});
    shop.must(MoveStock{here, hub, units(4), ""});
}

TEST_F(StockTest, ACountBooksTheDifferenceAndNeverTakesHeldUnits) {
    shop.receive(a, 10);
    const auto drop = shop.opened({TestShop::line(a, 4)});
    shop.hold(drop, a, 4);
    const auto refused = shop.ask(CountStock{here, units(3), ""});
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().detail.find("3 counted, but 4 are held"), std::string::npos);
    shop.must(CountStock{here, units(9), "one is missing"});
    EXPECT_EQ(shop.row(a).written_off, Quantity{1});
    EXPECT_EQ(shop.row(a).free, Quantity{5});
    shop.must(CountStock{here, units(12), ""});
    EXPECT_EQ(shop.row(a).received, Quantity{13});
    shop.must(CountStock{hub, units(0), ""});
    EXPECT_EQ(shop.word(CountStock{here, {{a, Quantity{1}, {}}, {a, Quantity{1}, {}}}, ""}), "insufficient_free");
    EXPECT_EQ(shop.word(CountStock{here, {{a, Quantity{12}, {}}, {a, Quantity{12}, {}}}, ""}), "bad_value");
    IssueGrant issue;
    issue.role = Role::fulfilment, issue.limits.write_off_max = Quantity{2}, issue.token_digest = std::string(64, '1');
    shop.must(issue);
    shop.who = {ActorKind::staff, GrantId{1}};
    EXPECT_EQ(shop.word(CountStock{here, units(9), ""}), "over_grant");
    EXPECT_EQ(shop.word(CountStock{here, units(10), ""}), "");
}

TEST_F(StockTest, ASaleElsewhereCountsOnceAndShowsWhatWasMissing) {
    shop.receive(a, 5);
    const ReportSale sale{"square", "t-1", here, {}, shop.now, {{a, Quantity{3}, {}}, {a, Quantity{4}, {}}}, {}};
    shop.must(sale);
    EXPECT_EQ(shop.row(a).sold, Quantity{7});
    EXPECT_EQ(shop.row(a).short_units, Quantity{2});
    EXPECT_EQ(shop.row(a).free, Quantity{0});
    EXPECT_EQ(shop.word(sale), "already_exists");
    EXPECT_EQ(shop.row(a).sold, Quantity{7});
    shop.must(ReportSale{"square", "t-2", here, ChannelId{1}, shop.now, {{a, Quantity{-2}, {}}}, {Money{900}}});
    EXPECT_EQ(shop.row(a).returned, Quantity{2});
    EXPECT_EQ(shop.row(a).free, Quantity{2});
    shop.must(
        ReportSale{"squaret", "-2", here, {}, shop.now, {{a, Quantity{1}, {}}}, {}});  // another source, another sale
    EXPECT_EQ(shop.word(ReportSale{"", "1", here, {}, shop.now, units(1), {}}), "bad_value");
    EXPECT_EQ(shop.word(ReportSale{"s", "", here, {}, shop.now, units(1), {}}), "bad_value");
    EXPECT_EQ(shop.word(ReportSale{"s", "1", here, ChannelId{8}, shop.now, units(1), {}}), "not_found");
    EXPECT_EQ(shop.word(ReportSale{"s", "1", here, {}, shop.now, units(0), {}}), "bad_value");
    EXPECT_EQ(shop.word(ReportSale{"s", "1", here, {}, shop.now, units(1), {Money{1}, Money{2}}}), "bad_value");
    EXPECT_EQ(shop.word(ReportSale{"s", "1", here, {}, shop.now, units(1), {Money{-1}}}), "bad_value");
    EXPECT_EQ(shop.word(ReportSale{"s", "1", here, {}, shop.now, units(-1'000'000), {Money{1'000'000'001}}}),
              "bad_value");
}

}  // namespace
}  // namespace dropsmith::sell::stock_test
