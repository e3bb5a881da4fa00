// dropsmith try: a merchant's own export in a temporary shop: import, velocity audit, drafted drop, rehearsal, told as
// a story. Nothing leaves the machine. One thread. Covered by edge/cli/try_test.cpp with a door of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "edge/cli/import.h"

namespace dropsmith::cli {

struct TryAsk {
    std::vector<std::string> files;
    std::string map, currency, date_order;
    std::uint64_t runs = 1'000;
    bool skip_bad = false, json = false;
};

Outcome run_try(const TryAsk& ask, const ImportDoors& doors);

}  // namespace dropsmith::cli
