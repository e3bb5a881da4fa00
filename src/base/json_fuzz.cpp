// What parse_json takes prints to something that it takes again as the same value. Any bytes, no crash.
#include "base/json.h"

#include <cstddef>
#include <cstdint>

#include "base/cbor.h"
#include "base/check.h"
#include "base/describe.h"
#include "base/fuzz.h"
#include "base/public_id.h"
#include "base/sample_testing.h"

namespace dropsmith {
using namespace sample;
DROPSMITH_TYPES(Part, Everything, Relaxed)
}  // namespace dropsmith

namespace {

using namespace dropsmith;

template <class T>
void there_and_back(const T& value, const JsonContext& context) {
    std::string text;
    write_json(text, value, context);
    const auto again = parse_json<T>(text, context);
    CHECK_BECAUSE(again.ok(), "what is printed is read back");
    Bytes one, two;
    encode_cbor(one, {&type_of<T>(), &value});
    encode_cbor(two, {&type_of<T>(), &*again});
    CHECK(one == two);
}

template <class T>
void read(std::string_view text, const JsonContext& context) {
    if (const auto taken = parse_json<T>(text, context)) there_and_back(*taken, context);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const PublicIds ids(std::string(32, 'k'));
    const JsonContext shop{&ids, "GBP"}, plain{nullptr, "GBP"};
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read<sample::Relaxed>(input, plain);
    read<sample::Part>(input, shop);
    sample::Everything everything;
    (void)parse_json(input, type_of<sample::Everything>(), &everything, plain, {.unknown_fields_ok = true});
    FuzzBytes bytes(input);
    sample::Everything made;
    fuzz_fill(bytes, type_of<sample::Everything>(), &made, {.json = true});
    there_and_back(made, shop);
    there_and_back(made, plain);
    return 0;
}
