// FSW-2: the fluid bound and its mix to the digits of an independent program, and the published policy near the figures
// of its published replication.
#include "flow/decide/lab_network.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/sized_testing.h"

namespace dropsmith::decide::lab_network_test {
namespace {

TEST(LabNetwork, FluidBoundMatchesReference) {
    const double expected[] = {6.666667, 4.598510, 3.768095, 9.750000, 6.044910, 4.415905};
    const auto instances = fsw2_instances();
    ASSERT_EQ(instances.size(), std::size(expected));
    for (std::size_t i = 0; i < instances.size(); ++i)
        EXPECT_NEAR(network_bound(instances[i]), expected[i], 1e-6) << instances[i].name;
}

TEST(LabNetwork, PlanIsOptimal) {  // worth 3x + 2y, x + y <= 4, x + 3y <= 6, x <= 3: (3, 1), 11; and strong duality
    const std::vector<double> bounds{4, 6, 3};
    const auto plan = solve_plan({3, 2}, {{1, 1}, {1, 3}, {1, 0}}, bounds);
    EXPECT_NEAR(plan.value, 11, 1e-12);
    EXPECT_NEAR(plan.x[0], 3, 1e-12);
    EXPECT_NEAR(plan.x[1], 1, 1e-12);
    EXPECT_NEAR(std::inner_product(bounds.begin(), bounds.end(), plan.prices.begin(), 0.0), plan.value, 1e-9);
}

TEST(LabNetwork, PublishedPolicyEarnsWhatItsReplicationSays) {  // 97.79 and 96.39 at 500 periods
    const auto instances = fsw2_instances();
    EXPECT_NEAR(network_percent(instances[0], NetworkPolicy::ts_update, 500, 20, 1), 97.79, 1.5);
    EXPECT_NEAR(network_percent(instances[1], NetworkPolicy::ts_update, 500, 20, 1), 96.39, 1.5);
    for (std::size_t i = 0; i < 3; ++i)  // capacity (3, 5, 7): 99.2, 96.9 and 96.7 over 60 runs
        EXPECT_GT(network_percent(instances[i], NetworkPolicy::engine, 500, sized(20U, 3U), 1),
                  network_percent(instances[i], NetworkPolicy::ts_update, 500, sized(20U, 3U), 1) - sized(0.0, 3.0))
            << instances[i].name;
    EXPECT_GT(network_percent(instances[2], NetworkPolicy::lp_known, 500, 20, 1),
              network_percent(instances[2], NetworkPolicy::ts_fixed, 500, 20, 1));
}

}  // namespace
}  // namespace dropsmith::decide::lab_network_test
