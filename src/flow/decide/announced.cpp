// Covered by flow/decide/announced_test.cpp.
#include "flow/decide/announced.h"

#include <algorithm>
#include <cmath>

namespace dropsmith::decide {

Duration burst_fade(Instant opens, Instant closes) {
    return Duration{std::clamp((closes - opens).n / 12, minutes(15).n, hours(3).n)};
}

std::vector<double> burst_by_slot(Instant opens, Instant closes, std::size_t slots,
                                  const std::vector<Instant>& announced) {
    std::vector<double> out(slots, 0.0);
    const double window = static_cast<double>(std::max<std::int64_t>(1, (closes - opens).n));
    const double length = window / static_cast<double>(slots);
    const double fade = static_cast<double>(burst_fade(opens, closes).n);
    for (const auto at : announced) {
        const double begin = static_cast<double>((at - opens).n);
        for (std::size_t s = 0; s < slots; ++s) {
            const double from = std::max(begin, length * static_cast<double>(s));
            const double to = length * static_cast<double>(s + 1);
            if (to <= from) continue;
            out[s] += fade * (std::exp(-(from - begin) / fade) - std::exp(-(to - begin) / fade)) / length;
        }
    }
    return out;
}

}  // namespace dropsmith::decide
