// prove: a whole shop in one thread, from one seed: the real engine core over a simulated disk, clock and buyers,
// while everything that can go wrong goes wrong: power cuts at any write, lost and torn sectors, a full or slow disk,
// a wall clock that jumps, requests lost, doubled and out of order, storms of expiring holds. First safety (nothing
// promised is lost, sold twice or kept too long), then, with the faults gone, liveness (everybody is answered within
// 10 seconds, the drop settles). A second ledger judges, and `verify` does. The same seed gives the same journal.
// Covered by sim/prove_test.cpp, where each planted bug must ring.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "sim/prove_sights.h"

namespace dropsmith::sim {

enum class Plant : std::uint8_t {   // a bug put in on purpose: first prove that the alarm rings
    none,
    reply_before_sync,              // the disk says "stored" before it is
    key_forgotten,                  // a repeated request comes without its key
    guard_skipped,                  // a path that holds units without asking whether they are there
    clock_too_fast,                 // holds go by a clock that runs ahead
    list_jumped,                    // a path that offers units to whoever it likes
    too_many_ahead,                 // a path that promises more units ahead than may be
    turn_forged,                    // a buyer's own word for a turn in the waiting room is taken
    pass_worn_out,                  // a path that uses a pass once more than it may be
    refund_key_forgotten,           // the worker asks for a refund again as if for another
    page_closed_unseen,             // the worker closes a page without asking whether it was paid meanwhile
    other_seed,                     // a path that draws by another seed than was committed to
    promise_dearer,                 // a path that asks more for what was ordered ahead than was said
};

struct Proof {                      // of one seed
    std::uint64_t seed = 0;
    std::string breach;             // "": all held
    Digest256 head_hash{};
    std::uint64_t facts = 0, batches = 0, requests = 0;
    std::int64_t simulated_ms = 0;
    Sights sights;
};
Proof prove_seed(std::uint64_t seed, Plant plant = Plant::none);

struct Campaign {
    std::uint64_t from = 1, seeds = 0, facts = 0, batches = 0, requests = 0;
    std::int64_t simulated_ms = 0;
    std::vector<Proof> breaches;    // at most ten, by seed
    std::uint64_t breached = 0;
    Sights sights;
};
// progress: how many seeds are done; called on the caller's thread.
Campaign prove(std::uint64_t from, std::uint64_t seeds, unsigned threads,
               const std::function<void(std::uint64_t done)>& progress = {});

// The answer of the command line, one JSON document.
std::string proof_json(const Campaign& campaign, std::int64_t took_ms);

}  // namespace dropsmith::sim
