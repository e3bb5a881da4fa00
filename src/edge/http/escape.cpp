// Escaping for pages. Each function walks its input once; multi-byte UTF-8 passes through, except U+2028 and U+2029 in
// JSON, which older scripts take for line ends. Test: escape_test.cpp, drop_page_test.cpp.
#include "edge/http/escape.h"

#include <array>

namespace dropsmith::http {
namespace {

constexpr char hex_digit(unsigned value) { return "0123456789ABCDEF"[value & 0xFU]; }

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void append_u(std::string& out, unsigned code) {
    out += "\\u00";
    out += hex_digit(code >> 4U);
    out += hex_digit(code);
}

}  // namespace

std::string html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 16);
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '`':
                out += "&#96;";
                break;  // old browsers took it for a quote
            case '=':
                out += "&#61;";
                break;  // so that no attribute can look like one, whatever strips the quotes
            case '\n':
            case '\t':
                out += c;
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
                    out += c;
                }
        }
    }
    return out;
}

std::string json(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool separator = byte == 0xE2 && at + 2 < text.size() && text[at + 1] == '\x80' &&
                               (text[at + 2] == '\xA8' || text[at + 2] == '\xA9');
        if (separator) {
            out += text[at + 2] == '\xA8' ? "\\u2028" : "\\u2029";
            at += 2;
        } else if (byte < 0x20 || byte == 0x7F || byte == '<' || byte == '>' || byte == '&' || byte == '\'' ||
                   byte == '"' || byte == '\\') {
            append_u(out, byte);
        } else {
            out += text[at];
        }
    }
    return out;
}

std::string url_segment(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += hex_digit(byte >> 4U);
            out += hex_digit(byte);
        }
    }
    // "." and ".." are unreserved, and yet a browser would walk up: they may not be a whole segment.
    return out == "." ? "%2E" : out == ".." ? "%2E%2E" : out;
}

std::string safe_url(std::string_view text) {
    constexpr std::array<std::string_view, 2> schemes{"https://", "http://"};
    for (const char c : text) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\' || c == '<' || c == '>' || c == '"' ||
            c == '\'' || c == '`') {
            return {};
        }
    }
    const bool local = text.starts_with('/') && !text.starts_with("//");
    bool absolute = false;
    for (const std::string_view scheme : schemes) {
        absolute = absolute || (text.starts_with(scheme) && text.size() > scheme.size());
    }
    return local || absolute ? std::string(text) : std::string();
}

}  // namespace dropsmith::http
