// What decode_cbor takes is what encode_cbor writes, to the byte; and what is written is read. Any bytes, no crash.
#include "base/cbor.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/describe.h"
#include "base/fuzz.h"
#include "base/sample_testing.h"

namespace dropsmith {
using namespace sample;
DROPSMITH_TYPES(Part, Everything)
}  // namespace dropsmith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dropsmith;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const Type& type = type_of<sample::Everything>();
    ByteView rest = input;
    sample::Everything taken;
    if (decode_cbor(rest, type, &taken)) {
        Bytes again;
        encode_cbor(again, {&type, &taken});
        CHECK_BECAUSE(again == input.substr(0, size - rest.size()), "decode took what encode would not have written");
    }
    FuzzBytes bytes(input);
    sample::Everything made;
    fuzz_fill(bytes, type, &made);
    Bytes written;
    encode_cbor(written, {&type, &made});
    ByteView in = written;
    CHECK(decode_cbor(in, type, &taken) && in.empty());
    Bytes rewritten;
    encode_cbor(rewritten, {&type, &taken});
    CHECK(rewritten == written);
    return 0;
}
