// Opening a shop, its terms, the writer's epoch, counted refusals.
#include "flow/sell/shop.h"

#include <gtest/gtest.h>

#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::shop_test {
namespace {

TEST(ShopTest, OpensOnceWithTermsThatWork) {
    TestShop shop;
    EXPECT_EQ(shop.word(OpenShop{"Again", "GBP", "UTC", true, false, 1, 0}), "wrong_state");
    EXPECT_EQ(shop.state.shop.epoch, 1u);
    EXPECT_EQ(shop.state.shop.delivery.size(), 2u);
    ASSERT_TRUE(shop.state.places.channel_named("web"));
    EXPECT_EQ(shop.state.places.channel_named("web")->mode, ChannelMode::own);
    State empty;
    const auto word = [&](const OpenShop& command) {
        const auto verdict = handle(empty, command, shop.moment());
        return verdict ? "" : verdict.error().clashes.at(0).pointer;
    };
    EXPECT_EQ(word({"", "GBP", "UTC", true, false, 1, 0}), "/name");
    EXPECT_EQ(word({"S", "GBX", "UTC", true, false, 1, 0}), "/currency");
    EXPECT_EQ(word({"S", "GBP", "", true, false, 1, 0}), "/time_zone");
    EXPECT_EQ(word({"S", "GBP", "UTC", true, false, 60, 0}), "/speed");
    EXPECT_EQ(word({"S", "BHD", "UTC", true, true, 60, 0}), "");
}

TEST(ShopTest, TermsReplaceWhatIsGiven) {
    TestShop shop;
    SetTerms terms;
    terms.tax = std::vector<TaxRate>{{"standard", "", Rate{200'000}, Instant{0}}};
    shop.must(terms);
    EXPECT_EQ(shop.state.shop.name, "Test");
    EXPECT_EQ(shop.state.shop.delivery.size(), 2u);
    EXPECT_EQ(shop.state.shop.tax[0].rate, Rate{200'000});
    terms.tax->push_back(terms.tax->front());
    EXPECT_EQ(shop.word(terms), "bad_value");
    terms.tax = std::vector<TaxRate>{{"standard", "", Rate{1'000'001}, Instant{0}}};
    EXPECT_EQ(shop.word(terms), "bad_value");
    terms = {};
    terms.delivery = std::vector<DeliveryMethod>{};
    EXPECT_EQ(shop.word(terms), "bad_value");
    terms.delivery = std::vector<DeliveryMethod>{{"ship", "", Money{-1}, Money{0}, "standard"}};
    EXPECT_EQ(shop.word(terms), "bad_value");
    terms = {};
    terms.payment_fee = PaymentFee{whole, Money{0}};
    EXPECT_EQ(shop.word(terms), "bad_value");
}

TEST(ShopTest, EveryWriterHasAnEpochAndRefusalsAddUp) {
    TestShop shop;
    shop.must(StartWriter{});
    EXPECT_EQ(shop.state.shop.epoch, 2u);
    shop.must(CountRefusals{{{DropId{1}, 450, 3}, {DropId{1}, 451, 1}}});
    shop.must(CountRefusals{{{DropId{1}, 450, 2}}});
    EXPECT_EQ((shop.state.drops.refused[{DropId{1}, 450}]), 5u);
    EXPECT_EQ(shop.word(CountRefusals{}), "bad_value");
}

}  // namespace
}  // namespace dropsmith::sell::shop_test
