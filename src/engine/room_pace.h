// How fast a waiting room may let people in, from what was measured: how long the selling path, which everybody who is
// let in will use, took to answer just now. Fast: a quarter more; slow or refusing: half. So the rate settles where the
// shop can serve, whatever the machine. Pure; any thread. Covered by engine/room_pace_test.cpp.
#pragma once

#include <algorithm>
#include <cstdint>

namespace dropsmith::engine {

struct PathMeasured {
    std::int64_t answer_us = 0;              // of a question through the selling queue
    bool refused = false;                    // the queue was full
};

inline constexpr std::int64_t quick_answer_us = 25'000, slow_answer_us = 100'000;
inline constexpr std::uint64_t admissions_most = 100'000;  // a second

inline std::uint64_t next_rate(std::uint64_t rate, const PathMeasured& measured) {
    if (measured.refused || measured.answer_us > slow_answer_us) return std::max<std::uint64_t>(1, rate / 2);
    if (measured.answer_us < quick_answer_us) return std::min(admissions_most, rate + rate / 4 + 1);
    return rate;
}

}  // namespace dropsmith::engine
