// The word of a refusal that was counted for a drop. Pure. Covered by flow/measure/report_test.cpp.
#pragma once

#include <cstdint>
#include <string>

namespace dropsmith::measure {

std::string refusal_word(std::uint16_t number);  // "refusal_451" for one that a drop does not meet

}  // namespace dropsmith::measure
