// Slopes: the closed forms, formulas worked by hand, and what pooling must do.
#include "flow/measure/slopes.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dropsmith::measure::slopes_test {
namespace {

const std::vector<PriceUnits> six{{24, 60}, {30, 41}, {36, 29}, {30, 39}, {24, 63}, {36, 30}};

TEST(Slopes, ClosedForms) {
    const auto ols = log_log_slope(six);
    ASSERT_TRUE(ols);
    EXPECT_NEAR(ols->value, -1.815764, 5e-7);
    const auto poisson = poisson_slope(six);
    ASSERT_TRUE(poisson);
    EXPECT_NEAR(poisson->value, -1.830854, 5e-7);
    EXPECT_NEAR(poisson->se, .378835, 5e-7);
}

TEST(Slopes, ExposureCounts) {  // the same rates from longer times: the same slope; from fewer units: less certain
    std::vector<PriceUnits> longer = six;
    for (auto& row : longer) row.exposure = row.price > 25 ? 2 : 1, row.units *= row.exposure;
    EXPECT_NEAR(log_log_slope(longer)->value, log_log_slope(six)->value, 1e-12);
    std::vector<PriceUnits> exact{{10, 80, 1}, {20, 40, 2}, {40, 5, 1}};  // rate 80 (p / 10)^-2
    EXPECT_NEAR(poisson_slope(exact)->value, -2, 1e-9);
}

TEST(Slopes, NothingToLearnFrom) {
    EXPECT_FALSE(log_log_slope({}));
    EXPECT_FALSE(poisson_slope({}));
    const std::vector<PriceUnits> one_price{{10, 3}, {10, 5}}, none_sold{{10, 0}, {20, 0}}, one_end{{10, 5}, {20, 0}};
    EXPECT_FALSE(log_log_slope(one_price));
    EXPECT_FALSE(poisson_slope(one_price));
    EXPECT_FALSE(poisson_slope(none_sold));
    EXPECT_FALSE(poisson_slope(one_end));
}

TEST(Slopes, PoolingByHand) {
    // equal errors of 1, values 0 and 4: Paule-Mandel wants (2^2 + 2^2) / (1 + t) = 1, so t = 7; shares 7/8
    const auto pooled = pool(std::vector<Slope>{{0, 1, 1}, {4, 1, 1}});
    ASSERT_TRUE(pooled);
    EXPECT_NEAR(pooled->between_sd, std::sqrt(7.0), 1e-9);
    EXPECT_NEAR(pooled->mean.value, 2, 1e-9);
    EXPECT_NEAR(pooled->mean.se, 2, 1e-9);  // sqrt(8 / 2)
    EXPECT_NEAR(pooled->slopes[0].value, 2.0 / 8, 1e-9);
    EXPECT_NEAR(pooled->slopes[0].se, std::sqrt(7.0 / 8 + 4.0 / 64), 1e-9);
}

TEST(Slopes, AlikeSlopesBecomeOneAndUnknownOnesTheMean) {
    const auto pooled = pool(std::vector<Slope>{{-2.5, .5, 9}, {-2.6, .5, 9}, {0, 0, 0}});
    ASSERT_TRUE(pooled);
    EXPECT_EQ(pooled->between_sd, 0);
    for (const auto& slope : pooled->slopes) EXPECT_NEAR(slope.value, -2.55, 1e-12);
    EXPECT_FALSE(pool(std::vector<Slope>{{0, 0, 0}}));
}

}  // namespace
}  // namespace dropsmith::measure::slopes_test
