// Products, SKUs known from history only, places and channels.
#include "flow/sell/catalogue.h"

#include <gtest/gtest.h>

#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::catalogue_test {
namespace {

SkuTerms sku(const std::string& code) {
    SkuTerms terms;
    terms.sku = code, terms.list_price = Money{1000};
    return terms;
}

TEST(CatalogueTest, SkuCodesAreUniqueAndNeverChange) {
    TestShop shop;
    shop.must(AddProduct{"Shirt", "", "", "standard", {sku("S"), sku("M")}});
    EXPECT_EQ(shop.word(AddProduct{"Other", "", "", "standard", {sku("M")}}), "already_exists");
    EXPECT_EQ(shop.word(AddProduct{"Other", "", "", "standard", {sku("X"), sku("X")}}), "already_exists");
    EXPECT_EQ(shop.word(AddProduct{"Other", "", "", "standard", {}}), "bad_value");
    EXPECT_EQ(shop.word(AddProduct{"", "", "", "standard", {sku("X")}}), "bad_value");
    EXPECT_EQ(shop.word(AddProduct{"Other", "", "", "", {sku("X")}}), "bad_value");
    auto free = sku("X");
    free.list_price = Money{0};
    EXPECT_EQ(shop.word(AddProduct{"Other", "", "", "standard", {free}}), "bad_value");
    ChangeProduct change;
    change.product = ProductId{1}, change.title = "Shirts", change.skus = {sku("M"), sku("L")}, change.if_version = 1;
    change.skus[0].unit_cost = Money{300};
    shop.must(change);
    EXPECT_EQ(shop.state.catalogue.find(ProductId{1})->version, 2u);
    EXPECT_EQ(shop.state.catalogue.find(ProductId{1})->skus.size(), 3u);
    EXPECT_EQ(shop.state.catalogue.find("M")->terms.unit_cost, Money{300});
    EXPECT_EQ(shop.state.catalogue.find("L")->id, SkuId{3});
    EXPECT_EQ(shop.word(change), "version_conflict");
    change.product = ProductId{7};
    EXPECT_EQ(shop.word(change), "not_found");
}

TEST(CatalogueTest, AProductTakesOverASkuThatOnlyHistoryKnew) {
    TestShop shop;
    HistoryStaged staged;
    staged.first_product = ProductId{1}, staged.first_sku = SkuId{1},
    staged.new_skus = {{"OLD", "Old mug"}, {"BARE", ""}};
    shop.take(staged);
    EXPECT_EQ(shop.state.catalogue.find(ProductId{2})->title, "BARE");
    EXPECT_FALSE(shop.state.catalogue.find("OLD")->terms.list_price.has_value());
    EXPECT_EQ(shop.word(AddProduct{"Mug", "", "", "standard", {sku("OLD")}}), "already_exists");  // no sales known yet
    shop.state.history.hours[{1, 400'000}].sum.units = 5;
    shop.must(AddProduct{"Mug", "", "", "standard", {sku("OLD"), sku("NEW")}});
    EXPECT_EQ(shop.state.catalogue.find("OLD")->id, SkuId{1});
    EXPECT_EQ(shop.state.catalogue.find("OLD")->product, ProductId{3});
    EXPECT_EQ(shop.state.catalogue.find("NEW")->id, SkuId{3});
    EXPECT_TRUE(shop.state.catalogue.find(ProductId{1})->skus.empty());
    EXPECT_EQ(shop.word(AddProduct{"Mug", "", "", "standard", {sku("OLD")}}), "already_exists");
}

TEST(CatalogueTest, PlacesAndChannels) {
    TestShop shop;
    EXPECT_EQ(shop.word(AddPlace{"Here", PlaceKind::hub, "UTC", {}}), "already_exists");
    EXPECT_EQ(shop.word(AddPlace{"Pole", PlaceKind::hub, "UTC", Position{90'000'001, 0}}), "bad_value");
    EXPECT_EQ(shop.word(AddPlace{"", PlaceKind::hub, "UTC", {}}), "bad_value");
    ChangePlace change;
    change.place = PlaceId{1}, change.name = "There", change.if_version = 1;
    shop.must(change);
    EXPECT_EQ(shop.state.places.find(PlaceId{1})->name, "There");
    EXPECT_EQ(shop.word(change), "version_conflict");
    EXPECT_EQ(shop.word(AddChannel{"web", ChannelMode::own, {}, {}}), "already_exists");
    EXPECT_EQ(shop.word(AddChannel{"square", ChannelMode::linked, {}, {}}), "bad_value");
    EXPECT_EQ(shop.word(AddChannel{"square", ChannelMode::linked, {}, PlaceId{9}}), "not_found");
    shop.must(AddChannel{"square", ChannelMode::linked, {}, PlaceId{1}});
    const auto a = shop.sku("A");
    shop.opened({TestShop::line(a, 1)});
    ChangeChannel mode;
    mode.channel = ChannelId{1}, mode.mode = ChannelMode::observed;
    EXPECT_EQ(shop.word(mode), "wrong_state");  // a drop sells through it
    mode.channel = ChannelId{2};
    EXPECT_EQ(shop.word(mode), "");
    mode.channel = ChannelId{9};
    EXPECT_EQ(shop.word(mode), "not_found");
}

}  // namespace
}  // namespace dropsmith::sell::catalogue_test
