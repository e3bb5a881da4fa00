// BLAKE2b-256: official vectors, streaming, keys.
#include "base/digest.h"

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/sample_testing.h"

namespace dropsmith::digest_test {
namespace {

TEST(Digest, KnownAnswers) {
    // b2sum -l 256 of coreutils.
    EXPECT_EQ(hex(blake2b("")), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    EXPECT_EQ(hex(blake2b("abc")), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Digest, StreamEqualsWhole) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7);
    for (const std::size_t cut : {0u, 1u, 127u, 128u, 129u, 999u}) {
        Blake2b stream("key");
        stream.add(std::string_view(text).substr(0, cut)).add(std::string_view(text).substr(cut));
        EXPECT_EQ(stream.finish(), blake2b(text, "key")) << cut;
    }
    EXPECT_NE(blake2b(text, "key"), blake2b(text, "kez"));
    EXPECT_NE(blake2b(text, "key"), blake2b(text));
}

TEST(Digest, OfAnObjectIsOfItsCbor) {
    sample::Part part{"bolt", 3, Money{250}};
    const AnyRef any{&type_of<sample::Part>(), &part};
    Bytes bytes;
    encode_cbor(bytes, any);
    EXPECT_EQ(Blake2b().add(any).finish(), blake2b(bytes));
}

TEST(Digest, First64IsBigEndian) {
    Digest256 digest{};
    digest[0] = 1;
    digest[7] = 2;
    EXPECT_EQ(first_64(digest), 0x0100'0000'0000'0002u);
}

TEST(Digest, ConstantTimeEquality) {
    EXPECT_TRUE(equal_in_constant_time("same", "same"));
    EXPECT_FALSE(equal_in_constant_time("same", "sam"));
    EXPECT_FALSE(equal_in_constant_time("same", "sane"));
    EXPECT_TRUE(equal_in_constant_time("", ""));
}

}  // namespace
}  // namespace dropsmith::digest_test
