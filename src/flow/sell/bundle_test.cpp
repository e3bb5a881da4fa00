// Bundles: what may be one; making up takes all components or none and leaves what drops were promised; taking apart
// gives all back; a hold of the last bundle has one winner; after every one of thousands of random commands the laws
// hold and every component is accounted for, free, held, sold or in a bundle; two who look first and take later make
// the laws ring.
#include "flow/sell/bundle.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/sized_testing.h"
#include "flow/sell/catalogue.h"
#include "flow/sell/laws.h"
#include "flow/sell/shop_testing.h"
#include "flow/sell/stock.h"

namespace dropsmith::sell::bundle_test {
namespace {

struct Market {
    TestShop shop;
    SkuId glass = shop.sku("GLASS"), wine = shop.sku("WINE"), set;
    PlaceId here{1}, hub = shop.place("Hub");

    Market() {
        SkuTerms terms;
        terms.sku = "SET", terms.list_price = Money{2500};
        terms.components = {{glass, Quantity{2}}, {wine, Quantity{1}}};
        shop.must(AddProduct{"A set", "", "", "standard", {terms}});
        set = shop.state.catalogue.find("SET")->id;
        shop.receive(glass, 20), shop.receive(wine, 7), shop.receive(glass, 9, hub), shop.receive(wine, 9, hub);
    }
    const StockRow& row(SkuId sku, PlaceId place = PlaceId{1}) { return shop.state.stock.rows[{sku, place}]; }
    std::string broken() const {
        for (const auto& law : {stock_law(shop.state), cap_law(shop.state), order_law(shop.state)})
            if (!law.holds()) return law.breach;
        return {};
    }
    // Nothing is looked up in the moves: what came in of a component, loose or in bundles, is somewhere.
    std::string lost(SkuId part, std::int64_t in_one) const {
        std::int64_t came = 0, there = 0;
        for (const auto& [key, r] : shop.state.stock.rows) {
            const std::int64_t each = key.sku == part ? 1 : key.sku == set ? in_one : 0;
            came += each * (r.received + r.returned + r.short_units - r.written_off).n;
            there += each * (r.free + r.held + r.sold).n;
        }
        return came == there ? "" : std::to_string(came) + " came, " + std::to_string(there) + " are there";
    }
};

LineTerms line_here(SkuId sku, std::int64_t cap, std::int64_t price = 1000) {
    auto terms = TestShop::line(sku, cap, price);
    terms.places = {{PlaceId{1}, Quantity{cap}}};
    return terms;
}

TEST(Bundle, IsMadeUpOfAllComponentsOrNone) {
    Market m;
    EXPECT_EQ(bundles_possible(m.shop.state, m.shop.state.catalogue.find(m.set)->terms, m.here), Quantity{7});
    const auto refused = m.shop.ask(MakeBundles{m.here, m.set, Quantity{8}});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, refusals::insufficient_free);
    EXPECT_EQ(refused.error().available, Quantity{7});
    EXPECT_NE(refused.error().detail.find("WINE (7 of 8)"), std::string::npos) << refused.error().detail;
    EXPECT_EQ(m.row(m.glass).free, Quantity{20});
    m.shop.must(MakeBundles{m.here, m.set, Quantity{7}});
    EXPECT_EQ(m.row(m.set).free, Quantity{7});
    EXPECT_EQ(m.row(m.glass).free, Quantity{6});
    EXPECT_EQ(m.row(m.wine).free, Quantity{0});
    EXPECT_EQ(m.broken(), "");
    m.shop.must(MakeBundles{m.here, m.set, Quantity{3}, true});
    EXPECT_EQ(m.row(m.set).free, Quantity{4});
    EXPECT_EQ(m.row(m.glass).free, Quantity{12});
    EXPECT_EQ(m.row(m.wine).free, Quantity{3});
    EXPECT_EQ(m.shop.word(MakeBundles{m.here, m.set, Quantity{5}, true}), "insufficient_free");
    EXPECT_EQ(m.shop.word(MakeBundles{m.here, m.glass, Quantity{1}}), "bad_value");
    EXPECT_EQ(m.shop.word(MakeBundles{m.here, m.set, Quantity{0}}), "bad_value");
    EXPECT_EQ(m.shop.word(MakeBundles{PlaceId{9}, m.set, Quantity{1}}), "not_found");
    EXPECT_EQ(m.broken(), "");
}

TEST(Bundle, LeavesWhatADropWasPromisedAndIsPromisedItself) {
    Market m;
    m.shop.scheduled({line_here(m.wine, 5)});
    EXPECT_EQ(m.shop.word(MakeBundles{m.here, m.set, Quantity{3}}), "insufficient_free");
    m.shop.must(MakeBundles{m.here, m.set, Quantity{2}});
    const auto drop = m.shop.opened({line_here(m.set, 2, 2500)});
    EXPECT_EQ(m.shop.word(MakeBundles{m.here, m.set, Quantity{1}, true}), "insufficient_free");
    const auto hold = m.shop.hold(drop, m.set, 2);  // all in one step
    EXPECT_EQ(m.shop.word(TestShop::wish(drop, m.set, 1, 7)), "sold_out");
    const auto order = m.shop.confirm(hold);
    EXPECT_EQ(m.shop.state.orders.table.must(order).lines[0].terms.unit_cost, Money{300}) << "2 glasses and a bottle";
    m.shop.must(CancelOrder{order, ""});
    EXPECT_EQ(m.row(m.set).free, Quantity{2});
    EXPECT_EQ(m.broken(), "");
}

TEST(Bundle, WhatItIsMadeOfIsCheckedAndStandsOnceMadeUp) {
    Market m;
    const auto add = [&](std::vector<BundlePart> parts, const std::string& category = "standard") {
        SkuTerms terms;
        terms.sku = "OTHER", terms.list_price = Money{900}, terms.components = std::move(parts);
        const auto verdict = handle(m.shop.state, AddProduct{"Other", "", "", category, {terms}}, m.shop.moment());
        return verdict ? std::string("fine") : verdict.error().clashes.front().pointer;
    };
    EXPECT_EQ(add({{m.glass, Quantity{1}}}), "fine");
    EXPECT_EQ(add({{m.glass, Quantity{0}}}), "/skus/0/components/0");
    EXPECT_EQ(add({{SkuId{99}, Quantity{1}}}), "/skus/0/components/0");
    EXPECT_EQ(add({{m.glass, Quantity{1}}, {m.glass, Quantity{1}}}), "/skus/0/components/1");
    EXPECT_EQ(add({{m.set, Quantity{1}}}), "/skus/0/components/0") << "no bundle in a bundle";
    EXPECT_EQ(add({{m.glass, Quantity{1}}}, "food"), "/skus/0/components/0") << "one price has one rate";
    const auto change = [&](SkuId id, std::vector<BundlePart> parts) {
        auto terms = m.shop.state.catalogue.find(id)->terms;
        terms.components = std::move(parts);
        ChangeProduct command;
        command.product = m.shop.state.catalogue.find(id)->product, command.skus = {terms};
        return m.shop.word(command);
    };
    EXPECT_EQ(change(m.glass, {{m.wine, Quantity{1}}}), "bad_value") << "a part is no bundle";
    EXPECT_EQ(change(m.set, {{m.glass, Quantity{3}}, {m.wine, Quantity{1}}}), "");
    EXPECT_EQ(change(m.set, {{m.glass, Quantity{2}}, {m.wine, Quantity{1}}}), "");
    m.shop.must(MakeBundles{m.here, m.set, Quantity{1}});
    m.shop.must(MakeBundles{m.here, m.set, Quantity{1}, true});
    EXPECT_EQ(change(m.set, {{m.glass, Quantity{3}}}), "breaks_promise");
    EXPECT_EQ(change(m.set, {}), "") << "left out: as it was";
    EXPECT_EQ(m.shop.state.catalogue.find(m.set)->terms.components.size(), 2u);
}

TEST(Bundle, TheLawRings) {
    Market m;
    m.shop.must(MakeBundles{m.here, m.set, Quantity{4}});
    EXPECT_EQ(m.broken(), "");
    auto state = m.shop.state;
    state.stock.bundled[{m.set, m.glass}] += Quantity{1};
    EXPECT_FALSE(stock_law(state).holds());
    state = m.shop.state;
    auto& row = state.stock.rows[{m.wine, m.here}];  // its own law holds: the bottle went nowhere
    row.moved_out += Quantity{1}, row.free -= Quantity{1};
    EXPECT_FALSE(stock_law(state).holds());
}

void step(Market& m, DropId drop, Random& random) {
    const auto roll = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    const SkuId skus[] = {m.set, m.glass, m.wine};
    const auto sku = skus[roll(3)];
    const auto place = roll(2) ? m.here : m.hub;
    const HoldId hold{1 + random.below(m.shop.state.holds.table.next().n)};
    const OrderId order{1 + random.below(m.shop.state.orders.table.next().n)};
    switch (roll(10)) {
        case 0:
        case 1:
            return (void)m.shop.ask(MakeBundles{place, m.set, Quantity{1 + roll(3)}, roll(3) == 0});
        case 2:
        case 3:
            return (void)m.shop.ask(TestShop::wish(drop, sku, 1 + roll(3), random.below(9) + 1));
        case 4: {
            ConfirmHold confirm;
            confirm.hold = hold, confirm.paid = true;
            return (void)m.shop.ask(confirm);
        }
        case 5:
            return (void)m.shop.ask(ReleaseHold{hold});
        case 6:
            return (void)m.shop.ask(RefundOrder{order, {{0, Quantity{1}, roll(2) == 0}}, false, ""});
        case 7:
            return (void)m.shop.ask(MoveStock{place, place == m.here ? m.hub : m.here, {{sku, Quantity{1}, {}}}, ""});
        case 8:
            return (void)m.shop.ask(CountStock{place, {{sku, Quantity{roll(9)}, {}}}, ""});
        default:
            m.shop.now = m.shop.now + seconds(roll(400));
            m.shop.run_to(m.shop.now);
    }
}

RC_GTEST_PROP(Bundle, EveryComponentIsAccountedForAfterEveryCommand, ()) {
    Market m;
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    m.shop.must(MakeBundles{m.here, m.set, Quantity{4}});
    const auto drop = m.shop.opened({line_here(m.set, 4, 2500), line_here(m.glass, 6)});
    for (int i = 0; i < sized(300, 80); ++i) {
        step(m, drop, random);
        if (const auto broken = m.broken(); !broken.empty()) RC_FAIL("after command " + std::to_string(i) + broken);
        for (const auto& [part, each] : {std::pair{m.glass, 2}, {m.wine, 1}})
            if (const auto lost = m.lost(part, each); !lost.empty())
                RC_FAIL("after command " + std::to_string(i) + ": " + lost);
    }
}

TEST(Bundle, TheNaiveTwinTakesWhatIsGone) {
    Market m;
    Facts seen;
    for (int i = 0; i < 2; ++i) {  // both look at 7 bottles, and take 5 of them afterwards
        auto verdict = handle(m.shop.state, MakeBundles{m.here, m.set, Quantity{5}}, m.shop.moment());
        ASSERT_TRUE(verdict.ok());
        seen.push_back(std::move((*verdict)[0]));
    }
    m.shop.take(seen[0]);
    EXPECT_EQ(m.broken(), "");
    m.shop.take(seen[1]);
    EXPECT_NE(m.broken(), "");
}

}  // namespace
}  // namespace dropsmith::sell::bundle_test
