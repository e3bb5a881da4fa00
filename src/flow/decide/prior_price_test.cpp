// The lowest price of 30 days: the example of the law's commentary (36, and 16.67 % rather than 25 %), no announcement
// without 30 days on sale, gaps, and drops that overlap.
#include "flow/decide/prior_price.h"

#include <gtest/gtest.h>

#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::prior_price_test {
namespace {

Instant day(std::int64_t n) { return Instant{1'700'000'000'000} + days(n); }

struct History {
    Prices prices;
    std::uint64_t decisions = 0;
    LineKey key{DropId{1}, 0, ChannelId{1}};

    void set(std::int64_t price, std::int64_t at_day) {
        PriceSet fact;
        fact.decision = DecisionId{++decisions}, fact.key = key, fact.sku = SkuId{7};
        fact.price = Money{price}, fact.list_price = Money{4000};
        evolve(prices, fact, {day(at_day), decisions, {}});
    }
    void open(std::int64_t at_day) { evolve(prices, DropOpened{key.drop, {}}, {day(at_day), 0, {}}); }
    void close(std::int64_t at_day) { evolve(prices, DropClosed{key.drop, "", {}}, {day(at_day), 0, {}}); }
    std::optional<Reduction> announced() const {
        return announced_reduction(prices, key, prices.lines.at(key).price);
    }
};

TEST(PriorPrice, TheExampleOfTheDirective) {
    History history;
    history.set(4000, -1), history.open(0);
    history.set(3600, 9), history.set(4000, 12), history.set(3000, 41);
    ASSERT_EQ(prior_price(history.prices, SkuId{7}, ChannelId{1}, day(41)), Money{3600});
    const auto reduction = history.announced();
    ASSERT_TRUE(reduction);
    EXPECT_EQ(reduction->prior, Money{3600});
    EXPECT_EQ(reduction->discount, Rate{166'667});  // 16.67 %, not the 25 % off 40
}

TEST(PriorPrice, WithoutThirtyDaysOnSaleNothingIsStruckThrough) {
    History young;
    young.set(4000, -90);  // announced early, but nobody could buy before the opening
    young.open(0), young.set(3000, 29);
    EXPECT_FALSE(young.announced());
    History gap;
    gap.set(4000, 0), gap.open(0), gap.close(20);
    gap.key.drop = DropId{2};
    gap.set(4000, 21), gap.open(22), gap.set(3000, 45);
    EXPECT_FALSE(gap.announced());
    History seamless;
    seamless.set(4000, 0), seamless.open(0), seamless.close(22);
    seamless.key.drop = DropId{2};
    seamless.set(3900, 21), seamless.open(22), seamless.set(3000, 45);
    ASSERT_TRUE(seamless.announced());
    EXPECT_EQ(seamless.announced()->prior, Money{3900});
}

TEST(PriorPrice, ARiseAnnouncesNothingAndDropsThatOverlapCountTheLower) {
    History history;
    history.set(3000, 0), history.open(0), history.set(3500, 40);
    EXPECT_FALSE(history.announced());
    history.key.drop = DropId{2};
    history.set(2500, 41), history.open(41);
    EXPECT_EQ(prior_price(history.prices, SkuId{7}, ChannelId{1}, day(50)), Money{2500});
    EXPECT_FALSE(prior_price(history.prices, SkuId{7}, ChannelId{2}, day(50)));  // another channel, another memory
}

TEST(PriorPrice, AWrongMemoryNeverMakesTheDiscountGreater) {  // 5,000 changes: joined under the lower price
    History history;
    history.set(4000, 0), history.open(0);
    for (std::int64_t i = 1; i <= 5'000; ++i) {
        PriceSet fact;
        fact.decision = DecisionId{++history.decisions}, fact.key = history.key, fact.sku = SkuId{7};
        fact.price = Money{i % 2 ? 3900 : 4000}, fact.list_price = Money{4000};
        evolve(history.prices, fact, {day(0) + minutes(i), 1, {}});
    }
    EXPECT_LE(history.prices.history.begin()->second.size(), 1'024u);
    history.set(3000, 40);
    ASSERT_TRUE(history.announced());
    EXPECT_EQ(history.announced()->prior, Money{3900 + 100});  // it ended at 4000, 36 days before
}

TEST(PriorPrice, TheDecisionSaysIt) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    shop.now = shop.now + hours(1);
    ASSERT_EQ(shop.word(OverridePrice{key, Money{2500}, shop.now + hours(1), "test"}), "");
    EXPECT_FALSE(shop.price(key).prior_price);
    EXPECT_FALSE(announced_reduction(shop.state.prices, key, Money{2500}));
}

}  // namespace
}  // namespace dropsmith::decide::prior_price_test
