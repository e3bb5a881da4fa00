// What a line is in a channel that has prices of its own, and in one that has none.
#include "model/drop.h"

#include <gtest/gtest.h>

namespace dropsmith::drop_prices_test {
namespace {

constexpr ChannelId web{1}, pop_up{2}, trade{3};

LineTerms line() {
    LineTerms out;
    out.cap = Quantity{40}, out.bands = {Money{2400}, Money{3000}, Money{3600}};
    out.list_price = Money{3600}, out.floor = Money{2000}, out.min_margin = Rate{200'000};
    out.salvage = Money{100};
    return out;
}

TEST(DropPrices, AChannelWithoutAnyAsksTheLines) {
    auto terms = line();
    terms.channels = {{pop_up, {Money{2600}, Money{3200}}, Money{3800}, Money{2200}}};
    const auto in_web = in_channel(terms, web);
    EXPECT_EQ(in_web.bands, terms.bands);
    EXPECT_EQ(in_web.list_price, terms.list_price);
    EXPECT_EQ(in_web.floor, terms.floor);
    EXPECT_TRUE(in_web.channels.empty());
    EXPECT_EQ(own_prices(terms, web), nullptr);
    EXPECT_EQ(list_price_in(terms, web), Money{3600});
}

TEST(DropPrices, WhatAChannelSaysIsItsOwnAndTheRestIsTheLines) {
    auto terms = line();
    terms.channels = {{pop_up, {Money{2600}, Money{3200}}, Money{3800}, {}}, {trade, {Money{1500}}, {}, Money{1400}}};
    const auto there = in_channel(terms, pop_up), traded = in_channel(terms, trade);
    EXPECT_EQ(there.bands, (std::vector{Money{2600}, Money{3200}}));
    EXPECT_EQ(there.list_price, Money{3800});
    EXPECT_EQ(there.floor, Money{2000});
    EXPECT_EQ(traded.bands, (std::vector{Money{1500}}));
    EXPECT_EQ(traded.list_price, Money{3600});
    EXPECT_EQ(traded.floor, Money{1400});
    for (const auto& of : {there, traded}) {
        EXPECT_EQ(of.cap, terms.cap);
        EXPECT_EQ(of.min_margin, terms.min_margin);
        EXPECT_EQ(of.salvage, terms.salvage);
    }
    EXPECT_EQ(list_price_in(terms, pop_up), Money{3800});
    EXPECT_EQ(list_price_in(terms, trade), Money{3600});
}

TEST(DropPrices, ALineOfOnePriceIsAskedAtTheChannelsListPrice) {
    auto terms = line();
    terms.channels = {{trade, {}, Money{2500}, {}}};
    EXPECT_EQ(in_channel(terms, trade).bands, terms.bands) << "a line of several prices keeps them";
    terms.bands = {Money{3600}};
    EXPECT_EQ(in_channel(terms, trade).bands, (std::vector{Money{2500}}));
    terms.bands.clear();
    EXPECT_EQ(in_channel(terms, trade).bands, (std::vector{Money{2500}}));
}

}  // namespace
}  // namespace dropsmith::drop_prices_test
