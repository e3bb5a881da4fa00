// Check sums of stored rows: SQLite keeps none, so a bit that turns on the disk would be served as if it had been
// written. CRC-32 finds every single turned bit; against people there is the journal's hash chain. Pure; any thread.
// Covered by edge/sqlite/bit_rot_test.cpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/cbor.h"

namespace dropsmith::sqlite {

std::int64_t sum_of_batch(std::uint64_t first, std::uint64_t last, ByteView bytes);
std::int64_t sum_of_vault(std::string_view kind, ByteView key, ByteView value);
std::uint32_t sum_of(ByteView bytes, std::uint32_t before = 0);

}  // namespace dropsmith::sqlite
