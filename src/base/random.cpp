// xoshiro256** and splitmix64 as published by Blackman and Vigna (public domain, prng.di.unimi.it), Lemire's bounded
// draw (ACM TOMACS 29/1, 2019). One thread per object. Covered by base/random_test.cpp.
#include "base/random.h"

#include <bit>

#include "base/check.h"

namespace dropsmith {

std::uint64_t splitmix64(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

Random::Random(std::uint64_t seed) {
    for (auto& word : s_) word = splitmix64(seed);
}

Random::Random(std::uint64_t seed, std::uint64_t stream) {
    // Both numbers go through the mixer on their own, so that (1, 2) and (2, 1) have nothing in common.
    std::uint64_t mixed = splitmix64(stream);
    mixed = splitmix64(seed) + (mixed ^ 0xD1B54A32D192ED03u) * 0xD6E8FEB86659FD93u;
    for (auto& word : s_) word = splitmix64(mixed);
}

std::uint64_t Random::next() {
    const std::uint64_t result = std::rotl(s_[1] * 5, 7) * 9;
    const std::uint64_t t = s_[1] << 17;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = std::rotl(s_[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
    CHECK_BECAUSE(bound > 0, "there is no number below zero");
    using Wide = unsigned __int128;
    Wide product = Wide{next()} * bound;
    auto low = static_cast<std::uint64_t>(product);
    if (low < bound) {
        const std::uint64_t threshold = (0 - bound) % bound;
        while (low < threshold) {
            product = Wide{next()} * bound;
            low = static_cast<std::uint64_t>(product);
        }
    }
    return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace dropsmith
