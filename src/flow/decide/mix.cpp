// The fluid plan by enumeration of its basic solutions. Covered by flow/decide/lab_test.cpp.
#include "flow/decide/mix.h"

#include <algorithm>

namespace dropsmith::decide {

Mix best_mix(std::span<const double> values, std::span<const double> rates, double capacity) {
    Mix best;
    const auto consider = [&best](const Mix& mix) {
        if (mix.value > best.value) best = mix;
    };
    for (std::size_t i = 0; i < rates.size(); ++i) {
        if (rates[i] <= 0) continue;
        const double share = std::clamp(capacity / rates[i], 0.0, 1.0);
        consider({i, i, share, 0, share * values[i] * rates[i]});
        for (std::size_t j = 0; j < rates.size(); ++j) {
            if (rates[i] >= capacity || rates[j] <= capacity)
                continue;  // both constraints bind between a slow and a fast price
            const double fast = (capacity - rates[i]) / (rates[j] - rates[i]);
            consider({i, j, 1 - fast, fast, (1 - fast) * values[i] * rates[i] + fast * values[j] * rates[j]});
        }
    }
    return best;
}

}  // namespace dropsmith::decide
