// The measured words: Money, Quantity, Rate, Duration, Instant. Strong types that do not mix; arithmetic is checked.
// Units stand in the type: money in ISO 4217 minor units of the shop's one currency, quantity in whole units, rates in
// parts per million, time in milliseconds (Instant: since 1970-01-01T00:00:00Z, UTC, no leap seconds). Overflow of an
// operator is a bug (CHECK): whoever takes numbers from outside bounds them first (base/limits.h) or uses try_*.
// Covered by base/numbers_test.cpp and tests/must_not_compile/.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "base/check.h"

namespace dropsmith {

inline std::optional<std::int64_t> try_add(std::int64_t a, std::int64_t b) {
    std::int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? std::nullopt : std::optional(sum);
}
inline std::optional<std::int64_t> try_sub(std::int64_t a, std::int64_t b) {
    std::int64_t difference;
    return __builtin_sub_overflow(a, b, &difference) ? std::nullopt : std::optional(difference);
}
inline std::optional<std::int64_t> try_mul(std::int64_t a, std::int64_t b) {
    std::int64_t product;
    return __builtin_mul_overflow(a, b, &product) ? std::nullopt : std::optional(product);
}
inline std::int64_t checked(std::optional<std::int64_t> n) {
    CHECK_BECAUSE(n.has_value(), "a number left the range of 64 bits");
    return *n;
}

// a * b / c with a 128-bit product, rounded half away from zero; c > 0. nullopt when the result leaves 64 bits.
std::optional<std::int64_t> try_mul_div_round(std::int64_t a, std::int64_t b, std::int64_t c);
// The same, rounded towards minus infinity (floor) or plus infinity (ceil).
std::optional<std::int64_t> try_mul_div_floor(std::int64_t a, std::int64_t b, std::int64_t c);
std::optional<std::int64_t> try_mul_div_ceil(std::int64_t a, std::int64_t b, std::int64_t c);

// What the additive words share: n is the count of units; the tag keeps them apart.
template <class Self>
struct Additive {
    std::int64_t n = 0;
    friend Self operator+(Self a, Self b) { return Self{checked(try_add(a.n, b.n))}; }
    friend Self operator-(Self a, Self b) { return Self{checked(try_sub(a.n, b.n))}; }
    friend Self operator-(Self a) { return Self{checked(try_sub(0, a.n))}; }
    friend Self& operator+=(Self& a, Self b) { return a = a + b; }
    friend Self& operator-=(Self& a, Self b) { return a = a - b; }
    friend constexpr bool operator==(Self a, Self b) { return a.n == b.n; }
    friend constexpr auto operator<=>(Self a, Self b) { return a.n <=> b.n; }
};

struct Money : Additive<Money> {  // minor units
    constexpr Money() = default;
    constexpr explicit Money(std::int64_t minor) : Additive{minor} {}
};
struct Quantity : Additive<Quantity> {  // whole units
    constexpr Quantity() = default;
    constexpr explicit Quantity(std::int64_t units) : Additive{units} {}
};
struct Rate : Additive<Rate> {  // parts per million: 1'000'000 is the whole
    constexpr Rate() = default;
    constexpr explicit Rate(std::int64_t ppm) : Additive{ppm} {}
};
struct Duration : Additive<Duration> {  // milliseconds
    constexpr Duration() = default;
    constexpr explicit Duration(std::int64_t ms) : Additive{ms} {}
};
constexpr Duration seconds(std::int64_t s) { return Duration{s * 1000}; }
constexpr Duration minutes(std::int64_t m) { return seconds(m * 60); }
constexpr Duration hours(std::int64_t h) { return minutes(h * 60); }
constexpr Duration days(std::int64_t d) { return hours(d * 24); }
constexpr std::int64_t hour_ms = hours(1).n, day_ms = days(1).n;
constexpr Rate whole{1'000'000};

inline Money operator*(Money price, Quantity units) { return Money{checked(try_mul(price.n, units.n))}; }
inline Duration operator*(Duration d, std::int64_t times) { return Duration{checked(try_mul(d.n, times))}; }

struct Instant {  // milliseconds since the Unix epoch, UTC
    std::int64_t ms = 0;
    constexpr Instant() = default;
    constexpr explicit Instant(std::int64_t since_epoch_ms) : ms(since_epoch_ms) {}
    friend Instant operator+(Instant t, Duration d) { return Instant{checked(try_add(t.ms, d.n))}; }
    friend Instant operator-(Instant t, Duration d) { return Instant{checked(try_sub(t.ms, d.n))}; }
    friend Duration operator-(Instant a, Instant b) { return Duration{checked(try_sub(a.ms, b.ms))}; }
    friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
};

// share of an amount, rounded half away from zero: 20 % of 1.05 is 0.21.
Money share_of(Money amount, Rate rate);
Quantity share_of(Quantity units, Rate rate);  // rounded down: a share never promises a part of a unit

}  // namespace dropsmith
