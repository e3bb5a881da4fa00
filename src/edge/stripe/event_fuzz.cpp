// Whatever arrives at the webhook: header, body and every provider's answer are read without a fault, and no signature
// is right by chance.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "edge/stripe/event.h"
#include "edge/stripe/signature.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dropsmith;
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const auto cut = all.find('\n');
    const auto header = all.substr(0, cut), body = cut == std::string_view::npos ? all : all.substr(cut + 1);
    static const std::vector<std::string> secrets{"whsec_one", "whsec_two"};
    CHECK_BECAUSE(!stripe::check_signature(header, body, secrets, Instant{1'795'305'600'000}), "signed by chance");
    const auto event = stripe::read_event(body);
    CHECK_BECAUSE(!event || !event->id.empty(), "an event without an id");
    return 0;
}
