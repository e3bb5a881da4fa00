// Footfall tells what views tell: the same counts lead to the same arrivals and the same decisions, through facts too;
// a sensor that begins in mid-window or tells late says nothing of what it did not count; footfall that no drop hears,
// and none at all, leave every decision as it was, to the byte.
#include <gtest/gtest.h>

#include "base/cbor.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::footfall_test {
namespace {

const Instant opens{1'795'000'000'000};

ArrivalsAsk seen(const std::vector<std::uint64_t>& counts, bool footfall) {
    ArrivalsAsk ask;
    ask.opens = opens, ask.closes = opens + hours(24), ask.now = opens, ask.cadence = hours(1), ask.prior_rate = 4;
    for (const auto count : counts) {
        const auto to = ask.now + hours(1);
        ask.seen.push_back({ask.now, to, Money{3000}, 1'000'000, 3, footfall ? 0 : count, footfall ? count : 0});
        ask.now = to;
    }
    return ask;
}

TEST(Footfall, TellsWhatViewsTell) {
    Random random(4);
    for (int run = 0; run < 50; ++run) {
        std::vector<std::uint64_t> counts;
        for (int i = 0; i < 10; ++i) counts.push_back(1 + random.below(200));
        const auto views = arrivals_of(seen(counts, false)), feet = arrivals_of(seen(counts, true));
        EXPECT_EQ(views.factor, feet.factor);
        EXPECT_EQ(views.now, feet.now);
        EXPECT_EQ(views.left, feet.left);
        EXPECT_EQ(views.told.looks, feet.told.footfall);
    }
}

TEST(Footfall, OfASensorThatBeginsLaterOrTellsLateTheRestIsNotKnown) {
    const auto none = arrivals_of(seen({0, 0, 0, 0, 0, 0, 0, 0}, true));
    const auto some = arrivals_of(seen({0, 0, 0, 40, 80, 40, 0, 0}, true));
    EXPECT_NEAR(some.factor[0] / none.factor[0], 1, 0.15) << "nobody was counted, but nobody counted";
    EXPECT_NEAR(some.factor[7] / none.factor[7], 1, 0.15);
    EXPECT_GT(some.factor[4], 1.3 * some.factor[3]);
    EXPECT_EQ(some.told.footfall, 160u);
    // Views beside it are told by themselves, whatever their number.
    auto both = seen({0, 0, 0, 40, 80, 40, 0, 0}, true);
    for (auto& period : both.seen) period.looks = 3;
    EXPECT_GT(arrivals_of(both).factor[4], 1.2 * arrivals_of(both).factor[3]);
}

enum class Told { nothing, views, footfall, unheard };

// A day in which twice as many come from the seventh hour on and buy twice as much; what the engine answers each hour.
std::vector<std::string> play(Told told, std::uint64_t seed, bool sales_double = true) {
    SampleShop shop;
    shop.state.places.channels[0].place = shop.here;
    auto terms = shop.terms();
    terms.closes_at = terms.opens_at + hours(24), terms.lines[0].cap = Quantity{90};
    const auto key = shop.open(terms);
    Random random(seed);
    std::vector<std::string> answers;
    for (int hour = 0; hour < 12; ++hour) {
        const int times = hour < 6 ? 1 : 2;
        shop.sell(key, Quantity{draw_poisson(random, 3.0 * (sales_double ? times : 1))}, minutes(30));
        DemandFolded folded;
        DemandKey at{(shop.now + minutes(20)).ms / 60'000, {}, {}, {}, {}, Signal::footfall_counted};
        if (told == Told::views) at.drop = key.drop, at.channel = shop.web, at.kind = Signal::page_viewed;
        if (told != Told::views) at.place = shop.here;
        folded.rows = {{at, 40 * times}};
        if (told == Told::footfall) folded.hearing = {{shop.here, key.drop, shop.web}};
        if (told != Told::nothing) evolve(shop.state.prices, folded, {shop.now, ++shop.state.head, {}});
        if (told == Told::nothing) ++shop.state.head;
        shop.now = shop.now + hours(1);
        EXPECT_TRUE(shop.ask(ReviewDue{key}).ok());
        const auto question = question_of(shop.state, key, shop.state.head, 77 + static_cast<unsigned>(hour));
        if (!question) break;
        auto proposal = propose(*question);
        EXPECT_TRUE(shop.ask(proposal).ok());
        if (told == Told::views || told == Told::footfall) {
            auto& arrivals = *proposal.inputs.arrivals;
            EXPECT_EQ(arrivals.looks + arrivals.footfall, static_cast<std::uint64_t>(hour < 6 ? 40 * (hour + 1)
                                                                                             : 240 + 80 * (hour - 5)));
            arrivals.looks = arrivals.footfall = 0;
        }
        Bytes bytes;
        encode_cbor(bytes, {&type_of<DecisionInputs>(), &proposal.inputs});
        answers.push_back(bytes + std::to_string(proposal.arm));
    }
    return answers;
}

TEST(Footfall, ThatDoublesInMidWindowMovesThePriceAsViewsThatDouble) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        for (const bool sales : {true, false}) {
            const auto views = play(Told::views, seed, sales), feet = play(Told::footfall, seed, sales);
            EXPECT_EQ(views, feet);
            EXPECT_NE(feet, play(Told::nothing, seed, sales));
        }
    }
}

TEST(Footfall, ThatNobodyHearsLeavesEveryDecisionAsItWas) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) EXPECT_EQ(play(Told::unheard, seed), play(Told::nothing, seed));
}

TEST(Footfall, IsOfThePeriodInWhichItWasCounted) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    const auto begin = shop.now;
    const auto count = [&](Instant at, std::int64_t people, SkuId sku = {}) {
        DemandFolded folded;
        folded.rows = {{{at.ms / 60'000, {}, sku, shop.here, {}, Signal::footfall_counted}, people}};
        folded.hearing = {{shop.here, key.drop, shop.web}, {shop.there, key.drop, shop.web}};
        evolve(shop.state.prices, folded, {shop.now, ++shop.state.head, {}});
    };
    for (int hour = 0; hour < 3; ++hour) {
        shop.now = shop.now + hours(1);
        ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    }
    count(begin + minutes(70), 9);             // two hours late
    count(begin + minutes(190), 4);            // of the running period
    count(begin + minutes(185), 3, shop.cup);  // at the shelf of this line
    count(begin + minutes(185), 100, shop.bare);
    count(begin + minutes(-10), 50);           // before the opening
    const auto& line = shop.price(key);
    ASSERT_EQ(line.seen.size(), 3u);
    EXPECT_EQ(line.seen[0].footfall, 0u);
    EXPECT_EQ(line.seen[1].footfall, 9u);
    EXPECT_EQ(line.seen[2].footfall, 0u);
    EXPECT_EQ(line.fresh_footfall, 7u);
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    EXPECT_EQ(shop.price(key).seen[3].footfall, 7u);
    EXPECT_EQ(shop.price(key).fresh_footfall, 0u);
}

}  // namespace
}  // namespace dropsmith::decide::footfall_test
