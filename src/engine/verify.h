// verify: every law of the design over the whole journal: the chain, replay to the same state hash, stock per SKU and
// place, orders to the minor unit, price inside band and above floor, one effect per key, caps. Names the first fact
// that breaks one. Reads only. Covered by engine/verify_test.cpp (each law first proven to ring on a tampered journal).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/journal.h"

namespace dropsmith::engine {

struct LawResult {
    std::string law;
    bool holds = true;
    std::uint64_t checked = 0;
    std::string first_breach;       // "" or: fact number, what, and the figures
};

void breach(LawResult& law, std::uint64_t seq, std::string what);  // the first one is kept

struct VerifyReport {
    std::uint64_t facts = 0;
    Digest256 head_hash{};
    Digest256 state_hash{};
    std::vector<LawResult> laws;
    bool holds() const;
};

// inspect: what the store can tell of itself beside its batches; none: that law is not checked.
VerifyReport verify(const Journal& journal, const std::function<void(std::uint64_t facts)>& progress = {},
                    const std::function<Status<Fault>()>& inspect = {});

}  // namespace dropsmith::engine
