// A report with a signature that anybody's OpenSSL checks: FILE as it is, FILE.sig (Ed25519, RFC 8032, 64 octets
// over FILE's octets) and FILE.pem (the public key, RFC 8410). The key is the shop's own and stays the same, so that
// whoever has seen it once knows it again. One thread. Covered by edge/files/signed_report_test.cpp and, with OpenSSL
// as judge, tests/http/commands.py.
#pragma once

#include <string>
#include <string_view>

#include "base/fault.h"
#include "base/result.h"

namespace dropsmith::files {

// seed: 32 octets of secret, for this one use.
Status<Fault> write_signed(const std::string& path, std::string_view text, std::string_view seed);
std::string public_key_pem(std::string_view seed);

}  // namespace dropsmith::files
