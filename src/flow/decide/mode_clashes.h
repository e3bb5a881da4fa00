// What a plan asks of its prices that cannot be: modes, governors, attributes and their combinations. Part of the list
// of contradictions.h. Pure; any thread. Covered by flow/decide/modes_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "model/drop.h"
#include "model/price.h"
#include "model/refusal.h"

namespace dropsmith::decide {

std::vector<Clash> mode_clashes(const DropTerms& terms, const PriceRules& rules);
std::vector<Clash> line_clashes(const DropTerms& terms, const LineTerms& line, const std::string& at);

}  // namespace dropsmith::decide
