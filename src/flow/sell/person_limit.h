// Who a per-person limit counts: a session at the hold, a person at the confirmation. A session's digest carries the
// top bit, a person's random number does not, so that both live in one table. Any thread. Covered by
// flow/sell/hold_test.cpp.
#pragma once

#include <cstdint>

#include "model/drop.h"

namespace dropsmith::sell {

// 0 (nobody) stays 0: a hold without a session counts for itself only.
inline std::uint64_t session_key(std::uint64_t session) {
    return session == 0 ? 0 : session | (std::uint64_t{1} << 63);
}

inline Quantity taken_by(const Drops& drops, DropId drop, std::uint32_t line, std::uint64_t who) {
    if (who == 0) return Quantity{0};
    const auto it = drops.taken.find({drop, line, who});
    return it == drops.taken.end() ? Quantity{0} : it->second;
}

}  // namespace dropsmith::sell
