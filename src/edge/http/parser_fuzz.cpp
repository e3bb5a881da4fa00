// Any bytes, and any cut of them into reads: whether the plain reader comes first or the grammar reads everything, the
// same requests are taken, the same octets used, the same refusals given. Two octets say where the cut is; of the
// rest, those from 128 on may stand for whole pieces of requests, so that the first seconds already get past the
// request line.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "edge/http/parser.h"

namespace {

using namespace dropsmith::http;

constexpr auto pieces = std::to_array<std::string_view>({
    "GET ", "POST ", "PATCH ", "/v1/holds", "/v1/drops/x?after=1", "/", " HTTP/1.1\r\n", " HTTP/1.0\r\n",
    "Host: shop\r\n",
    "host:[::1]:80\r\n", "Content-Length: 4\r\n", "content-length:0\r\n", "Content-Length: 18446744073709551617\r\n",
    "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Idempotency-Key: k-1\r\n",
    "Idempotency-Key:\r\n", "Content-Type: application/json\r\n", "Connection: close\r\n", "Expect: 100-continue\r\n",
    "Accept: */*\r\n", "X-Forwarded-For: 1.2.3.4, ::1\r\n", "Authorization: Bearer t\r\n", "Cookie: a=b; c=d\r\n",
    "\r\n", "\r\n\r\n", "\n", " \r\n folded\r\n", "{  }", "3\r\nabc\r\n", "0\r\n\r\n", "ffffffffffffffff\r\n", ":",
    ": ",
});

// An input whose first octet is odd is not spelt out: any octets at all can come.
std::string spelt(std::string_view raw) {
    std::string out;
    for (const char c : raw) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet >= 128 && octet - 128u < pieces.size())
            out += pieces[octet - 128u];
        else
            out += c;
    }
    return out;
}

// What a connection would see of these bytes when they come in two reads.
std::string seen(std::string_view bytes, std::size_t cut, bool short_way) {
    Parser parser(short_way);
    std::string in(bytes.substr(0, cut)), out;
    bool all = false;
    for (int requests = 0; requests < 8;) {
        std::size_t consumed = 0;
        const auto step = parser.feed(in, consumed);
        CHECK_BECAUSE(consumed <= in.size(), "more was used than was there");
        in.erase(0, consumed);
        if (step == Parser::Step::bad) return out + "bad " + std::to_string(parser.error_status());
        if (step == Parser::Step::need_more) {
            if (all) return out + "more";
            all = true;
            in += bytes.substr(cut);
            continue;
        }
        out += parser.keep_alive() ? "kept " : "last ";
        const auto request = parser.take();
        for (const auto* text :
             {&request.method, &request.path, &request.query, &request.authorization, &request.idempotency_key,
              &request.if_match, &request.content_type, &request.accept, &request.cookie, &request.last_event_id,
              &request.host, &request.origin, &request.fetch_site, &request.buyer_secret, &request.if_none_match,
              &request.accept_encoding, &request.body, &request.forwarded_for, &request.forwarded_proto,
              &request.forwarded_host})
            out += std::to_string(text->size()) + ":" + *text + ",";
        out += request.empty_key ? "empty key;" : ";";
        ++requests;
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view raw(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::string bytes = data[0] & 1 ? std::string(raw) : spelt(raw);
    const std::size_t cut = (data[0] >> 1 | std::size_t{data[1]} << 7) % (bytes.size() + 1);
    CHECK_BECAUSE(seen(bytes, cut, true) == seen(bytes, cut, false), "two readers, two readings");
    return 0;
}
