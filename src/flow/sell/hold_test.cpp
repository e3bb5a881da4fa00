// Holds: the order of refusals, limits, quotes, pre-orders, places, expiry; a hold has one outcome.
#include "flow/sell/hold.h"

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::hold_test {
namespace {

struct HoldTest : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A"), b = shop.sku("B");

    PlaceHold priced(DropId drop, std::int64_t price, std::optional<Instant> quote = {}) {
        auto command = TestShop::wish(drop, a, 1);
        command.lines[0].unit_price = Money{price};
        command.quote_valid_until = quote;
        return command;
    }
};

TEST_F(HoldTest, RefusedInTheDocumentedOrder) {
    shop.receive(a, 5), shop.receive(b, 5);
    shop.must(AddChannel{"market", ChannelMode::observed, {}, {}});
    const auto drop = shop.scheduled({TestShop::line(a, 3), TestShop::line(b, 3)});
    EXPECT_EQ(shop.word(TestShop::wish(DropId{9}, a, 1)), "not_found");
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1)), "drop_not_open");  // no share for pre-orders
    auto elsewhere = TestShop::wish(drop, a, 1);
    elsewhere.channel = ChannelId{2};
    EXPECT_EQ(shop.word(elsewhere), "wrong_channel");
    elsewhere.channel = ChannelId{7};
    EXPECT_EQ(shop.word(elsewhere), "wrong_channel");
    shop.run_to(shop.drop(drop).terms.opens_at);
    shop.must(PauseDrop{drop, "a question"});
    EXPECT_EQ(shop.word(TestShop::wish(drop, SkuId{}, 1)), "drop_paused");
    shop.must(ResumeDrop{drop});
    EXPECT_EQ(shop.word(TestShop::wish(drop, SkuId{}, 1)), "no_such_line");
    EXPECT_EQ(shop.word(TestShop::wish(drop, SkuId{77}, 1)), "no_such_line");
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 0)), "bad_value");
    EXPECT_EQ(shop.word(priced(drop, 999)), "price_changed");
    shop.hold(drop, a, 2);
    const auto some = shop.ask(TestShop::wish(drop, a, 2));
    ASSERT_FALSE(some.ok());
    EXPECT_EQ(some.error().code.word, "insufficient_stock");
    EXPECT_EQ(some.error().available, Quantity{1});
    EXPECT_EQ(some.error().sku, "A");
    shop.hold(drop, a, 1);
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 2)), "sold_out");
    EXPECT_EQ(shop.word(priced(drop, 999)), "price_changed");  // the price is looked at before the stock
    shop.run_to(shop.drop(drop).terms.closes_at);
    EXPECT_EQ(shop.word(TestShop::wish(drop, b, 1)), "drop_not_open");
}

TEST_F(HoldTest, AllOrNothingOverLinesAndTheSameSkuTwiceIsOneWish) {
    shop.receive(a, 5), shop.receive(b, 1);
    const auto drop = shop.opened({TestShop::line(a, 3), TestShop::line(b, 1)});
    PlaceHold both{drop, ChannelId{1}, {{a, Quantity{1}, {}}, {b, Quantity{2}, {}}}, {}, 0, {}};
    EXPECT_EQ(shop.word(both), "insufficient_stock");
    EXPECT_EQ(shop.row(a).free, Quantity{5});
    PlaceHold twice{drop, ChannelId{1}, {{a, Quantity{2}, {}}, {a, Quantity{2}, {}}}, {}, 0, {}};
    EXPECT_EQ(shop.word(twice), "insufficient_stock");
    twice.lines[1].units = Quantity{1};
    shop.must(twice);
    EXPECT_EQ(shop.drop(drop).lines[0].held, Quantity{3});
    EXPECT_EQ(shop.drop(drop).lines[0].sold_out_at, shop.now);
}

TEST_F(HoldTest, LimitsCountBySession) {
    shop.receive(a, 20);
    auto line = TestShop::line(a, 20);
    line.per_person_limit = Quantity{2};
    const auto drop = shop.opened({line});
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 3)), "over_limit");
    const auto hold = shop.hold(drop, a, 1, 42);
    const auto more = shop.ask(TestShop::wish(drop, a, 2, 42));
    ASSERT_FALSE(more.ok());
    EXPECT_EQ(more.error().available, Quantity{1});
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 2, 43)), "");
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 2, 0)), "");  // no session: counts for itself
    shop.must(ReleaseHold{hold});
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 2, 42)), "");
}

TEST_F(HoldTest, AQuoteFixesThePriceAndAFallPasses) {
    shop.receive(a, 20);
    const auto drop = shop.opened({TestShop::line(a, 20, 1000)});
    const auto valid = shop.now + minutes(5);
    shop.set_price(drop, 0, Money{1200});
    shop.must(priced(drop, 1000, valid));
    EXPECT_EQ(shop.hold(HoldId{1}).lines[0].unit_price, Money{1000});
    EXPECT_FALSE(shop.hold(HoldId{1}).lines[0].decision);
    shop.set_price(drop, 0, Money{900});
    shop.must(priced(drop, 1000, valid));
    EXPECT_EQ(shop.hold(HoldId{2}).lines[0].unit_price, Money{900});
    shop.now = valid + Duration{1};
    EXPECT_EQ(shop.word(priced(drop, 900, valid)), "price_changed");
    EXPECT_EQ(shop.word(priced(drop, 900)), "");
    auto& standing = shop.state.prices.lines[{drop, 0, ChannelId{1}}];
    standing.kind = DecisionKind::override_, standing.before_override = Money{950}, standing.override_until = shop.now;
    EXPECT_EQ(shop.word(priced(drop, 900)), "price_changed");  // the override has ended though its timer has not run
    EXPECT_EQ(shop.word(priced(drop, 950)), "");
}

TEST_F(HoldTest, PreordersTakeTheReserveOnlyUntilItIsReleased) {
    shop.receive(a, 10), shop.receive(b, 10);
    auto line = TestShop::line(a, 10);
    line.preorder_share = Rate{250'000};  // 2 units of 10: rounded down
    const auto drop = shop.scheduled({line, TestShop::line(b, 10)});
    EXPECT_EQ(shop.word(TestShop::wish(drop, b, 1)), "drop_not_open");
    const auto full = shop.ask(TestShop::wish(drop, a, 3));
    ASSERT_FALSE(full.ok());
    EXPECT_EQ(full.error().code.word, "preorder_full");
    EXPECT_EQ(full.error().available, Quantity{2});
    const auto hold = shop.hold(drop, a, 1);
    EXPECT_TRUE(shop.hold(hold).preorder);
    EXPECT_EQ(shop.drop(drop).lines[0].preorder_held, Quantity{1});
    shop.confirm(hold);
    EXPECT_EQ(shop.drop(drop).lines[0].preorder_sold, Quantity{1});
    const auto& terms = shop.drop(drop).terms;
    shop.run_to(terms.opens_at - terms.preorder_release);  // long due: the reserve goes at once
    EXPECT_TRUE(shop.drop(drop).reserve_released);
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1)), "drop_not_open");
    shop.run_to(terms.opens_at);
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 9)), "");
}

TEST_F(HoldTest, PlacesArePickedByRule) {
    const auto hub = shop.place("Hub");
    shop.receive(a, 3), shop.receive(a, 5, hub);
    auto line = TestShop::line(a, 8);
    line.places = {{PlaceId{1}, Quantity{3}}, {hub, Quantity{5}}};
    const auto drop = shop.opened({line});
    auto at_first = TestShop::wish(drop, a, 4);
    at_first.pickup_at = PlaceId{1};
    EXPECT_EQ(shop.word(at_first), "insufficient_stock");
    at_first.lines[0].units = Quantity{1};
    shop.must(at_first);
    EXPECT_EQ(shop.hold(HoldId{1}).lines[0].place, PlaceId{1});
    shop.must(ReportSale{"till", "1", hub, {}, shop.now, {{a, Quantity{1}, {}}}, {}});  // stock binds: 4 are left
    shop.receive(a, 1);
    const auto hold = shop.hold(drop, a, 6);
    ASSERT_EQ(shop.hold(hold).lines.size(), 2u);
    EXPECT_EQ(shop.hold(hold).lines[0].units, Quantity{2});
    EXPECT_EQ(shop.hold(hold).lines[1].units, Quantity{4});
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1)), "sold_out");
}

TEST_F(HoldTest, OneOutcomeAndADueHoldIsExpiredBeforeItsTimer) {
    shop.receive(a, 5);
    const auto drop = shop.opened({TestShop::line(a, 5)});
    const auto hold = shop.hold(drop, a, 3, 7);
    EXPECT_EQ(shop.word(ReduceHold{hold, {{a, Quantity{4}, {}}}}), "bad_value");
    EXPECT_EQ(shop.word(ReduceHold{hold, {{b, Quantity{0}, {}}}}), "no_such_line");
    shop.must(ReduceHold{hold, {{a, Quantity{1}, {}}}});
    EXPECT_EQ(shop.row(a).held, Quantity{1});
    EXPECT_EQ(shop.word(HoldDue{hold}), "wrong_state");
    shop.now = shop.hold(hold).expires_at;  // due, the timer has not run
    ConfirmHold confirm;
    confirm.hold = hold;
    EXPECT_EQ(shop.word(confirm), "hold_expired");
    EXPECT_EQ(shop.word(ReleaseHold{hold}), "hold_expired");
    EXPECT_EQ(shop.word(ReduceHold{hold, {}}), "hold_expired");
    shop.run_to(shop.now);
    EXPECT_EQ(shop.hold(hold).status, HoldStatus::expired);
    EXPECT_EQ(shop.row(a).free, Quantity{5});
    EXPECT_TRUE(shop.state.drops.taken.empty());
    const auto second = shop.hold(drop, a, 2);
    shop.must(ReduceHold{second, {{a, Quantity{0}, {}}}});  // nothing remains: that is a release
    EXPECT_EQ(shop.hold(second).status, HoldStatus::released);
    EXPECT_EQ(shop.word(ReleaseHold{second}), "hold_released");
    const auto third = shop.hold(drop, a, 2);
    shop.confirm(third);
    EXPECT_EQ(shop.word(ReleaseHold{third}), "hold_confirmed");
    EXPECT_EQ(shop.row(a).sold, Quantity{2});
    EXPECT_FALSE(shop.drop(drop).lines[0].sold_out_at.has_value());
}

TEST_F(HoldTest, AHoldSpreadOverTooManyPlacesIsRefused) {
    auto line = TestShop::line(a, 129);
    line.places.clear();
    for (int i = 0; i < 129; ++i) {
        const auto place = shop.place("Place " + std::to_string(i));
        shop.receive(a, 1, place);
        line.places.push_back({place, Quantity{1}});
    }
    const auto drop = shop.opened({line});
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 129)), "bad_value");
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 128)), "");
}

TEST_F(HoldTest, TooMuchMoneyForALineIsRefusedNotABug) {
    shop.receive(a, 1'000'000);
    const auto drop = shop.opened({TestShop::line(a, 1'000'000, 1'000'000'000)});
    shop.set_price(drop, 0, Money{1'000'000'000'000});  // an override may lie above the bands
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1'001)), "bad_value");
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 1'000)), "");
}

TEST_F(HoldTest, AHoldOfOneLineIsAFactOfAtMost128Bytes) {
    UnitsHeld fact{HoldId{9'000'000'000}, DropId{100'000}, ChannelId{16}, {}, shop.now,
                   ~std::uint64_t{0},     PlaceId{70'000}, true};
    fact.lines = {{499, SkuId{5'000'000'000}, PlaceId{70'000}, Quantity{1'000'000'000}, Money{1'000'000'000'000},
                   DecisionId{9'000'000'000}}};
    Bytes bytes;
    encode_cbor(bytes, AnyRef{&type_of<UnitsHeld>(), &fact});
    EXPECT_LE(bytes.size(), 128u);
}

}  // namespace
}  // namespace dropsmith::sell::hold_test
