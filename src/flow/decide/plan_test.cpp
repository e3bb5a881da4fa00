// Scheduling: each contradiction rings by its rule, with a pointer and a way out, and is silent on the good plan;
// opening prices; edits.
#include "flow/decide/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "flow/decide/contradictions.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::plan_test {
namespace {

using Change = std::function<void(SampleShop&, DropTerms&)>;

struct Case {
    const char* rule;  // "": no clash
    const char* pointer;
    Change change;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all = {
        {"", "", [](auto&, auto&) {}},
        {"", "", [](auto&, auto& t) { t.pricing.policy = PricePolicy::fixed, t.lines[0].floor.reset(); }},
        {"", "", [](auto& s, auto& t) { t.pricing.policy = PricePolicy::fixed, t.lines[0].sku = s.bare; }},
        {"", "",
         [](auto& s, auto& t) {
             t.lines[0].places = {{s.here, Quantity{60}}};
         }},
        {"", "", [](auto& s, auto& t) { t.opens_at = s.now - hours(1); }},  // opens at once
        {"", "", [](auto&, auto& t) { t.lines[0].bands.clear(); }},
        {"no_lines", "/lines", [](auto&, auto& t) { t.lines.clear(); }},
        {"no_channel", "/channels", [](auto&, auto& t) { t.channels.clear(); }},
        {"unknown_channel", "/channels/0", [](auto&, auto& t) { t.channels = {ChannelId{9}}; }},
        {"channel_not_own", "/channels/1", [](auto& s, auto& t) { t.channels.push_back(s.outside); }},
        {"channel_twice", "/channels/1", [](auto& s, auto& t) { t.channels.push_back(s.web); }},
        {"window_inverted", "/closes_at", [](auto&, auto& t) { t.closes_at = t.opens_at; }},
        {"window_past", "/closes_at", [](auto& s, auto& t) { t.opens_at = s.now - hours(9), t.closes_at = s.now; }},
        {"window_too_short", "/closes_at",
         [](auto&, auto& t) { t.closes_at = t.opens_at + minutes(14), t.pricing.cadence = minutes(5); }},
        {"window_too_short", "/closes_at",
         [](auto& s, auto& t) { t.opens_at = s.now - hours(9), t.closes_at = s.now + minutes(14); }},
        {"unknown_sku", "/lines/0/sku", [](auto&, auto& t) { t.lines[0].sku = SkuId{9}; }},
        {"sku_twice", "/lines/1/sku",
         [](auto&, auto& t) { t.lines.push_back(t.lines[0]), t.lines[1].cap = Quantity{10}; }},
        {"cap_below_one", "/lines/0/cap", [](auto&, auto& t) { t.lines[0].cap = Quantity{}; }},
        {"promised_over_stock", "/lines/0/cap", [](auto&, auto& t) { t.lines[0].cap = Quantity{101}; }},
        {"promised_over_stock", "/lines/0/cap",
         [](auto& s, auto& t) {
             t.lines[0].places = {{s.there, Quantity{60}}};
         }},
        {"allotments_do_not_add_up", "/lines/0/places",
         [](auto& s, auto& t) {
             t.lines[0].places = {{s.here, Quantity{59}}};
         }},
        {"unknown_place", "/lines/0/places",
         [](auto&, auto& t) {
             t.lines[0].places = {{PlaceId{9}, Quantity{60}}};
         }},
        {"place_twice", "/lines/0/places",
         [](auto& s, auto& t) {
             t.lines[0].places = {{s.here, Quantity{30}}, {s.here, Quantity{30}}};
         }},
        {"no_allotment", "/lines/0/places",
         [](auto& s, auto&) {
             s.state.stock.rows[{s.cup, s.there}].free = Quantity{1};
         }},
        {"no_allotment", "/lines/0/places", [](auto& s, auto&) { s.state.stock.rows.clear(); }},
        {"preorder_share_range", "/lines/0/preorder_share",
         [](auto&, auto& t) { t.lines[0].preorder_share = Rate{1'000'001}; }},
        {"preorder_reserve_empty", "/lines/0/preorder_share",
         [](auto&, auto& t) { t.lines[0].preorder_share = Rate{10'000}; }},
        {"limit_below_one", "/lines/0/per_person_limit",
         [](auto&, auto& t) { t.lines[0].per_person_limit = Quantity{}; }},
        {"list_price_missing", "/lines/0/list_price", [](auto&, auto& t) { t.lines[0].list_price = Money{}; }},
        {"bands_not_ascending", "/lines/0/bands/2", [](auto&, auto& t) { t.lines[0].bands[2] = Money{3000}; }},
        {"band_out_of_range", "/lines/0/bands/0", [](auto&, auto& t) { t.lines[0].bands[0] = Money{}; }},
        {"too_many_bands", "/lines/0/bands", [](auto&, auto& t) { t.lines[0].bands.assign(9, Money{3000}); }},
        {"floor_over_band", "/lines/0/bands/0", [](auto&, auto& t) { t.lines[0].floor = Money{2401}; }},
        {"floor_over_every_band", "/lines/0/floor", [](auto&, auto& t) { t.lines[0].floor = Money{3601}; }},
        {"floor_over_band", "/lines/0/bands/0",
         [](auto&, auto& t) { t.lines[0].floor.reset(), t.lines[0].min_margin = Rate{500'000}; }},
        {"floor_over_every_band", "/lines/0/min_margin",
         [](auto&, auto& t) { t.lines[0].floor.reset(), t.lines[0].min_margin = Rate{700'000}; }},
        {"min_margin_unreachable", "/lines/0/min_margin",
         [](auto&, auto& t) { t.lines[0].min_margin = Rate{990'000}; }},
        {"below_cost", "/lines/0/bands/0",
         [](auto& s, auto&) { s.state.catalogue.skus[0].terms.unit_cost = Money{1900}; }},
        {"", "",
         [](auto& s, auto& t) {
             s.state.catalogue.skus[0].terms.unit_cost = Money{1900}, t.lines[0].below_cost_ok = true;
         }},
        {"no_guardrail", "/lines/0", [](auto&, auto& t) { t.lines[0].floor.reset(); }},
        {"missing_cost", "/lines/0/sku", [](auto& s, auto& t) { t.lines[0].sku = s.bare; }},
        {"missing_cost", "/lines/0/sku",
         [](auto& s, auto& t) {
             t.lines[0].sku = s.bare, t.pricing.policy = PricePolicy::fixed, t.lines[0].min_margin = Rate{100'000};
         }},
        {"cadence_too_short", "/pricing/cadence_s", [](auto&, auto& t) { t.pricing.cadence = seconds(59); }},
        {"cadence_over_window", "/pricing/cadence_s", [](auto&, auto& t) { t.pricing.cadence = hours(72); }},
        {"max_step_range", "/pricing/max_step", [](auto&, auto& t) { t.pricing.max_step = Rate{}; }},
        {"explore_share_range", "/pricing/explore_share",
         [](auto&, auto& t) { t.pricing.explore_share = Rate{1'000'001}; }},
    };
    return all;
}

TEST(Plan, EachContradictionRingsAndTheGoodPlanIsSilent) {
    for (std::size_t i = 0; i < cases().size(); ++i) {
        const auto& c = cases()[i];
        SampleShop shop;
        auto terms = shop.terms();
        c.change(shop, terms);
        const auto id = shop.draft(terms);
        const auto verdict = shop.ask(ScheduleDrop{id});
        if (*c.rule == '\0') {
            EXPECT_TRUE(verdict.ok()) << i << ": " << (verdict ? "" : verdict.error().detail);
            continue;
        }
        ASSERT_FALSE(verdict.ok()) << c.rule << " " << i;
        ASSERT_EQ(verdict.error().code, refusals::plan_contradiction);
        const auto& clashes = verdict.error().clashes;
        const auto found = std::find_if(clashes.begin(), clashes.end(), [&](const Clash& clash) {
            return clash.rule == c.rule && clash.pointer == c.pointer;
        });
        ASSERT_NE(found, clashes.end()) << c.rule << " " << i << ", got " << clashes.front().rule << " at "
                                        << clashes.front().pointer;
        EXPECT_FALSE(found->detail.empty());
        EXPECT_EQ(shop.drop(id).status, DropStatus::draft);
    }
}

TEST(Plan, UnitsPromisedToOtherDropsCount) {
    SampleShop shop;
    const auto first = shop.draft(shop.terms());
    ASSERT_TRUE(shop.ask(ScheduleDrop{first}).ok());
    const auto second = shop.draft(shop.terms());
    EXPECT_EQ(shop.word(ScheduleDrop{second}), "plan_contradiction");  // 60 + 60 of 100
    auto& use = shop.drop(first).lines[0].places.at(0);
    use.sold = Quantity{20}, shop.state.stock.rows[{shop.cup, shop.here}].free = Quantity{80};  // 40 promised, 80 free
    EXPECT_EQ(shop.word(ScheduleDrop{second}), "plan_contradiction");
    shop.drop(second).lines[0].terms.cap = Quantity{40};
    EXPECT_EQ(shop.word(ScheduleDrop{second}), "");
    EXPECT_EQ(shop.word(ScheduleDrop{second}), "wrong_state");
    EXPECT_EQ(shop.word(ScheduleDrop{DropId{9}}), "not_found");
}

TEST(Plan, OpensAtTheHighestLawfulBandAndIsReviewedAfterTheFirstPeriod) {
    SampleShop shop;
    const auto id = shop.draft(shop.terms());
    const auto verdict = shop.ask(ScheduleDrop{id});
    ASSERT_TRUE(verdict.ok());
    ASSERT_EQ(verdict->size(), 3u);
    const auto* filled = (*verdict)[0].as<DropEdited>();
    ASSERT_NE(filled, nullptr) << "the split of the cap is written down";
    EXPECT_EQ(filled->terms.lines[0].places.at(0).units, Quantity{60});
    ASSERT_NE((*verdict)[1].as<DropScheduled>(), nullptr);
    const auto* price = (*verdict)[2].as<PriceSet>();
    ASSERT_NE(price, nullptr);
    EXPECT_EQ(price->kind, DecisionKind::opening);
    EXPECT_EQ(price->price, Money{3600});
    EXPECT_EQ(price->arm, 2u);
    EXPECT_EQ(price->propensity, whole);
    EXPECT_EQ(price->floor, Money{2000});
    EXPECT_EQ(price->decision, DecisionId{1});
    EXPECT_EQ(price->next_review, shop.terms().opens_at + hours(1));
    EXPECT_EQ(price->inputs.periods_left, 72u);
}

TEST(Plan, FixedPolicyAsksTheSingleBandOrTheListPrice) {
    for (const auto& [bands, expected] : {std::pair{std::vector{Money{2700}}, 2700},
                                          {std::vector<Money>{}, 3000},
                                          {std::vector{Money{2400}, Money{3600}}, 3000}}) {
        SampleShop shop;
        auto terms = shop.terms();
        terms.pricing.policy = PricePolicy::fixed, terms.lines[0].bands = bands;
        const auto key = shop.open(terms);
        EXPECT_EQ(shop.price(key).price, Money{expected});
        EXPECT_EQ(shop.price(key).next_review, Instant{});
    }
}

TEST(Replan, PricesNewLinesMovedWindowsAndBandsThatChanged) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    const Moment moment{shop.now, shop.who, shop.random, {}};
    DropEdited edit{key.drop, whole_terms(shop.drop(key.drop)), {}, "test"};
    auto same = replan(shop.state, edit, moment);
    ASSERT_TRUE(same.ok());
    EXPECT_TRUE(same->empty()) << "nothing changed";

    edit.terms.lines[0].bands = {Money{2400}, Money{3000}, Money{3300}};
    auto moved = replan(shop.state, edit, moment);
    ASSERT_TRUE(moved.ok());
    ASSERT_EQ(moved->size(), 1u);
    EXPECT_EQ(moved->front().as<PriceSet>()->price, Money{3300});
    EXPECT_EQ(moved->front().as<PriceSet>()->arm, 2u);

    shop.state.catalogue.skus[1].terms.unit_cost = Money{900};
    auto line = edit.terms.lines[0];
    line.sku = shop.bare, line.places = {{shop.here, Quantity{60}}};
    edit.terms = whole_terms(shop.drop(key.drop));
    edit.terms.lines.push_back(line);
    auto added = replan(shop.state, edit, moment);
    ASSERT_TRUE(added.ok()) << added.error().detail;
    ASSERT_EQ(added->size(), 1u);
    EXPECT_EQ(added->front().as<PriceSet>()->key.line, 1u);
    EXPECT_EQ(added->front().as<PriceSet>()->kind, DecisionKind::opening);

    edit.terms.lines[1].cap = Quantity{500};
    auto over = replan(shop.state, edit, moment);
    ASSERT_FALSE(over.ok());
    EXPECT_EQ(over.error().code, refusals::plan_contradiction);
    edit.ended_lines = {1};
    EXPECT_TRUE(replan(shop.state, edit, moment).ok()) << "a line that ended is not judged";
}

}  // namespace
}  // namespace dropsmith::decide::plan_test
