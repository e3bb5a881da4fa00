// The declared substitute of a line that has sold out: what was taken and bought in its stead, so that its capture is a
// measured figure: by the pair of SKUs, over those who were refused the one while the other was there. Counted only
// when the line was truly sold out as the hold was placed. Code 460. Covered by flow/sell/substitute_test.cpp.
#pragma once

#include <compare>
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
    SkuId gone = {};                         // instead of what
};
DROPSMITH_RECORD(SubstituteTaken, hold, drop, line, sku, units, gone)

struct SubstituteUse {
    std::uint64_t holds = 0, orders = 0;
    Quantity taken, bought;                  // units
    std::uint64_t refused = 0;               // wishes for the one that was gone
};
DROPSMITH_RECORD(SubstituteUse, holds, orders, taken, bought, refused)

struct SubstitutePair {
    DropId drop;
    SkuId gone, taken;
    friend auto operator<=>(const SubstitutePair&, const SubstitutePair&) = default;
};

struct Substitutes {
    std::map<SubstitutePair, SubstituteUse> uses;
    std::map<std::pair<HoldId, std::uint32_t>, SubstituteTaken> live;
};

}  // namespace dropsmith
