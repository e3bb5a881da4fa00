// BLAKE2b-256 by libsodium's generichash. Any thread, one object per stream. Covered by base/digest_test.cpp.
#include "base/digest.h"

#include <sodium.h>

#include "base/cbor.h"
#include "base/check.h"
#include "base/text.h"

namespace dropsmith {

namespace {

const unsigned char* plain(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// libsodium picks the fastest code for this processor once; sodium_init may be called from any thread, any number of
// times.
void prepare() {
    static const bool ready = sodium_init() >= 0;
    CHECK_BECAUSE(ready, "libsodium could not start: no source of randomness?");
}

}  // namespace

static_assert(sizeof(crypto_generichash_state) <= 384 && alignof(crypto_generichash_state) <= 64,
              "the room that digest.h keeps for libsodium's state");

Blake2b::Blake2b(std::string_view key) {
    prepare();
    CHECK_BECAUSE(key.size() <= crypto_generichash_KEYBYTES_MAX, "a key has at most 64 bytes");
    auto* state = reinterpret_cast<crypto_generichash_state*>(state_.data());
    crypto_generichash_init(state, key.empty() ? nullptr : plain(key), key.size(), Digest256{}.size());
}

Blake2b& Blake2b::add(std::string_view bytes) {
    crypto_generichash_update(reinterpret_cast<crypto_generichash_state*>(state_.data()), plain(bytes), bytes.size());
    return *this;
}

Blake2b& Blake2b::add(AnyRef value) {
    static thread_local Bytes encoded;
    encoded.clear();
    encode_cbor(encoded, value);
    return add(encoded);
}

Digest256 Blake2b::finish() {
    Digest256 out;
    crypto_generichash_final(reinterpret_cast<crypto_generichash_state*>(state_.data()), out.data(), out.size());
    return out;
}

Digest256 blake2b(std::string_view bytes, std::string_view key) {
    prepare();
    CHECK_BECAUSE(key.size() <= crypto_generichash_KEYBYTES_MAX, "a key has at most 64 bytes");
    Digest256 out;
    crypto_generichash(out.data(), out.size(), plain(bytes), bytes.size(), key.empty() ? nullptr : plain(key),
                       key.size());
    return out;
}

std::string hex(const Digest256& digest) {
    return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::uint64_t first_64(const Digest256& digest) {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < 8; ++i) n = n << 8 | digest[i];
    return n;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace dropsmith
