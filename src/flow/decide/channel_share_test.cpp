// Several channels of one line take from the same units. First the figures that each channel plans with, then whole
// drops: two channels with random demand, the same shoppers for both rules. Where units are scarce the drop earns more
// than when each channel believes itself alone with the whole stock, as it was before; a drop of one channel is asked
// the very same question.
#include "flow/decide/channel_share.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/sized_testing.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::channel_share_test {
namespace {

struct TwoChannels : SampleShop {
    LineKey first;
    explicit TwoChannels(std::int64_t cap = 60) {
        state.places.channels[1].mode = ChannelMode::own;
        auto drop_terms = terms();
        drop_terms.channels = {web, outside};
        drop_terms.lines[0].cap = Quantity{cap};
        drop_terms.pricing.explore_share = Rate{100'000};
        first = open(drop_terms);
    }
    LineKey key(ChannelId channel) const { return {first.drop, 0, channel}; }
    std::optional<ChannelsInput> told(ChannelId channel) {
        return channels_of(state, drop(first.drop), key(channel));
    }
    void sell(ChannelId channel, std::int64_t units) { SampleShop::sell(key(channel), Quantity{units}); }
    void review() {
        now = now + hours(1);
        for (const auto channel : {web, outside}) ASSERT_TRUE(ask(ReviewDue{key(channel)}).ok());
    }
};

TEST(ChannelShare, IsEvenBeforeAnythingIsKnownAndThenAsItSells) {
    TwoChannels shop;
    auto told = shop.told(shop.web);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->before, Rate{500'000});
    EXPECT_EQ(told->own, told->others);
    for (int hour = 0; hour < 10; ++hour) shop.sell(shop.web, 2), shop.review();
    told = shop.told(shop.web);
    const auto other = shop.told(shop.outside);
    EXPECT_GT(own_share(told), 0.9);
    EXPECT_NEAR(own_share(told) + own_share(other), 1, 1e-9);
    EXPECT_EQ(told->before, Rate{500'000}) << "the plan of before stays";
}

TEST(ChannelShare, IsToldAtTheListPriceWhateverIsAsked) {  // the same sales at a lower price are less demand
    TwoChannels shop;
    for (const auto channel : {shop.web, shop.outside}) {
        auto& arms = shop.state.prices.lines.at(shop.key(channel)).arms;
        auto& arm = arms[channel == shop.web ? 0 : 2];  // 24.00 and 36.00
        arm.exposure = 20'000'000, arm.sales = 40;
    }
    EXPECT_LT(own_share(shop.told(shop.web)), 0.35);
    EXPECT_GT(own_share(shop.told(shop.outside)), 0.65);
}

TEST(ChannelShare, BeginsAsEarlierDropsSold) {
    TwoChannels shop;
    DropCurve curve;
    curve.drop = DropId{9}, curve.cells = {{60, 0}, {30, 0}};
    shop.state.prices.curves[shop.web] = {curve};
    EXPECT_EQ(shop.told(shop.web)->before, Rate{500'000}) << "of the other one nothing is known";
    curve.cells = {{10, 0}};
    shop.state.prices.curves[shop.outside] = {curve};
    EXPECT_EQ(shop.told(shop.web)->before, Rate{833'333});      // (90 + 10) / (90 + 10 + 2 * 10)
    EXPECT_EQ(shop.told(shop.outside)->before, Rate{166'667});
}

TEST(ChannelShare, OneChannelIsAskedTheSameQuestion) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
    const auto question = question_of(shop.state, key, shop.state.head, 5);
    ASSERT_TRUE(question);
    EXPECT_FALSE(question->channels);
    EXPECT_DOUBLE_EQ(question->arrivals.prior_rate, 60 / 72.0);
    EXPECT_FALSE(propose(*question).inputs.channels);
    EXPECT_EQ(own_share(question->channels), 1);
}

// --- whole drops

struct Market {
    double rate[2][3];  // units an hour by channel and band
};

Market draw_market(Random& random, double cap, double scarcity, double strong) {
    Market out;
    const double middle = cap * scarcity / 72;  // of both channels, at the list price
    for (int c = 0; c < 2; ++c) {
        const double share = c == 0 ? strong : 1 - strong, fall = 1 + 2.5 * draw_uniform(random);
        const double prices[] = {0.8, 1, 1.2};
        for (int k = 0; k < 3; ++k) out.rate[c][k] = middle * share * std::pow(prices[k], -fall);
    }
    return out;
}

// As it was: each channel alone with the whole stock, and expecting to sell the whole cap.
void forget_the_others(PriceQuestion& question) {
    question.channels.reset();
    question.arrivals.prior_rate =
        std::max(0.01, static_cast<double>(question.terms.cap.n) / static_cast<double>(question.periods_all));
}

double earn(const Market& market, std::int64_t cap, std::uint64_t seed, bool shared) {
    TwoChannels shop(cap);
    const auto unit = *unit_economics(shop.state, shop.cup, shop.web, shop.now);
    double earned = 0;
    const ChannelId channels[] = {shop.web, shop.outside};
    for (std::uint64_t hour = 0; hour < 72; ++hour) {
        for (std::uint64_t i = 0; i < 2; ++i) {
            const auto c = (i + hour) % 2;  // neither is always the first at the shelf
            const auto& asked = shop.price(shop.key(channels[c]));
            Random shoppers(seed, 2 * hour + c);
            const auto wanted = draw_poisson(shoppers, market.rate[c][*asked.arm]);
            const auto sold = std::min(wanted, shop.drop(shop.first.drop).lines[0].free().n);
            if (sold <= 0) continue;
            earned += static_cast<double>(sold * contribution(unit, asked.price).n);
            shop.sell(channels[c], sold);
        }
        shop.review();
        for (std::uint64_t c = 0; c < 2; ++c) {
            auto question = question_of(shop.state, shop.key(channels[c]), shop.state.head, seed + 2 * hour + c);
            if (!question) continue;
            if (!shared) forget_the_others(*question);
            EXPECT_TRUE(shop.ask(propose(*question)).ok());
        }
    }
    return earned;
}

struct Gain {
    double mean = 0, error = 0;  // percent of what the rule of before earned
};

Gain gain_of(double scarcity, double strong, int drops) {
    double sum = 0, squares = 0, base = 0;
    for (int run = 0; run < drops; ++run) {
        Random random(77, static_cast<std::uint64_t>(run));
        const auto market = draw_market(random, 40, scarcity, strong);
        const auto seed = 1'000'000u + 1'000u * static_cast<std::uint64_t>(run);
        const double alone = earn(market, 40, seed, false), shared = earn(market, 40, seed, true);
        sum += shared - alone, squares += (shared - alone) * (shared - alone), base += alone;
    }
    const double n = drops, mean = sum / n;
    return {100 * sum / base, 100 * std::sqrt((squares / n - mean * mean) / n) / (base / n)};
}

TEST(ChannelShare, ScarceUnitsAreSoldDearer) {
    const int drops = sized(300, 24);
    for (const double strong : {0.5, 0.85})
        for (const double scarcity : {1.0, 1.5, 2.5}) {
            const auto gain = gain_of(scarcity, strong, drops);
            const auto at = "scarcity " + std::to_string(scarcity) + ", strong channel " + std::to_string(strong);
            RecordProperty(at, std::to_string(gain.mean) + " s.e. " + std::to_string(gain.error));
            EXPECT_GT(gain.mean, -0.5 - 2 * gain.error) << at;
            if (scarcity == 1.5) {
                EXPECT_GT(gain.mean, 1) << at;
            }
        }
}

}  // namespace
}  // namespace dropsmith::decide::channel_share_test
