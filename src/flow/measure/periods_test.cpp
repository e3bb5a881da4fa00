// The life of a line as pieces between price decisions, from facts written by hand.
#include "flow/measure/periods.h"

#include <gtest/gtest.h>

namespace dropsmith::measure::periods_test {
namespace {

const Instant opened{1'800'000'000'000};
const LineKey key{DropId{1}, 0, ChannelId{1}};

std::optional<Money> as_it_is(const LineTerms&, const PricingTerms&, const PriceSet&, Money wanted, Money) {
    return wanted;
}

bool even(DropId, std::uint64_t session, Rate) { return session % 2 == 0; }  // the cohort of this story

struct Story {
    explicit Story(std::int64_t cap, PriceReach reach = as_it_is) : log(std::move(reach), even) {
        DropDrafted drafted;
        drafted.drop = DropId{1};
        LineTerms line;
        line.sku = SkuId{7}, line.cap = Quantity{cap}, line.list_price = Money{3000};
        line.bands = {Money{2400}, Money{3000}};
        drafted.terms.lines = {line};
        at(0, drafted);
        decide(0, 3000, {{2400, 0}, {3000, 1'000'000}}, DecisionKind::opening);
        at(0, DropOpened{DropId{1}, opened + hours(10)});
    }
    void at(int minute, Fact fact) { log.saw(fact, {opened + minutes(minute), ++seq, {}}); }
    void decide(int minute, std::int64_t price, std::vector<std::pair<std::int64_t, std::int64_t>> arms,
                DecisionKind kind = DecisionKind::bandit) {
        PriceSet set;
        set.decision = DecisionId{++decision}, set.key = key, set.kind = kind, set.price = Money{price};
        set.propensity = whole;
        for (const auto& [arm, propensity] : arms) {
            set.inputs.arms.push_back({Money{arm}, 0, 0, Rate{propensity}});
            if (arm == price && kind == DecisionKind::bandit) set.propensity = Rate{propensity};
        }
        at(minute, set);
    }
    void take(int minute, int units, std::int64_t price, std::uint64_t session = 0) {
        UnitsHeld held;
        held.session = session;
        held.drop = DropId{1}, held.channel = ChannelId{1};
        held.lines = {{0, SkuId{7}, PlaceId{1}, Quantity{units}, Money{price}, DecisionId{decision}}};
        at(minute, held);
    }
    void give_back(int minute, int units, std::uint64_t of, std::uint64_t session = 0) {
        HoldEnded ended;
        ended.session = session;
        ended.drop = DropId{1};
        ended.given_back = {{0, SkuId{7}, PlaceId{1}, Quantity{units}, Money{3000}, DecisionId{of}}};
        at(minute, ended);
    }
    void review(int minute) { at(minute, PriceReviewed{key, opened + minutes(minute) + hours(1), true}); }
    PeriodLog log;
    std::uint64_t seq = 0, decision = 0;
};

TEST(Periods, AreToldAgainstTheListPriceOfTheirChannel) {
    Story story(10);
    DropEdited edited;
    edited.drop = DropId{1};
    LineTerms line;
    line.sku = SkuId{7}, line.cap = Quantity{10}, line.list_price = Money{3000};
    line.channels = {{ChannelId{1}, {Money{2000}, Money{2500}}, Money{2500}, {}}};
    edited.terms.lines = {line};
    story.at(30, edited);
    story.decide(60, 2500, {{2000, 0}, {2500, 1'000'000}});
    const auto periods = story.log.take(opened + minutes(120));
    ASSERT_EQ(periods.size(), 2u);
    EXPECT_EQ(periods[0].list_price, Money{3000});
    EXPECT_EQ(periods[1].list_price, Money{2500});
}

TEST(Periods, CutAtDecisionsWithUnitsAndChances) {
    Story story(10);
    story.take(30, 2, 3000);
    story.review(60), story.decide(60, 2400, {{2400, 300'000}, {3000, 700'000}});
    story.take(70, 3, 2400);
    story.review(120);  // no proposal came: the price stands and nothing was drawn
    story.take(130, 1, 2400);
    const auto periods = story.log.take(opened + minutes(180));
    ASSERT_EQ(periods.size(), 3u);
    EXPECT_EQ(periods[0].units, 2);
    EXPECT_EQ(periods[0].offered, hours(1));
    EXPECT_FALSE(periods[0].drawn());
    EXPECT_EQ(periods[1].price, Money{2400});
    EXPECT_EQ(periods[1].units, 3);
    EXPECT_EQ(periods[1].stock, 8);
    ASSERT_EQ(periods[1].chances.size(), 2u);
    EXPECT_NEAR(periods[1].chances[0].chance, .3, 1e-12);
    EXPECT_FALSE(periods[2].drawn());
    EXPECT_EQ(periods[2].units, 1);
    EXPECT_EQ(periods[2].sku, SkuId{7});
}

TEST(Periods, SoldOutAndPausedTimeIsNotOnOffer) {
    Story story(4);
    story.take(15, 4, 3000);    // sold out after a quarter of an hour
    story.give_back(30, 1, 1);  // one comes back
    story.at(40, DropPaused{DropId{1}, "x"});
    story.at(50, DropResumed{DropId{1}});
    story.review(60), story.decide(60, 3000, {{2400, 300'000}, {3000, 700'000}});
    story.give_back(70, 1, 1);  // off the first piece, long after it ended
    const auto periods = story.log.take(opened + minutes(120));
    ASSERT_EQ(periods.size(), 2u);
    EXPECT_EQ(periods[0].offered, minutes(15 + 10 + 10));
    EXPECT_EQ(periods[0].units, 2);
    EXPECT_EQ(periods[1].offered, hours(1));
}

TEST(Periods, ACohortIsTheOtherSideOfThePiece) {
    Story story(20);
    PriceSet set;
    set.decision = DecisionId{++story.decision}, set.key = key, set.kind = DecisionKind::bandit;
    set.price = Money{3000}, set.propensity = whole;
    set.cohort = CohortPrice{};
    set.cohort->price = Money{2400}, set.cohort->share = Rate{250'000};
    story.at(60, set);
    story.take(70, 3, 3000, 1), story.take(80, 2, 2400, 2), story.take(81, 1, 2400, 4), story.take(82, 4, 3000);
    story.give_back(90, 1, 2, 1), story.give_back(91, 1, 2, 4);
    story.review(120);  // the sides go on: sessions keep theirs
    story.take(130, 1, 2400, 2);
    story.give_back(140, 2, 2, 2);  // of the piece before
    const auto periods = story.log.take(opened + minutes(180));
    ASSERT_EQ(periods.size(), 6u);
    const auto& rest = periods[1];
    const auto& cohort = periods[2];
    const auto& aside = periods[3];
    EXPECT_EQ(rest.side, Side::rest);
    EXPECT_EQ(rest.units, 2);  // three of session 1, one given back
    EXPECT_EQ(rest.unit_squares, 9 - 1);
    EXPECT_EQ(rest.offered, minutes(45));
    EXPECT_EQ(rest.price, Money{3000});
    EXPECT_EQ(cohort.side, Side::cohort);
    EXPECT_EQ(cohort.price, Money{2400});
    EXPECT_EQ(cohort.units, 0);  // two and one, both given back
    EXPECT_EQ(cohort.offered, minutes(15));
    ASSERT_EQ(cohort.chances.size(), 2u);
    EXPECT_EQ(cohort.chances[0].price, Money{2400});
    EXPECT_NEAR(cohort.chances[0].chance, .25, 1e-12);
    EXPECT_EQ(aside.side, Side::all);
    EXPECT_EQ(aside.units, 4);  // no session, so of no side, and no time of their own
    EXPECT_EQ(aside.offered, Duration{});
    EXPECT_FALSE(aside.drawn());
    EXPECT_EQ(periods[4].side, Side::rest);
    EXPECT_EQ(periods[5].side, Side::cohort);
    EXPECT_EQ(periods[5].units, 1);
    EXPECT_TRUE(periods[5].drawn());
    EXPECT_EQ(story.log.unexplained(), 0u);
}

TEST(Periods, ChancesThatDoNotAddUpAreLeftOut) {
    Story story(10, [](const LineTerms&, const PricingTerms&, const PriceSet&, Money, Money) { return Money{3000}; });
    story.review(60), story.decide(60, 3000, {{2400, 300'000}, {3000, 700'000}});  // says .7; the gate says 1
    EXPECT_EQ(story.log.unexplained(), 1u);
    for (const auto& period : story.log.take(opened + hours(2))) EXPECT_FALSE(period.drawn());
}

TEST(Periods, OtherDropsAreNotRead) {
    PeriodLog log(as_it_is, even, DropId{2});
    DropDrafted drafted;
    drafted.drop = DropId{1}, drafted.terms.lines.resize(1);
    log.saw(drafted, {opened, 1, {}});
    PriceSet set;
    set.key = key, set.price = Money{1};
    log.saw(set, {opened, 2, {}});
    EXPECT_TRUE(log.take(opened + hours(1)).empty());
}

}  // namespace
}  // namespace dropsmith::measure::periods_test
