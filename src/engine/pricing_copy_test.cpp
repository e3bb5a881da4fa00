// What goes along to a rehearsal and what stays: cut at a drop and an instant, so that a replay is not told
// the future.
#include "engine/pricing_copy.h"

#include <gtest/gtest.h>

namespace dropsmith::engine::pricing_copy_test {
namespace {

const Instant opened{1'800'000'000'000};

State shop() {
    State state;
    state.at = opened + days(40), state.head = 99;
    state.shop.open = true, state.shop.currency = "GBP", state.shop.speed = 60;
    for (std::uint64_t n = 1; n <= 6; ++n) {
        Product product;
        product.id = ProductId{n}, product.brand = n == 6 ? "Other" : "Harbour", product.story = "long";
        product.skus = {SkuId{n}};
        state.catalogue.products.push_back(product);
        Sku sku{SkuId{n}, ProductId{n}, {}};
        sku.terms.sku = "S" + std::to_string(n), sku.terms.list_price = Money{3000};
        state.catalogue.by_code[sku.terms.sku] = sku.id;
        state.catalogue.skus.push_back(std::move(sku));
        const auto hour = opened.ms / hours(1).n;
        for (std::int64_t day = 0; day < 30; ++day)
            state.history.hours[{static_cast<std::uint32_t>(n), hour + 24 * (day - 15)}].sum.units = 2;
    }
    for (std::uint64_t n = 1; n <= 20; ++n) {
        Drop drop;
        drop.id = DropId{n}, drop.status = DropStatus::settled, drop.terms.slug = "drop-" + std::to_string(n);
        drop.lines.resize(1), drop.lines[0].terms.sku = SkuId{1};
        drop.closed_at = opened + days(static_cast<std::int64_t>(n) - 15);
        LinePrice price;
        price.price = Money{3000}, price.next_review = opened, price.seen.resize(3);
        state.prices.lines[{drop.id, 0, ChannelId{1}}] = price;
        DropCurve curve;
        curve.drop = drop.id, curve.closes = *drop.closed_at;
        state.prices.curves[ChannelId{1}].push_back(curve);
        state.drops.drops.push_back(std::move(drop));
    }
    return state;
}

TEST(PricingCopy, TakesWhatPricingLooksAt) {
    const auto all = shop();
    const auto copy = copy_of_shop(all, {SkuId{1}});
    EXPECT_EQ(copy.head, all.head);
    EXPECT_EQ(copy.at, all.at);
    EXPECT_EQ(copy.drops.drops.size(), 20u);
    EXPECT_EQ(copy.drops.drops[19].terms.slug, "drop-20");
    EXPECT_TRUE(copy.drops.drops[0].lines.empty());  // longer ago than the engine looks
    EXPECT_EQ(copy.prices.lines.size(), 16u);
    EXPECT_TRUE(copy.prices.lines.rbegin()->second.seen.empty());
    EXPECT_EQ(copy.prices.lines.rbegin()->second.next_review, Instant{});
    EXPECT_EQ(copy.prices.curves.at(ChannelId{1}).size(), 20u);
    EXPECT_TRUE(copy.catalogue.products[0].story.empty());
    ASSERT_NE(copy.catalogue.find("S3"), nullptr);
    EXPECT_EQ(copy.history.hours.size(), 5u * 30u);  // of the brand
    EXPECT_FALSE(copy.history.hours.contains({6, opened.ms / hours(1).n}));
}

TEST(PricingCopy, EndsBeforeTheDropThatIsReplayed) {
    const auto copy = copy_of_shop(shop(), {SkuId{1}}, DropId{17}, opened);
    EXPECT_EQ(copy.drops.drops.size(), 16u);
    EXPECT_EQ(copy.at, opened);
    EXPECT_EQ(copy.drops.drops[14].status, DropStatus::settled);  // closed as it opened
    EXPECT_EQ(copy.drops.drops[15].status, DropStatus::open);     // still ran
    EXPECT_EQ(copy.prices.curves.at(ChannelId{1}).size(), 15u);
    EXPECT_EQ(copy.prices.lines.rbegin()->first.drop, DropId{16});
    for (const auto& [key, row] : copy.history.hours) EXPECT_LT(key.second, opened.ms / hours(1).n);
    EXPECT_EQ(copy.history.hours.size(), 5u * 15u);
}

}  // namespace
}  // namespace dropsmith::engine::pricing_copy_test
