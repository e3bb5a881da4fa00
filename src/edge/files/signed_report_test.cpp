// The published vector of RFC 8032, and a folder that is not there.
#include "edge/files/signed_report.h"

#include <sodium.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace dropsmith::files::signed_report_test {
namespace {

std::string octets_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string from_hex(std::string_view hex) {
    std::string out(hex.size() / 2, '\0');
    sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), hex.data(), hex.size(), nullptr, nullptr,
                   nullptr);
    return out;
}

// RFC 8032, section 7.1, test 2: one octet under a published key.
TEST(SignedReport, SignsAsTheRfcSays) {
    const auto seed = from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    std::string folder = std::filesystem::temp_directory_path().string() + "/dropsmith-signed-XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const auto path = folder + "/report.json";
    ASSERT_TRUE(write_signed(path, "\x72", seed).ok());
    EXPECT_EQ(octets_of(path), "\x72");
    EXPECT_EQ(octets_of(path + ".sig"),
              from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                       "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
    EXPECT_EQ(octets_of(path + ".pem"), public_key_pem(seed));
    EXPECT_FALSE(write_signed(folder + "/no/such/folder", "x", seed).ok());
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace dropsmith::files::signed_report_test
