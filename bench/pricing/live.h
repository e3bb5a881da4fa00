// The engine as live drops run it, measured against the exact optimum. Included by bench/pricing/*.cpp only.
#pragma once

#include <cstdint>

namespace dropsmith::bench {

// Table "live": GRID-252's markets with visitors by the hour. `runs` of each drop; of every thirteenth one in a smoke
// run.
void print_live(bool smoke, std::uint64_t runs, std::uint64_t seed);

}  // namespace dropsmith::bench
