// Runs of octets looked at eight at a time: heads and bodies are mostly plain letters and spaces. Any thread. Covered
// by edge/http/octet_runs_test.cpp, which looks at them one by one.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace dropsmith::http {

namespace runs {

inline constexpr std::uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;

inline std::uint64_t eight(const char* at) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// The top bit of each octet that is not ' ' to '~'; the others' are clear.
inline std::uint64_t not_graphic(std::uint64_t word) {
    return (word | ~((word | tops) - 0x20 * ones) | ((word & ~tops) + ones)) & tops;
}

// The top bit of the first octet that is `c`, and perhaps of later ones that are not.
inline std::uint64_t first_like(std::uint64_t word, char c) {
    const auto zero = word ^ (static_cast<unsigned char>(c) * ones);
    return (zero - ones) & ~zero & tops;
}

}  // namespace runs

inline bool graphic(std::string_view text) {  // ' ' to '~' only
    const char* at = text.data();
    const char* const end = at + text.size();
    for (; end - at >= 8; at += 8)
        if (runs::not_graphic(runs::eight(at))) return false;
    for (; at != end; ++at)
        if (*at < ' ' || *at > '~') return false;
    return true;
}

// The first octet in [at, end) that is a quote, a backslash, or not ' ' to '~'.
inline const char* end_of_plain(const char* at, const char* end) {
    for (; end - at >= 8; at += 8) {
        const auto word = runs::eight(at);
        const auto stops = runs::not_graphic(word) | runs::first_like(word, '"') | runs::first_like(word, '\\');
        if (stops) return at + __builtin_ctzll(stops) / 8;
    }
    while (at != end && *at >= ' ' && *at <= '~' && *at != '"' && *at != '\\') ++at;
    return at;
}

inline const char* end_of_spaces(const char* at, const char* end) {
    for (; end - at >= 8 && runs::eight(at) == 0x20 * runs::ones; at += 8) {}
    while (at != end && *at == ' ') ++at;
    return at;
}

}  // namespace dropsmith::http
