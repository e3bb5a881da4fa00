// What a parser of text forms takes, its printer gives back. Any bytes, no crash.
#include "base/text.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/public_id.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dropsmith;
    static const PublicIds ids(std::string(32, 'k'));
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (const auto n = parse_integer(input)) CHECK(std::to_string(*n) == input);
    if (const auto t = parse_rfc3339(input)) CHECK(parse_rfc3339(rfc3339(*t)) == t);
    if (const auto bytes = parse_base32(input)) CHECK(base32(*bytes) == input);
    if (const auto bytes = parse_hex(input)) CHECK(hex(*bytes) == input);
    if (const auto n = ids.read("hold", input)) CHECK(ids.show("hold", *n) == input);
    const int places = size > 0 ? data[0] % 8 : 2;
    if (const auto d = parse_decimal(input, places)) {
        const auto again = parse_decimal(format_decimal(d->scaled, places), places);
        CHECK(again && again->scaled == d->scaled && !again->rounded);
    }
    CHECK(parse_base32(base32(input)) == input && parse_hex(hex(input)) == input);
    CHECK(trim(trim(input)) == trim(input));
    (void)valid_utf8(input);
    return 0;
}
