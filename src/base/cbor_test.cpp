// CBOR by the field table: bytes and values are one to one; libcbor agrees on what the bytes say.
#include "base/cbor.h"

#include <limits>

#include <cbor.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/fuzz.h"
#include "base/sample_testing.h"
#include "base/text.h"

namespace dropsmith::cbor_test {
namespace {

using sample::Everything;
using sample::Part;

template <class T>
Bytes encoded(const T& value) {
    Bytes out;
    encode_cbor(out, AnyRef{&type_of<T>(), &value});
    return out;
}

template <class T>
bool decoded(ByteView bytes, T& value) {
    return decode_cbor(bytes, type_of<T>(), &value) && bytes.empty();
}

TEST(Cbor, IntegersAsInTheRfc) {  // RFC 8949, appendix A
    struct Case {
        std::int64_t n;
        const char* hex;
    };
    for (const auto& c : {Case{0, "00"},
                          {1, "01"},
                          {10, "0a"},
                          {23, "17"},
                          {24, "1818"},
                          {25, "1819"},
                          {100, "1864"},
                          {1000, "1903e8"},
                          {1'000'000, "1a000f4240"},
                          {1'000'000'000'000, "1b000000e8d4a51000"},
                          {-1, "20"},
                          {-10, "29"},
                          {-100, "3863"},
                          {-1000, "3903e7"},
                          {std::numeric_limits<std::int64_t>::max(), "1b7fffffffffffffff"},
                          {std::numeric_limits<std::int64_t>::min(), "3b7fffffffffffffff"}}) {
        EXPECT_EQ(hex(encoded(c.n)), c.hex);
        std::int64_t back = 5;
        EXPECT_TRUE(decoded(*parse_hex(c.hex), back)) << c.hex;
        EXPECT_EQ(back, c.n);
    }
}

TEST(Cbor, RecordsAreArraysInOrder) {
    EXPECT_EQ(hex(encoded(Part{"bolt", 3, {}})), "8364626f6c7403f6");
    EXPECT_EQ(hex(encoded(Part{"", -1, Money{250}})), "83602018fa");
}

TEST(Cbor, RefusesWhatItWouldNotWrite) {
    Part part;
    for (const char* bad : {"",
                            "83",
                            "8364626f6c7403",
                            "8264626f6c7403",
                            "8464626f6c7403f600",  // cut, too few, too many
                            "9f64626f6c7403f6ff",
                            "7f62626fff03f6",  // indefinite lengths
                            "9803"
                            "64626f6c7403f6",
                            "837804626f6c7403f6",  // heads that are longer than needed
                            "8364626f6c741803f6",
                            "8364626f6c74190003f6",
                            "8364626f6c741a00000003f6",
                            "8364626f6c741b0000000000000003f6",
                            "8364626f6c741a80000000f6",
                            "8364626f6c743a80000000f6",  // beyond 32 bits
                            "8364626f6c7403f7",
                            "8364626f6c7403f5",
                            "8364626f6c7403f4",  // undefined, booleans
                            "8362ff6c03f6",
                            "8362c32803f6",  // not UTF-8
                            "8364626f6c74f9420003",
                            "8341620364",
                            "8300",
                            "a0"}) {
        EXPECT_FALSE(decoded(*parse_hex(bad), part)) << bad;
    }
    sample::Colour colour{};
    EXPECT_TRUE(decoded(*parse_hex("02"), colour));
    EXPECT_FALSE(decoded(*parse_hex("03"), colour)) << "no such word";
    std::uint64_t natural = 0;
    EXPECT_FALSE(decoded(*parse_hex("20"), natural)) << "below zero";
    std::vector<Part> parts;
    EXPECT_FALSE(decoded(*parse_hex("9affffffff"), parts)) << "a list that claims more than the bytes can hold";
}

// What the bytes say according to libcbor, as the value's own bytes once more (so: read by it, written by it, equal).
bool judged(const Bytes& bytes) {
    cbor_load_result result{};
    cbor_item_t* item = cbor_load(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), &result);
    if (item == nullptr || result.error.code != CBOR_ERR_NONE || result.read != bytes.size()) return false;
    unsigned char* again = nullptr;
    std::size_t room = 0;
    const std::size_t size = cbor_serialize_alloc(item, &again, &room);
    const bool same = std::string_view(reinterpret_cast<const char*>(again), size) == bytes;
    free(again);
    cbor_decref(&item);
    return same;
}

TEST(Cbor, LibcborReadsTheSameValues) {
    Everything object;
    object.big = -70'000;
    object.large = std::numeric_limits<std::uint64_t>::max();
    object.text = "caf\xC3\xA9";
    object.bytes = {1, 2, 255};
    object.parts = {{"bolt", 3, Money{250}}};
    const Bytes bytes = encoded(object);
    cbor_load_result result{};
    cbor_item_t* item = cbor_load(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), &result);
    ASSERT_NE(item, nullptr);
    ASSERT_EQ(cbor_array_size(item), type_of<Everything>().fields.size());
    cbor_item_t** items = cbor_array_handle(item);
    EXPECT_FALSE(cbor_get_bool(items[0]));
    EXPECT_TRUE(cbor_isa_negint(items[2]));
    EXPECT_EQ(cbor_get_int(items[2]), 69'999u);
    EXPECT_EQ(cbor_get_int(items[4]), object.large);
    EXPECT_EQ(
        std::string_view(reinterpret_cast<const char*>(cbor_string_handle(items[12])), cbor_string_length(items[12])),
        object.text);
    EXPECT_EQ(cbor_bytestring_length(items[13]), 3u);
    ASSERT_EQ(cbor_array_size(items[15]), 1u);
    EXPECT_EQ(cbor_get_int(cbor_array_handle(cbor_array_handle(items[15])[0])[2]), 250u);
    EXPECT_TRUE(cbor_is_null(items[17]));
    cbor_decref(&item);
}

TEST(Cbor, ThereAndBackForAnyObject) {
    EXPECT_TRUE(rc::check("decode(encode(x)) = x, and libcbor writes the same bytes", [](const std::string& seed) {
        Everything object;
        FuzzBytes bytes(seed);
        fuzz_fill(bytes, type_of<Everything>(), &object);
        const Bytes once = encoded(object);
        RC_ASSERT(judged(once));
        Everything again;
        again.parts.resize(3);  // what was there before must not show
        again.spare = Part{"old", 1, {}};
        RC_ASSERT(decoded(once, again));
        RC_ASSERT(encoded(again) == once);
        RC_ASSERT(again.text == object.text && again.parts.size() == object.parts.size() && again.at == object.at);
        Everything cut;
        for (std::size_t n = 0; n < once.size(); ++n) RC_ASSERT(!decoded(ByteView(once).substr(0, n), cut));
    }));
}

TEST(Cbor, RealsAreAlways64Bits) {
    sample::Numbers numbers{0.1, 0.5F, {1.0, -2.5}};
    const Bytes bytes = encoded(numbers.real);
    EXPECT_EQ(hex(bytes), "fb3fb999999999999a");
    EXPECT_TRUE(judged(bytes));
    double back = 0;
    EXPECT_TRUE(decoded(bytes, back));
    EXPECT_EQ(back, 0.1);
}

TEST(Cbor, Varints) {
    struct Case {
        std::uint64_t n;
        const char* hex;
    };
    for (const auto& c :
         {Case{0, "00"}, {127, "7f"}, {128, "8001"}, {300, "ac02"}, {~std::uint64_t{0}, "ffffffffffffffffff01"}}) {
        Bytes out;
        encode_varint(out, c.n);
        EXPECT_EQ(hex(out), c.hex);
        ByteView in = out;
        std::uint64_t back = 1;
        EXPECT_TRUE(decode_varint(in, back) && in.empty());
        EXPECT_EQ(back, c.n);
    }
    for (const char* bad : {"", "80", "8000", "ffffffffffffffffff02", "ffffffffffffffffffff01", "ff00"}) {
        const std::string bytes = *parse_hex(bad);
        ByteView in = bytes;
        std::uint64_t n = 0;
        EXPECT_FALSE(decode_varint(in, n)) << bad;
        EXPECT_EQ(in.size(), bytes.size()) << "nothing is consumed";
    }
}

TEST(Cbor, Pieces) {
    Bytes out;
    encode_cbor_natural(out, 500);
    encode_cbor_text(out, "IETF");
    EXPECT_EQ(hex(out), "1901f46449455446");
}

}  // namespace
}  // namespace dropsmith::cbor_test
