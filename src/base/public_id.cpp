// The outside form of ids. Rounds and secrets come from libsodium: SipHash-2-4 as the round function (a few
// nanoseconds; BLAKE2b would cost a microsecond an id), keyed by BLAKE2b of the shop key. A secret is one block of
// HChaCha20, a pseudorandom function of 128 bits under a key of 256: a third of a keyed BLAKE2b. Any thread. Covered by
// base/public_id_test.cpp.
#include "base/public_id.h"

#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

#include "base/check.h"
#include "base/digest.h"
#include "base/text.h"

namespace dropsmith {

namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford's, lower case
constexpr std::size_t letters = 13;  // of 64 bits: the first carries four, the others five
constexpr std::size_t secret_letters = 26;

constexpr auto values = [] {
    std::array<std::int8_t, 256> all{};
    all.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        all[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return all;
}();

// Two letters at a time: of ten bits.
constexpr auto pairs = [] {
    std::array<std::array<char, 2>, 1'024> all{};
    for (std::size_t bits = 0; bits < all.size(); ++bits) all[bits] = {alphabet[bits >> 5], alphabet[bits & 31]};
    return all;
}();

void put_pair(char* to, std::uint64_t bits) { std::memcpy(to, pairs[bits & 1'023].data(), 2); }

std::uint64_t big_endian_64(const unsigned char* from) {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < 8; ++i) n = n << 8 | from[i];
    return n;
}

// What was shown or read last on this thread, a few of them: the drop of a rush is shown and read with every hold.
struct Known {
    std::uint64_t serial = 0, n = 0, hidden = 0;
    std::array<char, 8> prefix{};
};
constexpr std::size_t known_max = 16;
thread_local std::array<Known, known_max> shown_last, read_last;
std::atomic<std::uint64_t> serials{0};

std::array<char, 8> short_prefix(std::string_view prefix) {  // as permute() takes it
    std::array<char, 8> out{};
    CHECK_BECAUSE(prefix.size() <= out.size(), "a prefix has at most 8 letters: longer ones could be taken for others");
    std::memcpy(out.data(), prefix.data(), prefix.size());
    return out;
}

Digest256 derive(std::string_view shop_key, std::string_view purpose) {
    const Digest256 folded = blake2b(shop_key);  // any length of key becomes 32 bytes
    return blake2b(purpose, {reinterpret_cast<const char*>(folded.data()), folded.size()});
}

}  // namespace

PublicIds::PublicIds(std::string_view shop_key) : serial_(++serials) {
    CHECK_BECAUSE(shop_key.size() >= 32, "the shop key has at least 32 bytes");
    static_assert(crypto_shorthash_KEYBYTES == std::tuple_size_v<RoundKey>);
    for (std::size_t round = 0; round < round_keys_.size(); ++round) {
        const Digest256 key = derive(shop_key, "dropsmith public id, round " + std::to_string(round));
        std::memcpy(round_keys_[round].data(), key.data(), round_keys_[round].size());
    }
    static_assert(crypto_core_hchacha20_KEYBYTES == std::tuple_size_v<Digest256>);
    secret_key_ = derive(shop_key, "dropsmith secret of an id, HChaCha20");
}

// A balanced Feistel network of two 32-bit halves; the prefix is part of what each round mixes, so that hold 7 and
// order 7 have nothing in common.
std::uint64_t PublicIds::permute(std::uint64_t n, std::string_view prefix, bool forward) const {
    static_assert(std::endian::native == std::endian::little);
    std::array<unsigned char, 12> mixed{};  // prefix, then the half
    std::memcpy(mixed.data(), prefix.data(), prefix.size() < 8 ? prefix.size() : 8);
    const auto round_of = [&](std::size_t round, std::uint32_t half) {
        std::memcpy(&mixed[8], &half, sizeof half);
        std::array<unsigned char, crypto_shorthash_BYTES> hash{};
        crypto_shorthash(hash.data(), mixed.data(), mixed.size(), round_keys_[round].data());
        std::uint32_t out = 0;
        std::memcpy(&out, hash.data(), sizeof out);
        return out;
    };
    auto left = static_cast<std::uint32_t>(n >> 32);
    auto right = static_cast<std::uint32_t>(n);
    if (forward) {
        for (std::size_t round = 0; round < round_keys_.size(); ++round) {
            const std::uint32_t next = left ^ round_of(round, right);
            left = right, right = next;
        }
    } else {
        for (std::size_t round = round_keys_.size(); round-- > 0;) {
            const std::uint32_t before = right ^ round_of(round, left);
            right = left, left = before;
        }
    }
    return std::uint64_t{left} << 32 | right;
}

std::string PublicIds::show(std::string_view prefix, std::uint64_t n) const {
    std::string out;
    show_to(out, prefix, n);
    return out;
}

void PublicIds::show_to(std::string& out, std::string_view prefix, std::uint64_t n) const {
    auto& known = shown_last[n % known_max];
    const auto start_of_prefix = short_prefix(prefix);
    if (known.serial != serial_ || known.n != n || known.prefix != start_of_prefix)
        known = {serial_, n, permute(n, prefix, true), start_of_prefix};
    const std::uint64_t hidden = known.hidden;
    std::array<char, 1 + letters> text;
    text[0] = '_', text[1] = alphabet[hidden >> 60];
    for (unsigned pair = 0; pair < 6; ++pair) put_pair(&text[2 + 2 * pair], hidden >> (50 - 10 * pair));
    out.append(prefix).append(text.data(), text.size());
}

std::optional<std::uint64_t> PublicIds::read(std::string_view prefix, std::string_view shown) const {
    if (shown.size() != prefix.size() + 1 + letters || !shown.starts_with(prefix) || shown[prefix.size()] != '_')
        return std::nullopt;
    shown.remove_prefix(prefix.size() + 1);
    std::uint64_t hidden = 0;
    for (std::size_t i = 0; i < letters; ++i) {
        const int value = values[static_cast<unsigned char>(shown[i])];
        if (value < 0 || (i == 0 && value > 15)) return std::nullopt;
        hidden = hidden << 5 | static_cast<std::uint64_t>(value);
    }
    auto& known = read_last[hidden % known_max];
    const auto start_of_prefix = short_prefix(prefix);
    if (known.serial != serial_ || known.hidden != hidden || known.prefix != start_of_prefix)
        known = {serial_, permute(hidden, prefix, false), hidden, start_of_prefix};
    const std::uint64_t n = known.n;
    return n == 0 ? std::nullopt : std::optional(n);
}

// The prefix and the number are the 128 bits of input: no two secrets have the same.
void PublicIds::secret_to(std::string& out, std::string_view prefix, std::uint64_t n) const {
    std::array<unsigned char, crypto_core_hchacha20_INPUTBYTES> input{};
    static_assert(input.size() == 16);
    const auto padded = short_prefix(prefix);
    std::memcpy(input.data(), padded.data(), padded.size());
    for (std::size_t i = 0; i < 8; ++i) input[8 + i] = static_cast<unsigned char>(n >> (8 * i));
    std::array<unsigned char, crypto_core_hchacha20_OUTPUTBYTES> block;
    crypto_core_hchacha20(block.data(), input.data(), secret_key_.data(), nullptr);
    const auto high = big_endian_64(block.data()), low = big_endian_64(block.data() + 8);
    std::array<char, secret_letters> text;
    for (unsigned pair = 0; pair < 6; ++pair) put_pair(&text[2 * pair], high >> (54 - 10 * pair));
    put_pair(&text[12], high << 6 | low >> 58);
    for (unsigned pair = 0; pair < 5; ++pair) put_pair(&text[14 + 2 * pair], low >> (48 - 10 * pair));
    put_pair(&text[24], low << 2 | block[16] >> 6);
    out.append(text.data(), text.size());
}

std::string PublicIds::secret(std::string_view prefix, std::uint64_t n) const {
    std::string out;
    secret_to(out, prefix, n);
    return out;
}

bool PublicIds::secret_matches(std::string_view prefix, std::uint64_t n, std::string_view given) const {
    return equal_in_constant_time(secret(prefix, n), given);
}

}  // namespace dropsmith
