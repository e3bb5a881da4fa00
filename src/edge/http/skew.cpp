// Covered by edge/http/skew_test.cpp.
#include "edge/http/skew.h"

#include <algorithm>

namespace dropsmith::http {

void Skew::add(std::uint64_t count, std::int64_t took_ms) {
    const auto took = std::max<std::int64_t>(0, took_ms);
    const auto bound = std::lower_bound(bounds_ms.begin(), bounds_ms.end(), took);
    within[static_cast<std::size_t>(bound - bounds_ms.begin())] += count;
    prices += count;
    sum_ms += static_cast<std::uint64_t>(took) * count;
    max_ms = std::max(max_ms, static_cast<std::uint64_t>(took));
}

bool Skew::goal_met() const {
    return static_cast<unsigned __int128>(in_time()) * static_cast<std::uint64_t>(whole.n) >=
           static_cast<unsigned __int128>(prices) * static_cast<std::uint64_t>(goal_share.n);
}

}  // namespace dropsmith::http
