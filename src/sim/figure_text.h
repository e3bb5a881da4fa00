// A figure as text, rounded to so many decimals: for the JSON and the tables of rehearsals, replays and the laboratory.
#pragma once

#include <cmath>
#include <string>

#include "base/text.h"

namespace dropsmith::sim {

inline std::string number(double value, int decimals = 6) {
    return format_decimal(std::llround(value * std::pow(10.0, decimals)), decimals);
}

}  // namespace dropsmith::sim
