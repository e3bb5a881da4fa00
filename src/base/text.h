// Text forms of the words: times, decimals, base32, hex, UTF-8. Parsers are exact: what they take, the printers print
// back. Any thread. Covered by base/text_test.cpp, base/text_fuzz.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/numbers.h"

namespace dropsmith {

std::string rfc3339(Instant t);  // 2026-11-21T22:16:21.000Z Years 0000-9999; else the nearest
void append_rfc3339(std::string& out, Instant t);
std::optional<Instant> parse_rfc3339(
    std::string_view text);  // needs an offset; 0 to 3 fractional digits (more are refused)
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
std::optional<std::int64_t> parse_integer(std::string_view text);

// "12.3450" with at most `places` digits after the point, to units of 10^-places. Longer fractions: `rounded` reports
// it and the result is rounded half away from zero; nullopt for anything else that is not a plain decimal.
struct Decimal {
    std::int64_t scaled = 0;
    bool rounded = false;
};
std::optional<Decimal> parse_decimal(std::string_view text, int places);
std::string format_decimal(std::int64_t scaled, int places);

int currency_places(std::string_view iso4217);  // -1 for a code that we do not know
bool known_currency(std::string_view iso4217);
std::string format_money(Money amount, std::string_view currency);  // "29.90 GBP", for people and logs

std::string base32(std::string_view bytes);  // Crockford, lower case
std::optional<std::string> parse_base32(std::string_view text);
std::string hex(std::string_view bytes);
std::optional<std::string> parse_hex(std::string_view text);
bool valid_utf8(std::string_view text);
std::string_view trim(std::string_view text);

}  // namespace dropsmith
