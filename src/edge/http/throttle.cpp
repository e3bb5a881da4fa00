// See the header. Covered by edge/http/throttle_test.cpp.
#include "edge/http/throttle.h"

#include <algorithm>

namespace dropsmith::http {
namespace {

constexpr std::int64_t one_request = 1'000;  // thousandths
constexpr std::int64_t rest_max_ms = 86'400'000;  // after a day every debt is paid

std::uint64_t spread(std::uint64_t n) {  // callers' keys are addresses: neighbours must not share a shard
    n ^= n >> 33, n *= 0xff51afd7ed558ccdull, n ^= n >> 33;
    return n;
}

}  // namespace

std::int64_t Throttle::ask(std::uint64_t caller, const Allowance& allowance, std::int64_t now_ms, std::int64_t things) {
    if (allowance.per_second <= 0) return 0;
    const std::int64_t full = std::max<std::int64_t>(allowance.burst, 1) * one_request;
    const std::int64_t asked = things * one_request, needed = std::min(asked, full);
    const auto left_at = [&](const Bucket& bucket) {  // thousandths a millisecond = requests a second
        const auto passed = std::clamp<std::int64_t>(now_ms - bucket.at_ms, 0, rest_max_ms);
        return std::min(full, bucket.thousandths + passed * allowance.per_second);
    };
    auto& shard = shards_[spread(caller) % shards];
    const std::lock_guard lock(shard.mutex);
    auto it = shard.buckets.find(caller);
    if (it == shard.buckets.end()) {
        if (shard.buckets.size() >= shard_max_)
            std::erase_if(shard.buckets, [&](const auto& known) { return left_at(known.second) >= full; });
        if (shard.buckets.size() >= shard_max_) return 1'000;
        it = shard.buckets.emplace(caller, Bucket{full, now_ms}).first;
    }
    auto& bucket = it->second;
    bucket = {left_at(bucket), std::max(bucket.at_ms, now_ms)};
    if (bucket.thousandths < needed)
        return std::max<std::int64_t>(1,
                                      (needed - bucket.thousandths + allowance.per_second - 1) / allowance.per_second);
    bucket.thousandths -= asked;
    return 0;
}

std::size_t Throttle::callers() const {
    std::size_t sum = 0;
    for (const auto& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        sum += shard.buckets.size();
    }
    return sum;
}

}  // namespace dropsmith::http
