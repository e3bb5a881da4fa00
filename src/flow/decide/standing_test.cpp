// What must not be got round: governors by steps and dwell, the kill switch and overrides by edits, a second person by
// small steps, a brand's rule by the plan or a cohort, an announced taper by a rule, the floor by costs that rise.
#include <gtest/gtest.h>

#include "flow/decide/contradictions.h"
#include "flow/decide/exposure.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/modes.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::standing_test {
namespace {

// The fact of an edit and what it does to prices, as selling's edit brings them about.
void edit(SampleShop& shop, const DropTerms& terms, DropId drop) {
    DropEdited edited{drop, terms, {}, "test"};
    const auto prices = replan(shop.state, edited, Moment{shop.now, shop.who, shop.random, {}});
    ASSERT_TRUE(prices.ok()) << prices.error().detail;
    auto& lines = shop.drop(drop).lines;
    while (lines.size() < terms.lines.size()) lines.emplace_back();
    shop.take(Fact(edited));
    for (const auto& fact : *prices) shop.take(fact);
}

DropTerms in_mode(const SampleShop& shop, PriceMode mode) {
    auto terms = shop.terms();
    terms.pricing.mode = mode;
    if (mode != PriceMode::interval && mode != PriceMode::cohort) terms.pricing.policy = PricePolicy::fixed;
    return terms;
}

bool clashes(const SampleShop& shop, const DropTerms& terms, std::string_view rule, DropId self = {}) {
    const auto found = contradictions(shop.state, terms, self, shop.now);
    return std::any_of(found.begin(), found.end(), [&](const Clash& clash) { return clash.rule == rule; });
}

TEST(Standing, AGovernorIsHeldBackByNoStepAndNoDwell) {
    SampleShop shop;
    auto terms = shop.terms();
    terms.pricing.max_step = Rate{250'000}, terms.pricing.max_step_up = Rate{20'000};
    terms.pricing.min_dwell = hours(5), terms.pricing.explore_share = whole;
    const auto key = shop.open(terms);
    shop.now = shop.now + hours(6);
    ASSERT_TRUE(shop.propose(key, 1).ok());
    shop.now = shop.now + hours(6);
    ASSERT_TRUE(shop.propose(key, 0).ok());
    ASSERT_EQ(shop.price(key).price, Money{2400});
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.propose(key, 1).ok());
    EXPECT_EQ(shop.price(key).price, Money{2400}) << "the engine's own wish waits";
    shop.take(Fact(PricesHalted{key.drop, key, Guardrail::cannibalisation, "test"}));
    ASSERT_TRUE(shop.propose(key, 0).ok());
    EXPECT_EQ(shop.price(key).price, Money{3000}) << "the test is over now, not five hours later";
}

TEST(Standing, ALineThatIsAddedToAKilledDropIsKilled) {
    SampleShop shop;
    shop.state.catalogue.skus[1].terms.unit_cost = Money{900};
    const auto key = shop.open(shop.terms());
    ASSERT_EQ(shop.word(KillPrices{key.drop, "the feed is wrong"}), "");
    auto terms = whole_terms(shop.drop(key.drop));
    terms.lines.push_back(terms.lines[0]);
    terms.lines[1].sku = shop.bare, terms.lines[1].places = {{shop.here, Quantity{60}}};
    edit(shop, terms, key.drop);
    const LineKey added{key.drop, 1, shop.web};
    EXPECT_TRUE(shop.price(added).killed);
    EXPECT_EQ(shop.price(added).price, Money{3000});
    EXPECT_EQ(shop.price(added).next_review, Instant{});
    EXPECT_EQ(shop.propose(added, 0).error().code, refusals::prices_killed);
    EXPECT_EQ(shop.word(KillPrices{key.drop, "again"}), "prices_killed") << "nothing is left to kill";
    shop.state.prices.lines.at(added).killed = false;
    EXPECT_EQ(shop.word(KillPrices{key.drop, "again"}), "") << "a line that is not killed can always be";
    EXPECT_TRUE(shop.price(added).killed);
    ASSERT_EQ(shop.word(UndoKill{key.drop, "right again"}), "");
    EXPECT_FALSE(shop.price(added).killed);
    EXPECT_NE(shop.price(added).next_review, Instant{});
}

TEST(Standing, AnEditMovesTheListPriceOfAKilledDrop) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    ASSERT_EQ(shop.word(KillPrices{key.drop, "the feed is wrong"}), "");
    auto terms = whole_terms(shop.drop(key.drop));
    terms.lines[0].list_price = Money{2400};
    edit(shop, terms, key.drop);
    EXPECT_EQ(shop.price(key).price, Money{2400});
    EXPECT_EQ(shop.price(key).list_price, Money{2400});
    EXPECT_TRUE(shop.price(key).killed);
}

TEST(Standing, AnEditEndsAnOverrideThatItsFloorForbids) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    ASSERT_EQ(shop.word(OverridePrice{key, Money{2100}, shop.now + hours(9), "promised"}), "");
    auto terms = whole_terms(shop.drop(key.drop));
    terms.title = "Cups, again";
    edit(shop, terms, key.drop);
    EXPECT_EQ(shop.price(key).price, Money{2100}) << "what the edit does not touch stands";
    terms.lines[0].floor = Money{2200};
    edit(shop, terms, key.drop);
    EXPECT_EQ(shop.price(key).kind, DecisionKind::override_ended);
    EXPECT_EQ(shop.price(key).price, Money{3600}) << "the engine's own, from before";
    EXPECT_FALSE(shop.price(key).override_until);

    shop.who = {ActorKind::staff, GrantId{2}};  // who may go below the floor
    ASSERT_EQ(shop.word(OverridePrice{key, Money{1500}, shop.now + hours(9), "a friend"}), "");
    terms.lines[0].floor = Money{2300};
    edit(shop, terms, key.drop);
    EXPECT_EQ(shop.price(key).price, Money{1500}) << "by leave";
}

TEST(Standing, SmallStepsDoNotAddUpPastASecondPerson) {
    SampleShop shop;
    const auto key = shop.open(shop.terms());
    ASSERT_EQ(shop.word(SetPriceRules{{}, Rate{100'000}, false, {}, {}, {}}), "");
    ASSERT_EQ(shop.word(OverridePrice{key, Money{3300}, shop.now + hours(9), "one"}), "");
    EXPECT_EQ(shop.price(key).price, Money{3300}) << "a twelfth";
    ASSERT_EQ(shop.word(OverridePrice{key, Money{3000}, shop.now + hours(9), "and another"}), "");
    EXPECT_EQ(shop.price(key).price, Money{3300}) << "a sixth in all waits for a second person";
    EXPECT_EQ(shop.state.prices.asked.size(), 1u);
}

TEST(Standing, ABrandsRuleIsAskedOfThePlan) {
    SampleShop shop;
    shop.state.catalogue.products[0].brand = "Harbour";
    ASSERT_EQ(shop.word(SetPriceRules{std::vector{BrandRule{"Harbour", Rate{100'000}}}, {}, false, {}}), "");
    auto terms = in_mode(shop, PriceMode::fixed);
    terms.lines[0].bands = {Money{2700}};
    EXPECT_FALSE(clashes(shop, terms, "brand_over_exposure")) << "a tenth";
    terms.lines[0].bands = {Money{2690}};
    EXPECT_TRUE(clashes(shop, terms, "brand_over_exposure"));
    auto taper = in_mode(shop, PriceMode::taper);
    EXPECT_TRUE(clashes(shop, taper, "brand_over_exposure")) << "its last step";
    taper.lines[0].bands = {Money{2700}, Money{3600}};
    EXPECT_FALSE(clashes(shop, taper, "brand_over_exposure"));
    auto engine = shop.terms();
    EXPECT_FALSE(clashes(shop, engine, "brand_over_exposure")) << "the gate sees to each of its prices";
    engine.lines[0].bands = {Money{2000}, Money{2500}};
    EXPECT_TRUE(clashes(shop, engine, "brand_over_exposure")) << "not even the highest band keeps it";

    const auto other = shop.open(shop.terms());  // a line at its list price makes room
    terms.lines[0].sku = shop.bare, terms.lines[0].bands = {Money{2400}}, terms.lines[0].min_margin.reset();
    EXPECT_FALSE(clashes(shop, terms, "brand_over_exposure")) << "of no brand";
    shop.state.catalogue.products[1].brand = "Harbour";
    EXPECT_FALSE(clashes(shop, terms, "brand_over_exposure")) << "a fifth of one half";
    EXPECT_TRUE(clashes(shop, terms, "brand_over_exposure", other.drop)) << "the drop's own prices are the plan's";
    terms.lines.push_back(terms.lines[0]);
    terms.lines[1].sku = shop.cup, terms.lines[1].bands = {Money{3000}};
    EXPECT_FALSE(clashes(shop, terms, "brand_over_exposure", other.drop)) << "its lines together, in any order";
}

TEST(Standing, ACohortsPriceCountsWithItsShare) {
    SampleShop shop;
    shop.state.catalogue.products[0].brand = "Harbour";
    auto terms = in_mode(shop, PriceMode::cohort);
    terms.pricing.cohort_share = Rate{500'000}, terms.pricing.explore_share = Rate{500'000};
    terms.lines[0].bands = {Money{1500}, Money{2400}, Money{3000}}, terms.lines[0].floor = Money{1000};
    const auto key = shop.open(terms);
    shop.state.prices.rules.brands = {{"Harbour", Rate{100'000}}};
    EXPECT_EQ(exposure_floor(shop.state, key), Money{2400}) << "a fifth for one half is a tenth";
    shop.now = shop.now + hours(1);
    ASSERT_TRUE(shop.propose(key, 0).ok());
    ASSERT_TRUE(shop.price(key).cohort);
    EXPECT_EQ(shop.price(key).cohort->price, Money{2400});
    const auto exposure = exposure_of(shop.state, "Harbour");
    EXPECT_EQ(exposure.given * 10, exposure.list);
}

TEST(Standing, AnAnnouncedTaperIsKeptWhateverRuleComes) {
    SampleShop shop;
    shop.state.catalogue.products[0].brand = "Harbour";
    auto terms = in_mode(shop, PriceMode::taper);
    terms.pricing.min_dwell = Duration{(terms.closes_at - terms.opens_at).n / 3};  // as long as a step
    const auto path = taper_of(terms, terms.lines[0]);
    const auto key = shop.open(terms);
    shop.state.prices.lines.at(key).changed_at = shop.now + minutes(5);  // it opened late
    ASSERT_EQ(shop.word(SetPriceRules{std::vector{BrandRule{"Harbour", Rate{10'000}}}, {}, false, {}}), "");
    for (std::size_t k = 1; k < path.size(); ++k) {
        shop.now = path[k].at;
        ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
        EXPECT_EQ(shop.price(key).price, path[k].price) << k;
    }
}

TEST(Standing, AHaltStaysAHaltWhenTheKillSwitchIsUndone) {
    SampleShop shop;
    const auto terms = in_mode(shop, PriceMode::taper);
    const auto key = shop.open(terms);
    shop.take(Fact(PricesHalted{key.drop, std::nullopt, Guardrail::cascade, "test"}));
    ASSERT_EQ(shop.word(KillPrices{key.drop, "the feed is wrong"}), "");
    shop.now = terms.closes_at - hours(2), shop.state.at = shop.now;
    ASSERT_EQ(shop.word(UndoKill{key.drop, "right again"}), "");
    EXPECT_EQ(shop.price(key).price, Money{3000}) << "not the step of the taper";
}

TEST(Standing, PricesOfThePlanFollowTheirCosts) {
    for (const auto mode : {PriceMode::fixed, PriceMode::taper, PriceMode::ladder}) {
        SampleShop shop;
        auto terms = in_mode(shop, mode);
        if (mode == PriceMode::fixed) terms.lines[0].bands = {Money{3000}};
        if (mode == PriceMode::ladder) terms.pricing.ladder = {{hours(60), Rate{1}, Rate{200'000}}};
        if (mode == PriceMode::taper) terms.lines[0].bands = {Money{2999}, Money{3000}};
        terms.lines[0].min_margin = Rate{300'000};
        const auto key = shop.open(terms);
        ASSERT_EQ(shop.price(key).price, Money{3000}) << word_of(mode);
        ASSERT_NE(shop.price(key).next_review, Instant{}) << word_of(mode);
        shop.state.catalogue.skus[0].terms.unit_cost = Money{2300};
        shop.now = shop.price(key).next_review, shop.state.at = shop.now;
        ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
        const auto& line = shop.drop(key.drop).lines[0].terms;
        const auto unit = *unit_economics(shop.state, line, shop.web, shop.now);
        EXPECT_EQ(shop.price(key).price, floor_of(line, unit)->price) << word_of(mode);
        EXPECT_GT(shop.price(key).price, Money{3000}) << word_of(mode);
        if (mode != PriceMode::fixed) continue;
        shop.state.catalogue.skus[0].terms.unit_cost = Money{1000};
        shop.now = shop.price(key).next_review, shop.state.at = shop.now;
        ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
        EXPECT_EQ(shop.price(key).price, Money{3000}) << "and come back with them";
    }
}

TEST(Standing, AStepThatReachesNoBandIsRefused) {
    SampleShop shop;
    auto terms = shop.terms();
    terms.pricing.max_step = Rate{50'000};
    EXPECT_TRUE(clashes(shop, terms, "step_reaches_no_band"));
    terms.pricing.max_step = Rate{200'000};  // 24 to 30 is a quarter
    EXPECT_TRUE(clashes(shop, terms, "step_reaches_no_band"));
    terms.pricing.max_step = Rate{250'000};
    EXPECT_FALSE(clashes(shop, terms, "step_reaches_no_band"));
    terms.pricing.max_step = Rate{200'000}, terms.pricing.max_step_up = Rate{10'000};
    EXPECT_FALSE(clashes(shop, terms, "step_reaches_no_band")) << "who says how far rises go may rule them out";
    terms.pricing.max_step_up.reset(), terms.pricing.mode = PriceMode::cohort;
    EXPECT_FALSE(clashes(shop, terms, "step_reaches_no_band")) << "a cohort never rises";
}

}  // namespace
}  // namespace dropsmith::decide::standing_test
