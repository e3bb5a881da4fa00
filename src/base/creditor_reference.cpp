// See the header. Covered by base/creditor_reference_test.cpp.
#include "base/creditor_reference.h"

#include "base/text.h"

#include <algorithm>

namespace dropsmith {
namespace {

constexpr std::size_t digits_min = 8, digits_max = 12;

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

// ISO 7064 mod 97-10 over digits and letters (A = 10 ...), the first four characters taken last; 1 = right.
std::uint32_t mod_97(std::string_view text) {
    std::uint32_t rest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[(i + 4) % text.size()];
        rest = is_digit(c) ? (rest * 10 + static_cast<std::uint32_t>(c - '0')) % 97
                           : (rest * 100 + static_cast<std::uint32_t>(c - 'A') + 10) % 97;
    }
    return rest;
}

}  // namespace

std::string creditor_reference(std::uint64_t number) {
    auto digits = std::to_string(number);
    if (digits.size() < digits_min) digits.insert(0, digits_min - digits.size(), '0');
    const auto check = 98 - mod_97("RF00" + digits);
    return std::string("RF") + static_cast<char>('0' + check / 10) + static_cast<char>('0' + check % 10) + digits;
}

std::string grouped_by_four(std::string_view reference) {
    std::string out;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        if (i != 0 && i % 4 == 0) out += ' ';
        out += reference[i];
    }
    return out;
}

std::optional<FoundReference> find_creditor_reference(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        if (is_digit(upper) || is_letter(upper)) plain += upper;
        else if (c != ' ' && c != '-' && c != '\t') plain += '.';
    }
    for (auto at = plain.find("RF"); at != std::string::npos; at = plain.find("RF", at + 1)) {
        std::size_t digits = 0;  // after RF: the check digits and ours
        while (at + 2 + digits < plain.size() && is_digit(plain[at + 2 + digits])) ++digits;
        // A number that follows ours in the text may touch it once the spaces are gone: the shortest that checks.
        for (auto n = digits_min; n + 2 <= digits && n <= digits_max; ++n) {
            if (n > digits_min && plain[at + 4] == '0') break;  // no zero leads a longer one
            const auto candidate = plain.substr(at, 4 + n);
            if (mod_97(candidate) != 1) continue;
            std::uint64_t number = 0;
            for (const char c : std::string_view(candidate).substr(4))
                number = number * 10 + static_cast<std::uint64_t>(c - '0');
            return FoundReference{candidate, number};
        }
    }
    return std::nullopt;
}

bool valid_iban(std::string_view iban) {
    if (iban.size() < 15 || iban.size() > 34) return false;
    if (!std::all_of(iban.begin(), iban.end(), [](char c) { return is_digit(c) || is_letter(c); })) return false;
    return is_letter(iban[0]) && is_letter(iban[1]) && is_digit(iban[2]) && is_digit(iban[3]) && mod_97(iban) == 1;
}

}  // namespace dropsmith
