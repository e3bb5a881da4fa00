// The grids are what they say, and their means are those of an independent program.
#include "flow/decide/lab_grid.h"

#include <gtest/gtest.h>

namespace dropsmith::decide::lab_grid_test {
namespace {

TEST(LabGrid, MeansOfGrid252MatchReference) {
    const struct {
        std::size_t periods;
        double fluid, optimum;
    } cases[] = {{24, 229.0067, 221.7680}, {72, 698.0263, 689.1880}, {144, 1416.9332, 1406.0663}};
    for (const auto& c : cases) {
        const auto grid = grid_252(c.periods);
        ASSERT_EQ(grid.problems.size(), 252u);
        double fluid = 0, optimum = 0;
        for (const auto& problem : grid.problems) fluid += lp_bound(problem), optimum += Optimum(problem).value();
        EXPECT_NEAR(fluid / 252, c.fluid, 1e-4) << c.periods;
        EXPECT_NEAR(optimum / 252, c.optimum, 1e-4) << c.periods;
    }
}

TEST(LabGrid, HeldOutGridsAreOfTheSizeThatWasCommitted) {
    const std::size_t sizes[] = {140, 84, 70, 63, 252, 165, 30, 30, 70};
    const auto grids = held_out_grids();
    ASSERT_EQ(grids.size(), std::size(sizes));
    for (std::size_t g = 0; g < grids.size(); ++g) {
        EXPECT_EQ(grids[g].problems.size(), sizes[g]) << grids[g].name;
        for (const auto& problem : grids[g].problems) {
            EXPECT_EQ(problem.values.size(), problem.chances.size());
            EXPECT_GE(problem.stock, 1);
        }
    }
}

}  // namespace
}  // namespace dropsmith::decide::lab_grid_test
