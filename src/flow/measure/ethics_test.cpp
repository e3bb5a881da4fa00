// The ethics audit: a group that pays more at the same time is found; one that only bought at another time is not. Tax
// is in no comparison: neither how prices are shown nor what the state takes makes a group pay more or less.
#include "flow/measure/ethics.h"

#include <gtest/gtest.h>

namespace dropsmith::measure::ethics_test {
namespace {

struct Book {
    State state;
    Instant start{1'795'000'000'000 / 3'600'000 * 3'600'000};
    Book() {
        state.places.channels = {{ChannelId{1}, 1, "web", ChannelMode::own, true, {}},
                                 {ChannelId{2}, 1, "till", ChannelMode::own, true, {}}};
        state.places.places = {{PlaceId{1}, 1, "Hackney", PlaceKind::store, "UTC", {}},
                               {PlaceId{2}, 1, "Leith", PlaceKind::store, "UTC", {}}};
    }
    EthicsBook book;
    std::uint64_t orders = 0;
    void sell(int hour, std::uint64_t channel, std::uint64_t place, std::int64_t units, std::int64_t price) {
        sell_taxed(hour, channel, place, units, price, price, 0);
    }
    // unit price as shown, and what the buyer pays for a unit with tax, and the tax in it
    void sell_taxed(int hour, std::uint64_t channel, std::uint64_t place, std::int64_t units, std::int64_t price,
                    std::int64_t gross, std::int64_t tax) {
        OrderPlaced order;
        order.order = OrderId{++orders};
        order.drop = DropId{1}, order.channel = ChannelId{channel};
        OrderLine line;
        line.place = PlaceId{place}, line.units = Quantity{units}, line.unit_price = Money{price};
        line.gross = Money{gross * units}, line.tax = Money{tax * units};
        order.lines = {line};
        book.add(order, start + hours(hour));
    }
    Ethics audit() const { return book.told(state, start, start + days(1)); }
};

TEST(Ethics, WhoBoughtAtAnotherHourIsNotBlamed) {
    Book book;
    book.sell(1, 1, 1, 30, 3'000), book.sell(2, 2, 2, 30, 2'000);
    const auto ethics = book.audit();
    ASSERT_EQ(ethics.channels.size(), 2u);
    for (const auto& rows : {ethics.channels, ethics.regions})
        for (const auto& row : rows) EXPECT_EQ(row.index, whole) << row.name;
    EXPECT_EQ(ethics.units, Quantity{60});
}

TEST(Ethics, WhoPaysMoreAtTheSameTimeIsFound) {
    Book book;
    for (int hour = 0; hour < 3; ++hour) book.sell(hour, 1, 1, 10, 2'000), book.sell(hour, 1, 2, 10, 2'400);
    const auto ethics = book.audit();
    ASSERT_EQ(ethics.regions.size(), 2u);
    EXPECT_EQ(ethics.regions[0].index, Rate{909'091});    // 2000 / 2200
    EXPECT_EQ(ethics.regions[1].index, Rate{1'090'909});  // 2400 / 2200
    EXPECT_TRUE(ethics.regions[0].flagged && ethics.regions[1].flagged);
    ASSERT_EQ(ethics.channels.size(), 1u);
    EXPECT_FALSE(ethics.channels[0].flagged);
    EXPECT_EQ(ethics.regions[1].paid, Money{72'000});
    EXPECT_EQ(ethics.regions[1].expected, Money{66'000});
}

TEST(Ethics, AFewUnitsProveNothing) {
    Book book;
    book.sell(0, 1, 1, 9, 2'000), book.sell(0, 1, 2, 9, 2'400);
    const auto ethics = book.audit();
    EXPECT_EQ(ethics.orders, 2);
    for (const auto& row : ethics.regions) EXPECT_FALSE(row.flagged);
    EXPECT_TRUE(Book().audit().channels.empty());
}

// 36.00 with tax on the web, 36.00 and tax on top to the trade: the same figure is shown, and it is not the same price.
TEST(Ethics, PricesWithAndWithoutTaxAreComparedNet) {
    Book book;
    book.sell_taxed(0, 1, 1, 30, 3'600, 3'600, 600), book.sell_taxed(0, 2, 1, 30, 3'600, 4'320, 720);
    const auto ethics = book.audit();
    ASSERT_EQ(ethics.channels.size(), 2u);
    EXPECT_EQ(ethics.channels[0].paid, Money{30 * 3'000});
    EXPECT_EQ(ethics.channels[1].paid, Money{30 * 3'600});
    EXPECT_EQ(ethics.channels[0].index, Rate{909'091});    // 30.00 / 33.00
    EXPECT_EQ(ethics.channels[1].index, Rate{1'090'909});  // 36.00 / 33.00
    EXPECT_TRUE(ethics.channels[0].flagged && ethics.channels[1].flagged);
}

// The same goods at the same net price, shown and taxed in two ways: nobody pays more by the shop's doing.
TEST(Ethics, WhatOnlyTheTaxAddsIsNobodysDisparity) {
    Book book;
    book.sell_taxed(0, 1, 1, 30, 3'600, 3'600, 600), book.sell_taxed(0, 2, 2, 30, 3'000, 3'600, 600);
    book.sell_taxed(1, 1, 1, 30, 3'600, 3'600, 600), book.sell_taxed(1, 1, 2, 30, 3'150, 3'150, 150);
    const auto ethics = book.audit();
    for (const auto& rows : {ethics.channels, ethics.regions})
        for (const auto& row : rows) EXPECT_EQ(std::pair(row.index, row.flagged), std::pair(whole, false)) << row.name;
}

TEST(Ethics, DiscountsOfOnesOwnAreHeldAgainstEachOtherRuleByRule) {
    Book book;
    PersonalOfferMade offer;
    offer.drop = DropId{1}, offer.session = 7, offer.lines.resize(2);
    offer.lines[0].feature = "orders_before", offer.lines[1].feature = "orders_before";
    book.book.add(offer);
    const auto sell = [&](std::uint64_t place, std::uint32_t rule, std::int64_t units, std::int64_t given) {
        OrderPlaced order;
        order.order = OrderId{++book.orders}, order.drop = DropId{1}, order.channel = ChannelId{1};
        OrderLine line;
        line.place = PlaceId{place}, line.units = Quantity{units}, line.unit_price = Money{3'000 - given};
        line.gross = line.unit_price * line.units;
        order.lines = {line};
        PersonalPrice own;
        own.price = line.unit_price, own.standing = Money{3'000}, own.rule = rule;
        own.feature = rule == 0 ? "orders_before" : "returning";
        order.personal = {own};
        book.book.add(order, book.start);
    };
    sell(1, 0, 20, 300), sell(2, 0, 20, 100);  // the same rule, and Leith gets a third of it
    sell(1, 1, 20, 150), sell(2, 1, 20, 150);
    book.sell(0, 1, 1, 50, 3'000);  // at everybody's price
    const auto ethics = book.audit();
    EXPECT_EQ(ethics.offers, 1u);
    ASSERT_EQ(ethics.offered.size(), 2u);
    EXPECT_EQ(ethics.offered[0].feature, "orders_before");
    EXPECT_EQ(ethics.offered[0].offers, 1u);
    EXPECT_EQ(ethics.offered[0].units, Quantity{40});
    EXPECT_EQ(ethics.offered[0].given, Money{8'000});
    ASSERT_EQ(ethics.own_regions.size(), 2u);
    EXPECT_EQ(ethics.own_regions[0].units, Quantity{40});
    EXPECT_EQ(ethics.own_regions[0].index, Rate{1'285'714});  // (300 + 150) / (200 + 150)
    EXPECT_EQ(ethics.own_regions[1].index, Rate{714'286});
    EXPECT_TRUE(ethics.own_regions[0].flagged && ethics.own_regions[1].flagged);
    ASSERT_EQ(ethics.own_channels.size(), 1u);
    EXPECT_FALSE(ethics.own_channels[0].flagged);
}

}  // namespace
}  // namespace dropsmith::measure::ethics_test
