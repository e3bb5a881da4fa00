// A pass lets its holder buy before the others: for stated drops, from a stated time before their opening, so many
// times, until it ends. A use belongs to a hold: the hold that lapses gives it back, the hold that becomes an order
// spends it. Its code is signed by the shop's key (edge/http). Codes 457-459 of facts, 457-458 of commands. Covered by
// flow/sell/pass_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/dense.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

namespace refusals {
inline constexpr RefusalCode pass_not_valid{458, "pass_not_valid"};  // unknown, ended, not for this drop or time
inline constexpr RefusalCode pass_used_up{459, "pass_used_up"};
}  // namespace refusals

struct PassTerms {
    std::string title;
    std::vector<DropId> drops;               // none: any drop
    Instant valid_from, valid_until;
    Quantity uses{1};                        // holds that may become orders, per pass
    Duration early;                          // before the opening
};
DROPSMITH_RECORD(PassTerms, title, drops, valid_from, valid_until, uses, early)

struct IssuePasses {
    static constexpr CommandCode code{457};
    PassTerms terms;
    std::uint32_t count = 1;
};
struct EndPass { static constexpr CommandCode code{458}; PassId pass; };

struct PassesIssued {
    static constexpr FactCode code{457};
    static constexpr std::uint8_t version = 1;
    PassId first;
    std::uint32_t count = 0;
    PassTerms terms;
};
DROPSMITH_RECORD(PassesIssued, first, count, terms)

struct PassEnded {
    static constexpr FactCode code{458};
    static constexpr std::uint8_t version = 1;
    PassId pass;
};
DROPSMITH_RECORD(PassEnded, pass)

struct PassUsed {                            // stands beside the UnitsHeld of the same hold
    static constexpr FactCode code{459};
    static constexpr std::uint8_t version = 1;
    PassId pass;
    HoldId hold;
};
DROPSMITH_RECORD(PassUsed, pass, hold)

struct Pass {
    PassId id;
    PassTerms terms;
    Quantity used;                           // by holds that live and by orders
    bool ended = false;
};
DROPSMITH_RECORD(Pass, id, terms, used, ended)

struct Passes {
    Dense<PassId, Pass> table;
    std::map<HoldId, PassId> live;           // uses that may still come back
};

}  // namespace dropsmith
