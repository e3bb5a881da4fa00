// What an announcement does to a curve of arrivals: at its instant a burst of visitors begins that dies away. How large
// it is nobody knows before: none, some or many more, believed as here until views, footfall or sales have told. Pure;
// any thread. Covered by flow/decide/announced_test.cpp.
#pragma once

#include <array>
#include <vector>

#include "base/numbers.h"

namespace dropsmith::decide {

struct Burst {
    double more;         // visitors at the instant, beyond those of the curve, as a multiple of them
    double prior;
    const char* suffix;  // of the curve's name
};
inline constexpr std::array<Burst, 3> bursts{{{0, 0.25, ", announcement unheard"},
                                              {1.5, 0.5, ", announced"},
                                              {5, 0.25, ", announced loudly"}}};

// By slot of the window, the mean over the slot of what is left of all announcements' bursts: 1 at an instant, falling
// by exp(-time / fade).
std::vector<double> burst_by_slot(Instant opens, Instant closes, std::size_t slots,
                                  const std::vector<Instant>& announced);
// A twelfth of the window, from a quarter of an hour to three hours.
Duration burst_fade(Instant opens, Instant closes);

}  // namespace dropsmith::decide
