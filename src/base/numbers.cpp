// The few operations of base/numbers.h that need a 128-bit product. Each rounds by the rule in its name and reports
// overflow. Any thread. Covered by base/numbers_test.cpp.
#include "base/numbers.h"

#include <limits>

namespace dropsmith {

namespace {

using Wide = __int128;  // NOLINT: both compilers that we use have it

std::optional<std::int64_t> narrow(Wide n) {
    constexpr Wide low = std::numeric_limits<std::int64_t>::min();
    constexpr Wide high = std::numeric_limits<std::int64_t>::max();
    if (n < low || n > high) return std::nullopt;
    return static_cast<std::int64_t>(n);
}

}  // namespace

std::optional<std::int64_t> try_mul_div_round(std::int64_t a, std::int64_t b, std::int64_t c) {
    CHECK_BECAUSE(c > 0, "the divisor is above zero");
    const Wide product = Wide{a} * b;
    const Wide quotient = product / c;
    const Wide rest = product % c;  // has the sign of the product
    const Wide distance = rest < 0 ? -rest : rest;
    const bool away = distance >= c - distance;
    return narrow(away ? quotient + (product < 0 ? -1 : 1) : quotient);
}

std::optional<std::int64_t> try_mul_div_floor(std::int64_t a, std::int64_t b, std::int64_t c) {
    CHECK_BECAUSE(c > 0, "the divisor is above zero");
    const Wide product = Wide{a} * b;
    return narrow(product / c - (product % c < 0 ? 1 : 0));
}

std::optional<std::int64_t> try_mul_div_ceil(std::int64_t a, std::int64_t b, std::int64_t c) {
    CHECK_BECAUSE(c > 0, "the divisor is above zero");
    const Wide product = Wide{a} * b;
    return narrow(product / c + (product % c > 0 ? 1 : 0));
}

Money share_of(Money amount, Rate rate) { return Money{checked(try_mul_div_round(amount.n, rate.n, whole.n))}; }

Quantity share_of(Quantity units, Rate rate) { return Quantity{checked(try_mul_div_floor(units.n, rate.n, whole.n))}; }

}  // namespace dropsmith
