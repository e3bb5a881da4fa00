// What a plan says and what a rehearsal makes of it: every field of pricing arrives, a misspelt one is refused, what is
// not played is named, and plans that the shop would refuse are refused here with the same words.
#include "sim/rehearsal_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dropsmith::sim::rehearsal_plan_test {
namespace {

std::string money(int amount) { return R"({"amount": )" + std::to_string(amount) + R"(, "currency": "GBP"})"; }

std::string plan(std::string_view pricing, std::string_view line = "", std::string_view drop = "") {
    return R"({"slug": "x", "title": "X", "opens_at": "2027-01-14T12:00:00Z", "closes_at": "2027-01-17T12:00:00Z",
        "channels": ["web"], "lines": [{"sku": "CUP", "cap": 40, "bands": [)" +
           money(2400) + "," + money(3000) + "," + money(3600) + R"(], "floor": )" + money(2000) +
           R"(, "list_price": )" + money(3000) + R"(, "unit_cost": )" + money(1200) + R"(, "expected_units": 40)" +
           std::string(line) + R"(}], "pricing": )" + std::string(pricing) + std::string(drop) + "}";
}

bool says(const Rehearsal& read, std::string_view words) {
    return std::any_of(read.assumptions.begin(), read.assumptions.end(),
                       [&](const std::string& at) { return at.find(words) != std::string::npos; });
}

TEST(RehearsalPlan, EveryFieldOfPricingArrives) {
    const auto read = read_rehearsal(
        State{}, plan(R"({"policy": "engine", "objective": "revenue", "cadence_s": 1800, "max_step": 0.3,
            "explore_share": 0.4, "mode": "cohort", "max_step_up": 0.1, "min_dwell_s": 7200, "revenue_at_risk": 0.2,
            "confidence": 0.9, "cohort_share": 0.25, "cannibalisation_max": 0.5, "features": ["stock_left"]})",
                      R"(, "max_discount": 0.3, "return_share": 0.1, "return_cost": )" + money(500) +
                          R"(, "salvage": )" + money(300)));
    ASSERT_TRUE(read.ok()) << read.error();
    const auto& pricing = read->pricing;
    EXPECT_EQ(pricing.policy, PricePolicy::bandit);
    EXPECT_EQ(pricing.objective, PriceObjective::revenue);
    EXPECT_EQ(pricing.cadence, minutes(30));
    EXPECT_EQ(pricing.max_step, Rate{300'000});
    EXPECT_EQ(pricing.explore_share, Rate{400'000});
    EXPECT_EQ(mode_of(pricing), PriceMode::cohort);
    EXPECT_EQ(pricing.max_step_up, Rate{100'000});
    EXPECT_EQ(pricing.min_dwell, hours(2));
    EXPECT_EQ(pricing.revenue_at_risk, Rate{200'000});
    EXPECT_EQ(pricing.confidence, Rate{900'000});
    EXPECT_EQ(pricing.cohort_share, Rate{250'000});
    EXPECT_EQ(pricing.cannibalisation_max, Rate{500'000});
    EXPECT_EQ(pricing.features, std::vector<std::string>{"stock_left"});
    const auto& line = read->lines[0];
    EXPECT_EQ(line.terms.max_discount, Rate{300'000});
    EXPECT_EQ(line.unit.returns, Money{50});
    EXPECT_EQ(value_left(line), 300 - 1200);
    EXPECT_EQ(value_of(line, Money{3000}), 3000 - 50 - 300);  // the cost is spent either way
    EXPECT_TRUE(says(*read, "cannibalisation stop"));

    const auto ladder = read_rehearsal(State{}, plan(R"({"mode": "ladder", "ladder": [{"after_s": 3600,
        "discount": 0.2}]})"));
    ASSERT_TRUE(ladder.ok()) << ladder.error();
    ASSERT_EQ(ladder->pricing.ladder.size(), 1u);
    EXPECT_EQ(ladder->pricing.ladder[0].after, hours(1));
    EXPECT_EQ(ladder->pricing.ladder[0].sold_below, whole);
    EXPECT_EQ(ladder->pricing.ladder[0].discount, Rate{200'000});
    EXPECT_FALSE(says(*ladder, "cannibalisation"));
}

TEST(RehearsalPlan, WhatIsNotPlayedIsNamed) {
    const auto read = read_rehearsal(
        State{}, plan(R"({"policy": "engine"})",
                      R"(, "per_person_limit": 2, "preorder_share": 0.2, "places": {"a": 20, "b": 20},
                         "substitute": "JUG", "backorder_cap": 5)",
                      R"(, "room": {"kind": "ballot"}, "hold_seconds": 600, "show": "few")"));
    ASSERT_TRUE(read.ok()) << read.error();
    for (const auto* words : {"limit per person", "pre-orders", "several places", "the substitute",
                              "ahead of the stock", "waiting room", "every hold is paid"})
        EXPECT_TRUE(says(*read, words)) << words;
    const auto own = read_rehearsal(
        State{}, plan(R"({"policy": "engine", "features": ["orders_before", "stock_left"], "personal": "GB",
                          "personal_offers": [{"feature": "orders_before", "at_least": 3, "discount": 0.1}]})"));
    ASSERT_TRUE(own.ok()) << own.error();
    EXPECT_TRUE(says(*own, "offers of one's own"));
    EXPECT_EQ(own->pricing.features, std::vector<std::string>{"stock_left"});
    EXPECT_FALSE(says(*read, "offers of one's own"));
    auto two = plan(R"({"policy": "engine"})");
    two.replace(two.find(R"(["web"])"), 7, R"(["web", "till"])");
    EXPECT_TRUE(says(*read_rehearsal(State{}, two), "2 channels"));
    EXPECT_FALSE(says(*read_rehearsal(State{}, plan(R"({"policy": "engine"})")), "channels"));
}

TEST(RehearsalPlan, RefusalsNameTheField) {
    const std::pair<std::string, const char*> wrong[] = {
        {plan(R"({"policy": "engine", "explor_share": 0.1})"), "/pricing/explor_share"},
        {plan(R"({"policy": "engine"})", R"(, "max_dicsount": 0.1)"), "/lines/0/max_dicsount"},
        {plan(R"({"mode": "ladder"})"), "/pricing/ladder"},
        {plan(R"({"mode": "interval"})"), "/pricing/policy"},
        {plan(R"({"policy": "engine", "mode": "cohort", "cohort_share": 0.3})"), "/pricing/cohort_share"},
        {plan(R"({"mode": "taper", "max_step": 0.01})"), "/lines/0/bands"},
        {plan(R"({"policy": "engine", "features": ["buyer_age"]})"), "/pricing/features/0"},
        {plan(R"({"policy": "engine"})", R"(, "return_share": 0.1, "return_cost": )" + money(-5)), "/lines/0"},
        {R"({"drop": )" + plan(R"({"policy": "engin"})") + "}", "/drop/pricing/policy"},
        {"{}", "/closes_at"},
        {"[]", "the plan"},
    };
    for (const auto& [text, pointer] : wrong) {
        const auto read = read_rehearsal(State{}, text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().find(pointer), 0u) << read.error();
    }
    auto bare = plan(R"({"policy": "engine"})");
    bare.replace(bare.find(R"("floor": )"), std::string(R"("floor": )").size() + money(2000).size() + 1, "");
    const auto read = read_rehearsal(State{}, bare);
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().find("guardrail"), std::string::npos) << read.error();
}

}  // namespace
}  // namespace dropsmith::sim::rehearsal_plan_test
