// See the header. Covered by edge/stripe/calls_test.cpp.
#include "edge/stripe/form.h"

namespace dropsmith::stripe {
namespace {

void encode(std::string& out, std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        out += '%';
        out += digits[octet >> 4];
        out += digits[octet & 15];
    }
}

}  // namespace

Form& Form::add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    encode(text_, name);
    text_ += '=';
    encode(text_, value);
    return *this;
}

}  // namespace dropsmith::stripe
