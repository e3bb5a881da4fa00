// Closed forms to the digits of an independent program, and against our own dynamic programming.
#include "flow/decide/lab_closed.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dropsmith::decide::lab_closed_test {
namespace {

TEST(LabClosed, GallegoVanRyzinMatchesReference) {
    const ExponentialDemand demand{20, 1};
    const double expected[] = {2.123170, 3.567408, 4.623083, 5.411252, 6.000400,
                               6.436028, 6.751701, 6.974016, 7.124984, 7.223107};
    for (int n = 1; n <= 10; ++n) EXPECT_NEAR(demand.value(n, 1), expected[n - 1], 1e-6) << n;
    EXPECT_NEAR(demand.price(5, 1), 1.589149, 1e-6);
    EXPECT_NEAR(demand.price(10, 1), 1.098123, 1e-6);
    EXPECT_NEAR(demand.run_out_price(5, 1), 1.386294, 1e-6);
    EXPECT_NEAR(demand.fixed_value(5, 1, demand.run_out_price(5, 1)), 5.715225, 1e-6);
    EXPECT_GE(demand.fluid_bound(5, 1), demand.value(5, 1));
    EXPECT_NEAR(demand.fluid_bound(10, 1), 20 / std::exp(1.0), 1e-12);
}

TEST(LabClosed, DynamicProgrammingComesToTheClosedForm) {  // many prices, many short periods
    LabProblem problem;
    const std::size_t periods = 4000;
    for (int k = 0; k < 120; ++k) {
        problem.values.push_back(0.5 + 0.025 * k);
        problem.chances.push_back(std::exp(-problem.values.back()));
    }
    problem.arrivals.assign(periods, 20.0 / static_cast<double>(periods));
    problem.stock = 5;
    EXPECT_NEAR(Optimum(problem).value(), ExponentialDemand({20, 1}).value(5, 1), 3e-3);
}

TEST(LabClosed, BestPricesMatchReference) {
    EXPECT_NEAR(price_at_elasticity(10, 2.5), 16.666667, 1e-6);
    const double price = price_at_logit(4, .15, 12);
    EXPECT_NEAR(price, 26.016386, 1e-6);
    EXPECT_NEAR(profit_at_logit(4, .15, 12, price), 7.349719, 1e-6);
    EXPECT_LT(profit_at_logit(4, .15, 12, price * 1.01), profit_at_logit(4, .15, 12, price));
}

TEST(LabClosed, TapersMatchReference) {
    const struct {
        double crowd, trickle;
        std::int64_t stock;
        double fixed;
        std::size_t fixed_arm;
        double down, up;
    } cases[] = {{60, 1, 30, 767.928299, 1, 783.009748, 774.178518},
                 {60, 1, 50, 940.754003, 0, 940.754003, 940.754003},
                 {20, 2, 40, 1174.424568, 1, 1176.042141, 1174.424568}};
    const auto bass = [](double t) { return (1 - std::exp(-.8 * t)) / (1 + (.2 / .6) * std::exp(-.8 * t)); };
    for (const auto& c : cases) {
        LabProblem p;
        p.values = {24, 30, 36}, p.chances = {.60, .40, .18}, p.stock = c.stock;
        for (int slot = 0; slot < 288; ++slot) {
            const double at = slot / 4.0;
            p.arrivals.push_back(std::min(.95, c.crowd * (bass(at + .25) - bass(at)) + c.trickle / 4));
            p.lift.push_back(std::exp(-.01 * at));
        }
        const auto fixed = best_taper(p, TaperKind::fixed, 24);
        EXPECT_NEAR(fixed.value, c.fixed, 1e-5);
        EXPECT_EQ(fixed.first, c.fixed_arm);
        EXPECT_NEAR(best_taper(p, TaperKind::down, 24).value, c.down, 1e-5);
        EXPECT_NEAR(best_taper(p, TaperKind::up, 24).value, c.up, 1e-5);
        EXPECT_LE(best_taper(p, TaperKind::down, 24).value, Optimum(p).value());
    }
}

}  // namespace
}  // namespace dropsmith::decide::lab_closed_test
