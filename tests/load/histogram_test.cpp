// Judges Histogram against a sorted vector.
#include "histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace dropsmith::load {
namespace {

TEST(Histogram, small_values_are_exact) {
    Histogram histogram;
    for (std::int64_t value = 1; value <= 100; ++value) histogram.add(value);
    EXPECT_EQ(histogram.at_per_mille(500), 50);
    EXPECT_EQ(histogram.at_per_mille(990), 99);
    EXPECT_EQ(histogram.at_per_mille(1000), 100);
    EXPECT_EQ(histogram.at_per_mille(0), 1);
    EXPECT_EQ(histogram.counted(), 100U);
}

TEST(Histogram, empty_and_extreme_values) {
    Histogram histogram;
    EXPECT_EQ(histogram.at_per_mille(500), 0);
    histogram.add(-5);
    EXPECT_EQ(histogram.at_per_mille(500), 0);
    histogram.add(INT64_MAX);
    EXPECT_EQ(histogram.at_per_mille(1000), INT64_MAX);
}

TEST(Histogram, agrees_with_a_sorted_list_within_its_step) {
    std::mt19937_64 random(7);
    std::vector<std::int64_t> values;
    Histogram histogram;
    for (int i = 0; i < 20000; ++i) {
        const auto value = static_cast<std::int64_t>(random() >> (random() % 50 + 14));
        values.push_back(value);
        histogram.add(value);
    }
    std::sort(values.begin(), values.end());
    for (const double per_mille : {1.0, 100.0, 500.0, 900.0, 990.0, 999.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(20000.0 * per_mille / 1000.0)) - 1;
        const std::int64_t exact = values[rank];
        EXPECT_GE(histogram.at_per_mille(per_mille), exact);
        EXPECT_LE(histogram.at_per_mille(per_mille), exact + exact / 64 + 1) << per_mille;
    }
}

}  // namespace
}  // namespace dropsmith::load
