// See the header. Covered by edge/http/parser_test.cpp.
#include "edge/http/plain_request.h"

#include <array>

#include "edge/http/octet_runs.h"

namespace dropsmith::http {
namespace {

constexpr std::size_t head_max = 2'048;
constexpr std::size_t body_max = 32 << 10;

// Both of one length; `lower` has lower-case letters and '-' only, so setting the bit that makes letters small makes
// nothing else alike but a carriage return, which no line has in it.
bool same_word(std::string_view asked, std::string_view lower) {
    constexpr std::uint64_t small = 0x20 * runs::ones;
    const auto n = lower.size();
    if (n < 8) {
        for (std::size_t i = 0; i < n; ++i)
            if ((asked[i] | 0x20) != lower[i]) return false;
        return true;
    }
    for (std::size_t i = 0; i + 8 <= n; i += 8)
        if ((runs::eight(asked.data() + i) | small) != runs::eight(lower.data() + i)) return false;
    return (runs::eight(asked.data() + n - 8) | small) == runs::eight(lower.data() + n - 8);
}

enum Name : unsigned { host, length, type, key, accept, accept_encoding, agent, names };
constexpr std::array<std::string_view, names> header_words{
    "host", "content-length", "content-type", "idempotency-key", "accept", "accept-encoding", "user-agent"};

// false: another field, or one of these for the second time.
bool take_field(std::string_view line, unsigned& seen, Request& out, std::size_t& body) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    auto value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
    unsigned name = 0;
    while (name < names && (header_words[name].size() != colon || !same_word(line, header_words[name]))) ++name;
    if (name == names || (seen >> name & 1) || value.empty() || !graphic(value)) return false;
    seen |= 1u << name;
    switch (name) {
        case host: out.host = value; break;
        case type: out.content_type = value; break;
        case key: out.idempotency_key = value; break;
        case accept: out.accept = value; break;
        case accept_encoding: out.accept_encoding = value; break;
        case length:
            if (value.size() > 5) return false;
            for (const char c : value) {
                if (c < '0' || c > '9') return false;
                body = body * 10 + static_cast<std::size_t>(c - '0');
            }
            break;
        default: break;
    }
    return true;
}

bool take_first_line(std::string_view line, Request& out) {
    constexpr std::string_view version = " HTTP/1.1";
    const std::string_view method = line.starts_with("POST /") ? "POST" : line.starts_with("GET /") ? "GET" : "";
    if (method.empty() || !line.ends_with(version) || line.size() <= method.size() + 1 + version.size()) return false;
    const auto path = line.substr(method.size() + 1, line.size() - method.size() - 1 - version.size());
    if (path.empty()) return false;
    for (const char c : path)
        if (c <= ' ' || c > '~' || c == '%' || c == '?' || c == '#') return false;
    out.method = method, out.path = path;
    return true;
}

}  // namespace

std::size_t read_plain(std::string_view in, Request& out) {
    unsigned seen = 0;
    std::size_t body = 0, at = 0;
    for (bool first = true;; first = false) {
        const auto end = in.substr(0, head_max).find('\r', at);
        if (end == std::string_view::npos || end + 1 >= in.size() || in[end + 1] != '\n') return 0;
        const auto line = in.substr(at, end - at);
        at = end + 2;
        if (line.empty() && !first) break;
        if (first ? !take_first_line(line, out) : !take_field(line, seen, out, body)) return 0;
    }
    if (!(seen >> host & 1) || body > body_max || in.size() - at < body) return 0;
    if (out.method == "GET" && (seen >> length & 1)) return 0;
    out.body.assign(in, at, body);
    return at + body;
}

}  // namespace dropsmith::http
