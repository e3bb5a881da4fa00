// CRC-32 (ISO 3309, as zlib and PNG have it), eight octets a step: tables after Kounavis and Berry, 2005. See the
// header. Covered by edge/sqlite/bit_rot_test.cpp.
#include "edge/sqlite/sums.h"

#include <array>
#include <cstddef>

namespace dropsmith::sqlite {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
    Tables tables{};
    for (std::uint32_t n = 0; n < 256; ++n) {
        std::uint32_t sum = n;
        for (int bit = 0; bit < 8; ++bit) sum = sum & 1 ? 0xEDB88320u ^ sum >> 1 : sum >> 1;
        tables[0][n] = sum;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::size_t n = 0; n < 256; ++n)
            tables[k][n] = tables[k - 1][n] >> 8 ^ tables[0][tables[k - 1][n] & 0xFF];
    return tables;
}
constexpr Tables crc = make_tables();

std::uint32_t with(std::uint64_t n, std::uint32_t before) {
    char octets[8];
    for (int i = 0; i < 8; ++i) octets[i] = static_cast<char>(n >> (8 * i) & 0xFF);
    return sum_of({octets, sizeof octets}, before);
}

}  // namespace

std::uint32_t sum_of(ByteView bytes, std::uint32_t before) {
    std::uint32_t sum = ~before;
    const auto octet = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        const auto low = sum ^ (octet(at) | octet(at + 1) << 8 | octet(at + 2) << 16 | octet(at + 3) << 24);
        sum = crc[7][low & 0xFF] ^ crc[6][low >> 8 & 0xFF] ^ crc[5][low >> 16 & 0xFF] ^ crc[4][low >> 24] ^
              crc[3][octet(at + 4)] ^ crc[2][octet(at + 5)] ^ crc[1][octet(at + 6)] ^ crc[0][octet(at + 7)];
    }
    for (; at < bytes.size(); ++at) sum = crc[0][(sum ^ octet(at)) & 0xFF] ^ sum >> 8;
    return ~sum;
}

std::int64_t sum_of_batch(std::uint64_t first, std::uint64_t last, ByteView bytes) {
    return with(last, with(first, sum_of(bytes)));
}

std::int64_t sum_of_vault(std::string_view kind, ByteView key, ByteView value) {  // sizes: no part runs into the next
    return with(key.size(), with(kind.size(), sum_of(value, sum_of(key, sum_of(kind)))));
}

}  // namespace dropsmith::sqlite
