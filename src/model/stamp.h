// Stamp: what the journal's headers say of a fact, handed to every evolve beside it, so that facts stay small.
#pragma once

#include "base/numbers.h"
#include "model/moment.h"

namespace dropsmith {

struct Stamp {
    Instant at;
    std::uint64_t seq = 0;
    Actor who;
};

}  // namespace dropsmith
