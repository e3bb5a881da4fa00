// The grids of problems that pricing policies are compared on. The published ones are those of
// docs/concepts/pricing-mathematics.md; the held-out ones were written down before anything was tuned and are never
// tuned to: other prices, two, four and five bands, other ratios of stock to looks, other horizons, a wide price
// range, a middle band that sells best, and arrivals that fall. No random draws define a grid. Pure; any thread.
// Covered by flow/decide/lab_grid_test.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "flow/decide/lab.h"

namespace dropsmith::decide {

struct LabGrid {
    std::string_view name, what;
    std::vector<LabProblem> problems;
};

// GRID-252: bands 24, 30, 36; every descending triple of .1 ... .9 by stock of .15, .30 and .50 of the periods.
LabGrid grid_252(std::size_t periods);
LabGrid grid_weak();    // its chances and stock times .2, 144 periods
LabGrid grid_glut();    // its chances times .3, stock for everybody, 72 periods
LabGrid grid_front();   // 72 periods, arrivals falling from 1 by exp(-3 t/T); stock by the looks to be expected
std::vector<LabGrid> held_out_grids();

}  // namespace dropsmith::decide
