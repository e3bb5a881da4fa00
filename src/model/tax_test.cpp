// Which rate applies: a table of cases with the expected rate last.
#include "model/tax.h"

#include <gtest/gtest.h>

namespace dropsmith::tax_test {
namespace {

TEST(TaxRateTest, NewestRowOfTheClosestZone) {
    const std::vector<TaxRate> table = {
        {"standard", "", Rate{200'000}, Instant{0}},
        {"standard", "", Rate{175'000}, Instant{5'000}},
        {"food", "", Rate{0}, Instant{0}},
        {"standard", "US", Rate{50'000}, Instant{0}},
        {"standard", "US-CA", Rate{72'500}, Instant{9'000}},
        {"books", "DE", Rate{70'000}, Instant{0}},
    };
    struct Case {
        const char* category;
        const char* zone;
        std::int64_t at, expected;
    };
    const Case cases[] = {
        {"standard", "", 0, 200'000},
        {"standard", "", 4'999, 200'000},
        {"standard", "", 5'000, 175'000},
        {"standard", "FR", 6'000, 175'000},
        {"food", "FR", 6'000, 0},
        {"standard", "US", 6'000, 50'000},
        {"standard", "US-CA", 8'999, 50'000},
        {"standard", "US-CA", 9'000, 72'500},
        {"standard", "US-NY", 9'000, 50'000},
        {"books", "DE", 0, 70'000},
        {"books", "FR", 0, 200'000},
        {"unheard", "US-CA", 9'000, 72'500},
        {"standard", "", -1, 0},
    };
    for (const auto& c : cases)
        EXPECT_EQ(tax_rate(table, c.category, c.zone, Instant{c.at}).n, c.expected)
            << c.category << " " << c.zone << " " << c.at;
    EXPECT_EQ(tax_rate(std::vector<TaxRate>{}, "standard", "", Instant{1}).n, 0);
}

}  // namespace
}  // namespace dropsmith::tax_test
