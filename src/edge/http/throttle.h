// How much one caller may ask: a bucket that fills at a steady rate up to a burst, one for each caller, by the
// machine's clock (never the shop's, which a demo runs faster). Bounded: when there are too many callers, those whose
// buckets are full again are forgotten; should all be busy, the newcomer is refused. Any thread. Covered by
// edge/http/throttle_test.cpp, tests/http/limits.py.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace dropsmith::http {

struct Allowance {
    std::int64_t per_second = 0;  // 0: no limit
    std::int64_t burst = 0;       // requests at once after a rest
};

class Throttle {
  public:
    explicit Throttle(std::size_t callers_max = 65'536) : shard_max_(callers_max / shards) {}
    // 0: go on. Else the milliseconds after which as much will be let in. One call that asks for more things than the
    // burst waits until the caller has rested, is let in, and leaves a debt: the steady rate holds, and nothing waits
    // for ever.
    std::int64_t ask(std::uint64_t caller, const Allowance& allowance, std::int64_t now_ms, std::int64_t things = 1);
    std::size_t callers() const;

  private:
    static constexpr std::size_t shards = 16;
    struct Bucket {
        std::int64_t thousandths = 0;  // of a request, left; below 0: owed
        std::int64_t at_ms = 0;
    };
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<std::uint64_t, Bucket> buckets;
    };
    std::size_t shard_max_;
    std::array<Shard, shards> shards_;
};

}  // namespace dropsmith::http
