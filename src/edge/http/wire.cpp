// Covered by edge/http/words_test.cpp.
#include "edge/http/wire.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace dropsmith::http {
namespace {

// What every reply says, whatever it is: no sniffing, no framing, no referrer, no script that is not ours.
constexpr std::string_view always =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Frame-Options: DENY\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";
constexpr std::string_view document_policy =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'\r\n";
constexpr std::string_view page_policy =
    "Content-Security-Policy: default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(self), microphone=(), geolocation=(self)\r\n";

// A value can never begin a field of its own.
void field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    constexpr std::string_view breaks("\r\n\0", 3);
    if (value.find_first_of(breaks) == std::string_view::npos) {
        out.append(value);
    } else {
        for (const char c : value)
            if (breaks.find(c) == std::string_view::npos) out.push_back(c);
    }
    out.append("\r\n");
}

void number(std::string& out, std::size_t n) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
    out.append(digits, end);
}

// All answers of a batch or turn bear the same time: written once.
const std::string& shown_time(Instant at) {
    thread_local Instant last{-1};
    thread_local std::string text;
    if (last != at) last = at, text = rfc3339(at);
    return text;
}

bool has(const Reply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers)
        if (key == name) return true;
    return false;
}

}  // namespace

std::string_view reason(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Status";
    }
}

// The first lines of the few kinds of reply that there are: written once for each on a thread.
static const std::string& first_lines(int status, std::string_view type) {
    struct Known {
        int status = 0;
        std::string type, lines;
    };
    thread_local std::array<Known, 17> all;
    auto& known = all[static_cast<std::size_t>(status) % all.size()];
    if (known.status != status || known.type != type) {
        known = {status, std::string(type), "HTTP/1.1 "};
        number(known.lines, static_cast<std::size_t>(status));
        known.lines.append(" ").append(reason(status)).append("\r\n");
        if (!type.empty()) field(known.lines, "Content-Type", type);
    }
    return known.lines;
}

void write_reply(std::string& out, const Reply& reply, bool keep_alive, bool without_body, bool endless) {
    const std::string_view type = reply.content_type;
    out.reserve(out.size() + reply.body.size() + 640);
    out.append(first_lines(reply.status, type));
    const bool bodiless = reply.status == 204 || reply.status == 304;
    if (!endless && !bodiless) {
        out.append("Content-Length: ");
        number(out, reply.body.size());
        out.append("\r\n");
    }
    if (!keep_alive || endless) out.append("Connection: close\r\n");
    for (const auto& [name, value] : reply.headers) field(out, name, value);
    if (!has(reply, "Cache-Control")) out.append("Cache-Control: no-store\r\n");
    if (reply.shop_time.ms) out.append("Shop-Time: ").append(shown_time(reply.shop_time)).append("\r\n");
    out.append(always);
    out.append(type.starts_with("text/html") ? page_policy : document_policy);
    out.append("\r\n");
    if (!bodiless && !without_body) out.append(reply.body);
}

}  // namespace dropsmith::http
