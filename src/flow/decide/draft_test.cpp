// Drafts: each number as the header defines it, explained; what is assumed is said; a draft with its costs set can be
// scheduled.
#include "flow/decide/draft.h"

#include <gtest/gtest.h>

#include "flow/decide/contradictions.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::draft_test {
namespace {

DraftAsk ask_for(const SampleShop& shop, std::vector<std::string> skus) {
    DraftAsk ask;
    ask.skus = std::move(skus), ask.now = shop.now;
    return ask;
}

void sell(SampleShop& shop, SkuId sku, std::int64_t hours_ago, std::int64_t units, std::int64_t price) {
    const auto hour = shop.now.ms / 3'600'000 - hours_ago;
    shop.state.history.hours[{static_cast<std::uint32_t>(sku.n), hour}].sum = {units, 0, Money{units * price}};
}

TEST(Draft, CapFollowsTheBusiestWindowOfTheSameLength) {
    const struct {
        std::vector<std::pair<std::int64_t, std::int64_t>> sales;  // hours ago, units
        std::int64_t free, expected;
    } cases[] = {
        {{}, 100, 50},                                // nothing known: the template
        {{{500, 90}}, 100, 50},                       // more than the template
        {{{500, 11}, {470, 12}, {100, 3}}, 100, 20},  // 23 within 72 hours, in fives
        {{{500, 2}}, 100, 5},                         // at least five
        {{{500, 90}}, 32, 32},                        // no more than there is
    };
    for (const auto& c : cases) {
        SampleShop shop;
        for (const auto& [ago, units] : c.sales) sell(shop, shop.cup, ago, units, 3000);
        shop.state.stock.rows[{shop.cup, shop.here}].free = Quantity{c.free};
        const auto draft = draft_plan(shop.state, ask_for(shop, {"CUP"}));
        ASSERT_TRUE(draft.ok());
        EXPECT_EQ(draft->terms.lines[0].cap.n, c.expected);
    }
}

TEST(Draft, BandsFloorAndReserve) {
    SampleShop shop;
    shop.state.catalogue.skus[0].terms.list_price.reset();
    sell(shop, shop.cup, 24 * 200, 50, 9'999);  // older than 90 days of sales: not the usual price
    sell(shop, shop.cup, 24 * 2, 30, 2'998);
    const auto draft = draft_plan(shop.state, ask_for(shop, {"CUP"}));
    ASSERT_TRUE(draft.ok());
    const auto& line = draft->terms.lines[0];
    EXPECT_EQ(line.list_price, Money{3000});
    EXPECT_EQ(line.bands, (std::vector{Money{2550}, Money{3000}, Money{3450}}));
    const auto unit = *unit_economics(shop.state, shop.cup, shop.web, shop.now);
    EXPECT_EQ(line.floor, lowest_price(unit, Rate{200'000}));
    EXPECT_EQ(line.preorder_share, Rate{200'000});
    EXPECT_EQ(draft->terms.closes_at - draft->terms.opens_at, hours(72));
    EXPECT_EQ(draft->terms.pricing.cadence, hours(1));
    EXPECT_TRUE(draft->assumptions.empty());
    for (const auto* pointer : {"/lines/0/cap", "/lines/0/list_price", "/lines/0/bands", "/lines/0/floor",
                                "/lines/0/preorder_share", "/pricing/cadence_s"})
        EXPECT_TRUE(std::any_of(draft->notes.begin(), draft->notes.end(), [&](const DraftNote& note) {
            return note.pointer == pointer;
        })) << pointer;
    EXPECT_TRUE(contradictions(shop.state, draft->terms, DropId{}, shop.now).empty());
}

TEST(Draft, MissingCostIsAssumedAndSaid) {
    SampleShop shop;
    const auto draft = draft_plan(shop.state, ask_for(shop, {"BARE"}));
    ASSERT_TRUE(draft.ok());
    ASSERT_EQ(draft->assumptions.size(), 1u);
    EXPECT_EQ(draft->assumptions[0].unit_cost, Money{1000});  // 40 % of 25.00 net of 30.00
    shop.state.catalogue.skus[1].terms.unit_cost = draft->assumptions[0].unit_cost;
    EXPECT_TRUE(contradictions(shop.state, draft->terms, DropId{}, shop.now).empty())
        << "with the cost it can be scheduled";
    const auto json = draft_json(*draft, shop.state, nullptr);
    EXPECT_TRUE(json.starts_with(R"({"drop":{"slug":)")) << "what POST /v1/drops takes stands under `drop`";
    EXPECT_NE(json.find(R"("cost_assumed":true)"), std::string::npos);
}

TEST(Draft, ADearUnitLiftsTheBandsToItsFloor) {
    SampleShop shop;
    shop.state.catalogue.skus[0].terms.unit_cost = Money{1700};
    const auto draft = draft_plan(shop.state, ask_for(shop, {"CUP"}));
    ASSERT_TRUE(draft.ok());
    EXPECT_GE(draft->terms.lines[0].bands.front(), *draft->terms.lines[0].floor);
    EXPECT_TRUE(contradictions(shop.state, draft->terms, DropId{}, shop.now).empty());
}

TEST(Draft, WithoutNamesTheFastestAreTaken) {
    SampleShop shop;
    sell(shop, shop.cup, 48, 30, 3000), sell(shop, shop.bare, 48, 60, 3000);
    const auto draft = draft_plan(shop.state, ask_for(shop, {}));
    ASSERT_TRUE(draft.ok());
    ASSERT_EQ(draft->terms.lines.size(), 2u);
    EXPECT_EQ(draft->terms.lines[0].sku, shop.bare);
}

// A page with tax inside, a stall with the same habit, and a trade channel without: the last one is drafted prices of
// its own that come to about the same for its buyers, and nothing of the plan contradicts itself.
TEST(Draft, AChannelOfAnotherTaxHabitIsDraftedItsOwnPrices) {
    SampleShop shop;
    shop.state.places.channels[1].mode = ChannelMode::own;
    shop.state.places.channels.push_back({ChannelId{3}, 1, "trade", ChannelMode::own, false, {}});
    auto ask = ask_for(shop, {"CUP"});
    ask.also = {"fair", "trade"};
    const auto draft = draft_plan(shop.state, ask);
    ASSERT_TRUE(draft.ok()) << draft.error().detail;
    EXPECT_EQ(draft->terms.channels, (std::vector{shop.web, shop.outside, ChannelId{3}}));
    const auto& line = draft->terms.lines[0];
    ASSERT_EQ(line.channels.size(), 1u);
    const auto& own = line.channels[0];
    EXPECT_EQ(own.channel, ChannelId{3});
    EXPECT_EQ(own.list_price, Money{2500}) << "30.00 with a fifth of tax inside";
    ASSERT_EQ(own.bands.size(), line.bands.size());
    for (std::size_t b = 0; b < own.bands.size(); ++b)
        EXPECT_NEAR(static_cast<double>(own.bands[b].n) * 1.2, static_cast<double>(line.bands[b].n), 15) << b;
    EXPECT_LT(*own.floor, *line.floor);
    EXPECT_TRUE(contradictions(shop.state, draft->terms, DropId{}, shop.now).empty());
    const auto told = draft_json(*draft, shop.state, nullptr);
    EXPECT_NE(told.find(R"("channels":[{"channel":"trade","bands":[)"), std::string::npos) << told;
    EXPECT_NE(told.find(R"("pointer":"/lines/0/channels/0")"), std::string::npos);
    ask.also = {"fair", "fair"};
    EXPECT_FALSE(draft_plan(shop.state, ask).ok());
    ask.also = {"nowhere"};
    EXPECT_FALSE(draft_plan(shop.state, ask).ok());
}

TEST(Draft, RefusalsSayWhatToDo) {
    SampleShop shop;
    EXPECT_FALSE(draft_plan(shop.state, ask_for(shop, {})).ok());
    EXPECT_FALSE(draft_plan(shop.state, ask_for(shop, {"NOPE"})).ok());
    EXPECT_FALSE(draft_plan(shop.state, ask_for(shop, {"CUP", "BARE", "CUP", "CUP", "CUP"})).ok());
    auto ask = ask_for(shop, {"CUP"});
    ask.channel = "fair";
    EXPECT_FALSE(draft_plan(shop.state, ask).ok()) << "only observed";
    ask.channel = "web", ask.window = minutes(10);
    EXPECT_FALSE(draft_plan(shop.state, ask).ok());
}

TEST(Draft, PriceGrid) {
    for (const auto& [price, grid] : {std::pair{0, 0},
                                      {1, 1},
                                      {199, 199},
                                      {203, 205},
                                      {997, 995},
                                      {2999, 3000},
                                      {2994, 2990},
                                      {12'340, 12'350},
                                      {345'678, 345'500}})
        EXPECT_EQ(on_price_grid(Money{price}), Money{grid});
}

}  // namespace
}  // namespace dropsmith::decide::draft_test
