// The declared substitute of a line that has sold out: what was taken and bought in its stead, so that its capture is a
// measured figure. Counted only when the line was truly sold out as the hold was placed. Code 460. Covered by
// flow/sell/substitute_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

struct SubstituteTaken {                     // stands beside the UnitsHeld of the same hold
    static constexpr FactCode code{460};
    static constexpr std::uint8_t version = 1;
    HoldId hold;
    DropId drop;
    std::uint32_t line = 0;                  // of the drop: the one that had sold out
    SkuId sku;                               // what was taken instead
    Quantity units;
};
DROPSMITH_RECORD(SubstituteTaken, hold, drop, line, sku, units)

struct SubstituteUse {
    std::uint64_t holds = 0, orders = 0;
    Quantity taken, bought;                  // units
};
DROPSMITH_RECORD(SubstituteUse, holds, orders, taken, bought)

struct Substitutes {
    std::map<std::pair<DropId, std::uint32_t>, SubstituteUse> uses;  // by the line that had sold out
    std::map<std::pair<HoldId, std::uint32_t>, SubstituteTaken> live;
};

}  // namespace dropsmith
