// Contribution and the lowest lawful price: worked figures, and the law that every price from the floor on keeps the
// margin.
#include "flow/decide/economics.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace dropsmith::decide::economics_test {
namespace {

UnitEconomics unit(std::int64_t tax_ppm, bool included, std::int64_t fee_ppm, std::int64_t fee, std::int64_t subsidy,
                   std::int64_t cost) {
    return {Rate{tax_ppm}, included, Rate{fee_ppm}, Money{fee}, Money{subsidy}, Money{cost}};
}

TEST(Economics, ContributionIsNetOfTaxFeeDeliveryAndCost) {
    // 29.90 with 20 % tax inside: net 24.91 (tax rounded up), fee 1.5 % of 29.90 + 0.20 = 0.65, delivery 1.00,
    // cost 12.00.
    EXPECT_EQ(net_price(unit(200'000, true, 0, 0, 0, 0), Money{2990}).n, 2491);
    EXPECT_EQ(contribution(unit(200'000, true, 15'000, 20, 100, 1200), Money{2990}).n, 2491 - 65 - 100 - 1200);
    // The same price without tax inside: the fee is taken of 35.88.
    EXPECT_EQ(contribution(unit(200'000, false, 15'000, 20, 100, 1200), Money{2990}).n, 2990 - 74 - 100 - 1200);
}

TEST(Economics, LowestPriceWorkedByHand) {
    const struct {
        UnitEconomics unit;
        std::int64_t margin_ppm, expected;
    } cases[] = {
        {unit(0, true, 0, 0, 0, 1200), 350'000, 1847},  // 12.00 / 0.65 = 18.4615…
        {unit(0, true, 0, 0, 0, 1200), 0, 1200},        // break even is the cost itself
        {unit(200'000, true, 0, 0, 0, 1200), 350'000,
         2216},  // 18.4615… with 20 % tax: 22.1538…, net 18.46 keeps 6.46 >= 6.461
        {unit(0, false, 0, 0, 0, 0), 500'000, 0},  // nothing to cover
    };
    for (const auto& c : cases) {
        const auto price = lowest_price(c.unit, Rate{c.margin_ppm});
        ASSERT_TRUE(price.has_value());
        EXPECT_NEAR(static_cast<double>(price->n), static_cast<double>(c.expected), c.unit.tax == Rate{} ? 0 : 2)
            << c.expected;
    }
    EXPECT_FALSE(lowest_price(unit(0, true, 300'000, 0, 0, 100), Rate{700'000}).has_value());
    EXPECT_FALSE(lowest_price(unit(0, true, 0, 0, 0, 1), whole).has_value());
}

RC_GTEST_PROP(Economics, FromTheFloorOnEveryPriceKeepsTheMarginAndTheOneBelowDoesNot, ()) {
    const auto u = unit(*rc::gen::inRange(0, 300'000), *rc::gen::arbitrary<bool>(), *rc::gen::inRange(0, 100'000),
                        *rc::gen::inRange(0, 100), *rc::gen::inRange(0, 2'000), *rc::gen::inRange(0, 1'000'000));
    const Rate margin{*rc::gen::inRange(0, 800'000)};
    const auto price = lowest_price(u, margin);
    RC_ASSERT(price.has_value());
    const auto keeps = [&](Money shown) {
        return static_cast<__int128>(contribution(u, shown).n) * 1'000'000 >=
               static_cast<__int128>(net_price(u, shown).n) * margin.n;
    };
    for (std::int64_t more = 0; more < 200; ++more) RC_ASSERT(keeps(*price + Money{more}));
    RC_ASSERT(price->n == 0 || !keeps(*price - Money{1}));
}

}  // namespace
}  // namespace dropsmith::decide::economics_test
