// Id<Tag>: a dense 64-bit counter inside, 0 = none; outside a prefix and base32 of a keyed permutation
// (base/public_id.h), so that no volume leaks. Ids of different nouns do not mix. Covered by base/numbers_test.cpp and
// tests/must_not_compile/.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace dropsmith {

template <class Tag>
struct Id {
    std::uint64_t n = 0;
    constexpr Id() = default;
    constexpr explicit Id(std::uint64_t number) : n(number) {}
    constexpr explicit operator bool() const { return n != 0; }
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace dropsmith

template <class Tag>
struct std::hash<dropsmith::Id<Tag>> {
    std::size_t operator()(dropsmith::Id<Tag> id) const noexcept { return id.n * 0x9E3779B97F4A7C15u; }
};
