// Replays on simulated drops whose truth is known: how often the interval holds it, that a wrong model is corrected
// where the log overlaps, and that a thin log is called thin.
#include "sim/replay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "base/sized_testing.h"
#include "flow/decide/sample.h"
#include "sim/rehearsal_run.h"

namespace dropsmith::sim::replay_test {
namespace {

const Instant opened{1'800'000'000'000};

Rehearsal plan_of(std::int64_t cap, std::int64_t periods = 48) {
    Rehearsal plan;
    plan.currency = "GBP";
    plan.pricing.policy = PricePolicy::bandit, plan.pricing.cadence = hours(1);
    plan.window = hours(periods);
    MarketLine line;
    line.sku = "CUP", line.expected_units = 40;
    line.terms.cap = Quantity{cap}, line.terms.list_price = Money{3000}, line.terms.floor = Money{2000};
    line.terms.bands = {Money{2400}, Money{3000}, Money{3600}};
    line.unit.unit_cost = Money{1200};
    plan.lines.push_back(line);
    return plan;
}

struct Told {
    std::vector<measure::Period> log;
    double truth = 0;
};

// A drop as a learning policy logs it: it favours one band, dearer while it sells well, with chances for the others.
Told simulate(const Rehearsal& plan, std::string_view policy, std::uint64_t seed, double explore, double middle = 1) {
    Random random(seed, 17);
    MarketTruth truth;
    truth.scale = std::exp(.4 * decide::draw_normal(random));
    truth.elasticity = std::clamp(2.62 + .6 * decide::draw_normal(random), 1.2, 4.5);
    truth.by_band = {1, middle, 1};
    Crowd crowd(plan, arrival_shares(plan));
    crowd.draw(seed, 1'000'000, truth);
    Told told;
    std::int64_t left = plan.lines[0].terms.cap.n;
    std::size_t favourite = 2;
    for (std::size_t t = 0; t < crowd.periods(); ++t) {
        measure::Period period;
        period.key = {DropId{1}, 0, ChannelId{1}}, period.list_price = Money{3000};
        period.from = opened + hours(static_cast<std::int64_t>(t)), period.to = period.from + hours(1);
        std::vector<double> chances(3, explore / 2);
        chances[favourite] = 1 - explore;
        double ticket = decide::draw_uniform(random);
        std::size_t arm = 0;
        while (arm < 2 && ticket >= chances[arm]) ticket -= chances[arm++];
        for (std::size_t k = 0; k < 3; ++k)
            if (chances[k] > 0) period.chances.push_back({plan.lines[0].terms.bands[k], chances[k]});
        period.price = plan.lines[0].terms.bands[arm];
        const auto willing = crowd.willing(0, t, arm), sold = std::min(left, willing);
        period.units = sold, period.stock = left;
        const double share = sold < left || willing == 0 ? 1 : static_cast<double>(left) / static_cast<double>(willing);
        period.offered = Duration{static_cast<std::int64_t>(3'600'000 * share)};
        if (left > 0) told.log.push_back(period);
        left -= sold;
        const double pace = static_cast<double>(plan.lines[0].terms.cap.n) / static_cast<double>(crowd.periods());
        favourite = static_cast<double>(sold) > pace ? std::min<std::size_t>(2, favourite + 1)
                    : favourite > 0                  ? favourite - 1
                                                     : 0;
    }
    const bool taper = policy == "taper";
    auto pricer =
        taper ? taper_pricer(plan, crowd.periods()) : fixed_pricer(plan, static_cast<std::size_t>(policy.back() - '0'));
    for (std::uint64_t run = 0; run < 200; ++run) {
        crowd.draw(seed + 99, run, truth);
        told.truth += play(plan, crowd, *pricer, run).margin / 200;
    }
    return told;
}

constexpr ReplayHow quick{7, 60, 2};

TEST(Replay, TheIntervalHoldsTheTruth) {
    int held = 0, by_model = 0, told = 0, all = 0;
    double width = 0;
    for (std::uint64_t seed = 1; seed <= sized(1'000U, 24U); ++seed) {
        const auto plan = plan_of(seed % 2 == 0 ? 25 : 60);
        const std::string policy = seed % 4 == 3 ? "taper" : "fixed:" + std::to_string(seed % 4);
        const auto drop = simulate(plan, policy, seed, .3);
        const auto found = replay_line(plan, drop.log, opened, policy, quick);
        ASSERT_TRUE(found.ok()) << found.error();
        ++all;
        if (!found->tells) continue;
        ++told;
        held += found->margin.low() <= drop.truth && drop.truth <= found->margin.high();
        by_model += found->model.low() <= drop.truth && drop.truth <= found->model.high();
        width += (found->margin.high() - found->margin.low()) / drop.truth;
    }
    RecordProperty("told", told), RecordProperty("held", held), RecordProperty("by_model", by_model);
    RecordProperty("width_share", std::to_string(width / told));
    EXPECT_GE(held * 10, told * sized(9, 8));
    EXPECT_GE(told * 2, all);
}

// What was decided, put through posterior, model and correction as a policy of its own, gives what it gave.
TEST(Replay, TheLoggedPolicyReplaysItsOwnResult) {
    int held = 0, all = 0;
    double off = 0, by_model = 0;
    for (std::uint64_t seed = 1; seed <= sized(200U, 24U); ++seed) {
        const auto plan = plan_of(seed % 2 == 0 ? 25 : 60);
        const auto drop = simulate(plan, "fixed:1", seed, .3, seed % 3 == 0 ? 2 : 1);
        const auto found = replay_line(plan, drop.log, opened, "logged", quick);
        ASSERT_TRUE(found.ok()) << found.error();
        EXPECT_TRUE(found->tells) << found->why;
        EXPECT_EQ(found->overlap, 1);
        double actual = 0;
        for (const auto& period : drop.log) actual += static_cast<double>(period.units * (period.price.n - 1'200));
        EXPECT_NEAR(found->actual_margin, actual, 1e-6);
        ++all, held += found->margin.low() <= actual && actual <= found->margin.high();
        off += std::fabs(found->margin.value - actual) / actual;
        by_model += std::fabs(found->model.value - actual) / actual;
    }
    RecordProperty("held", held), RecordProperty("all", all);
    RecordProperty("off", std::to_string(off / all)), RecordProperty("by_model", std::to_string(by_model / all));
    EXPECT_GE(held * 100, all * 95);
    EXPECT_LT(off / all, .05);
    EXPECT_LT(off, by_model) << "the log knows more of itself than a model of it";
}

TEST(Replay, TheLogOfACohortIsNoOnePolicy) {
    const auto plan = plan_of(60);
    auto drop = simulate(plan, "fixed:1", 3, .3);
    drop.log.front().side = measure::Side::cohort;
    const auto found = replay_line(plan, drop.log, opened, "logged", quick);
    ASSERT_FALSE(found.ok());
    EXPECT_NE(found.error().find("cohort"), std::string::npos);
}

TEST(Replay, OverlapCorrectsAWrongModel) {  // the middle band sells twice what any falling curve would say
    const auto plan = plan_of(80);
    double model = 0, ours = 0;
    const std::uint64_t drops = sized(60U, 10U);
    for (std::uint64_t seed = 1; seed <= drops; ++seed) {
        const auto drop = simulate(plan, "fixed:1", seed, .5, 2);
        const auto found = replay_line(plan, drop.log, opened, "fixed:1", quick);
        ASSERT_TRUE(found.ok());
        model += (found->model.value - drop.truth) / drop.truth / static_cast<double>(drops);
        ours += (found->margin.value - drop.truth) / drop.truth / static_cast<double>(drops);
    }
    EXPECT_LT(model, -.03);
    EXPECT_LT(std::fabs(ours), std::fabs(model));
}

// A shop's own site and its till sell one line: each is replayed out of what is its own of the stock.
TEST(Replay, SeveralChannelsShareTheStock) {
    State state;
    state.shop.currency = "GBP";
    const auto plan = plan_of(60);
    Sku sku;
    sku.id = SkuId{1}, sku.terms.sku = "CUP", sku.terms.unit_cost = Money{1200};
    sku.product = ProductId{1};
    Product product;
    product.id = ProductId{1}, product.tax_category = "standard", product.skus = {SkuId{1}};
    state.shop.tax = {{"standard", "", Rate{0}, Instant{}}};
    state.catalogue.products = {product}, state.catalogue.skus = {sku};
    state.places.channels = {{ChannelId{1}, 1, "web", ChannelMode::own, true, {}},
                             {ChannelId{2}, 1, "till", ChannelMode::own, true, {}}};
    Drop drop;
    drop.id = DropId{1}, drop.opened_at = opened, drop.terms.slug = "both";
    drop.terms.opens_at = opened, drop.terms.closes_at = opened + plan.window, drop.terms.pricing = plan.pricing;
    drop.terms.channels = {ChannelId{1}, ChannelId{2}};
    drop.lines.emplace_back().terms = plan.lines[0].terms;
    drop.lines[0].terms.sku = SkuId{1};
    state.drops.drops = {drop};
    std::vector<measure::Period> log;
    std::int64_t sold = 0;
    for (const std::uint64_t channel : {1u, 2u}) {
        auto told = simulate(plan_of(30), "fixed:1", channel, .3);
        for (auto& period : told.log) period.key.channel = ChannelId{channel}, sold += period.units;
        log.insert(log.end(), told.log.begin(), told.log.end());
    }
    ASSERT_LE(sold, 60);
    const auto out = replay(state, DropId{1}, log, "fixed:1", quick);
    ASSERT_TRUE(out.ok()) << out.error();
    EXPECT_EQ(*out, replay(state, DropId{1}, log, "fixed:1", quick).value()) << "the same seed, the same bytes";
    EXPECT_NE(out->find(R"("channel":"web")"), std::string::npos) << *out;
    EXPECT_NE(out->find(R"("channel":"till")"), std::string::npos);
    EXPECT_NE(out->find("split over the channels as it was sold"), std::string::npos);
    std::int64_t stock = 0;
    for (auto at = out->find(R"("stock":)"); at != std::string::npos; at = out->find(R"("stock":)", at + 1))
        stock += std::atoll(out->c_str() + at + 8);  // the last one is words: 0
    EXPECT_LE(stock, 60);
    EXPECT_GE(stock, 59);  // what does not divide is left out
}

TEST(Replay, AThinLogIsCalledThin) {
    const auto plan = plan_of(60);
    const auto drop = simulate(plan, "fixed:0", 3, 0);  // nothing drawn
    const auto found = replay_line(plan, drop.log, opened, "fixed:2", quick);
    ASSERT_TRUE(found.ok());
    EXPECT_FALSE(found->tells);
    EXPECT_FALSE(found->why.empty());
}

TEST(Replay, RefusalsSayWhatToDo) {
    const auto plan = plan_of(60);
    const auto drop = simulate(plan, "fixed:0", 3, .3);
    EXPECT_NE(replay_line(plan, drop.log, opened, "cheapest", quick).error().find("fixed:INDEX"), std::string::npos);
    EXPECT_FALSE(replay_line(plan, drop.log, opened, "fixed:3", quick).ok());
    EXPECT_FALSE(replay_line(plan, {}, opened, "fixed:1", quick).ok());
    EXPECT_FALSE(replay(State{}, DropId{1}, {}, "engine").ok());
}

}  // namespace
}  // namespace dropsmith::sim::replay_test
