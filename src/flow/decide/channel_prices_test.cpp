// Channels with prices of their own: a shop's page at 24, 30 and 36 with tax inside, a pop-up at 26, 32 and 38, and a
// trade channel at 20, 25 and 30 without tax, one stock. What is wrong with such a plan is told by a pointer; the gate,
// the modes, overrides, the kill switch and edits read the channel's own; and a line where all channels say the line's
// prices over again is decided as one that says nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "flow/decide/channel_share.h"
#include "flow/decide/contradictions.h"
#include "flow/decide/modes.h"
#include "flow/decide/override.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::channel_prices_test {
namespace {

std::vector<Money> prices(std::initializer_list<std::int64_t> of) {
    std::vector<Money> out;
    for (const auto n : of) out.push_back(Money{n});
    return out;
}

struct ThreeChannels : SampleShop {
    ChannelId pop_up{2}, trade{3};
    LineKey first;

    ThreeChannels() {
        state.places.channels[1].mode = ChannelMode::own, state.places.channels[1].name = "pop-up";
        state.places.channels.push_back({trade, 1, "trade", ChannelMode::own, false, {}});
    }
    DropTerms plan() const {
        auto out = terms();
        out.channels = {web, pop_up, trade};
        auto& line = out.lines[0];
        line.channels = {{pop_up, prices({2600, 3200, 3800}), Money{3200}, {}},
                         {trade, prices({2000, 2500, 3000}), Money{2500}, Money{1700}}};
        return out;
    }
    LineKey in(ChannelId channel) const { return {first.drop, 0, channel}; }
    Money asked(ChannelId channel) const { return price(in(channel)).price; }
    ProposePrice arm(ChannelId channel, std::uint32_t chosen) {
        ProposePrice out;
        out.key = in(channel), out.arm = chosen;
        for (const auto band : in_channel(drop(first.drop).lines[0].terms, channel).bands)
            out.inputs.arms.push_back({band, 0, 0, Rate{}});
        out.inputs.arms[chosen].propensity = whole;
        out.inputs.based_on = state.head, out.inputs.policy = "test/1";
        return out;
    }
};

TEST(ChannelPrices, EachChannelOpensAndMovesInItsOwnBands) {
    ThreeChannels shop;
    shop.first = shop.open(shop.plan());
    EXPECT_EQ(shop.asked(shop.web), Money{3600});
    EXPECT_EQ(shop.asked(shop.pop_up), Money{3800});
    EXPECT_EQ(shop.asked(shop.trade), Money{3000});
    const std::pair<ChannelId, std::vector<Money>> of[] = {{shop.web, prices({2400, 3000, 3600})},
                                                           {shop.pop_up, prices({2600, 3200, 3800})},
                                                           {shop.trade, prices({2000, 2500, 3000})}};
    for (const auto& [channel, bands] : of) {
        const auto& arms = shop.price(shop.in(channel)).arms;
        ASSERT_EQ(arms.size(), 3u);
        for (std::size_t k = 0; k < 3; ++k) {
            EXPECT_EQ(arms[k].price, bands[k]);
            shop.now = shop.now + hours(1);
            ASSERT_EQ(shop.word(shop.arm(channel, static_cast<std::uint32_t>(k))), "");
            EXPECT_EQ(shop.asked(channel), bands[k]);
        }
        EXPECT_EQ(shop.price(shop.in(channel)).list_price, bands[1]);
    }
    auto wrong = shop.arm(shop.pop_up, 1);
    for (std::size_t k = 0; k < 3; ++k) wrong.inputs.arms[k].price = of[0].second[k];
    EXPECT_EQ(shop.word(wrong), "bad_value") << "the line's bands are none of the pop-up's";
}

TEST(ChannelPrices, TheFloorIsTheChannelsAndTheMarginIsKeptInEach) {
    ThreeChannels shop;
    auto plan = shop.plan();
    plan.lines[0].channels[1].floor = Money{2000};
    shop.first = shop.open(plan);
    shop.drop(shop.first.drop).lines[0].terms.channels[1].floor = Money{2100};  // as an edit of costs would lift it
    ASSERT_EQ(shop.word(shop.arm(shop.trade, 0)), "");
    EXPECT_EQ(shop.asked(shop.trade), Money{2500});
    ASSERT_EQ(shop.word(shop.arm(shop.web, 0)), "");
    EXPECT_EQ(shop.asked(shop.web), Money{2400}) << "the web's floor is the line's";
    // 24.00 without tax leaves more than 24.00 with it
    auto& terms = shop.drop(shop.first.drop).lines[0].terms;
    terms.min_margin = Rate{430'000}, terms.channels[1].floor = Money{1700};
    const auto least = [&](ChannelId channel) {
        return floor_of(in_channel(terms, channel), *unit_economics(shop.state, terms, channel, shop.now))->price;
    };
    EXPECT_GT(least(shop.web), least(shop.trade));
}

TEST(ChannelPrices, TheKillSwitchAsksEachListPrice) {
    ThreeChannels shop;
    shop.first = shop.open(shop.plan());
    ASSERT_EQ(shop.word(KillPrices{shop.first.drop, "stop"}), "");
    EXPECT_EQ(shop.asked(shop.web), Money{3000});
    EXPECT_EQ(shop.asked(shop.pop_up), Money{3200});
    EXPECT_EQ(shop.asked(shop.trade), Money{2500});
    ASSERT_EQ(shop.word(UndoKill{shop.first.drop, "go on"}), "");
    EXPECT_EQ(shop.price(shop.in(shop.pop_up)).arms[2].price, Money{3800});
}

TEST(ChannelPrices, AnOverrideGoesFromTheChannelsFloorToItsCap) {
    ThreeChannels shop;
    shop.first = shop.open(shop.plan());
    const auto until = shop.now + hours(2);
    EXPECT_EQ(shop.word(OverridePrice{shop.in(shop.trade), Money{3001}, until, "a guest"}), "outside_band");
    EXPECT_EQ(shop.word(OverridePrice{shop.in(shop.trade), Money{1699}, until, "a guest"}), "below_floor");
    EXPECT_EQ(shop.word(OverridePrice{shop.in(shop.pop_up), Money{3801}, until, "a guest"}), "outside_band");
    EXPECT_EQ(shop.word(OverridePrice{shop.in(shop.pop_up), Money{3800}, until, "a guest"}), "");
    EXPECT_EQ(shop.word(OverridePrice{shop.in(shop.trade), Money{1750}, until, "a guest"}), "");
    EXPECT_EQ(shop.asked(shop.trade), Money{1750});
    shop.now = until;
    ASSERT_EQ(shop.word(OverrideDue{shop.in(shop.trade)}), "");
    EXPECT_EQ(shop.asked(shop.trade), Money{3000});
    // within a tenth of the channel's own list price one person is enough
    auto& rules = shop.state.prices.rules;
    rules.four_eyes_above = Rate{10'000}, rules.approval_free_change = Rate{100'000};
    const auto judged = [&](ChannelId channel, std::int64_t price) {
        return judge_override(shop.state, {shop.in(channel), Money{price}, shop.now + hours(1), "a guest"}, GrantId{1},
                              shop.now)
            ->second_person;
    };
    EXPECT_FALSE(judged(shop.trade, 2600));
    EXPECT_TRUE(judged(shop.web, 2600));
}

TEST(ChannelPrices, ATaperAndALadderGoThroughTheChannelsOwnBands) {
    ThreeChannels shop;
    auto plan = shop.plan();
    plan.pricing.policy = PricePolicy::fixed, plan.pricing.mode = PriceMode::taper;
    plan.lines[0].channels[0].bands = prices({2600, 3800});  // two steps, where the line has three
    shop.first = shop.open(plan);
    const auto opens = shop.now;
    const auto at = [&](ChannelId channel, Duration after) {
        shop.now = opens + after;
        while (shop.price(shop.in(channel)).next_review != Instant{} &&
               shop.price(shop.in(channel)).next_review <= shop.now) {
            const auto now = shop.now;
            shop.now = shop.price(shop.in(channel)).next_review;
            EXPECT_EQ(shop.word(ReviewDue{shop.in(channel)}), "");
            shop.now = now;
        }
        return shop.asked(channel);
    };
    EXPECT_EQ(at(shop.pop_up, hours(35)), Money{3800});
    EXPECT_EQ(at(shop.pop_up, hours(36)), Money{2600});
    EXPECT_EQ(at(shop.trade, hours(24)), Money{2500});
    EXPECT_EQ(at(shop.web, hours(48)), Money{2400});

    ThreeChannels other;
    plan = other.plan();
    plan.pricing.policy = PricePolicy::fixed, plan.pricing.mode = PriceMode::ladder;
    plan.pricing.ladder = {{hours(1), Rate{900'000}, Rate{150'000}}};
    other.first = other.open(plan);
    EXPECT_EQ(other.asked(other.pop_up), Money{3200});
    other.now = other.now + hours(1);
    for (const auto channel : {other.web, other.pop_up, other.trade})
        ASSERT_EQ(other.word(ReviewDue{other.in(channel)}), "");
    EXPECT_EQ(other.asked(other.web), Money{2400});     // at most 25.50
    EXPECT_EQ(other.asked(other.pop_up), Money{2600});  // at most 27.20
    EXPECT_EQ(other.asked(other.trade), Money{2000});   // at most 21.25
}

TEST(ChannelPrices, AnEditOfAChannelsBandsSetsItsPriceAnewAndNoOther) {
    ThreeChannels shop;
    const auto id = shop.draft(shop.plan());
    ASSERT_EQ(shop.word(ScheduleDrop{id}), "");
    DropEdited edit{id, whole_terms(shop.drop(id)), {}, "dearer"};
    edit.terms.lines[0].channels[0].bands = prices({2700, 3300, 3700});
    const auto set = replan(shop.state, edit, Moment{shop.now, shop.who, shop.random, {}});
    ASSERT_TRUE(set.ok());
    ASSERT_EQ(set->size(), 1u);
    const auto* price = set->front().as<PriceSet>();
    ASSERT_NE(price, nullptr);
    EXPECT_EQ(price->key.channel, shop.pop_up);
    EXPECT_EQ(price->price, Money{3700});
    edit.terms.lines[0].channels.clear();  // back to the line's
    EXPECT_EQ(replan(shop.state, edit, Moment{shop.now, shop.who, shop.random, {}})->size(), 2u);
    edit.terms = whole_terms(shop.drop(id));
    edit.terms.lines[0].channels[1].list_price = Money{2600};  // full price is another: what stands says so
    const auto listed = replan(shop.state, edit, Moment{shop.now, shop.who, shop.random, {}});
    ASSERT_EQ(listed->size(), 1u);
    EXPECT_EQ(listed->front().as<PriceSet>()->list_price, Money{2600});
}

TEST(ChannelPrices, WhatABrandGivesAwayIsToldAtEachListPrice) {
    ThreeChannels shop;
    shop.state.catalogue.products[0].brand = "Harbour";
    shop.state.prices.rules.brands = {{"Harbour", Rate{100'000}}};
    auto plan = shop.plan();
    plan.channels = {shop.web, shop.pop_up}, plan.pricing.policy = PricePolicy::fixed;
    plan.lines[0].bands = {Money{3000}};
    plan.lines[0].channels = {{shop.pop_up, {Money{2400}}, Money{2400}, {}}};
    EXPECT_EQ(shop.word(ScheduleDrop{shop.draft(plan)}), "") << "24.00 is full price there";
    ThreeChannels other;
    other.state.catalogue.products[0].brand = "Harbour", other.state.prices.rules = shop.state.prices.rules;
    plan.lines[0].channels[0].list_price = Money{3200};  // 8.00 of 62.00
    const auto refused = other.ask(ScheduleDrop{other.draft(plan)});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().clashes.front().rule, "brand_over_exposure");
    EXPECT_NE(refused.error().clashes.front().detail.find("13 %"), std::string::npos)
        << refused.error().clashes.front().detail;
}

TEST(ChannelPrices, TheQuestionIsOfTheChannel) {
    ThreeChannels shop;
    shop.first = shop.open(shop.plan());
    const auto question = question_of(shop.state, shop.in(shop.trade), shop.state.head, 7);
    ASSERT_TRUE(question);
    EXPECT_EQ(question->terms.bands, prices({2000, 2500, 3000}));
    EXPECT_EQ(question->terms.list_price, Money{2500});
    EXPECT_FALSE(question->unit.includes_tax);
    EXPECT_EQ(question->stock_left, Quantity{60}) << "one stock";
    const auto proposal = propose(*question);
    EXPECT_EQ(shop.word(proposal), "");
}

// Demand is told at each channel's own list price: the same sales at the same share of it are the same demand, whatever
// the amounts are and whether tax is in them.
TEST(ChannelPrices, DemandOfTheOthersIsToldAtTheirOwnListPrices) {
    ThreeChannels shop;
    shop.first = shop.open(shop.plan());
    const auto sold = [&](ChannelId channel, std::size_t arm, std::uint64_t units) {
        auto& stats = shop.state.prices.lines.at(shop.in(channel)).arms[arm];
        stats.exposure = units > 0 ? 20'000'000 : 0, stats.sales = units;
    };
    for (const auto channel : {shop.web, shop.pop_up, shop.trade}) sold(channel, 1, 40);  // each at its list price
    for (const auto channel : {shop.web, shop.pop_up, shop.trade})
        EXPECT_NEAR(own_share(channels_of(shop.state, shop.drop(shop.first.drop), shop.in(channel))), 1.0 / 3, 1e-3);
    sold(shop.trade, 1, 0), sold(shop.trade, 2, 40);  // a fifth above it
    EXPECT_GT(own_share(channels_of(shop.state, shop.drop(shop.first.drop), shop.in(shop.trade))), 0.36);
}

TEST(ChannelPrices, ThatSayTheLinesPricesOverAgainChangeNothing) {
    const auto decisions = [](bool said) {
        ThreeChannels shop;
        auto plan = shop.plan();
        plan.lines[0].channels.clear();
        if (said)
            for (const auto channel : {shop.pop_up, shop.trade})
                plan.lines[0].channels.push_back({channel, plan.lines[0].bands, plan.lines[0].list_price, Money{2000}});
        shop.first = shop.open(plan);
        std::vector<std::int64_t> out;
        for (int hour = 0; hour < 6; ++hour) {
            shop.now = shop.now + hours(1);
            for (const auto channel : {shop.web, shop.pop_up, shop.trade}) {
                EXPECT_EQ(shop.word(ReviewDue{shop.in(channel)}), "");
                const auto question =
                    question_of(shop.state, shop.in(channel), shop.state.head, static_cast<std::uint64_t>(hour));
                EXPECT_EQ(shop.word(propose(*question)), "");
                out.push_back(shop.asked(channel).n);
            }
        }
        return out;
    };
    EXPECT_EQ(decisions(true), decisions(false));
}

struct Case {
    const char* rule;  // "": no clash
    const char* pointer;
    std::function<void(ThreeChannels&, DropTerms&)> change;
};

TEST(ChannelPrices, WhatIsWrongIsToldByItsPointer) {
    const Case cases[] = {
        {"", "", [](auto&, auto&) {}},
        {"", "",
         [](auto&, auto& t) {
             t.lines[0].channels[0] = {ChannelId{2}, {}, {}, Money{2100}};
         }},
        {"", "",
         [](auto&, auto& t) {
             t.lines[0].floor.reset();
             t.lines[0].channels = {{ChannelId{1}, {}, {}, Money{2000}},
                                    {ChannelId{2}, {}, {}, Money{2000}},
                                    {ChannelId{3}, {}, {}, Money{2000}}};
         }},
        {"no_guardrail", "/lines/0", [](auto&, auto& t) { t.lines[0].floor.reset(); }},
        {"unknown_channel", "/lines/0/channels/0/channel",
         [](auto&, auto& t) { t.lines[0].channels[0].channel = ChannelId{9}; }},
        {"channel_not_of_drop", "/lines/0/channels/1/channel",
         [](auto&, auto& t) {
             t.channels = {ChannelId{1}, ChannelId{2}};
         }},
        {"channel_twice", "/lines/0/channels/1/channel",
         [](auto&, auto& t) { t.lines[0].channels[1].channel = ChannelId{2}; }},
        {"channel_says_nothing", "/lines/0/channels/0",
         [](auto&, auto& t) {
             t.lines[0].channels[0] = {ChannelId{2}, {}, {}, {}};
         }},
        {"bands_not_ascending", "/lines/0/channels/0/bands/1",
         [](auto&, auto& t) { t.lines[0].channels[0].bands[1] = Money{2600}; }},
        {"band_out_of_range", "/lines/0/channels/1/bands/0",
         [](auto&, auto& t) { t.lines[0].channels[1].bands[0] = Money{}; }},
        {"too_many_bands", "/lines/0/channels/0/bands",
         [](auto&, auto& t) { t.lines[0].channels[0].bands.assign(9, Money{3000}); }},
        {"list_price_missing", "/lines/0/channels/0/list_price",
         [](auto&, auto& t) { t.lines[0].channels[0].list_price = Money{}; }},
        {"floor_over_band", "/lines/0/channels/1/bands/0",
         [](auto&, auto& t) { t.lines[0].channels[1].floor = Money{2001}; }},
        {"floor_over_every_band", "/lines/0/channels/1/floor",
         [](auto&, auto& t) { t.lines[0].channels[1].floor = Money{3001}; }},
        {"floor_over_band", "/lines/0/channels/1/bands/0",
         [](auto&, auto& t) { t.lines[0].floor = Money{2001}, t.lines[0].channels[1].floor.reset(); }},
        {"floor_over_every_band", "/lines/0/max_discount",
         [](auto&, auto& t) { t.lines[0].max_discount = Rate{0}, t.lines[0].channels[1].list_price = Money{3100}; }},
        {"below_cost", "/lines/0/channels/0/bands/0",
         [](auto&, auto& t) {
             t.lines[0].channels[0].bands[0] = Money{1100}, t.lines[0].channels[0].floor = Money{1000};
         }},
        {"mode_needs_bands", "/lines/0/channels/0/bands",
         [](auto&, auto& t) {
             t.pricing.policy = PricePolicy::fixed, t.pricing.mode = PriceMode::taper;
             t.lines[0].channels[0].bands = {Money{3200}};
         }},
        {"taper_over_step", "/lines/0/channels/0/bands",
         [](auto&, auto& t) {
             t.pricing.policy = PricePolicy::fixed, t.pricing.mode = PriceMode::taper;
             t.pricing.max_step = Rate{250'000}, t.lines[0].channels[0].bands[1] = Money{3700};
         }},
    };
    for (std::size_t i = 0; i < std::size(cases); ++i) {
        ThreeChannels shop;
        auto plan = shop.plan();
        cases[i].change(shop, plan);
        const auto verdict = shop.ask(ScheduleDrop{shop.draft(plan)});
        if (*cases[i].rule == '\0') {
            EXPECT_TRUE(verdict.ok()) << i << ": " << verdict.error().detail;
            continue;
        }
        ASSERT_FALSE(verdict.ok()) << i;
        std::string told;
        for (const auto& clash : verdict.error().clashes) told += clash.rule + " " + clash.pointer + "; ";
        const auto wanted = std::string(cases[i].rule) + " " + cases[i].pointer + "; ";
        EXPECT_NE(told.find(wanted), std::string::npos) << i << ": " << wanted << "told " << told;
    }
}

}  // namespace
}  // namespace dropsmith::decide::channel_prices_test
