// Templates: each built-in one drafts a plan that can be scheduled as it is; the shop's own covers a built-in of its
// name and uncovers it again; what no plan could keep is refused by pointer; without a template a draft is what it was.
#include "flow/decide/templates.h"

#include <gtest/gtest.h>

#include "flow/decide/contradictions.h"
#include "flow/decide/draft.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::templates_test {
namespace {

class Templates : public ::testing::Test {
  protected:
    std::string set(const PlanTemplate& plan) {  // "" or the pointer that is wrong
        const auto verdict = handle(shop.state, SetTemplate{plan}, Moment{shop.now, shop.who, shop.random, {}});
        if (!verdict) return verdict.error().clashes.empty() ? "?" : verdict.error().clashes.front().pointer;
        evolve(shop.state.prices, *(*verdict)[0].as<TemplateSet>(), Stamp{shop.now, ++shop.state.head, shop.who});
        return {};
    }
    std::string remove(const std::string& name) {
        const auto verdict = handle(shop.state, RemoveTemplate{name}, Moment{shop.now, shop.who, shop.random, {}});
        if (!verdict) return std::string(verdict.error().code.word);
        evolve(shop.state.prices, *(*verdict)[0].as<TemplateRemoved>(), Stamp{shop.now, ++shop.state.head, shop.who});
        return {};
    }
    Draft draft(const std::string& name) {
        DraftAsk ask;
        ask.skus = {"CUP"}, ask.now = shop.now, ask.plan = name;
        auto made = draft_plan(shop.state, ask);
        EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().detail);
        return std::move(made).value();
    }
    SampleShop shop;
};

TEST_F(Templates, EachBuiltInOneDraftsAPlanThatCanBeScheduled) {
    shop.state.stock.rows[{shop.cup, shop.here}].free = Quantity{200};
    for (const auto& plan : built_in_templates()) {
        EXPECT_EQ(set(plan), "") << plan.name << ": a shop could have written it";
        EXPECT_EQ(remove(plan.name), "");
        const auto made = draft(plan.name);
        EXPECT_EQ(made.terms.closes_at - made.terms.opens_at, plan.window);
        EXPECT_EQ(made.terms.pricing.arrival_curve, plan.pricing.arrival_curve);
        EXPECT_EQ(mode_of(made.terms.pricing), mode_of(plan.pricing));
        EXPECT_EQ(made.terms.lines[0].cap, plan.units);
        EXPECT_EQ(made.terms.lines[0].per_person_limit, plan.per_person_limit);
        EXPECT_EQ(made.terms.lines[0].bands.size(), plan.bands.size());
        for (std::size_t b = 0; b < plan.bands.size(); ++b)
            EXPECT_EQ(made.terms.lines[0].bands[b], on_price_grid(share_of(Money{3000}, plan.bands[b])));
        for (const auto& clash : contradictions(shop.state, made.terms, DropId{}, shop.now))
            ADD_FAILURE() << plan.name << " " << clash.pointer << " " << clash.detail;
        EXPECT_TRUE(shop.ask(ScheduleDrop{shop.draft(made.terms)}).ok()) << plan.name;
        shop.state.prices.lines.clear();
        shop.state.drops.drops.clear();
    }
}

TEST_F(Templates, ABandThatTheGridTakesBelowTheCapOnDiscountsIsLifted) {
    shop.state.catalogue.skus[0].terms.list_price = Money{2990};
    auto plan = *template_named(shop.state.prices, "weekend-market");
    plan.name = "mine", plan.max_discount = Rate{300'000};
    ASSERT_EQ(set(plan), "");
    const auto made = draft("mine");
    EXPECT_EQ(made.terms.lines[0].bands.front(), Money{2093}) << "not 20.90";
    EXPECT_TRUE(contradictions(shop.state, made.terms, DropId{}, shop.now).empty());
}

TEST_F(Templates, TheShopsOwnComesFirstAndTheBuiltInComesBack) {
    auto own = *template_named(shop.state.prices, "payday");
    own.window = hours(30), own.units = Quantity{7}, own.min_margin = Rate{350'000};
    ASSERT_EQ(set(own), "");
    const auto before = all_templates(shop.state.prices);
    EXPECT_EQ(before.size(), built_in_templates().size());
    EXPECT_TRUE(std::is_sorted(before.begin(), before.end(),
                               [](const auto& a, const auto& b) { return a.plan.name < b.plan.name; }));
    for (const auto& known : before) EXPECT_EQ(known.built_in, known.plan.name != "payday");
    const auto made = draft("payday");
    EXPECT_EQ(made.terms.closes_at - made.terms.opens_at, hours(30));
    EXPECT_EQ(made.terms.lines[0].cap, Quantity{7});
    EXPECT_EQ(made.terms.slug.substr(0, 7), "payday-");
    own.units = Quantity{8};
    ASSERT_EQ(set(own), "");
    EXPECT_EQ(shop.state.prices.templates.size(), 1u);
    EXPECT_EQ(remove("payday"), "");
    EXPECT_EQ(remove("payday"), "not_found");
    EXPECT_EQ(template_named(shop.state.prices, "payday")->window, hours(48));
    EXPECT_FALSE(template_named(shop.state.prices, "pay-day"));
    DraftAsk ask;
    ask.skus = {"CUP"}, ask.now = shop.now, ask.plan = "pay-day";
    EXPECT_FALSE(draft_plan(shop.state, ask).ok());
}

TEST_F(Templates, WhatNoPlanCouldKeepIsRefused) {
    const auto wrong = [&](auto change) {
        auto plan = built_in_templates().front();
        plan.name = "mine";
        change(plan);
        return set(plan);
    };
    EXPECT_EQ(wrong([](auto& p) { p.name = "Mine"; }), "/name");
    EXPECT_EQ(wrong([](auto& p) { p.title.clear(); }), "/title");
    EXPECT_EQ(wrong([](auto& p) { p.window = minutes(14); }), "/window_seconds");
    EXPECT_EQ(wrong([](auto& p) { p.units = Quantity{0}; }), "/units");
    EXPECT_EQ(wrong([](auto& p) { p.bands.clear(); }), "/bands");
    EXPECT_EQ(wrong([](auto& p) { p.bands = {whole, whole}; }), "/bands/1");
    EXPECT_EQ(wrong([](auto& p) { p.bands = {Rate{0}}; }), "/bands/0");
    EXPECT_EQ(wrong([](auto& p) { p.min_margin = whole; }), "/min_margin");
    EXPECT_EQ(wrong([](auto& p) { p.max_discount = whole; }), "/max_discount");
    EXPECT_EQ(wrong([](auto& p) { p.preorder_share = Rate{-1}; }), "/preorder_share");
    EXPECT_EQ(wrong([](auto& p) { p.per_person_limit = Quantity{0}; }), "/per_person_limit");
    EXPECT_EQ(wrong([](auto& p) { p.hold_for = Duration{0}; }), "/hold_seconds");
    EXPECT_EQ(wrong([](auto& p) { p.opening.day_of_month = 29; }), "/opening/day_of_month");
    EXPECT_EQ(wrong([](auto& p) { p.opening.day_of_month = 9, p.opening.weekday = Weekday::friday; }),
              "/opening/weekday");
    EXPECT_EQ(wrong([](auto& p) { p.opening.time = days(1); }), "/opening/time");
    EXPECT_EQ(wrong([](auto& p) { p.pricing.arrival_curve = {0, 0}; }), "/pricing/arrival_curve");
    EXPECT_EQ(wrong([](auto& p) { p.pricing.cadence = seconds(59); }), "/pricing/cadence_s");
    EXPECT_EQ(wrong([](auto& p) { p.pricing.explore_share = Rate{-1}; }), "/pricing/explore_share");
    EXPECT_EQ(wrong([](auto& p) { p.pricing.mode = PriceMode::ladder; }), "/pricing/ladder");
    EXPECT_EQ(wrong([](auto& p) { p.pricing.features = {"buyer_age"}; }), "/pricing/features/0");
    EXPECT_TRUE(shop.state.prices.templates.empty());
}

TEST_F(Templates, WithoutOneADraftIsWhatItWas) {
    const auto made = draft("");
    EXPECT_EQ(made.terms.closes_at - made.terms.opens_at, hours(72));
    EXPECT_EQ(made.terms.lines[0].bands, (std::vector{Money{2550}, Money{3000}, Money{3450}}));
    EXPECT_EQ(made.terms.slug.substr(0, 8), "capsule-");
    const auto json = draft_json(made, shop.state, nullptr);
    for (const auto* word : {"mode", "max_step", "arrival_curve", "max_discount", "per_person_limit"})
        EXPECT_EQ(json.find(std::string("\"") + word + "\":"), std::string::npos) << word;
    EXPECT_NE(json.find("a fifth of the run is kept for pre-orders"), std::string::npos);
    EXPECT_NE(json.find("0.85, 1.00 and 1.15 of the usual price"), std::string::npos);
}

}  // namespace
}  // namespace dropsmith::decide::templates_test
