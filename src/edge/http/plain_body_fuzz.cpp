// Bodies of holds, quotes and batches from any bytes: what the plain reader takes, parse_json takes, to the same value,
// and its short CBOR is that of the field table. Octets from 128 on stand for pieces of such bodies.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/cbor.h"
#include "base/check.h"
#include "base/json.h"
#include "edge/http/plain_body.h"

namespace {

using namespace dropsmith;
using namespace dropsmith::http;

constexpr auto pieces = std::to_array<std::string_view>({
    "{", "}", "[", "]", ",", ":", " ", "1", "0", "-1", "1.0", "1e3", "9223372036854775808", "null",
    R"("drop":)", R"("channel":)", R"("lines":)", R"("sku":)", R"("units":)", R"("session":)", R"("holds":)",
    R"("key":)", R"("web")", R"("drop_1")", R"("A")", R"({"sku":"A","units":1})",
    R"("lines":[{"sku":"A","units":1}])", R"("drop":"d","channel":"web",)", R"(\u0041)", "\xc3\xa9", "\xff",
});

template <class Body>
std::string cbor_of(const Body& body) {
    Bytes out;
    encode_cbor(out, {&type_of<Body>(), &body});
    return out;
}

template <class Body>
void judge(std::string_view json) {
    Body plain;
    if (!read_plain(json, plain)) return;
    const auto judged = parse_json<Body>(json, {nullptr, "GBP"});
    CHECK_BECAUSE(judged.ok(), "the plain reader took what the judge refuses");
    CHECK_BECAUSE(cbor_of(plain) == cbor_of(*judged), "two readers, two readings");
    if constexpr (std::is_same_v<Body, HoldBody>) {
        const auto cbor = plain_cbor(plain);
        CHECK_BECAUSE(cbor.empty() || cbor == cbor_of(plain), "two codings of one body");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string json;
    for (std::size_t i = 0; i < size; ++i) {
        if (data[i] >= 128 && data[i] - 128u < pieces.size())
            json += pieces[data[i] - 128u];
        else
            json += static_cast<char>(data[i]);
    }
    judge<HoldBody>(json);
    judge<QuoteBody>(json);
    std::vector<KeyedHold> holds;
    std::size_t count = 0;
    if (read_plain(json, holds, count)) CHECK(count <= holds.size());
    return 0;
}
