// A drop's document and life cycle: what a draft must be, to the second by timers, closing, cancelling, settling.
#include "flow/sell/drop.h"

#include <gtest/gtest.h>

#include "flow/sell/laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::drop_test {
namespace {

struct DropTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A"), b = shop.sku("B");

    std::string draft(void (*change)(DropTerms&)) {
        auto terms = shop.terms({TestShop::line(a, 5)});
        change(terms);
        return shop.word(DraftDrop{terms});
    }
};

TEST_F(DropTest, ADocumentThatIsNoneIsRefusedByField) {
    shop.receive(a, 1);
    EXPECT_EQ(draft([](DropTerms& t) { t.slug = "No Spaces"; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.slug = ""; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.title = ""; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.closes_at = t.opens_at; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.channels = {ChannelId{3}}; }), "not_found");
    EXPECT_EQ(draft([](DropTerms& t) { t.channels.push_back(t.channels[0]); }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.hold_for = Duration{0}; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.lines[0].cap = Quantity{0}; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.lines[0].sku = SkuId{9}; }), "not_found");
    EXPECT_EQ(draft([](DropTerms& t) { t.lines[0].bands = {Money{2}, Money{2}}; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.lines[0].bands = {Money{0}}; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.lines[0].preorder_share = Rate{1'000'001}; }), "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) {
                  t.lines[0].places = {{PlaceId{1}, Quantity{1}}, {PlaceId{1}, Quantity{4}}};
              }),
              "bad_value");
    EXPECT_EQ(draft([](DropTerms& t) { t.lines.push_back(t.lines[0]); }), "bad_value");
    EXPECT_EQ(
        draft([](DropTerms& t) { t.lines[0].cap = Quantity{1'000'000'000}, t.lines[0].bands = {Money{1'000'001}}; }),
        "bad_value");  // more money than a line may come to
    EXPECT_EQ(draft([](DropTerms&) {}), "");
    EXPECT_EQ(draft([](DropTerms& t) { t.slug = "drop-1"; }), "already_exists");
    EXPECT_EQ(draft([](DropTerms& t) { t.lines[0].cap = Quantity{1000}; }),
              "");  // over stock: judged when it is scheduled
}

TEST_F(DropTest, PricesOfAChannelsOwnAreRefusedByTheirPointer) {
    shop.receive(a, 5);
    const auto pointer = [&](std::vector<ChannelPricing> own) {
        auto terms = shop.terms({TestShop::line(a, 5)});
        terms.lines[0].channels = std::move(own);
        const auto refused = shop.ask(DraftDrop{terms});
        return refused ? std::string() : refused.error().clashes.at(0).pointer;
    };
    const auto web = shop.terms({}).channels.at(0);
    const std::string at = "/lines/0/channels/0";
    EXPECT_EQ(pointer({{ChannelId{9}, {Money{900}}, {}, {}}}), at + "/channel");
    EXPECT_EQ(pointer({{web, {}, {}, {}}}), at);
    EXPECT_EQ(pointer({{web, {Money{900}, Money{900}}, {}, {}}}), at + "/bands/1");
    EXPECT_EQ(pointer({{web, {Money{0}}, {}, {}}}), at + "/bands/0");
    EXPECT_EQ(pointer({{web, std::vector<Money>(9, Money{900}), {}, {}}}), at + "/bands");
    EXPECT_EQ(pointer({{web, {}, Money{0}, {}}}), at + "/list_price");
    EXPECT_EQ(pointer({{web, {}, {}, Money{-1}}}), at + "/floor");
    EXPECT_EQ(pointer({{web, {Money{900}}, {}, {}}, {web, {Money{901}}, {}, {}}}), "/lines/0/channels/1/channel");
    EXPECT_EQ(pointer({{web, {Money{900}, Money{1000}}, Money{1000}, Money{0}}}), "");
    auto dear = shop.terms({TestShop::line(a, 1'000'000'000)});
    dear.lines[0].channels = {{web, {Money{1'000'001}}, {}, {}}};
    const auto refused = shop.ask(DraftDrop{dear});  // more money than a line may come to, in this channel
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().clashes.at(0).pointer, "/lines/0/cap");
}

TEST_F(DropTest, AllotmentsAreFilledInOnlyWhenThereIsOneAnswer) {
    const auto only = shop.draft({TestShop::line(a, 5)});  // one place in the shop
    EXPECT_EQ(shop.drop(only).lines[0].places[0].allotted, Quantity{5});
    const auto hub = shop.place("Hub");
    EXPECT_EQ(shop.word(DraftDrop{shop.terms({TestShop::line(a, 5)})}), "bad_value");  // no place has it
    shop.receive(a, 2, hub);
    const auto there = shop.draft({TestShop::line(a, 5)});
    EXPECT_EQ(shop.drop(there).lines[0].places[0].place, hub);
    shop.receive(a, 2);
    const auto refused = shop.ask(DraftDrop{shop.terms({TestShop::line(a, 5)})});
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().detail.find("Here (2), Hub (2)"), std::string::npos);
    EXPECT_EQ(refused.error().clashes.at(0).pointer, "/lines/0/places");
}

TEST_F(DropTest, OpensAndClosesToTheMillisecondAndSettlesWhenNothingIsHeld) {
    shop.receive(a, 5);
    const auto id = shop.scheduled({TestShop::line(a, 5)});
    const auto terms = shop.drop(id).terms;
    shop.run_to(terms.opens_at - Duration{1});
    EXPECT_EQ(shop.drop(id).status, DropStatus::scheduled);
    EXPECT_EQ(shop.word(OpenDue{id}), "wrong_state");
    shop.run_to(terms.opens_at);
    EXPECT_EQ(shop.drop(id).status, DropStatus::open);
    EXPECT_EQ(shop.drop(id).opened_at, terms.opens_at);
    shop.run_to(terms.closes_at - Duration{1});
    const auto hold = shop.hold(id, a, 1);
    EXPECT_EQ(shop.word(CloseDue{id}), "wrong_state");
    shop.run_to(terms.closes_at);
    EXPECT_EQ(shop.drop(id).status, DropStatus::closed);
    EXPECT_EQ(shop.hold(hold).status, HoldStatus::held);
    EXPECT_EQ(shop.word(SettleDue{DropId{9}}), "not_found");
    shop.run_to(shop.hold(hold).expires_at + Duration{999});
    EXPECT_EQ(shop.drop(id).status, DropStatus::closed);
    EXPECT_EQ(shop.drop(id).lines[0].held, Quantity{0});
    shop.run_to(shop.hold(hold).expires_at + seconds(1));
    EXPECT_EQ(shop.drop(id).status, DropStatus::settled);
    ASSERT_EQ(shop.state.timers.due.size(), 1u);
    EXPECT_EQ(shop.state.timers.due.begin()->kind, TimerKind::tidy);
    EXPECT_TRUE(shop.state.drops.taken.empty());
}

TEST_F(DropTest, AShopThatWasDownOverTheWholeWindowCatchesUp) {
    const auto id = shop.scheduled({TestShop::line(a, 5)});
    shop.run_to(shop.drop(id).terms.closes_at + days(1));
    EXPECT_EQ(shop.drop(id).status, DropStatus::closed);
    shop.run_to(shop.now + seconds(1));
    EXPECT_EQ(shop.drop(id).status, DropStatus::settled);
}

TEST_F(DropTest, EachTransitionFromWhereItMayStart) {
    shop.receive(a, 9);
    const auto id = shop.draft({TestShop::line(a, 5)});
    EXPECT_EQ(shop.word(PauseDrop{id, ""}), "wrong_state");
    EXPECT_EQ(shop.word(ResumeDrop{id}), "wrong_state");
    EXPECT_EQ(shop.word(CloseDrop{id, ""}), "wrong_state");
    EXPECT_EQ(shop.word(SettleDue{id}), "wrong_state");
    EXPECT_EQ(shop.word(ReleaseReserveDue{id}), "wrong_state");
    EXPECT_EQ(shop.word(CancelDrop{id, "never mind"}), "");
    EXPECT_EQ(shop.word(CancelDrop{id, ""}), "wrong_state");
    const auto open = shop.opened({TestShop::line(a, 5)});
    EXPECT_EQ(shop.word(ResumeDrop{open}), "wrong_state");
    shop.must(PauseDrop{open, ""});
    const auto terms = shop.drop(open).terms;
    shop.run_to(terms.closes_at);  // a paused drop closes too
    EXPECT_EQ(shop.drop(open).status, DropStatus::closed);
    EXPECT_EQ(shop.word(CancelDrop{open, ""}), "wrong_state");
    EXPECT_EQ(shop.word(PauseDrop{DropId{9}, ""}), "not_found");
}

TEST_F(DropTest, CancellingGivesBackHoldsAndRefusesToBreakSales) {
    shop.receive(a, 5);
    const auto id = shop.opened({TestShop::line(a, 5)});
    const auto first = shop.hold(id, a, 2);
    const auto order = shop.confirm(shop.hold(id, a, 1));
    EXPECT_EQ(shop.word(CancelDrop{id, ""}), "breaks_promise");
    shop.must(CancelOrder{order, ""});
    shop.must(CancelDrop{id, "supplier failed"});
    EXPECT_EQ(shop.hold(first).status, HoldStatus::released);
    EXPECT_EQ(shop.row(a).free, Quantity{5});
    ASSERT_EQ(shop.state.timers.due.size(), 1u);
    EXPECT_EQ(shop.state.timers.due.begin()->kind, TimerKind::tidy);
    EXPECT_EQ(cap_law(shop.state).breach, "");
}

TEST_F(DropTest, SoldOutIsUndoneByACancelledOrderOnlyWhileTheDropSells) {
    shop.receive(a, 2);
    const auto id = shop.opened({TestShop::line(a, 2)});
    const auto first = shop.confirm(shop.hold(id, a, 1)), second = shop.confirm(shop.hold(id, a, 1));
    const auto sold_out = shop.now;
    EXPECT_EQ(shop.drop(id).lines[0].sold_out_at, sold_out);
    shop.must(CancelOrder{first, ""});
    EXPECT_FALSE(shop.drop(id).lines[0].sold_out_at.has_value());
    shop.now = shop.now + minutes(1);
    shop.confirm(shop.hold(id, a, 1));
    shop.must(CloseDrop{id, "sold out"});
    shop.run_to(shop.now + minutes(30));
    shop.must(CancelOrder{second, ""});
    EXPECT_EQ(shop.drop(id).lines[0].sold_out_at, sold_out + minutes(1));
    EXPECT_EQ(shop.drop(id).lines[0].sold, Quantity{1});
}

TEST(DropSlug, ACancelledDropGivesItsNameBack) {
    TestShop shop;
    const auto a = shop.sku("A");
    shop.receive(a, 5);
    auto terms = shop.terms({TestShop::line(a, 5)});
    shop.must(DraftDrop{terms});
    EXPECT_EQ(shop.word(DraftDrop{terms}), "already_exists");
    shop.must(CancelDrop{DropId{1}, "wrong"});
    shop.must(DraftDrop{terms});
    EXPECT_EQ(shop.state.drops.by_slug.at(terms.slug), DropId{2});
}

}  // namespace
}  // namespace dropsmith::sell::drop_test
