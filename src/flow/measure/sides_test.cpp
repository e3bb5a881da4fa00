// The result of a cohort drop: figures by hand, Clopper and Pearson's bounds, and on simulated drops with a known
// difference how often the interval holds it, and how often an A/A drop is called different.
#include "flow/measure/sides.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace dropsmith::measure::sides_test {
namespace {

const Instant opened{1'795'000'000'000};

bool hashed(DropId, std::uint64_t session, Rate share) {  // as the shop does: sticky, by a hash
    std::uint64_t mixed = session;
    return splitmix64(mixed) % 1'000'000 < static_cast<std::uint64_t>(share.n);
}

struct Story {
    Story() {
        state.shop.currency = "GBP";
        state.shop.delivery = {{"ship", "Post", Money{395}, Money{60}, "standard"}};
        state.catalogue.skus.resize(1);
        state.catalogue.skus[0].id = SkuId{1}, state.catalogue.skus[0].terms.sku = "CUP";
        state.places.channels.resize(1);
        state.places.channels[0].id = ChannelId{1}, state.places.channels[0].name = "web";
        drop.id = DropId{1}, drop.lines.resize(1);
        Decision decision;
        decision.at = opened + hours(1);
        decision.set.key = {DropId{1}, 0, ChannelId{1}}, decision.set.price = Money{3600};
        decision.set.cohort = CohortPrice{Money{2400}, 0, Rate{250'000}};
        decisions = {decision};
    }
    void buys(std::uint64_t session, std::int64_t units, std::int64_t price, Instant at = opened + hours(2)) {
        Order order;
        order.id = state.orders.table.next();
        order.drop = DropId{1}, order.channel = ChannelId{1}, order.session = session, order.placed_at = at;
        order.delivery_code = "ship", order.payment_fee = Money{40};
        order.lines.resize(1);
        auto& terms = order.lines[0].terms;
        terms.sku = SkuId{1}, terms.units = Quantity{units}, terms.unit_price = Money{price};
        terms.gross = Money{price * units}, terms.tax = Money{price * units / 6}, terms.unit_cost = Money{1000};
        state.orders.table.add(order.id, order);
    }
    std::uint64_t session(bool cohort) {  // the next of that side
        while (hashed(DropId{1}, ++last, Rate{250'000}) != cohort) {}
        return last;
    }
    std::vector<CohortResult> results() const { return cohort_results(state, drop, decisions, {}, hashed); }
    State state;
    Drop drop;
    std::vector<Decision> decisions;
    std::uint64_t last = 0;
};

TEST(Sides, FiguresByHand) {
    Story story;
    const auto cheap = story.session(true);
    story.buys(cheap, 1, 2400), story.buys(cheap, 1, 2400);
    story.buys(story.session(true), 2, 2400);
    story.buys(story.session(false), 1, 3600);
    story.buys(0, 3, 3600);                                        // a till
    story.buys(story.session(false), 1, 3600, opened + minutes(5));  // before the test
    const auto results = story.results();
    ASSERT_EQ(results.size(), 1u);
    const auto& at = results[0];
    EXPECT_EQ(at.cohort.orders, 3u);
    EXPECT_EQ(at.cohort.buyers, 2u);
    EXPECT_EQ(at.cohort.units, 4);
    EXPECT_EQ(at.cohort.revenue_net, Money{8000});
    EXPECT_EQ(at.cohort.margin, Money{8000 - 4000 - 3 * 100});
    EXPECT_EQ(at.rest.orders, 1u);
    EXPECT_EQ(at.rest.margin, Money{3000 - 1000 - 100});
    EXPECT_EQ(at.none.units, 3);
    EXPECT_NEAR(at.margin.value, 3700 / .25 - 1900 / .75, 1e-6);
    const double sd = std::sqrt((1800.0 * 1800 + 1900.0 * 1900) / (.25 * .25) + 1900.0 * 1900 / (.75 * .75));
    EXPECT_NEAR(at.margin.high - at.margin.low, 2 * 1.959963984540054 * sd, 1e-6);
    ASSERT_TRUE(at.buyers);
    EXPECT_NEAR(at.buyers->value, 2.0 / 1 * .75 / .25, 1e-9);
    EXPECT_EQ(at.units[0].second, std::pair(std::int64_t{4}, std::int64_t{1}));
    const auto json = cohorts_json(results, story.state);
    EXPECT_NE(json.find(R"("definition":"cohort/1","channel":"web","share":0.25)"), std::string::npos) << json;
    EXPECT_NE(json.find("within what chance does"), std::string::npos) << json;
}

TEST(Sides, NothingWithoutACohort) {
    Story story;
    story.decisions[0].set.cohort.reset();
    story.buys(1, 1, 3600);
    EXPECT_TRUE(story.results().empty());
    EXPECT_EQ(cohorts_json({}, story.state), "[]");
}

TEST(Sides, BoundsOfClopperAndPearson) {
    EXPECT_NEAR(share_between(5, 20).low, .086571, 1e-5);
    EXPECT_NEAR(share_between(5, 20).high, .491046, 1e-5);
    EXPECT_EQ(share_between(0, 10).low, 0);
    EXPECT_NEAR(share_between(0, 10).high, .308497, 1e-5);
    EXPECT_EQ(share_between(10, 10).high, 1);
}

double uniform(Random& random) { return (static_cast<double>(random.next() >> 11) + .5) * 0x1.0p-53; }

struct Rates {
    int held = 0, different = 0, buyers = 0, drops = 0;
};

Rates simulate(double buys_low, double buys_high, std::int64_t low, std::int64_t high) {
    Rates out;
    const int sessions = 1'200;
    // by hand: a unit at 24.00 leaves 20.00 - 10.00 - 1.00, at 36.00 30.00 - 10.00 - 1.00
    const auto margin = [](std::int64_t price) { return static_cast<double>(price - price / 6 - 1000 - 100); };
    const double truth = sessions * (buys_low * margin(low) - buys_high * margin(high));
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        Story story;
        Random random(seed);
        story.last = seed << 32;
        for (int i = 0; i < sessions; ++i) {
            const auto session = ++story.last;
            const bool cohort = hashed(DropId{1}, session, Rate{250'000});
            if (uniform(random) < (cohort ? buys_low : buys_high)) story.buys(session, 1, cohort ? low : high);
        }
        const auto at = story.results()[0];
        ++out.drops;
        out.held += at.margin.low <= truth && truth <= at.margin.high;
        out.different += at.margin.low > 0 || at.margin.high < 0;
        const double ratio = buys_low / buys_high;
        out.buyers += at.buyers && at.buyers->low <= ratio && ratio <= at.buyers->high;
    }
    return out;
}

TEST(Sides, TheIntervalHoldsTheTruth) {
    const auto apart = simulate(.2, .08, 2400, 3600);
    EXPECT_GE(apart.held * 100, apart.drops * 92);
    EXPECT_GE(apart.buyers * 100, apart.drops * 93);
    RecordProperty("held", apart.held), RecordProperty("buyers", apart.buyers);
    const auto same = simulate(.1, .1, 3000, 3000);  // an A/A drop must not win
    EXPECT_LE(same.different * 100, same.drops * 9);
    const auto plain = simulate(.4, .05, 2400, 3600);  // and one that is plainly better must
    EXPECT_GE(plain.different * 100, plain.drops * 95);
}

}  // namespace
}  // namespace dropsmith::measure::sides_test
