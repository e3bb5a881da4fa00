// The ethics audit: a group that pays more at the same time is found; one that only bought at another time is not.
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
        OrderPlaced order;
        order.order = OrderId{++orders};
        order.drop = DropId{1}, order.channel = ChannelId{channel};
        OrderLine line;
        line.place = PlaceId{place}, line.units = Quantity{units}, line.unit_price = Money{price};
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

}  // namespace
}  // namespace dropsmith::measure::ethics_test
