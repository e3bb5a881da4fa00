// See base/json_words.h. Any thread. Covered by base/json_test.cpp.
#include "base/json_words.h"

#include <charconv>

namespace dropsmith::json_words {

std::string expected(const Type& type, bool in_whole_seconds) {
    switch (type.kind) {
        case Kind::boolean:
            return "true or false";
        case Kind::integer:
            return "a whole number";
        case Kind::natural:
            return "a whole number, 0 or above";
        case Kind::money:
            return R"(money, for example {"amount": 2990, "currency": "GBP"} in minor units)";
        case Kind::quantity:
            return "a whole number of units";
        case Kind::rate:
            return "a share from 0 to 1 with at most 6 decimal places";
        case Kind::duration:
            return in_whole_seconds ? "a whole number of seconds" : "a whole number of milliseconds";
        case Kind::instant:
            return "a time as in RFC 3339 with an offset and at most milliseconds, for example "
                   "2026-11-21T22:16:21.000Z";
        case Kind::id:
            return "an id (" + std::string(type.name) + "_...) that this shop gave";
        case Kind::text:
            return "text";
        case Kind::bytes:
            return "bytes as lower-case hexadecimal text";
        case Kind::choice: {
            std::string out = "one of";
            for (std::size_t i = 0; i < type.words.size(); ++i)
                out.append(i == 0 ? " \"" : ", \"").append(type.words[i]) += '"';
            return out;
        }
        case Kind::list:
            return "a list [...]";
        case Kind::record:
            return "an object {...}";
        case Kind::real:
            return "a number";
        case Kind::optional:
            return expected(*type.element, in_whole_seconds);
    }
    return "something else";
}

std::string without_exponent(std::string_view number) {
    const std::size_t e = number.find_first_of("eE");
    if (e == std::string_view::npos) return std::string(number);
    std::string_view power_text = number.substr(e + 1);
    if (power_text.starts_with('+')) power_text.remove_prefix(1);
    int power = 0;
    const auto [end, error] = std::from_chars(power_text.data(), power_text.data() + power_text.size(), power);
    constexpr int power_max = 40;
    if (error != std::errc{} || end != power_text.data() + power_text.size() || power < -power_max || power > power_max)
        return {};
    std::string digits(number.substr(0, e));
    const bool negative = digits.starts_with('-');
    if (negative) digits.erase(0, 1);
    std::size_t point = digits.find('.');
    if (point == std::string::npos)
        point = digits.size();
    else
        digits.erase(point, 1);
    auto at = static_cast<std::ptrdiff_t>(point) + power;  // where the point goes, counted in digits
    if (at <= 0) {
        digits.insert(0, static_cast<std::size_t>(1 - at), '0');
        at = 1;
    }
    if (static_cast<std::size_t>(at) > digits.size()) digits.append(static_cast<std::size_t>(at) - digits.size(), '0');
    if (static_cast<std::size_t>(at) < digits.size()) digits.insert(static_cast<std::size_t>(at), 1, '.');
    return negative ? "-" + digits : digits;
}

void append_token(std::string& pointer, std::string_view token) {
    pointer += '/';
    for (const char c : token) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

}  // namespace dropsmith::json_words
