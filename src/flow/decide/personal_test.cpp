// Offers of one's own: what a plan may say, whom an offer is made to and to whom not, and what facts do to them.
#include "flow/decide/personal.h"

#include <gtest/gtest.h>

#include <functional>

#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::personal_test {
namespace {

struct PersonalOffers : testing::Test {
    SampleShop shop;

    PersonalOffers() { shop.state.prices.rules.personal = {{"GB", "This price was made for you by a program."}}; }

    DropTerms plan() const {
        auto terms = shop.terms();
        terms.lines[0].cap = Quantity{30};
        terms.pricing.personal = "GB";
        terms.pricing.features = {"stock_left", "orders_before", "returning"};
        terms.pricing.personal_offers = {{"orders_before", 3, Rate{100'000}},
                                         {"orders_before", 8, Rate{200'000}, {shop.cup}},
                                         {"returning", 1, Rate{50'000}}};
        return terms;
    }
    MakePersonalOffer asked(DropId drop, std::vector<KnownFeature> features = {{"orders_before", 4}}) const {
        return {drop, 77, "GB", std::move(features)};
    }
    bool clashes_with(const DropTerms& terms, const std::string& rule, const std::string& pointer) const {
        for (const auto& clash : contradictions(shop.state, terms, DropId{}, shop.now))
            if (clash.rule == rule && clash.pointer == pointer) return !clash.detail.empty();
        return false;
    }
};

TEST_F(PersonalOffers, APlanThatKeepsToTheRulesHasNoClash) {
    EXPECT_TRUE(contradictions(shop.state, plan(), DropId{}, shop.now).empty());
}

TEST_F(PersonalOffers, WhatAPlanMayNotSayIsNamedWithItsPlace) {
    struct Case {
        std::string rule, pointer;
        std::function<void(DropTerms&)> spoil;
    };
    const std::string at = "/pricing/personal_offers/";
    const std::vector<Case> cases = {
        {"personal_prices_off", "/pricing/personal", [](auto& t) { t.pricing.personal = ""; }},
        {"personal_prices_off", "/pricing/personal", [](auto& t) { t.pricing.personal = "FR"; }},
        {"personal_unused", "/pricing/personal", [](auto& t) { t.pricing.personal_offers.clear(); }},
        {"feature_unused", "/pricing/features/3", [](auto& t) { t.pricing.features.push_back("cart"); }},
        {"forbidden_attribute", at + "0/feature", [](auto& t) { t.pricing.personal_offers[0].feature = "buyer_age"; }},
        {"offer_feature", at + "0/feature", [](auto& t) { t.pricing.personal_offers[0].feature = "stock_left"; }},
        {"offer_feature", at + "0/feature", [](auto& t) { t.pricing.personal_offers[0].feature = "referrer"; }},
        {"offer_feature", at + "0/feature", [](auto& t) { t.pricing.personal_offers[0].feature = "moon"; }},
        {"offer_feature_unnamed", at + "0/feature", [](auto& t) { t.pricing.personal_offers[0].feature = "cart"; }},
        {"offer_for_everybody", at + "0/at_least", [](auto& t) { t.pricing.personal_offers[0].at_least = 0; }},
        {"offer_unused", at + "2/at_least", [](auto& t) { t.pricing.personal_offers[2].at_least = 2; }},
        {"offer_discount_range", at + "0/discount", [](auto& t) { t.pricing.personal_offers[0].discount = Rate{}; }},
        {"offer_discount_range", at + "0/discount", [](auto& t) { t.pricing.personal_offers[0].discount = whole; }},
        {"offer_over_max_discount", at + "1/discount", [](auto& t) { t.lines[0].max_discount = Rate{150'000}; }},
        {"offer_line_unknown", at + "0/lines/0",
         [&](auto& t) { t.pricing.personal_offers[0].lines = {shop.bare}; }},
        {"offer_line_twice", at + "1/lines/1",
         [&](auto& t) { t.pricing.personal_offers[1].lines = {shop.cup, shop.cup}; }},
        {"offers_contradict", at + "1", [](auto& t) { t.pricing.personal_offers[1].at_least = 3; }},
        {"offer_unused", at + "1", [](auto& t) { t.pricing.personal_offers[1].discount = Rate{100'000}; }},
        {"offers_too_many", "/pricing/personal_offers",
         [](auto& t) { t.pricing.personal_offers.resize(17, {"orders_before", 1, Rate{1'000}}); }},
    };
    for (const auto& c : cases) {
        auto terms = plan();
        c.spoil(terms);
        EXPECT_TRUE(clashes_with(terms, c.rule, c.pointer)) << c.rule << " " << c.pointer;
    }
}

TEST_F(PersonalOffers, WhatOnePersonMayNotDoByHandNoPlanOfOnePersonDoes) {
    shop.state.prices.rules.four_eyes_above = Rate{100'000};
    EXPECT_TRUE(clashes_with(plan(), "offer_over_four_eyes", "/pricing/personal_offers/1/discount"));
    shop.state.prices.rules.approval_free_change = Rate{200'000};
    EXPECT_TRUE(contradictions(shop.state, plan(), DropId{}, shop.now).empty());
}

TEST_F(PersonalOffers, TheLargestDiscountThatFitsIsOffered) {
    const auto key = shop.open(plan());
    const auto verdict = shop.ask(asked(key.drop, {{"orders_before", 9}, {"returning", 1}}));
    ASSERT_TRUE(verdict.ok()) << verdict.error().detail;
    const auto* fact = verdict->front().as<PersonalOfferMade>();
    ASSERT_TRUE(fact);
    ASSERT_EQ(fact->lines.size(), 1u);
    EXPECT_EQ(fact->lines[0].rule, 1u);
    EXPECT_EQ(fact->lines[0].feature, "orders_before");
    EXPECT_EQ(fact->lines[0].at_least, 8);
    EXPECT_EQ(fact->lines[0].discount, Rate{200'000});
    EXPECT_EQ(fact->lines[0].floor, Money{2000});
    EXPECT_EQ(fact->disclosure, disclosure_digest("This price was made for you by a program."));
    EXPECT_EQ(fact->expires_at, shop.now + hours(24));
    EXPECT_EQ(shop.ask(asked(key.drop, {{"orders_before", 3}}))->front().as<PersonalOfferMade>()->lines[0].rule, 0u);
    EXPECT_EQ(shop.ask(asked(key.drop, {{"returning", 1}}))->front().as<PersonalOfferMade>()->lines[0].rule, 2u);
}

TEST_F(PersonalOffers, TheBrandsRuleBoundsItToo) {
    shop.state.catalogue.products[0].brand = "Harbour";
    shop.state.prices.rules.brands = {{"Harbour", Rate{50'000}}};
    const auto key = shop.open(plan());
    const auto verdict = shop.ask(asked(key.drop, {{"orders_before", 9}}));
    ASSERT_TRUE(verdict.ok()) << verdict.error().detail;
    EXPECT_EQ(verdict->front().as<PersonalOfferMade>()->lines[0].floor, Money{2850});
}

TEST_F(PersonalOffers, WhoGetsNoneIsToldWhy) {
    struct Case {
        std::string word, pointer;
        std::function<void(MakePersonalOffer&)> spoil;
    };
    const std::vector<Case> cases = {
        {"not_found", "", [](auto& c) { c.drop = DropId{9}; }},
        {"bad_value", "/session", [](auto& c) { c.session = 0; }},
        {"bad_value", "/features", [](auto& c) { c.features.clear(); }},
        {"bad_value", "/features/0/feature", [](auto& c) { c.features = {{"buyer_age", 40}}; }},
        {"bad_value", "/features/1/feature", [](auto& c) { c.features.push_back({"home_postcode", 1}); }},
        {"bad_value", "/features/0/feature", [](auto& c) { c.features = {{"moon", 1}}; }},
        {"bad_value", "/features/0/feature", [](auto& c) { c.features = {{"stock_left", 1}}; }},
        {"bad_value", "/features/0/feature", [](auto& c) { c.features = {{"cart", 1}}; }},  // the plan is silent of it
        {"bad_value", "/features/0/value", [](auto& c) { c.features[0].value = -1; }},
        {"bad_value", "/features/1/feature", [](auto& c) { c.features.push_back({"orders_before", 9}); }},
        {"no_personal_offer", "/jurisdiction", [](auto& c) { c.jurisdiction = "FR"; }},
        {"no_personal_offer", "/jurisdiction", [](auto& c) { c.jurisdiction = ""; }},
        {"no_personal_offer", "/features", [](auto& c) { c.features[0].value = 2; }},
    };
    const auto key = shop.open(plan());
    for (const auto& c : cases) {
        auto command = asked(key.drop);
        c.spoil(command);
        const auto verdict = shop.ask(command);
        ASSERT_FALSE(verdict.ok()) << c.word << " " << c.pointer;
        EXPECT_EQ(verdict.error().code.word, c.word) << verdict.error().detail;
        if (!c.pointer.empty()) {
            ASSERT_FALSE(verdict.error().clashes.empty()) << c.pointer;
            EXPECT_EQ(verdict.error().clashes[0].pointer, c.pointer) << verdict.error().detail;
        }
    }
    EXPECT_TRUE(shop.state.prices.offers.empty());
    shop.state.prices.rules.personal.clear();
    EXPECT_EQ(shop.word(asked(key.drop)), "no_personal_offer");
    auto without = plan();
    without.pricing = shop.terms().pricing;
    const auto plain = shop.open(without);
    EXPECT_EQ(shop.word(asked(plain.drop)), "no_personal_offer");
}

TEST_F(PersonalOffers, TheyEndWithTheKillSwitchAndWithTheDrop) {
    const auto key = shop.open(plan());
    ASSERT_EQ(shop.word(asked(key.drop)), "");
    ASSERT_EQ(shop.state.prices.offers.at(key.drop).count(77), 1u);
    ASSERT_TRUE(shop.ask(KillPrices{key.drop, "a wrong feed"}).ok());
    EXPECT_TRUE(shop.state.prices.offers.empty());
    EXPECT_EQ(shop.word(asked(key.drop)), "prices_killed");
    const auto other = shop.open(plan());
    ASSERT_EQ(shop.word(asked(other.drop)), "");
    shop.take(DropClosed{other.drop, "window ended", shop.now, 0});
    EXPECT_TRUE(shop.state.prices.offers.empty());
}

TEST_F(PersonalOffers, WhatIsSoldSoTeachesTheEngineNothing) {
    const auto key = shop.open(plan());
    const auto stamp = [&] { return Stamp{shop.now, ++shop.state.head, shop.who}; };
    auto& prices = shop.state.prices;
    const auto fresh_at = [&](Money price) {
        std::uint64_t units = 0;
        for (const auto& row : prices.lines.at(key).fresh)
            if (row.price == price) units += row.units;
        return units;
    };
    const HeldLine at_band{0, shop.cup, shop.here, Quantity{2}, Money{2400}, prices.lines.at(key).decision};
    // one is asked 2400 for himself, which is a band; another is asked it as everybody is
    PersonalPrice own;
    own.price = Money{2400}, own.standing = Money{3000};
    evolve(prices, PersonalPriceGiven{HoldId{5}, key.drop, key.channel, 77, {own}}, stamp());
    for (const auto hold : {HoldId{5}, HoldId{6}})
        evolve(prices, UnitsHeld{hold, key.drop, key.channel, {at_band}, shop.now, 77, {}, false}, stamp());
    EXPECT_EQ(fresh_at(Money{2400}), 2u);
    const auto end = [&](HoldId hold) {
        evolve(prices, HoldEnded{hold, key.drop, HoldStatus::released, {at_band}, false, 77, shop.now}, stamp());
    };
    end(HoldId{5});
    EXPECT_EQ(fresh_at(Money{2400}), 2u) << "what was never counted is not taken back";
    end(HoldId{6});
    EXPECT_EQ(fresh_at(Money{2400}), 0u);
    ShopTidied tidied;
    tidied.holds_below = HoldId{6};
    evolve(prices, tidied, stamp());
    EXPECT_TRUE(prices.personal.empty());
}

}  // namespace
}  // namespace dropsmith::decide::personal_test
