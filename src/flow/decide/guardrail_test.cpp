// The gate in its documented order: a table of prices asked and prices let through, with the trail; and its law over
// random lines.
#include "flow/decide/guardrail.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace dropsmith::decide::guardrail_test {
namespace {

using G = Guardrail;

LineTerms line(std::vector<std::int64_t> bands, std::optional<std::int64_t> floor = {},
               std::optional<std::int64_t> margin_ppm = {}, std::int64_t list = 3600) {
    LineTerms terms;
    for (const auto band : bands) terms.bands.push_back(Money{band});
    if (floor) terms.floor = Money{*floor};
    if (margin_ppm) terms.min_margin = Rate{*margin_ppm};
    terms.list_price = Money{list};
    return terms;
}
const UnitEconomics cost_1200{Rate{}, true, Rate{}, Money{}, Money{}, Money{1200}};

struct Case {
    const char* what;
    LineTerms terms;
    std::optional<std::int64_t> step_ppm;
    GateAsk ask;
    std::int64_t price;  // 0: refused
    std::vector<Guardrail> bound;
    std::uint16_t refusal = 0;
};

GateAsk want(std::int64_t price) { return {Money{price}, {}, false, false, false}; }
GateAsk step(std::int64_t price, std::int64_t from) { return {Money{price}, Money{from}, false, false, false}; }
GateAsk killed() { return {Money{1}, Money{2400}, true, false, false}; }
GateAsk leave(std::int64_t price, bool below = false) { return {Money{price}, {}, false, true, below}; }

TEST(Gate, Table) {
    const auto bands = std::vector<std::int64_t>{2400, 3000, 3600};
    const std::vector<Case> cases = {
        {"a lawful band passes untouched", line(bands, 2000), {}, want(3000), 3000, {}, 0},
        {"below the bands", line(bands, 2000), {}, want(100), 2400, {G::band_low}, 0},
        {"above the bands", line(bands, 2000), {}, want(9999), 3600, {G::band_high}, 0},
        {"below the floor goes up to the next lawful band", line(bands, 2500), {}, want(2400), 3000, {G::floor}, 0},
        {"the margin makes the floor: 12.00 / (1 - 0.55) = 26.67",
         line(bands, {}, 550'000),
         {},
         want(2400),
         3000,
         {G::min_margin},
         0},
        {"the higher of floor and margin counts", line(bands, 3100, 550'000), {}, want(2400), 3600, {G::floor}, 0},
        {"no band is lawful", line(bands, 3601), {}, want(3600), 0, {}, refusals::below_floor.number},
        {"a step too large stops at the nearest band in reach",
         line(bands, 2000),
         250'000,
         step(2400, 3600),
         3000,
         {G::max_step},
         0},
        {"a step that reaches nothing stays", line(bands, 2000), 100'000, step(2400, 3600), 3600, {G::max_step}, 0},
        {"a step within the limit passes", line(bands, 2000), 250'000, step(3000, 3600), 3000, {}, 0},
        {"the floor is not undone by the step", line(bands, 3600), 10'000, step(3600, 2400), 3600, {}, 0},
        {"killed: the list price, no step", line(bands, 2000), 10'000, killed(), 3600, {G::killed}, 0},
        {"killed: a list price above the bands is held to them",
         line(bands, 2000, {}, 5000),
         {},
         killed(),
         3600,
         {G::killed, G::band_high},
         0},
        {"killed: never below the floor", line(bands, 2700, {}, 2400), {}, killed(), 3000, {G::killed, G::floor}, 0},
        {"an override between bands", line(bands, 2000), 10'000, leave(2750), 2750, {G::override_}, 0},
        {"an override below the floor", line(bands, 2000), {}, leave(1999), 0, {}, refusals::below_floor.number},
        {"an override below the floor with leave", line(bands, 2000), {}, leave(1999, true), 1999, {G::override_}, 0},
        {"an override above list price and bands",
         line(bands, 2000),
         {},
         leave(3601, true),
         0,
         {},
         refusals::outside_band.number},
        {"an override up to the list price", line(bands, 2000, {}, 5000), {}, leave(5000), 5000, {G::override_}, 0},
        {"no bands: the list price is the band", line({}, 2000), {}, want(100), 3600, {G::band_low}, 0},
        {"no price leaves this margin",
         line(bands, {}, 1'000'000),
         {},
         want(3000),
         0,
         {},
         refusals::no_guardrail.number},
    };
    for (const auto& c : cases) {
        PricingTerms pricing;
        if (c.step_ppm) pricing.max_step = Rate{*c.step_ppm};
        const auto gated = pass_gate(c.terms, pricing, cost_1200, c.ask);
        EXPECT_EQ(gated.ok(), c.price != 0) << c.what;
        if (!gated) {
            EXPECT_EQ(gated.error().code.number, c.refusal) << c.what;
            continue;
        }
        EXPECT_EQ(gated->price.n, c.price) << c.what;
        EXPECT_EQ(gated->bound(), c.bound) << c.what;
        EXPECT_EQ(gated->arm, arm_at(bands_of(c.terms), gated->price)) << c.what;
    }
}

TEST(Gate, MarginWithoutCostIsRefused) {
    auto unit = cost_1200;
    unit.unit_cost.reset();
    const auto gated = pass_gate(line({2400}, {}, 100'000), {}, unit, want(2400));
    ASSERT_FALSE(gated.ok());
    EXPECT_EQ(gated.error().code, refusals::no_guardrail);
}

RC_GTEST_PROP(Gate, WhatPassesIsInsideTheBandsAtOrAboveTheFloor, ()) {
    auto prices = *rc::gen::container<std::vector<std::int64_t>>(*rc::gen::inRange<std::size_t>(1, 9),
                                                                 rc::gen::inRange<std::int64_t>(1, 10'000));
    std::sort(prices.begin(), prices.end());
    prices.erase(std::unique(prices.begin(), prices.end()), prices.end());
    const auto terms = line(prices, *rc::gen::inRange<std::int64_t>(0, 10'000),
                            *rc::gen::inRange<std::int64_t>(0, 900'000), *rc::gen::inRange<std::int64_t>(1, 12'000));
    PricingTerms pricing;
    pricing.max_step = Rate{*rc::gen::inRange<std::int64_t>(1, 500'000)};
    GateAsk ask = want(*rc::gen::inRange<std::int64_t>(0, 12'000));
    ask.killed = *rc::gen::arbitrary<bool>();
    const bool steps = *rc::gen::arbitrary<bool>();
    const auto from = terms.bands[*rc::gen::inRange<std::size_t>(0, prices.size())];
    if (steps) ask.stepping_from = from;
    const auto gated = pass_gate(terms, pricing, cost_1200, ask);
    const auto floor = floor_of(terms, cost_1200);
    RC_ASSERT(floor.ok());
    if (!gated) {
        RC_ASSERT(terms.bands.back() < floor->price);
        return;
    }
    RC_ASSERT(gated->price >= terms.bands.front() && gated->price <= terms.bands.back());
    RC_ASSERT(gated->price >= floor->price);
    RC_ASSERT(gated->floor == floor->price);
    const auto bound = gated->bound();
    RC_ASSERT(std::is_sorted(bound.begin(), bound.end(), [](G a, G b) {
        const auto place = [](G g) { return g == G::killed ? -1 : static_cast<int>(g); };
        return place(a) < place(b);
    }));
    Money trail = ask.wanted;  // each step begins where the one before ended; the last ends at the price
    for (const auto& clamp : gated->clamps) RC_ASSERT(clamp.from == trail), trail = clamp.to;
    RC_ASSERT(trail == gated->price);
    if (steps && !ask.killed && from >= floor->price) {
        const auto change = gated->price > from ? gated->price - from : from - gated->price;
        RC_ASSERT(static_cast<__int128>(change.n) * 1'000'000 <= static_cast<__int128>(from.n) * pricing.max_step->n);
    }
}

}  // namespace
}  // namespace dropsmith::decide::guardrail_test
