// Any bytes as a stored batch: refused with a fault, or read and written back to the same bytes.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "engine/batch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dropsmith;
    using namespace dropsmith::engine;
    if (size < 2) return 0;
    // The row around it: small numbers, so that the header can fit it.
    const StoredBatch stored{data[0], static_cast<std::uint64_t>(data[0]) + data[1] % 8,
                             Bytes(reinterpret_cast<const char*>(data) + 2, size - 2)};
    const auto batch = decode_batch(stored);
    if (batch.ok()) CHECK_BECAUSE(encode_batch(*batch).bytes == stored.bytes, "two forms of one batch");
    return 0;
}
