// Random: one seeded, integer-only generator (xoshiro256** seeded by splitmix64; Blackman & Vigna), passed in and never
// global. The same seed gives the same stream on every machine. One thread per object. Covered by base/random_test.cpp
// (published vectors).
#pragma once

#include <array>
#include <cstdint>

namespace dropsmith {

class Random {
  public:
    explicit Random(std::uint64_t seed);
    Random(std::uint64_t seed, std::uint64_t stream);  // an independent stream of a seed (a planner job, a shopper)

    std::uint64_t next();
    std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound), bound > 0, without modulo bias (Lemire)
    bool chance_ppm(std::uint64_t ppm) { return below(1'000'000) < ppm; }

  private:
    std::array<std::uint64_t, 4> s_;
};

std::uint64_t splitmix64(std::uint64_t& state);

}  // namespace dropsmith
