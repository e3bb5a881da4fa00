// How long price decisions took from the decision (the batch's instant) until they were durable, readable in every
// channel's document and in the feed, and handed to every open page; in milliseconds of the shop's clock, of all
// channels and of each. The goal that is stated for it: 99 of 100 within a second. Not thread-safe: whoever holds it
// locks (stream.cpp). Covered by edge/http/skew_test.cpp, from outside by tests/http/prices.py and
// bench/propagation.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "base/numbers.h"
#include "model/ids.h"

namespace dropsmith::http {

struct Skew {
    static constexpr std::array<std::int64_t, 8> bounds_ms{1, 2, 5, 10, 50, 100, 500, 1'000};
    static constexpr std::int64_t goal_ms = bounds_ms.back();
    static constexpr Rate goal_share{990'000};
    std::array<std::uint64_t, bounds_ms.size() + 1> within{};  // each apart, the last beyond all bounds
    std::uint64_t prices = 0, sum_ms = 0, max_ms = 0;

    void add(std::uint64_t count, std::int64_t took_ms);
    std::uint64_t in_time() const { return prices - within.back(); }
    bool goal_met() const;  // none late of none: met
};

struct SkewBook {
    Skew all;
    std::map<ChannelId, Skew> channels;  // that a price was decided for since the program started
};

}  // namespace dropsmith::http
