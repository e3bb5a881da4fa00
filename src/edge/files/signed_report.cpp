// Covered by edge/files/signed_report_test.cpp.
#include "edge/files/signed_report.h"

#include <sodium.h>

#include <array>
#include <fstream>

#include "base/check.h"

namespace dropsmith::files {
namespace {

using PublicKey = std::array<unsigned char, crypto_sign_PUBLICKEYBYTES>;
using SecretKey = std::array<unsigned char, crypto_sign_SECRETKEYBYTES>;

void keys_of(std::string_view seed, PublicKey& shown, SecretKey& secret) {
    CHECK(sodium_init() >= 0);
    CHECK(seed.size() == crypto_sign_SEEDBYTES);
    crypto_sign_seed_keypair(shown.data(), secret.data(), reinterpret_cast<const unsigned char*>(seed.data()));
}

Status<Fault> write(const std::string& path, std::string_view octets) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(octets.data(), static_cast<std::streamsize>(octets.size()));
    out.close();
    if (!out) return fault(FaultKind::io, path + " cannot be written");
    return Nothing{};
}

}  // namespace

std::string public_key_pem(std::string_view seed) {
    PublicKey shown;
    SecretKey secret;
    keys_of(seed, shown, secret);
    sodium_memzero(secret.data(), secret.size());
    // SubjectPublicKeyInfo of RFC 8410: SEQUENCE { SEQUENCE { 1.3.101.112 }, BIT STRING of the key }
    std::string der("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
    der.append(reinterpret_cast<const char*>(shown.data()), shown.size());
    std::array<char, sodium_base64_ENCODED_LEN(44, sodium_base64_VARIANT_ORIGINAL)> text{};
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(der.data()), der.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    return "-----BEGIN PUBLIC KEY-----\n" + std::string(text.data()) + "\n-----END PUBLIC KEY-----\n";
}

Status<Fault> write_signed(const std::string& path, std::string_view text, std::string_view seed) {
    PublicKey shown;
    SecretKey secret;
    keys_of(seed, shown, secret);
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size(), secret.data());
    sodium_memzero(secret.data(), secret.size());
    if (auto written = write(path, text); !written) return written;
    if (auto written = write(path + ".sig", signature); !written) return written;
    return write(path + ".pem", public_key_pem(seed));
}

}  // namespace dropsmith::files
