// Tax by pools with largest remainders: worked tables (docs/concepts/money-and-tax.md), and the laws over random
// baskets.
#include "flow/sell/tax.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace dropsmith::sell::tax_test {
namespace {

struct Item {
    std::int64_t amount, rate;
    bool includes;
    std::int64_t tax;  // expected
};

void expect_taxes(const std::vector<Item>& items) {
    std::vector<Taxable> in;
    for (const auto& item : items) in.push_back({Money{item.amount}, Rate{item.rate}, item.includes});
    const auto out = tax_of(in);
    for (std::size_t i = 0; i < items.size(); ++i) {
        EXPECT_EQ(out[i].tax.n, items[i].tax) << "item " << i;
        EXPECT_EQ(out[i].gross.n, items[i].amount + (items[i].includes ? 0 : items[i].tax)) << "item " << i;
    }
}

TEST(TaxTest, WorkedByHand) {
    expect_taxes({{99, 200'000, true, 17}, {99, 200'000, true, 17}, {99, 200'000, true, 16}});
    expect_taxes({{3998, 82'500, false, 330}, {700, 0, false, 0}, {490, 82'500, false, 40}});
    expect_taxes({{1080, 100'000, true, 98}});
    expect_taxes({{3765, 100'000, false, 377}});
    expect_taxes({{0, 200'000, true, 0}, {1, 200'000, true, 0}, {2, 200'000, true, 1}});
    expect_taxes({{5, 100'000, false, 1}, {5, 100'000, true, 0}});  // two habits, two pools: 0.5 rounds up, 0.45 down
    expect_taxes({{1'000'000'000'000'000, 1'000'000, true, 500'000'000'000'000}});
    expect_taxes({});
}

TEST(TaxTest, RowsByRateWithoutEmptyItems) {
    const std::vector<Taxable> items = {{Money{3998}, Rate{82'500}, false},
                                        {Money{700}, Rate{0}, false},
                                        {Money{490}, Rate{82'500}, false},
                                        {Money{0}, Rate{50'000}, false}};
    const auto rows = tax_rows(items, tax_of(items));
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].rate, Rate{0});
    EXPECT_EQ(rows[0].base, Money{700});
    EXPECT_EQ(rows[1].base, Money{4488});
    EXPECT_EQ(rows[1].amount, Money{370});
}

RC_GTEST_PROP(TaxTest, ItemsAddUpAndNoneIsOffByAWholeUnit, ()) {
    const auto rates = std::vector<std::int64_t>{0, 50'000, 82'500, 200'000, 333'333, 1'000'000};
    std::vector<Taxable> items;
    const bool includes = *rc::gen::arbitrary<bool>();
    const auto n = *rc::gen::inRange<std::size_t>(1, 12);
    for (std::size_t i = 0; i < n; ++i)
        items.push_back(
            {Money{*rc::gen::inRange<std::int64_t>(0, 100'000)}, Rate{*rc::gen::elementOf(rates)}, includes});
    const auto out = tax_of(items);
    for (auto rate : rates) {
        std::int64_t amount = 0, tax = 0;
        for (std::size_t i = 0; i < n; ++i) {
            if (items[i].rate.n != rate) continue;
            amount += items[i].amount.n, tax += out[i].tax.n;
            const auto divisor = includes ? 1'000'000 + rate : 1'000'000;
            const auto off = out[i].tax.n * divisor - items[i].amount.n * rate;  // times the divisor
            RC_ASSERT(off < divisor && off > -divisor);
        }
        RC_ASSERT(tax == *try_mul_div_round(amount, rate, includes ? 1'000'000 + rate : 1'000'000));
    }
}

}  // namespace
}  // namespace dropsmith::sell::tax_test
