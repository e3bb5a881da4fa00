// Passes: early access, N uses, one per hold, given back by the hold that lapses.
#include "flow/sell/pass.h"

#include <gtest/gtest.h>

#include "flow/sell/fair_laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::pass_test {
namespace {

class PassTest : public ::testing::Test {
  protected:
    TestShop shop;
    SkuId a = shop.sku("A");

    PassId pass(std::int64_t uses, std::vector<DropId> drops = {}, Duration early = minutes(30)) {
        shop.must(IssuePasses{{"Friends", std::move(drops), shop.now, shop.now + days(1), Quantity{uses}, early}, 1});
        return PassId{shop.state.passes.table.next().n - 1};
    }
    static PlaceHold with(PassId pass, PlaceHold wish) { return wish.pass = pass, wish; }
    Quantity used(PassId id) { return shop.state.passes.table.must(id).used; }
};

TEST_F(PassTest, OpensADropEarlyButNotTheReserveOfPreorders) {
    shop.receive(a, 10);
    auto line = TestShop::line(a, 10);
    line.preorder_share = Rate{400'000};
    const auto drop = shop.scheduled({line});
    const auto opens = shop.drop(drop).terms.opens_at;
    auto terms = shop.drop(drop).terms;
    terms.lines = {shop.drop(drop).lines[0].terms}, terms.preorder_release = seconds(1);
    shop.must(EditDrop{drop, {}, terms, {}, ""});
    const auto friends = pass(3, {drop});
    EXPECT_EQ(shop.word(with(friends, TestShop::wish(drop, a, 7))), "preorder_full") << "not early enough: a pre-order";
    shop.run_to(opens - minutes(30));
    EXPECT_EQ(shop.word(with(friends, TestShop::wish(drop, a, 7))), "insufficient_stock");
    EXPECT_EQ(shop.word(with(friends, TestShop::wish(drop, a, 6))), "");
    EXPECT_FALSE(shop.hold(HoldId{1}).preorder);
    EXPECT_EQ(shop.word(with(friends, TestShop::wish(drop, a, 1))), "sold_out");
    EXPECT_EQ(shop.word(TestShop::wish(drop, a, 4)), "") << "the reserve is whole";
}

TEST_F(PassTest, AUseBelongsToAHold) {
    shop.receive(a, 10);
    const auto drop = shop.opened({TestShop::line(a, 10)}), other = shop.scheduled({TestShop::line(a, 1)});
    const auto twice = pass(2, {drop});
    EXPECT_EQ(shop.word(with(PassId{9}, TestShop::wish(drop, a, 1))), "pass_not_valid");
    EXPECT_EQ(shop.word(with(twice, TestShop::wish(other, a, 1))), "pass_not_valid");
    shop.must(with(twice, TestShop::wish(drop, a, 1)));
    shop.must(with(twice, TestShop::wish(drop, a, 1)));
    EXPECT_EQ(shop.word(with(twice, TestShop::wish(drop, a, 1))), "pass_used_up");
    shop.must(ReleaseHold{HoldId{1}});
    EXPECT_EQ(used(twice), Quantity{1});
    shop.confirm(HoldId{2});
    shop.must(with(twice, TestShop::wish(drop, a, 1)));
    shop.run_to(shop.hold(HoldId{3}).expires_at);
    EXPECT_EQ(used(twice), Quantity{1}) << "bought is spent, lapsed is given back once";
    EXPECT_EQ(pass_law(shop.state).breach, "");
    shop.must(EndPass{twice});
    EXPECT_EQ(shop.word(EndPass{twice}), "wrong_state");
    EXPECT_EQ(shop.word(with(twice, TestShop::wish(drop, a, 1))), "pass_not_valid");
}

TEST_F(PassTest, EndsWithItsTime) {
    shop.receive(a, 10);
    const auto drop = shop.opened({TestShop::line(a, 10)});
    const auto once = pass(1);
    shop.now = shop.state.passes.table.must(once).terms.valid_until;
    EXPECT_EQ(shop.word(with(once, TestShop::wish(drop, a, 1))), "pass_not_valid");
    EXPECT_EQ(shop.word(IssuePasses{{"", {}, shop.now, shop.now + days(1), Quantity{1}, {}}, 1}), "bad_value");
    EXPECT_EQ(shop.word(IssuePasses{{"x", {}, shop.now, shop.now, Quantity{1}, {}}, 1}), "bad_value");
    EXPECT_EQ(shop.word(IssuePasses{{"x", {}, shop.now, shop.now + days(1), Quantity{1}, {}}, 1001}), "bad_value");
    EXPECT_EQ(shop.word(IssuePasses{{"x", {DropId{9}}, shop.now, shop.now + days(1), Quantity{1}, {}}, 1}),
              "not_found");
}

}  // namespace
}  // namespace dropsmith::sell::pass_test
