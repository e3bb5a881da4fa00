// BLAKE2b-256 (RFC 7693, libsodium): the journal's chain, the state hash, digests of files and bodies.
// Any thread, one object per stream. Covered by base/digest_test.cpp (RFC vectors).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/type.h"

namespace dropsmith {

using Digest256 = std::array<std::uint8_t, 32>;

class Blake2b {
  public:
    explicit Blake2b(std::string_view key = {});  // key: at most 64 bytes, makes it a MAC
    Blake2b& add(std::string_view bytes);
    Blake2b& add(AnyRef value);  // its CBOR
    Digest256 finish();

  private:
    alignas(64) std::array<unsigned char, 384> state_;
};

Digest256 blake2b(std::string_view bytes, std::string_view key = {});
std::string hex(const Digest256& digest);
std::uint64_t first_64(const Digest256& digest);
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace dropsmith
