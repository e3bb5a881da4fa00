// Text forms of the words, but for times and currencies (text_time.cpp, text_money.cpp).
// Any thread. Covered by base/text_test.cpp, base/text_fuzz.cpp.
#include "base/text.h"

#include <array>
#include <charconv>
#include <cstring>

namespace dropsmith {

namespace {

constexpr std::string_view base32_letters = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford's: no i, l, o, u
constexpr std::string_view hex_letters = "0123456789abcdef";

constexpr std::array<std::int8_t, 256> values_of(std::string_view letters) {
    std::array<std::int8_t, 256> out{};
    out.fill(-1);
    for (std::size_t i = 0; i < letters.size(); ++i)
        out[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
    return out;
}
constexpr auto base32_values = values_of(base32_letters);
constexpr auto hex_values = values_of(hex_letters);


}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || (digits[0] == '0' && text.size() > 1)) return std::nullopt;  // 007 and -0 do not print back
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

std::optional<Decimal> parse_decimal(std::string_view text, int places) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    // Digits are gathered as a negative number, so that the lowest 64-bit value is reached too.
    std::int64_t n = 0;
    const auto push = [&n](int digit) {
        return !__builtin_mul_overflow(n, 10, &n) && !__builtin_sub_overflow(n, digit, &n);
    };
    std::size_t i = 0;
    for (; i < text.size() && is_digit(text[i]); ++i)
        if (!push(text[i] - '0')) return std::nullopt;
    if (i == 0) return std::nullopt;
    int taken = 0;
    Decimal out;
    if (i < text.size()) {
        if (text[i] != '.' || i + 1 == text.size()) return std::nullopt;
        bool up = false;
        int beyond = 0;
        for (++i; i < text.size(); ++i) {
            if (!is_digit(text[i])) return std::nullopt;
            if (taken < places) {
                if (!push(text[i] - '0')) return std::nullopt;
                ++taken;
            } else {
                if (beyond++ == 0) up = text[i] >= '5';
                out.rounded = out.rounded || text[i] != '0';
            }
        }
        for (; taken < places; ++taken)
            if (!push(0)) return std::nullopt;
        if (up && __builtin_sub_overflow(n, 1, &n)) return std::nullopt;
    } else {
        for (; taken < places; ++taken)
            if (!push(0)) return std::nullopt;
    }
    if (!negative && __builtin_sub_overflow(0, n, &n)) return std::nullopt;
    out.scaled = n;
    return out;
}

std::string format_decimal(std::int64_t scaled, int places) {
    auto magnitude = static_cast<std::uint64_t>(scaled);
    if (scaled < 0) magnitude = 0 - magnitude;
    std::string digits = std::to_string(magnitude);
    const auto wanted = static_cast<std::size_t>(places) + 1;
    if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
    if (places > 0) digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
    if (scaled < 0) digits.insert(0, 1, '-');
    return digits;
}

std::string base32(std::string_view bytes) {
    std::string out((bytes.size() * 8 + 4) / 5, '\0');
    char* to = out.data();
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : bytes) {
        held = held << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) *to++ = base32_letters[held >> (bits - 5) & 31];
    }
    if (bits > 0) *to = base32_letters[held << (5 - bits) & 31];
    return out;
}

std::optional<std::string> parse_base32(std::string_view text) {
    std::string out;
    out.reserve(text.size() * 5 / 8);
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = base32_values[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        held = held << 5 | static_cast<std::uint32_t>(value);
        bits += 5;
        if (bits >= 8) {
            out += static_cast<char>(held >> (bits - 8));
            bits -= 8;
        }
    }
    const bool spare_letter = bits >= 5;
    const bool spare_bits_set = (held & ((1u << bits) - 1)) != 0;
    if (spare_letter || spare_bits_set) return std::nullopt;
    return out;
}

std::string hex(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += hex_letters[static_cast<unsigned char>(c) >> 4];
        out += hex_letters[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::optional<std::string> parse_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_values[static_cast<unsigned char>(text[i])];
        const int low = hex_values[static_cast<unsigned char>(text[i + 1])];
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

bool valid_utf8(std::string_view text) {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = p + text.size();
    while (p < end) {
        if (end - p >= 8) {  // eight letters of ASCII at a time
            std::uint64_t word;
            std::memcpy(&word, p, 8);
            if ((word & 0x8080808080808080u) == 0) {
                p += 8;
                continue;
            }
        }
        const unsigned lead = *p++;
        if (lead < 0x80) continue;
        int more = 0;
        unsigned low = 0x80,
                 high = 0xBF;  // of the second byte: neither overlong forms, nor surrogates, nor beyond U+10FFFF
        if (lead >= 0xC2 && lead <= 0xDF)
            more = 1;
        else if (lead >= 0xE0 && lead <= 0xEF)
            more = 2, low = lead == 0xE0 ? 0xA0 : 0x80, high = lead == 0xED ? 0x9F : 0xBF;
        else if (lead >= 0xF0 && lead <= 0xF4)
            more = 3, low = lead == 0xF0 ? 0x90 : 0x80, high = lead == 0xF4 ? 0x8F : 0xBF;
        else
            return false;
        for (; more > 0; --more, low = 0x80, high = 0xBF) {
            if (p == end || *p < low || *p > high) return false;
            ++p;
        }
    }
    return true;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace dropsmith
