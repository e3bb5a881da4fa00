// Announcements: a burst at its instant that fades; the arrivals to come grow with it before anybody has come, and
// shrink again when nobody does; a live drop that knows of one holds its units back for it, and says so in its fact.
// The plan's own curve is believed more than another, and less than what is seen.
#include "flow/decide/announced.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "flow/decide/propose.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::announced_test {
namespace {

const Instant opens{1'795'000'000'000};

ArrivalsAsk day() {
    ArrivalsAsk ask;
    ask.opens = opens, ask.closes = opens + hours(24), ask.now = opens, ask.cadence = hours(1), ask.prior_rate = 4;
    return ask;
}

void pass(ArrivalsAsk& ask, int count, std::uint64_t units, std::uint64_t looks) {
    for (int i = 0; i < count; ++i, ask.now = ask.now + hours(1))
        ask.seen.push_back({ask.now, ask.now + hours(1), Money{3000}, 1'000'000, units, looks, 0});
}

double belief_in(const Arrivals& told, const std::string& word) {
    double sum = 0;
    for (const auto& row : told.told.curves)
        if (row.curve.find(word) != std::string::npos) sum += static_cast<double>(row.belief.n) / 1e6;
    return sum;
}

TEST(Announced, ABurstBeginsAtItsInstantAndFades) {
    EXPECT_EQ(burst_fade(opens, opens + hours(24)), hours(2));
    EXPECT_EQ(burst_fade(opens, opens + hours(1)), minutes(15));
    EXPECT_EQ(burst_fade(opens, opens + hours(300)), hours(3));
    const auto burst = burst_by_slot(opens, opens + hours(24), 24, {opens + hours(12)});
    for (std::size_t s = 0; s < 12; ++s) EXPECT_EQ(burst[s], 0);
    for (std::size_t s = 13; s < 24; ++s) EXPECT_NEAR(burst[s] / burst[s - 1], std::exp(-0.5), 1e-9);
    EXPECT_NEAR(std::accumulate(burst.begin(), burst.end(), 0.0), 2 * (1 - std::exp(-6.0)), 1e-9);
    // What was announced before the opening still echoes, and two announcements add up.
    const auto before = burst_by_slot(opens, opens + hours(24), 24, {opens + hours(-2)});
    EXPECT_NEAR(before[0], 2 * (std::exp(-1.0) - std::exp(-1.5)), 1e-9);
    const auto both = burst_by_slot(opens, opens + hours(24), 24, {opens + hours(-2), opens + hours(12)});
    EXPECT_NEAR(both[14], before[14] + burst[14], 1e-12);
}

TEST(Announced, MoreAreExpectedFromThenOn) {
    auto quiet = day(), told = day();
    told.announced = {opens + hours(12)};
    EXPECT_NEAR(arrivals_of(told).now + arrivals_of(told).left, 24, 1e-6) << "shares of a drop, as before";
    pass(quiet, 11, 2, 0), pass(told, 11, 2, 0);
    const auto without = arrivals_of(quiet), with = arrivals_of(told);
    EXPECT_GT(with.left / with.now, 1.2 * without.left / without.now);
    EXPECT_EQ(with.told.announced, told.announced);
    EXPECT_TRUE(without.told.announced.empty());
    told.now = opens + hours(12);
    EXPECT_GT(arrivals_of(told).now, 1.8 * arrivals_of(quiet).now);
}

TEST(Announced, WhoComesTellsHowLoudItWas) {
    auto nobody = day(), crowd = day();
    for (auto* ask : {&nobody, &crowd}) ask->announced = {opens + hours(6)}, pass(*ask, 6, 2, 10);
    pass(nobody, 4, 2, 10);
    pass(crowd, 2, 10, 50), pass(crowd, 2, 5, 20);
    EXPECT_GT(belief_in(arrivals_of(nobody), "unheard"), 0.8);
    EXPECT_GT(belief_in(arrivals_of(crowd), "announced loudly"), 0.8);
}

TEST(Announced, ThePlansOwnCurveIsBelievedUntilItIsSeenToBeWrong) {
    auto ask = day();
    ask.planned = {1, 1, 1, 5};  // an evening
    const auto blank = arrivals_of(ask);
    EXPECT_NEAR(belief_in(blank, "as planned"), 0.6, 1e-6);
    EXPECT_LT(blank.now, 0.85);
    pass(ask, 12, 4, 20);
    ask.planned = {7, 1, 1, 1};
    EXPECT_LT(belief_in(arrivals_of(ask), "as planned"), 0.05);
}

// The same shop, the same sales, half a day into the window: one of them knows that a creator will speak in two hours.
TEST(Announced, ALiveDropHoldsUnitsBackForWhatIsAnnounced) {
    const auto play = [](bool announced, PriceSet& set, int hours_in) {
        SampleShop shop;
        auto terms = shop.terms();
        terms.closes_at = terms.opens_at + hours(24);
        terms.lines[0].cap = Quantity{80};
        terms.pricing.explore_share = whole;
        const auto key = shop.open(terms);
        DemandFolded folded;
        folded.announced = {{key.drop, shop.web, SkuId{}, shop.now + hours(14)},
                            {key.drop, shop.outside, SkuId{}, shop.now + hours(2)},
                            {key.drop, shop.web, shop.bare, shop.now + hours(1)}};
        if (announced) evolve(shop.state.prices, folded, {shop.now, ++shop.state.head, {}});
        for (int hour = 0; hour < hours_in; ++hour) {
            shop.sell(key, Quantity{2}, minutes(30));
            shop.now = shop.now + hours(1);
            EXPECT_TRUE(shop.ask(ReviewDue{key}).ok());
        }
        const auto question = question_of(shop.state, key, shop.state.head, 7);
        EXPECT_TRUE(question);
        EXPECT_EQ(question->arrivals.announced.size(), announced ? 1u : 0u);
        for (const auto at : question->arrivals.announced) EXPECT_EQ(at, opens + hours(15));
        const auto proposal = propose(*question);
        const auto verdict = shop.ask(proposal);
        EXPECT_TRUE(verdict.ok());
        for (const auto& fact : *verdict)
            if (const auto* found = fact.as<PriceSet>()) set = *found;
        double mean = 0;
        for (const auto& arm : proposal.inputs.arms)
            mean += static_cast<double>(arm.price.n) * static_cast<double>(arm.propensity.n) / 1e6;
        shop.drop(key.drop).status = DropStatus::closed;
        shop.take(DropClosed{key.drop, "window ended", shop.now});
        EXPECT_TRUE(shop.state.prices.announced.empty());
        return mean;
    };
    PriceSet alone, told;
    const double without = play(false, alone, 12), with = play(true, told, 12);
    EXPECT_GT(with, without + 200) << "of 24, 30 and 36 pounds";
    ASSERT_TRUE(told.inputs.arrivals);
    EXPECT_EQ(told.inputs.arrivals->announced.size(), 1u);
    EXPECT_GT(told.inputs.arrivals->left, alone.inputs.arrivals->left);
}

}  // namespace
}  // namespace dropsmith::decide::announced_test
