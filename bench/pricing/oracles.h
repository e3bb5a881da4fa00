// What can be computed exactly, beside the digits that were published for it. Included by bench/pricing/*.cpp only.
#pragma once

namespace dropsmith::bench {

// Tables "values" (fluid bounds and exact optima of FSW-1, DROP-4, GRID-252, the taper, FSW-2) and "closed" (closed
// forms and elasticities). The number of rows that differ by more than the digits published.
int print_values(bool smoke);
int print_closed_forms();

}  // namespace dropsmith::bench
