// A price of one's own: below what everybody is asked, above every floor, for its session only, kept by quote, hold and
// order; random offers against the law, and a naive twin that breaks it.
#include "flow/sell/personal_price.h"

#include <gtest/gtest.h>

#include "flow/sell/price_now.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::personal_price_test {
namespace {

struct PersonalPrices : testing::Test {
    TestShop shop;
    SkuId a = shop.sku("A");
    DropId drop;

    PersonalPrices() {
        shop.receive(a, 50);
        auto line = TestShop::line(a, 50);
        line.floor = Money{500};
        auto terms = shop.terms({line});
        terms.pricing.personal = "GB", terms.pricing.features = {"orders_before"};
        terms.pricing.personal_offers = {{"orders_before", 3, Rate{100'000}}};
        shop.must(DraftDrop{terms});
        drop = shop.state.drops.drops.back().id;
        shop.set_price(drop, 0, Money{1000});
        shop.take(DropScheduled{drop, terms.opens_at, terms.closes_at, terms.preorder_release});
        shop.run_to(terms.opens_at);
        shop.state.prices.rules.personal = {{"GB", "Made for you by a program."}};
        offer(7);
    }
    OfferedLine& offer(std::uint64_t session) {
        auto& made = shop.state.prices.offers[drop][session];
        made = {"GB", disclosure_digest("Made for you by a program."), {}, shop.now + hours(24)};
        made.lines = {{0, ChannelId{1}, 0, "orders_before", 3, Rate{100'000}, Money{500}}};
        return made.lines[0];
    }
    LinePrice& line() { return shop.state.prices.lines.at({drop, 0, ChannelId{1}}); }
    std::optional<PersonalPrice> price(std::uint64_t session = 7) {
        const LineKey key{drop, 0, ChannelId{1}};
        const auto asked = price_now(line(), drop, shop.now, session).price;
        return personal_price(shop.state, shop.drop(drop), key, shop.now, session, asked);
    }
    Money held(const Facts& facts) {
        for (const auto& fact : facts)
            if (const auto* held = fact.as<UnitsHeld>()) return held->lines.front().unit_price;
        return {};
    }
};

TEST_F(PersonalPrices, TheStandingPriceLessTheDiscountForItsSessionOnly) {
    const auto own = price();
    ASSERT_TRUE(own);
    EXPECT_EQ(own->price, Money{900});
    EXPECT_EQ(own->standing, Money{1000});
    EXPECT_EQ(own->feature, "orders_before");
    EXPECT_EQ(own->jurisdiction, "GB");
    EXPECT_FALSE(price(8)) << "nobody else has it";
    EXPECT_FALSE(price(0));
    line().price = Money{999};  // 899.1: rounded up
    EXPECT_EQ(price()->price, Money{900});
}

TEST_F(PersonalPrices, NoFloorIsBroken) {
    offer(7).floor = Money{950};
    EXPECT_EQ(price()->price, Money{950});
    offer(7), line().floor = Money{960};  // the last decision's
    EXPECT_EQ(price()->price, Money{960});
    line().floor = {};
    auto& terms = shop.state.drops.drops[drop.n - 1].lines[0].terms;
    terms.floor = Money{970};  // raised since
    EXPECT_EQ(price()->price, Money{970});
    terms.floor.reset(), terms.max_discount = Rate{20'000};
    EXPECT_EQ(price()->price, Money{980});
    terms.max_discount.reset(), offer(7).floor = Money{1000};
    EXPECT_FALSE(price()) << "nothing may be given: it is asked what everybody is asked";
}

TEST_F(PersonalPrices, OfTheCohortsPriceAndItsOwnASessionGetsTheLower) {
    line().cohort = CohortPrice{Money{850}, {}, whole};  // everybody is in it, and so is 7
    EXPECT_FALSE(price()) << "850 is less than 900, and discounts never add up";
    line().cohort->price = Money{950};
    ASSERT_TRUE(price());
    EXPECT_EQ(price()->price, Money{900});
}

TEST_F(PersonalPrices, ItEndsWithItsRuleItsTextItsTimeAndTheKillSwitch) {
    auto& pricing = shop.state.drops.drops[drop.n - 1].terms.pricing;
    const auto before = pricing;
    pricing.personal_offers[0].discount = Rate{50'000};
    EXPECT_FALSE(price()) << "the rule was edited";
    pricing = before, pricing.personal_offers.clear();
    EXPECT_FALSE(price());
    pricing = before, pricing.personal = "FR";
    EXPECT_FALSE(price());
    pricing = before, shop.state.prices.rules.personal.clear();
    EXPECT_FALSE(price()) << "nobody could be told";
    shop.state.prices.rules.personal = {{"GB", "Said otherwise."}};
    ASSERT_TRUE(price());
    EXPECT_EQ(price()->disclosure, disclosure_digest("Said otherwise.")) << "what is shown now";
    line().killed = true;
    EXPECT_FALSE(price());
    line().killed = false, shop.now = shop.now + hours(24);
    EXPECT_FALSE(price());
}

TEST_F(PersonalPrices, AHoldAndItsOrderKeepItAndSayWhy) {
    const auto facts = shop.must(TestShop::wish(drop, a, 2, 7));
    const auto* given = facts.front().as<PersonalPriceGiven>();
    ASSERT_TRUE(given) << "told before the units";
    EXPECT_EQ(given->lines[0].price, Money{900});
    EXPECT_EQ(held(facts), Money{900});
    shop.state.prices.personal[given->hold] = given->lines;  // as decide's evolve does
    const auto& order = shop.order(shop.confirm(given->hold));
    ASSERT_EQ(order.personal.size(), 1u);
    EXPECT_EQ(order.personal[0].standing, Money{1000});
    EXPECT_EQ(order.total, Money{1800});
    const auto other = shop.must(TestShop::wish(drop, a, 2, 8));
    EXPECT_EQ(other.front().as<PersonalPriceGiven>(), nullptr);
    EXPECT_EQ(held(other), Money{1000});
}

TEST_F(PersonalPrices, AQuoteStandsWhenTheOfferHasEnded) {
    auto command = TestShop::wish(drop, a, 1, 7);
    command.lines[0].unit_price = Money{900};
    command.quote_valid_until = shop.now + minutes(5);
    command.quoted = {*price()};
    shop.state.prices.offers.clear(), line().killed = true;
    const auto facts = shop.must(command);
    EXPECT_EQ(held(facts), Money{900});
    ASSERT_TRUE(facts.front().as<PersonalPriceGiven>());
    EXPECT_EQ(facts.front().as<PersonalPriceGiven>()->lines[0].standing, Money{1000});
    command.quote_valid_until = shop.now - minutes(1);
    EXPECT_EQ(shop.word(command), "price_changed");
    command.quote_valid_until.reset();  // a price that is only expected, without a quote
    EXPECT_EQ(shop.word(command), "price_changed");
}

TEST_F(PersonalPrices, MoneyThatComesLateMakesTheSameOrder) {
    const auto facts = shop.must(TestShop::wish(drop, a, 1, 7));
    const auto given = *facts.front().as<PersonalPriceGiven>();
    shop.state.prices.personal[given.hold] = given.lines;
    shop.run_to(shop.now + hours(1));
    RecordPayment late;
    late.hold = given.hold, late.amount = Money{900};
    const auto after = shop.must(late);
    const auto* again = after.front().as<PersonalPriceGiven>();
    ASSERT_TRUE(again);
    EXPECT_NE(again->hold, given.hold);
    EXPECT_EQ(shop.state.orders.table.must(OrderId{1}).personal.size(), 1u);
}

// A policy without the gate: the discount off what the session is asked, whatever that is.
Money naive(Money asked, Rate discount) { return Money{asked.n * (whole - discount).n / whole.n}; }

TEST_F(PersonalPrices, RandomOffersNeverBreakTheLawAndANaiveTwinDoes) {
    Random random(20261122);
    const auto between = [&](std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
    };
    auto& drop_now = shop.state.drops.drops[drop.n - 1];
    int given = 0, twin_below = 0, twin_added_up = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto& terms = drop_now.lines[0].terms;
        terms.list_price = Money{between(1, 5'000)};
        terms.floor = between(0, 3) ? std::optional(Money{between(1, 4'000)}) : std::nullopt;
        terms.max_discount = between(0, 1) ? std::optional(Rate{between(0, 999'999)}) : std::nullopt;
        line().price = Money{between(1, 5'000)};
        line().floor = Money{between(0, 3'000)};
        line().cohort.reset();
        if (!between(0, 2)) line().cohort = CohortPrice{Money{between(1, line().price.n)}, {}, Rate{500'000}};
        auto& offered = offer(7);
        offered.discount = drop_now.terms.pricing.personal_offers[0].discount = Rate{between(1, 999'999)};
        offered.floor = Money{between(0, 3'000)};
        const auto standing = line().price;
        const auto asked = price_now(line(), drop, shop.now, 7).price;
        const auto own = price();
        EXPECT_FALSE(price(8)) << "no offer: the price of everybody";
        const auto twin = naive(asked, offered.discount);
        const auto less = [](Money from, Rate share) {
            return static_cast<double>(from.n) * (1 - static_cast<double>(share.n) / 1e6);
        };
        const auto least_by_discount = terms.max_discount ? less(terms.list_price, *terms.max_discount) : 0.0;
        const auto floor = std::max({offered.floor, line().floor, terms.floor.value_or(Money{})});
        twin_below += twin < floor;
        twin_added_up += asked < standing && static_cast<double>(twin.n) < less(standing, offered.discount) - 1;
        if (!own) continue;
        ++given;
        ASSERT_LT(own->price, standing);
        ASSERT_LT(own->price, asked);
        ASSERT_GE(own->price, floor);
        ASSERT_GE(static_cast<double>(own->price.n), least_by_discount - 1e-6);
        ASSERT_GE(static_cast<double>(own->price.n) + 1e-6, less(standing, offered.discount))
            << "more was given than the rule says";
        ASSERT_GE(own->floor, floor);
    }
    EXPECT_GT(given, 2'000);
    EXPECT_GT(twin_below, 1'000) << "the law cannot ring";
    EXPECT_GT(twin_added_up, 100) << "the law cannot ring";
}

}  // namespace
}  // namespace dropsmith::sell::personal_price_test
