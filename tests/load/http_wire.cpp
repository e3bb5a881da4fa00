// See http_wire.h.
#include "http_wire.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <string>

namespace dropsmith::load {
namespace {

bool same_letter(char left, char right) {
    return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

std::string_view http_header(std::string_view head, std::string_view name) {
    std::size_t line = head.find("\r\n");
    while (line != std::string_view::npos) {
        const std::string_view rest = head.substr(line + 2);
        const std::size_t end = rest.find("\r\n");
        const std::string_view field = rest.substr(0, end);
        if (field.size() > name.size() && field[name.size()] == ':' &&
            std::equal(name.begin(), name.end(), field.begin(), same_letter)) {
            return trimmed(field.substr(name.size() + 1));
        }
        line = end == std::string_view::npos ? end : line + 2 + end;
    }
    return {};
}

std::size_t http_frame(std::string_view in) {
    constexpr std::size_t kHeadBytesMax = 64 * 1024;
    const std::size_t end = in.find("\r\n\r\n");
    if (end == std::string_view::npos) return in.size() > kHeadBytesMax ? SIZE_MAX : 0;
    const std::string_view head = in.substr(0, end);
    const std::string_view length = http_header(head, "content-length");
    std::size_t body = 0;
    if (!length.empty()) {
        const auto [last, error] = std::from_chars(length.data(), length.data() + length.size(), body);
        if (error != std::errc{} || last != length.data() + length.size() || body > (std::size_t{1} << 30))
            return SIZE_MAX;
    } else if (!http_header(head, "transfer-encoding").empty()) {
        return SIZE_MAX;
    }
    const std::size_t whole = end + 4 + body;
    return in.size() >= whole ? whole : 0;
}

HttpReply http_reply(std::string_view message) {
    HttpReply reply;
    const std::size_t end = message.find("\r\n\r\n");
    if (end == std::string_view::npos || message.size() < 12 || message.substr(0, 7) != "HTTP/1.") return reply;
    std::from_chars(message.data() + 9, message.data() + 12, reply.status);
    reply.head = message.substr(0, end);
    reply.body = message.substr(end + 4);
    return reply;
}

std::string_view json_string(std::string_view json, std::string_view name) {
    const std::string wanted = "\"" + std::string(name) + "\"";
    std::size_t at = json.find(wanted);
    while (at != std::string_view::npos) {
        std::size_t next = at + wanted.size();
        while (next < json.size() && json[next] == ' ') ++next;
        if (next < json.size() && json[next] == ':') {
            ++next;
            while (next < json.size() && json[next] == ' ') ++next;
            if (next < json.size() && json[next] == '"') {
                const std::size_t end = json.find('"', next + 1);
                if (end != std::string_view::npos) return json.substr(next + 1, end - next - 1);
            }
        }
        at = json.find(wanted, at + 1);
    }
    return {};
}

}  // namespace dropsmith::load
