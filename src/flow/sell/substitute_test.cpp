// Substitutes: named only when the line is gone and the other is there; what is taken and bought is counted, and
// nothing else is.
#include "flow/sell/substitute.h"

#include <gtest/gtest.h>

#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::substitute_test {
namespace {

TEST(SubstituteTest, IsOfferedWhenTheLineIsGoneAndItsCaptureCounted) {
    TestShop shop;
    const auto a = shop.sku("A"), b = shop.sku("B");
    shop.receive(a, 1), shop.receive(b, 9);
    auto line = TestShop::line(a, 1);
    line.substitute = a;
    EXPECT_EQ(shop.word(DraftDrop{shop.terms({line})}), "bad_value") << "not itself";
    line.substitute = b;
    EXPECT_EQ(shop.word(DraftDrop{shop.terms({line})}), "bad_value") << "not outside the drop";
    const auto drop = shop.opened({line, TestShop::line(b, 9)});
    EXPECT_FALSE(substitute_for(shop.state, shop.drop(drop), a));
    auto instead = TestShop::wish(drop, b, 2);
    instead.lines[0].instead_of = a;
    shop.must(instead);
    EXPECT_TRUE(shop.state.substitutes.uses.empty()) << "A was there: nothing was captured";
    shop.hold(drop, a, 1);
    EXPECT_EQ(substitute_for(shop.state, shop.drop(drop), a), 1u);
    shop.must(instead), shop.must(instead);
    shop.must(ReduceHold{HoldId{3}, {{b, Quantity{1}, {}}}});
    shop.confirm(HoldId{3});
    shop.must(ReleaseHold{HoldId{4}});
    const auto& use = shop.state.substitutes.uses.at({drop, a, b});
    EXPECT_EQ(use.holds, 2u);
    EXPECT_EQ(use.orders, 1u);
    EXPECT_EQ(use.taken, Quantity{4});
    EXPECT_EQ(use.bought, Quantity{1});
    EXPECT_TRUE(shop.state.substitutes.live.empty());
    shop.take(RefusalsCounted{{{drop, refusals::sold_out.number, 5, a, b}, {drop, refusals::sold_out.number, 9}}});
    EXPECT_EQ(use.refused, 5u) << "what was refused of anything else is not this pair's";
    EXPECT_EQ((shop.state.drops.refused.at({drop, refusals::sold_out.number})), 14u);
    shop.hold(drop, b, 6);
    EXPECT_FALSE(substitute_for(shop.state, shop.drop(drop), a)) << "gone as well";
}

}  // namespace
}  // namespace dropsmith::sell::substitute_test
