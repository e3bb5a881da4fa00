// The laws of every price that is set, over random shops, costs, taxes, bands, guardrails, overrides and kills, with
// the engine's own policy proposing: inside its band, at or above the floor, the margin kept net of tax, fee, delivery
// and cost, steps kept, and explained by inputs that can be replayed. Some 10,000 decisions here; a million by
//     build/release/decide_tests --gtest_filter='PriceLaws.*' --gtest_repeat=100 --gtest_shuffle
// (each repetition has another seed). The naive policy, which cuts prices until units move, must break the laws: the
// alarm rings.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/sized_testing.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/propose.h"
#include "flow/decide/sample_shop_testing.h"

namespace dropsmith::decide::price_laws_test {
namespace {

constexpr int shops = sized(320, 40), reviews = 70;
constexpr unsigned draws = 60;

std::int64_t between(Random& random, std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}

struct RandomShop {
    explicit RandomShop(Random& random) {
        shop.state.shop.tax[0].rate = Rate{between(random, 0, 270'000)};
        shop.state.shop.payment_fee = {Rate{between(random, 0, 40'000)}, Money{between(random, 0, 40)}};
        shop.state.shop.delivery[1].subsidy = Money{between(random, 0, 200)};
        shop.state.places.channels[0].prices_include_tax = random.chance_ppm(600'000);
        shop.state.catalogue.skus[0].terms.unit_cost = Money{between(random, 0, 1'500)};
        auto terms = shop.terms();
        auto& line = terms.lines[0];
        line.bands.clear();
        for (std::int64_t price = between(random, 800, 4'000), k = between(random, 2, 8); k > 0;
             --k, price += between(random, 1, 900))
            line.bands.push_back(Money{price});
        line.list_price = Money{between(random, line.bands.front().n, line.bands.back().n + 500)};
        line.floor.reset();
        if (random.chance_ppm(600'000)) line.floor = Money{between(random, 0, line.bands.back().n)};
        if (!line.floor || random.chance_ppm(500'000)) line.min_margin = Rate{between(random, 0, 500'000)};
        line.below_cost_ok = random.chance_ppm(500'000);
        if (random.chance_ppm(500'000)) terms.pricing.max_step = Rate{between(random, 1, 400'000)};
        terms.pricing.explore_share = Rate{between(random, 0, 1'000'000)};
        terms.pricing.objective = static_cast<PriceObjective>(random.below(3));
        // Bands below the lowest lawful price cannot be scheduled: they go, as a merchant would do.
        const auto unit = unit_economics(shop.state, shop.cup, shop.web, shop.now);
        const auto floor = floor_of(line, *unit);
        if (floor) std::erase_if(line.bands, [&](Money band) { return band < floor->price; });
        drop = shop.draft(terms);
        schedulable = floor && !line.bands.empty();
        auto& step = shop.drop(drop).terms.pricing.max_step;
        while (schedulable && !shop.ask(ScheduleDrop{drop}).ok()) {  // a step that reaches no band is made longer
            schedulable = step && *step < whole;
            if (schedulable) *step += Rate{50'000};
        }
        if (!schedulable) return;
        shop.now = terms.opens_at, shop.state.at = shop.now;
        shop.drop(drop).status = DropStatus::open;
    }
    SampleShop shop;
    DropId drop;
    bool schedulable = false;
};

// "" when the fact keeps every law, else which one it breaks.
std::string broken(const SampleShop& shop, const Drop& drop, const PriceSet& set, Money before) {
    const auto& terms = drop.lines[0].terms;
    const auto unit = *unit_economics(shop.state, terms.sku, set.key.channel, shop.now);
    if (set.kind != DecisionKind::override_ && (set.price < terms.bands.front() || set.price > terms.bands.back()))
        return "band";
    if (terms.floor && set.price < *terms.floor) return "floor";
    if (terms.min_margin && static_cast<__int128>(contribution(unit, set.price).n) * whole.n <
                                static_cast<__int128>(net_price(unit, set.price).n) * terms.min_margin->n)
        return "margin";
    const auto change = set.price > before ? set.price - before : before - set.price;
    if (set.kind == DecisionKind::bandit && drop.terms.pricing.max_step &&
        static_cast<__int128>(change.n) * whole.n > static_cast<__int128>(before.n) * drop.terms.pricing.max_step->n)
        return "step";
    if (set.kind == DecisionKind::bandit) {
        Rate sum, most;
        for (const auto& arm : set.inputs.arms) sum += arm.propensity, most = std::max(most, arm.propensity);
        if (sum != whole || whole - most > drop.terms.pricing.explore_share) return "propensity";
        if (set.inputs.policy.empty() || set.inputs.periods_left == 0) return "explanation";
    }
    if (set.propensity <= Rate{} || set.propensity > whole || set.reason.empty()) return "explanation";
    if (set.price != set.wanted && set.bound.empty()) return "trail";
    return "";
}

TEST(PriceLaws, HoldForEveryPriceThatTheEngineSets) {
    Random random(static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1);
    std::uint64_t decisions = 0, lines = 0;
    for (int i = 0; i < shops; ++i) {
        RandomShop made(random);
        if (!made.schedulable) continue;
        ++lines;
        auto& shop = made.shop;
        const LineKey key{made.drop, 0, shop.web};
        const auto check = [&](const Verdict& verdict, Money before) {
            if (!verdict) return;
            for (const auto& fact : *verdict)
                if (const auto* set = fact.as<PriceSet>()) {
                    ++decisions;
                    ASSERT_EQ(broken(shop, shop.drop(made.drop), *set, before), "")
                        << "price " << set->price.n << " decision " << set->decision.n;
                }
        };
        for (int review = 0; review < reviews; ++review) {
            shop.sell(key, Quantity{between(random, 0, 3)});
            shop.now = shop.now + hours(1);
            const auto before = shop.price(key).price;
            const auto event = random.below(100);
            if (event < 3)
                check(shop.ask(OverridePrice{key, Money{between(random, 1, 6'000)}, shop.now + hours(2), "test"}),
                      before);
            else if (event < 8 && shop.price(key).override_until)
                check(shop.ask(OverrideDue{key}), before);
            else if (event == 99 && review > reviews / 2)
                check(shop.ask(KillPrices{made.drop, "test"}), before);
            ASSERT_TRUE(shop.ask(ReviewDue{key}).ok());
            const auto question = question_of(shop.state, key, shop.state.head, random.next());
            if (!question) continue;
            const auto proposed = propose(*question, engine_policy(), draws);
            const auto now = shop.price(key).price;
            const auto verdict = shop.ask(proposed);
            ASSERT_TRUE(verdict.ok()) << verdict.error().detail;
            check(verdict, now);
            const auto again = propose(*question, engine_policy(), draws);  // the logged seed and inputs explain it
            ASSERT_EQ(again.arm, proposed.arm);
        }
    }
    EXPECT_GT(lines, shops / 4u);
    EXPECT_GT(decisions, sized(2'000u, 250u));
    RecordProperty("decisions", static_cast<int>(decisions));
}

TEST(PriceLaws, TheNaivePolicyBreaksThem) {
    Random random(1);
    std::uint64_t breaches = 0, decisions = 0;
    for (int i = 0; i < shops; ++i) {
        RandomShop made(random);
        if (!made.schedulable) continue;
        auto& shop = made.shop;
        const LineKey key{made.drop, 0, shop.web};
        auto price = shop.price(key).price;
        for (int review = 0; review < 30; ++review, ++decisions) {  // a tenth off until it moves; no gate
            PriceSet naive;
            naive.key = key, naive.kind = DecisionKind::bandit, naive.propensity = whole, naive.reason = "cut";
            naive.wanted = naive.price = Money{price.n * 9 / 10};
            breaches += broken(shop, shop.drop(made.drop), naive, price) != "";
            price = naive.price;
        }
    }
    EXPECT_GT(breaches, decisions / 2);
}

}  // namespace
}  // namespace dropsmith::decide::price_laws_test
