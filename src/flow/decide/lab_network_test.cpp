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

// One product of one resource: the fixed vector sells what Poisson demand asks while units are there.
TEST(LabNetwork, AFixedVectorEarnsItsPriceTimesItsSales) {
    const Network ample{"one", {{10}, {20}, {30}}, {{4}, {2}, {.5}}, {{1}}, {100}};
    const std::size_t periods = 200;
    const double bound = network_bound(ample);
    EXPECT_NEAR(bound, 40, 1e-9);  // of 10 * 4, 20 * 2 and 30 * .5
    for (const std::size_t fixed : {0U, 1U, 2U}) {
        const double mean = ample.prices[fixed][0] * ample.demand[fixed][0];
        NetworkRules rules;
        rules.fixed = fixed;
        EXPECT_NEAR(network_percent(ample, NetworkPolicy::fixed, periods, 60, 1, rules), 100 * mean / bound, 2.5)
            << fixed;
    }
    const Network scarce{"one", {{10}, {20}}, {{4}, {2}}, {{1}}, {1}};  // 1 a period: the dearer vector sells them all
    NetworkRules dear;
    dear.fixed = 1;
    EXPECT_NEAR(network_bound(scarce), 20, 1e-9);
    EXPECT_NEAR(network_percent(scarce, NetworkPolicy::fixed, periods, 60, 1, dear), 100, .5);
    EXPECT_NEAR(network_percent(scarce, NetworkPolicy::fixed, periods, 60, 1), 50, .5);
}

TEST(LabNetwork, NoVectorBelowTheFloorIsAsked) {
    const Network network{"two", {{1, 5}, {2, 3}, {4, 4}}, {{9, 1}, {5, 3}, {2, 2}}, {{1}, {1}}, {100}};
    NetworkRules rules, fixed;
    rules.floor = 4, fixed.fixed = 2;
    for (const auto policy : {NetworkPolicy::engine, NetworkPolicy::ts_update, NetworkPolicy::lp_known})
        EXPECT_NEAR(network_percent(network, policy, 300, 20, 1, rules),
                    network_percent(network, NetworkPolicy::fixed, 300, 20, 1, fixed), 2)
            << "only the third vector is lawful";
    rules.floor = 3.5;
    EXPECT_TRUE(lawful({4, 4}, rules));
    EXPECT_FALSE(lawful({5, 3}, rules)) << "one product below it is enough";
}

}  // namespace
}  // namespace dropsmith::decide::lab_network_test
