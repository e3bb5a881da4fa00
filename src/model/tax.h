// The one look-up of a tax rate: by category and zone, the newest row whose valid_from is not after `at`. A zone
// without a row falls back to its country ("US-CA" to "US"), then to "" (the shop's own and every other); a category
// without any row is taxed as "standard"; nothing at all is 0. Pure; any thread. Covered by model/tax_test.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "model/shop.h"

namespace dropsmith {

Rate tax_rate(const std::vector<TaxRate>& table, std::string_view category, std::string_view zone, Instant at);

}  // namespace dropsmith
