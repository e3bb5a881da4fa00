// PublicIds: the outside form of an id: prefix + "_" + 13 letters base32 of a keyed permutation (a 4-round Feistel
// network of SipHash-2-4 under keys derived by BLAKE2b), so that neither volume nor neighbours leak; and secrets =
// HChaCha20 of (prefix, id) under a key of 256 bits derived from the shop key. 0 is nobody's id: read never answers it.
// Immutable after construction; any thread. Covered by base/public_id_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"

namespace dropsmith {

class PublicIds {
  public:
    explicit PublicIds(std::string_view shop_key);  // at least 32 bytes of secret

    std::string show(std::string_view prefix, std::uint64_t n) const;
    void show_to(std::string& out, std::string_view prefix, std::uint64_t n) const;  // appends
    std::optional<std::uint64_t> read(std::string_view prefix, std::string_view shown) const;
    std::string secret(std::string_view prefix, std::uint64_t n) const;  // 26 letters base32 = 130 bits
    void secret_to(std::string& out, std::string_view prefix, std::uint64_t n) const;  // appends
    bool secret_matches(std::string_view prefix, std::uint64_t n, std::string_view given) const;  // constant time

    template <class Tag>
    std::string show(Id<Tag> id) const {
        return show(Tag::prefix, id.n);
    }
    template <class Tag>
    std::optional<Id<Tag>> read(std::string_view shown) const {
        auto n = read(Tag::prefix, shown);
        return n ? std::optional(Id<Tag>{*n}) : std::nullopt;
    }

  private:
    std::uint64_t permute(std::uint64_t n, std::string_view prefix, bool forward) const;
    const std::uint64_t serial_;  // of this object: what a thread remembers of another is not this one's
    using RoundKey = std::array<unsigned char, 16>;
    std::array<RoundKey, 4> round_keys_{};
    std::array<unsigned char, 32> secret_key_{};
};

}  // namespace dropsmith
