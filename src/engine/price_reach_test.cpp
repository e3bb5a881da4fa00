// Bands, floor and step of the moment of the decision.
#include "engine/price_reach.h"

#include <gtest/gtest.h>

namespace dropsmith::engine::price_reach_test {
namespace {

TEST(PriceReach, BandsFloorAndStep) {
    LineTerms terms;
    terms.bands = {Money{2400}, Money{3000}, Money{3600}}, terms.list_price = Money{3000};
    terms.min_margin = Rate{900'000};  // of today's costs, which are nobody's business here
    PricingTerms pricing;
    PriceSet set;
    set.floor = Money{2000};
    EXPECT_EQ(price_reached(terms, pricing, set, Money{2400}, Money{3600}), Money{2400});
    pricing.max_step = Rate{200'000};
    EXPECT_EQ(price_reached(terms, pricing, set, Money{2400}, Money{3600}), Money{3000});
    set.floor = Money{2500};
    EXPECT_EQ(price_reached(terms, pricing, set, Money{2400}, Money{3000}), Money{3000});
    set.floor = Money{4000};
    EXPECT_EQ(price_reached(terms, pricing, set, Money{2400}, Money{3000}), std::nullopt);
}

TEST(PriceReach, WhatTheGateSaidOfEachArmStands) {  // a governor's move is in no terms: the fact has it
    LineTerms terms;
    terms.bands = {Money{2400}, Money{3000}, Money{3600}};
    PriceSet set;
    set.floor = Money{2000};
    for (const auto band : terms.bands) set.inputs.arms.push_back({band, 0, 0, Rate{}});
    set.reached = {Money{3000}, Money{3000}, Money{}};
    EXPECT_EQ(price_reached(terms, {}, set, Money{2400}, Money{3600}), Money{3000});
    EXPECT_EQ(price_reached(terms, {}, set, Money{3600}, Money{3600}), std::nullopt);  // refused
    set.reached.clear();
    EXPECT_EQ(price_reached(terms, {}, set, Money{2400}, Money{3600}), Money{2400});  // an older fact
}

}  // namespace
}  // namespace dropsmith::engine::price_reach_test
