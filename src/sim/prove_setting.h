// What a seed draws before anything happens: the shop's SKUs and their stock, the drop and its terms, and what the
// drop makes use of beside plain holds. Pure. Covered by sim/prove_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "model/state.h"
#include "sim/prove.h"

namespace dropsmith::sim {

struct ProveSetting {
    std::uint64_t skus = 1;
    bool ahead = false;             // some of the drop can be ordered before it is there
    bool room = false;              // one enters a waiting room first
    bool provider = false;          // some pay by a payment page
    std::uint64_t passes = 0;       // that let their holders buy early
    bool later() const { return room || ahead || passes > 0; }  // the opening may be some time away
    DropTerms terms;
    std::vector<Command> commands;  // that set the shop up, in order
};

// A planted bug chooses what it needs to show itself.
ProveSetting draw_setting(Random& random, Instant now, Plant plant);

// What staff do now and then, by chance.
Command staff_wish(Random& random, const ProveSetting& setting, Instant at);

}  // namespace dropsmith::sim
