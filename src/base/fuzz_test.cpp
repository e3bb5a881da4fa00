// Filling any object from bytes: the same bytes give the same object, different bytes reach every kind of content.
#include "base/fuzz.h"

#include <set>

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/random.h"
#include "base/sample_testing.h"

namespace dropsmith::fuzz_test {
namespace {

TEST(Fuzz, FillsDeterministicallyAndWidely) {
    Random random(1);
    std::set<Bytes> seen;
    std::size_t with_parts = 0, with_spare = 0, with_text = 0;
    for (int round = 0; round < 200; ++round) {
        std::string seed(300, '\0');
        for (char& c : seed) c = static_cast<char>(random.next());
        Bytes encoded[2];
        sample::Everything object;
        for (Bytes& out : encoded) {
            FuzzBytes bytes(seed);
            fuzz_fill(bytes, type_of<sample::Everything>(), &object);
            encode_cbor(out, {&type_of<sample::Everything>(), &object});
        }
        EXPECT_EQ(encoded[0], encoded[1]);
        seen.insert(encoded[0]);
        with_parts += object.parts.empty() ? 0 : 1;
        with_spare += object.spare ? 1 : 0;
        with_text += object.text.empty() ? 0 : 1;
    }
    EXPECT_EQ(seen.size(), 200u);
    EXPECT_GT(with_parts, 100u);
    EXPECT_GT(with_spare, 80u);
    EXPECT_GT(with_text, 100u);
}

TEST(Fuzz, BytesRunOutQuietly) {
    FuzzBytes bytes("\x01\x02");
    EXPECT_EQ(bytes.take(4), 0x0201u);
    EXPECT_TRUE(bytes.empty());
    EXPECT_EQ(bytes.take(8), 0u);
}

}  // namespace
}  // namespace dropsmith::fuzz_test
