// Curves: an even drop stays even, a front-loaded one is seen in its own sales, in its views and in earlier drops;
// hours of the day come from imported trade; a live drop prices otherwise because of them, and its fact says so; the
// same question gives the same answer.
#include "flow/decide/arrivals.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/sized_testing.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::arrivals_test {
namespace {

const Instant opens{1'795'000'000'000};

ArrivalsAsk day() {
    ArrivalsAsk ask;
    ask.opens = opens, ask.closes = opens + hours(24), ask.now = opens, ask.cadence = hours(1), ask.prior_rate = 4;
    return ask;
}

double front(int hour, double fall) {  // mean about one over a day
    return std::exp(-fall * (hour + 0.5) / 24) * fall / (1 - std::exp(-fall));
}

void pass(ArrivalsAsk& ask, int hours_seen, double rate, double fall, Random& random, double looks = 0) {
    for (int hour = 0; hour < hours_seen; ++hour) {
        const double f = fall > 0 ? front(hour, fall) : 1;
        SeenPeriod period{ask.opens + hours(hour), ask.opens + hours(hour + 1), Money{3000}, 1'000'000, 0, 0, 0};
        period.units = static_cast<std::uint64_t>(draw_poisson(random, rate * f));
        if (looks > 0) period.looks = static_cast<std::uint64_t>(draw_poisson(random, looks * f));
        ask.seen.push_back(period);
    }
    ask.now = ask.opens + hours(hours_seen);
}

TEST(Arrivals, KnowNothingAtFirstAndStayEvenInAnEvenDrop) {
    auto ask = day();
    const auto blank = arrivals_of(ask);
    EXPECT_NEAR(blank.now + blank.left, 24, 1e-6);  // all curves have a mean of one
    EXPECT_EQ(blank.told.earlier_drops, 0u);
    Random random(3);
    pass(ask, 12, 6, 0, random);
    const auto half = arrivals_of(ask);
    EXPECT_GT(half.left, 9.0);
    EXPECT_LT(half.left, 12.5);
    EXPECT_EQ(half.told.curves.front().curve, "flat");
    EXPECT_EQ(half.factor.size(), 12u);
}

TEST(Arrivals, AFrontLoadedDropIsSeenInItsSalesAndSoonerInItsViews) {
    double by_sales = 0, by_views = 0;
    const std::uint64_t runs = sized(40U, 6U);
    for (std::uint64_t run = 0; run < runs; ++run) {
        auto ask = day(), seen = day();
        Random random(run), same(run);
        pass(ask, 8, 3, 4, random);
        pass(seen, 8, 3, 4, same, 40);
        by_sales += arrivals_of(ask).left, by_views += arrivals_of(seen).left;
    }
    double truth = 0;
    for (int hour = 9; hour < 24; ++hour) truth += front(hour, 4);
    by_sales /= static_cast<double>(runs), by_views /= static_cast<double>(runs);
    EXPECT_LT(by_sales, 12);  // an even one has 15 left; this one 5.2
    EXPECT_LT(std::fabs(by_views - truth), std::fabs(by_sales - truth));
}

TEST(Arrivals, ViewsTellEachPeriodByItself) {
    auto ask = day();
    Random random(9);
    pass(ask, 6, 3, 0, random, 50);
    ask.seen[3].looks = 400;  // a creator's announcement
    const auto told = arrivals_of(ask);
    EXPECT_GT(told.factor[3], 2.5 * told.factor[2]);
    EXPECT_EQ(told.told.looks, ask.seen[0].looks + ask.seen[1].looks + ask.seen[2].looks + 400 + ask.seen[4].looks +
                                   ask.seen[5].looks);
}

// A drop of the sample shop in which `rate` units an hour would sell in an even hour, at its highest band.
LineKey play(SampleShop& shop, const DropTerms& terms, double rate, double fall, int hours_played, Random& random) {
    const auto key = shop.open(terms);
    for (int hour = 0; hour < hours_played; ++hour) {
        const double f = fall > 0 ? front(hour, fall) : 1;
        shop.sell(key, Quantity{draw_poisson(random, rate * f)}, minutes(30));
        shop.now = shop.now + hours(1);
        EXPECT_TRUE(shop.ask(ReviewDue{key}).ok());
    }
    return key;
}

DropTerms day_of(const SampleShop& shop, const std::string& slug) {
    auto terms = shop.terms();
    terms.slug = slug, terms.opens_at = shop.now + hours(24), terms.closes_at = terms.opens_at + hours(24);
    terms.lines[0].cap = Quantity{90};
    return terms;
}

void close(SampleShop& shop, const LineKey& key) {
    shop.drop(key.drop).status = DropStatus::closed;
    shop.take(DropClosed{key.drop, "window ended", shop.now});
}

TEST(Arrivals, EarlierDropsOfTheShopTellTheCurveOfTheNextOne) {
    SampleShop shop;
    Random random(5);
    for (int drop = 0; drop < 3; ++drop)
        close(shop, play(shop, day_of(shop, "before-" + std::to_string(drop)), 3, 4, 24, random));
    ASSERT_EQ(shop.state.prices.curves.at(shop.web).size(), 3u);
    const auto key = shop.open(day_of(shop, "next"));
    EXPECT_TRUE(shop.state.prices.lines.at({DropId{1}, 0, shop.web}).seen.empty());  // folded into the curve
    const auto question = question_of(shop.state, key, shop.state.head, 7);
    ASSERT_TRUE(question);
    const auto told = arrivals_of(visitors_of(*question));
    EXPECT_GT(told.now, 1.8);  // the first hour of a day that falls by exp(-4) has 3.7 of an average one
    EXPECT_EQ(told.told.earlier_drops, 3u);
    // The history's level is that of average arrivals, though most of its units went in a few hours.
    ASSERT_EQ(question->history.size(), 3u);
    EXPECT_NEAR(question->history[2].looks, 72, 20);
}

TEST(Arrivals, HoursOfTheDayComeFromImportedTrade) {
    auto ask = day();
    ask.trade.assign(24, 10);
    const auto evening = static_cast<std::size_t>((opens.ms / 3'600'000 + 9) % 24);  // ten hours into the drop
    ask.trade[evening] = 300;
    ask.now = opens + hours(9);
    const auto told = arrivals_of(ask);
    auto without = ask;
    without.trade.clear();
    EXPECT_GT(told.now, 2 * arrivals_of(without).now);
    EXPECT_EQ(told.told.trade_units, 530u);
}

// The scenario: the same drop at the same hour, with and without earlier drops. They sold most in the first hours, so
// the engine knows that the rest of the window will not sell what is left at the top, and goes down; alone it waits.
TEST(Arrivals, ALiveDropPricesOtherwiseForWhatItsShopHasSeenAndSaysSo) {
    const auto chance_of_top = [](bool earlier, PriceSet& set, SampleShop& shop) {
        Random random(5);
        if (earlier)
            for (int drop = 0; drop < 3; ++drop)
                close(shop, play(shop, day_of(shop, "before-" + std::to_string(drop)), 2, 4, 24, random));
        Random same(8);
        auto terms = day_of(shop, "now");
        terms.pricing.explore_share = whole;
        terms.lines[0].cap = Quantity{110};
        shop.state.stock.rows[{shop.cup, shop.here}].free = Quantity{110};
        const auto key = play(shop, terms, 2, 4, 6, same);
        const auto question = question_of(shop.state, key, shop.state.head, 7);
        EXPECT_TRUE(question);
        const auto proposal = propose(*question);
        EXPECT_EQ(propose(*question_of(shop.state, key, shop.state.head, 7)).inputs.arrivals->now,
                  proposal.inputs.arrivals->now);
        const auto verdict = shop.ask(proposal);
        EXPECT_TRUE(verdict.ok());
        for (const auto& fact : *verdict)
            if (const auto* found = fact.as<PriceSet>()) set = *found;
        return static_cast<double>(proposal.inputs.arms[2].propensity.n) / 1e6;
    };
    SampleShop first, second;
    PriceSet alone, told;
    const double without = chance_of_top(false, alone, first), with = chance_of_top(true, told, second);
    EXPECT_GT(without, 0.9);
    EXPECT_LT(with, 0.5);
    ASSERT_TRUE(alone.inputs.arrivals && told.inputs.arrivals);
    EXPECT_LT(told.inputs.arrivals->left, alone.inputs.arrivals->left);
    EXPECT_EQ(told.inputs.arrivals->earlier_drops, 3u);
    EXPECT_FALSE(told.inputs.arrivals->curves.empty());
    ASSERT_EQ(told.inputs.history.size(), 3u);
    EXPECT_GT(told.inputs.history[2].sales, 100u);
    EXPECT_TRUE(alone.inputs.history.empty());
    EXPECT_EQ(told.reached.size(), 3u);
}

TEST(Arrivals, ASoldOutPeriodCountsUpToItsLastSale) {
    SampleShop shop;
    auto terms = day_of(shop, "short");
    terms.lines[0].cap = Quantity{4};
    const auto key = shop.open(terms);
    shop.sell(key, Quantity{4}, minutes(15));
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    EXPECT_EQ(shop.price(key).arms[2].exposure, 250'000u);
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    EXPECT_EQ(shop.price(key).arms[2].exposure, 250'000u);
}

TEST(Arrivals, ViewsAndScrollsAreLooksAndCartsAreNot) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    const auto row = [&](Signal kind, SkuId sku, std::int64_t count) {
        return DemandRow{{shop.now.ms / 60'000, key.drop, sku, PlaceId{}, shop.web, kind}, count};
    };
    DemandFolded folded;
    folded.rows = {row(Signal::page_viewed, shop.cup, 7), row(Signal::page_viewed, SkuId{}, 5),
                   row(Signal::page_scrolled, shop.cup, 2), row(Signal::cart_added, shop.cup, 100),
                   row(Signal::page_viewed, shop.bare, 50)};
    evolve(shop.state.prices, folded, {shop.now, ++shop.state.head, {}});
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    EXPECT_EQ(shop.price(key).seen.back().looks, 14u);
}

}  // namespace
}  // namespace dropsmith::decide::arrivals_test
