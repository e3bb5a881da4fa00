// Fills any described object from bytes, so that one test covers every fact and request struct there is: its codecs
// must take back what they wrote. Values lean to the edges (0, limits, empty, none). Test code only. Covered by
// base/fuzz_test.cpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/type.h"

namespace dropsmith {

// Bytes as a source of decisions; when they are used up it answers 0 for ever.
class FuzzBytes {
  public:
    explicit FuzzBytes(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t take(std::size_t width);  // little-endian, at most 8 bytes
    std::uint64_t below(std::uint64_t bound) { return take(2) % bound; }
    bool empty() const { return bytes_.empty(); }
    std::string_view rest() const { return bytes_; }

  private:
    std::string_view bytes_;
};

struct FuzzOptions {
    bool json = false;  // only what JSON can say: ids above 0, instants of four-digit years, rates 0…1, whole seconds,
                        // no U+0000
    std::size_t list_max = 4;
};

void fuzz_fill(FuzzBytes& bytes, const Type& type, void* object, FuzzOptions options = {});

}  // namespace dropsmith
