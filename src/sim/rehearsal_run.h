// One run of a rehearsal under one way of pricing, and what came of it. Covered by sim/rehearse_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "sim/pricers.h"

namespace dropsmith::sim {

struct LineOutcome {
    std::int64_t sold = 0, left = 0;
    std::optional<double> sold_out_h;
    std::vector<std::int64_t> by_price;  // units sold, of prices_of(line)
};

struct RunOutcome {  // money in minor units; a stranger's plan: no checked product of large numbers
    double revenue = 0, margin = 0, sold = 0, left = 0, repriced = 0, at_list = 0;
    std::optional<double> sold_out_h;  // when the last line sold out
    std::vector<LineOutcome> lines;
};

RunOutcome play(const Rehearsal& plan, const Crowd& crowd, Pricer& pricer, std::uint64_t run);
// Totals out of the lines' figures.
void add_up(const Rehearsal& plan, RunOutcome& outcome);

}  // namespace dropsmith::sim
