// Covered by edge/http/words_test.cpp.
#include "edge/http/query.h"

#include "base/text.h"

namespace dropsmith::http {
namespace {

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    bool plain = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = nibble(text[i + 1]), low = nibble(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
            plain = false;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0') return std::nullopt;
        if (static_cast<unsigned char>(c) >= 0x80) plain = false;
        out.push_back(c);
    }
    if (!plain && !valid_utf8(out)) return std::nullopt;
    return out;
}

Query Query::parse(std::string_view raw, std::string& error) {
    Query query;
    error.clear();
    while (!raw.empty()) {
        const auto amp = raw.find('&');
        const auto part = raw.substr(0, amp);
        raw = amp == std::string_view::npos ? std::string_view{} : raw.substr(amp + 1);
        if (part.empty()) continue;
        const auto equals = part.find('=');
        auto name = percent_decode(part.substr(0, equals), true);
        auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                      : percent_decode(part.substr(equals + 1), true);
        if (!name || !value) {
            error = "the query string is not valid percent-encoded UTF-8";
            return query;
        }
        if (query.find(*name)) {
            error = "the query parameter " + *name + " stands twice";
            return query;
        }
        query.pairs_.emplace_back(std::move(*name), std::move(*value));
    }
    return query;
}

const std::string* Query::find(std::string_view name) const {
    for (const auto& [key, value] : pairs_)
        if (key == name) return &value;
    return nullptr;
}

std::string Query::get(std::string_view name) const {
    const auto* value = find(name);
    return value ? *value : std::string{};
}

}  // namespace dropsmith::http
