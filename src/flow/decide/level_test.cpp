// Sold-out days are no evidence of low demand; little evidence is filled up from the cluster; a scheduled drop keeps
// what was found, says it in every decision, and prices by it.
#include "flow/decide/level.h"

#include <gtest/gtest.h>

#include "flow/decide/propose.h"
#include "flow/decide/sample.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::level_test {
namespace {

TEST(Level, SilenceThatChanceDoesNotExplainIsNotOnSale) {
    std::vector<DaySales> sold;
    for (int day = 0; day < 10; ++day) sold.push_back({day, 10});
    for (int day = 30; day < 35; ++day) sold.push_back({day, 10});
    EXPECT_NEAR(150 / days_on_sale(sold, 34), 10, 0.2);    // not 150 / 35
    EXPECT_NEAR(150 / days_on_sale(sold, 400), 10, 0.2);   // delisted afterwards
    std::vector<DaySales> slow;
    for (int day = 0; day < 100; day += 5) slow.push_back({day, 1});
    EXPECT_EQ(days_on_sale(slow, 99), 100);
    EXPECT_EQ(days_on_sale({{10, 1}}, 300), 291);  // one unit in most of a year is a slow seller, not one a day
}

class Shop : public SampleShop {
  public:
    SkuId add(const std::string& code, const std::string& brand, Money list) {
        Product product;
        product.id = ProductId{state.catalogue.products.size() + 1}, product.title = code, product.brand = brand;
        product.tax_category = "standard";
        Sku sku;
        sku.id = SkuId{state.catalogue.skus.size() + 1}, sku.product = product.id;
        sku.terms.sku = code, sku.terms.unit_cost = Money{1000}, sku.terms.list_price = list;
        product.skus = {sku.id};
        state.catalogue.by_code[code] = sku.id;
        state.catalogue.products.push_back(std::move(product));
        state.catalogue.skus.push_back(std::move(sku));
        return state.catalogue.skus.back().id;
    }
    void sold(SkuId sku, int days, double a_day, Money price) {
        for (int day = 0; day < days; ++day) {
            const auto units = draw_poisson(random, a_day);
            if (units == 0) continue;
            auto& row = state.history.hours[{static_cast<std::uint32_t>(sku.n), (20'000 + day) * 24 + 11}];
            row.sum.units = units, row.sum.revenue = price * Quantity{units};
        }
    }
};

double a_day(const std::optional<LevelInput>& level) {
    return level ? static_cast<double>(level->per_day) / 1e6 : -1;
}

TEST(Level, LittleEvidenceIsFilledUpFromTheCluster) {
    Shop shop;
    std::vector<SkuId> alike;
    for (int i = 0; i < 8; ++i) alike.push_back(shop.add("A" + std::to_string(i), "Harbour", Money{3000}));
    const auto rare = shop.add("RARE", "Harbour", Money{3200}), fresh = shop.add("NEW", "Harbour", Money{2800}),
               dear = shop.add("DEAR", "Harbour", Money{30'000}), other = shop.add("OTHER", "Else", Money{3000});
    for (std::size_t i = 0; i < alike.size(); ++i)
        shop.sold(alike[i], 200, i % 2 ? 4.6 : 3.4, Money{3000});
    shop.state.history.hours[{static_cast<std::uint32_t>(rare.n), 20'190 * 24}].sum = {1, 0, Money{3200}};
    shop.sold(other, 200, 90, Money{3000});
    Levels levels(shop.state);
    const auto much = levels.of(alike[0], Money{3000}), none = levels.of(fresh, Money{2800}),
               little = levels.of(rare, Money{3200});
    EXPECT_NEAR(a_day(much), 3.4, 0.4);
    EXPECT_NEAR(a_day(none), 4, 0.8);  // the mean of those like it, and not of another brand's
    EXPECT_EQ(none->units, 0u);
    EXPECT_EQ(none->alike, 9u);
    EXPECT_GT(none->spread, much->spread);
    EXPECT_GT(a_day(little), 0.3);  // alone it would say 0.1: one unit in ten days
    EXPECT_LT(a_day(little), 4);
    EXPECT_FALSE(levels.of(dear, Money{30'000}));  // nothing at such a price
}

TEST(Level, WhatWasPaidBelowTheListPriceCountsForLess) {
    Shop shop;
    const auto sku = shop.add("ONE", "Harbour", Money{3000});
    shop.sold(sku, 300, 5, Money{2400});
    EXPECT_NEAR(a_day(Levels(shop.state).of(sku, Money{3000})), 5 * std::pow(0.8, 2.2), 0.3);
}

TEST(Level, AScheduledDropKeepsItAndPricesByIt) {
    const auto chance_of_top = [](double ordinary_day, std::optional<LevelInput>& said) {
        Shop shop;
        if (ordinary_day > 0) shop.sold(shop.cup, 300, ordinary_day, Money{3000});
        auto terms = shop.terms();
        terms.pricing.explore_share = whole;
        const auto key = shop.open(terms);
        said = shop.price(key).level;
        shop.now = shop.now + hours(1);
        EXPECT_TRUE(shop.ask(ReviewDue{key}).ok());
        const auto question = question_of(shop.state, key, shop.state.head, 7);
        EXPECT_TRUE(question);
        const auto proposal = propose(*question);
        EXPECT_EQ(proposal.inputs.level.has_value(), said.has_value());
        EXPECT_TRUE(shop.ask(proposal).ok());
        EXPECT_EQ(shop.price(key).level.has_value(), said.has_value());
        return static_cast<double>(proposal.inputs.arms[2].propensity.n) / 1e6;
    };
    std::optional<LevelInput> none, slow, quick;
    const double without = chance_of_top(0, none), weak = chance_of_top(2, slow), strong = chance_of_top(80, quick);
    EXPECT_FALSE(none);
    ASSERT_TRUE(slow && quick);
    EXPECT_NEAR(a_day(slow), 2, 0.2);
    EXPECT_GT(slow->days, 280u);
    EXPECT_LT(weak, strong);
    EXPECT_LE(weak, without);
    EXPECT_GE(strong, without);
}

}  // namespace
}  // namespace dropsmith::decide::level_test
