// Modes: the announced taper, the ladder with its triggers, cohorts that stick and never rise, dwell and steps; plans
// that ask for what cannot be, each with its rule and pointer; attributes that no price may look at.
#include "flow/decide/modes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "flow/decide/attributes.h"
#include "flow/decide/contradictions.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/sample_shop_testing.h"
#include "flow/sell/price_now.h"

namespace dropsmith::decide::modes_test {
namespace {

DropTerms in_mode(const SampleShop& shop, PriceMode mode) {
    auto terms = shop.terms();
    terms.pricing.mode = mode;
    const bool engine = mode == PriceMode::interval || mode == PriceMode::cohort;
    terms.pricing.policy = engine ? PricePolicy::bandit : PricePolicy::fixed;
    if (mode == PriceMode::ladder)
        terms.pricing.ladder = {{hours(12), Rate{300'000}, Rate{100'000}}, {hours(48), Rate{800'000}, Rate{300'000}}};
    if (mode == PriceMode::ladder) terms.lines[0].list_price = Money{3600};
    if (mode == PriceMode::taper) terms.closes_at = terms.opens_at + hours(24);
    return terms;
}

void review(SampleShop& shop, const LineKey& key) { ASSERT_TRUE(shop.ask(ReviewDue{key}).ok()); }

TEST(Taper, KeepsToTheMinuteAndToThePriceThatItAnnounces) {
    SampleShop shop;
    auto terms = in_mode(shop, PriceMode::taper);
    terms.pricing.cannibalisation_max = whole;  // nothing is watched: its steps are its only reviews
    const auto path = taper_of(terms, terms.lines[0]);
    ASSERT_EQ(path.size(), 3u);
    const auto key = shop.open(terms);
    EXPECT_EQ(shop.price(key).price, Money{3600});
    for (std::size_t k = 1; k < path.size(); ++k) {
        EXPECT_EQ(shop.price(key).next_review, path[k].at);
        shop.now = path[k].at;
        review(shop, key);
        EXPECT_EQ(shop.price(key).price, path[k].price);
        EXPECT_EQ(shop.price(key).kind, DecisionKind::taper);
    }
    EXPECT_EQ(shop.price(key).next_review, Instant{});
    EXPECT_EQ(path[1].at, terms.opens_at + hours(8));
    EXPECT_EQ(shop.propose(key, 2).error().code, refusals::wrong_state);
}

TEST(Taper, BeingWatchedMovesNoStep) {
    for (const auto cadence : {hours(1), minutes(25), hours(7)}) {
        SampleShop shop;
        auto terms = in_mode(shop, PriceMode::taper);  // steps at 8 h and 16 h
        terms.pricing.cadence = cadence;
        const auto path = taper_of(terms, terms.lines[0]);
        const auto key = shop.open(terms);
        EXPECT_EQ(shop.price(key).next_review, path[1].at) << "before the first step nothing is cut";
        std::vector<Instant> fell;
        for (int reviews = 0; reviews < 100 && shop.price(key).next_review < terms.closes_at; ++reviews) {
            const auto before = shop.price(key).price;
            ASSERT_GT(shop.price(key).next_review, shop.now);
            ASSERT_LE(shop.price(key).next_review, std::max(path[1].at, shop.now + cadence));
            shop.now = shop.price(key).next_review;
            review(shop, key);
            EXPECT_EQ(shop.price(key).price, tapered(terms, terms.lines[0], shop.now));
            if (shop.price(key).price != before) fell.push_back(shop.now);
        }
        EXPECT_EQ(fell, (std::vector{path[1].at, path[2].at}));
        EXPECT_GT(shop.now + cadence, terms.closes_at - Duration{1}) << "watched to the end";
    }
}

TEST(Ladder, GoesDownWhenItsTimeHasComeAndTooLittleHasSold) {
    SampleShop shop;
    const auto key = shop.open(in_mode(shop, PriceMode::ladder));
    EXPECT_EQ(shop.price(key).price, Money{3600});
    shop.now = shop.now + hours(11), review(shop, key);
    EXPECT_EQ(shop.price(key).price, Money{3600});
    shop.drop(key.drop).lines[0].sold = Quantity{19};  // of 60: more than 30 %
    shop.now = shop.now + hours(1), review(shop, key);
    EXPECT_EQ(shop.price(key).price, Money{3600});
    shop.drop(key.drop).lines[0].sold = Quantity{18};
    shop.now = shop.now + hours(1), review(shop, key);
    EXPECT_EQ(shop.price(key).price, Money{3000});  // at least 10 % off 36.00
    shop.now = shop.now + hours(20), review(shop, key);
    EXPECT_EQ(shop.price(key).price, Money{3000});
    shop.now = shop.now + hours(20), review(shop, key);
    EXPECT_EQ(shop.price(key).price, Money{2400});
    EXPECT_EQ(shop.price(key).kind, DecisionKind::ladder);
    shop.now = shop.now + hours(1), review(shop, key);
    EXPECT_EQ(shop.price(key).price, Money{2400});
}

TEST(Ladder, TheMerchantsCapHolds) {
    SampleShop shop;
    auto terms = in_mode(shop, PriceMode::ladder);
    terms.lines[0].max_discount = Rate{200'000};
    const auto clashes = contradictions(shop.state, terms, DropId{}, shop.now);
    ASSERT_EQ(clashes.size(), 1u);
    EXPECT_EQ(clashes[0].rule, "floor_over_band");  // 24.00 is a third off 36.00
    terms.lines[0].bands = {Money{2900}, Money{3600}};
    EXPECT_TRUE(contradictions(shop.state, terms, DropId{}, shop.now).empty());
    const auto unit = *unit_economics(shop.state, terms.lines[0], shop.web, shop.now);
    EXPECT_EQ(floor_of(terms.lines[0], unit)->price, Money{2880});
    EXPECT_EQ(floor_of(terms.lines[0], unit)->by, Guardrail::max_discount);
}

TEST(Cohort, SticksToTheSessionAndIsItsShareAndNeverRises) {
    SampleShop shop;
    auto terms = in_mode(shop, PriceMode::cohort);
    terms.pricing.explore_share = Rate{200'000}, terms.pricing.cohort_share = Rate{150'000};
    const auto key = shop.open(terms);
    std::vector<Money> last(10'001, Money{1'000'000});
    std::size_t chosen = 0;
    for (const std::uint32_t arm : {1u, 0u, 2u, 1u}) {
        shop.now = shop.now + hours(1);
        review(shop, key);
        ASSERT_TRUE(shop.propose(key, arm).ok());
        EXPECT_EQ(shop.price(key).price, Money{3600});
        chosen = 0;
        for (std::uint64_t session = 1; session <= 10'000; ++session) {
            const auto price = sell::price_now(shop.state.prices, key, shop.now, session)->price;
            EXPECT_LE(price, last[session]) << "a rise for session " << session;
            last[session] = price;
            chosen += price != Money{3600};
        }
    }
    EXPECT_NEAR(static_cast<double>(chosen), 1'500, 150);
    EXPECT_EQ(shop.price(key).cohort->price, Money{2400});
    EXPECT_EQ(sell::price_now(shop.state.prices, key, shop.now)->price, Money{3600});  // no session, no cohort
    const auto& arms = shop.price(key).arms;  // 1 period alone, 1 beside 30.00, 2 beside 24.00
    EXPECT_EQ(arms[2].exposure, 1'000'000u + 3 * 850'000u);
    EXPECT_EQ(arms[1].exposure, 150'000u);
    EXPECT_EQ(arms[0].exposure, 300'000u);
}

TEST(Cohort, TheKillSwitchEndsIt) {
    SampleShop shop;
    const auto key = shop.open(in_mode(shop, PriceMode::cohort));
    shop.now = shop.now + hours(1), review(shop, key);
    ASSERT_TRUE(shop.propose(key, 0).ok());
    ASSERT_TRUE(shop.price(key).cohort);
    EXPECT_EQ(shop.word(KillPrices{key.drop, "stop"}), "");
    EXPECT_FALSE(shop.price(key).cohort);
    EXPECT_EQ(shop.price(key).price, Money{3000});
}

TEST(Dwell, APriceStandsItsTimeUnlessItIsUnlawful) {
    SampleShop shop;
    auto terms = in_mode(shop, PriceMode::interval);
    terms.pricing.min_dwell = hours(3), terms.pricing.max_step_up = Rate{100'000};
    const auto key = shop.open(terms);
    const auto after = [&](int passed, std::uint32_t arm) {
        shop.now = shop.now + hours(passed);
        EXPECT_TRUE(shop.ask(ReviewDue{key}).ok());
        EXPECT_TRUE(shop.propose(key, arm).ok());
        return shop.price(key).price;
    };
    EXPECT_EQ(after(1, 0), Money{3600});
    EXPECT_EQ(after(2, 0), Money{2400});
    EXPECT_EQ(after(2, 2), Money{2400});
    EXPECT_EQ(after(2, 2), Money{2400});  // a rise to 30.00 is more than 10 %
    shop.drop(key.drop).lines[0].terms.floor = Money{2900};
    EXPECT_EQ(after(1, 0), Money{3000});
}

struct Clashing {
    const char* rule;
    const char* pointer;
    std::function<void(DropTerms&)> spoil;
    PriceMode mode = PriceMode::interval;
};

TEST(Plans, ThatAskForWhatCannotBeAreRefusedWithTheList) {
    const std::vector<Clashing> cases = {
        {"mode_policy", "/pricing/mode", [](auto& t) { t.pricing.mode = PriceMode::fixed; }},
        {"mode_policy", "/pricing/policy", [](auto& t) { t.pricing.policy = PricePolicy::fixed; }},
        {"cohort_share_range", "/pricing/cohort_share", [](auto& t) { t.pricing.cohort_share = Rate{600'000}; },
         PriceMode::cohort},
        {"cohort_over_explore_share", "/pricing/cohort_share", [](auto& t) { t.pricing.cohort_share = Rate{300'000}; },
         PriceMode::cohort},
        {"ladder_empty", "/pricing/ladder", [](auto& t) { t.pricing.ladder.clear(); }, PriceMode::ladder},
        {"ladder_unused", "/pricing/ladder",
         [](auto& t) {
             t.pricing.ladder = {{hours(1), Rate{500'000}, Rate{100'000}}};
         }},
        {"stages_not_ascending", "/pricing/ladder/1", [](auto& t) { t.pricing.ladder[1].discount = Rate{50'000}; },
         PriceMode::ladder},
        {"stage_after_close", "/pricing/ladder/1/after_s", [](auto& t) { t.pricing.ladder[1].after = hours(80); },
         PriceMode::ladder},
        {"stage_trigger_range", "/pricing/ladder/0/sold_below",
         [](auto& t) { t.pricing.ladder[0].sold_below = Rate{-1}; }, PriceMode::ladder},
        {"stage_discount_range", "/pricing/ladder/1/discount", [](auto& t) { t.pricing.ladder[1].discount = whole; },
         PriceMode::ladder},
        {"revenue_at_risk_range", "/pricing/revenue_at_risk", [](auto& t) { t.pricing.revenue_at_risk = Rate{}; }},
        {"risk_without_engine", "/pricing/revenue_at_risk", [](auto& t) { t.pricing.revenue_at_risk = Rate{100'000}; },
         PriceMode::taper},
        {"confidence_range", "/pricing/confidence", [](auto& t) { t.pricing.confidence = whole; }},
        {"cannibalisation_max_range", "/pricing/cannibalisation_max",
         [](auto& t) { t.pricing.cannibalisation_max = Rate{-1}; }},
        {"dwell_over_window", "/pricing/min_dwell_s", [](auto& t) { t.pricing.min_dwell = hours(72); }},
        {"max_step_range", "/pricing/max_step_up", [](auto& t) { t.pricing.max_step_up = Rate{}; }},
        {"mode_needs_bands", "/lines/0/bands", [](auto& t) { t.lines[0].bands = {Money{3000}}; }, PriceMode::taper},
        {"taper_over_step", "/lines/0/bands", [](auto& t) { t.pricing.max_step = Rate{100'000}; }, PriceMode::taper},
        {"taper_over_dwell", "/pricing/min_dwell_s", [](auto& t) { t.pricing.min_dwell = hours(9); }, PriceMode::taper},
        {"max_discount_range", "/lines/0/max_discount", [](auto& t) { t.lines[0].max_discount = Rate{-1}; }},
        {"return_share_range", "/lines/0/return_share", [](auto& t) { t.lines[0].return_share = Rate{2'000'000}; }},
        {"value_below_zero", "/lines/0/return_cost", [](auto& t) { t.lines[0].salvage = Money{-1}; }},
        {"personal_prices_off", "/pricing/personal", [](auto& t) { t.pricing.personal = "GB"; }},
        {"personal_attribute", "/pricing/features/0", [](auto& t) { t.pricing.features = {"browse_depth"}; }},
        {"forbidden_attribute", "/pricing/features/1",
         [](auto& t) {
             t.pricing.features = {"stock_left", "buyer_age"};
         }},
        {"unknown_attribute", "/pricing/features/0", [](auto& t) { t.pricing.features = {"moon"}; }},
    };
    SampleShop shop;
    for (const auto mode :
         {PriceMode::interval, PriceMode::cohort, PriceMode::taper, PriceMode::ladder, PriceMode::fixed})
        EXPECT_TRUE(contradictions(shop.state, in_mode(shop, mode), DropId{}, shop.now).empty()) << word_of(mode);
    for (const auto& c : cases) {
        auto terms = in_mode(shop, c.mode);
        c.spoil(terms);
        const auto clashes = contradictions(shop.state, terms, DropId{}, shop.now);
        const bool said = std::any_of(clashes.begin(), clashes.end(),
                                      [&](const Clash& k) { return k.rule == c.rule && k.pointer == c.pointer; });
        EXPECT_TRUE(said) << c.rule << " " << c.pointer << (clashes.empty() ? "" : ", but " + clashes[0].rule);
        for (const auto& clash : clashes) EXPECT_NE(clash.detail, "");
    }
}

TEST(Personal, ListPricesAreOffUnlessARuleWithADisclosureIsSet) {
    SampleShop shop;
    auto terms = in_mode(shop, PriceMode::interval);
    terms.pricing.personal = "GB", terms.pricing.features = {"browse_depth", "stock_left"};
    terms.pricing.personal_offers = {{"browse_depth", 5, Rate{50'000}}};
    EXPECT_FALSE(contradictions(shop.state, terms, DropId{}, shop.now).empty());
    shop.state.prices.rules.personal = {{"GB", "This price was made for you by a program."}};
    EXPECT_TRUE(contradictions(shop.state, terms, DropId{}, shop.now).empty());
    terms.pricing.features = {"gender"};
    EXPECT_FALSE(contradictions(shop.state, terms, DropId{}, shop.now).empty());
}

TEST(Attributes, ProtectedOnesAreForbiddenInAnyDress) {
    using A = Attribute;
    for (const auto* name : {"age", "Age", "buyer_age", "gender", "home.postcode", "sexual-orientation", "ip", "EMAIL",
                             "device_model", "battery", "ethnicity", "health"})
        EXPECT_EQ(attribute(name), A::forbidden) << name;
    for (const auto* name : {"stock_left", "footfall", "hour", "channel"})
        EXPECT_EQ(attribute(name), A::allowed) << name;
    EXPECT_EQ(attribute("browse_depth"), A::personal);
    EXPECT_EQ(attribute("average"), A::unknown);  // has "age" in it, and is not one
}

}  // namespace
}  // namespace dropsmith::decide::modes_test
