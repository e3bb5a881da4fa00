// Text forms: what a parser takes its printer gives back, and nothing else is taken.
#include "base/text.h"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace dropsmith::text_test {
namespace {

TEST(Text, TimesPrint) {
    struct Case {
        std::int64_t ms;
        const char* text;
    };
    for (const auto& c : {Case{0, "1970-01-01T00:00:00.000Z"},
                          {1'795'299'381'000, "2026-11-21T22:16:21.000Z"},
                          {-1, "1969-12-31T23:59:59.999Z"},
                          {951'782'400'000, "2000-02-29T00:00:00.000Z"},
                          {-62'167'219'200'000, "0000-01-01T00:00:00.000Z"},
                          {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
                          {std::numeric_limits<std::int64_t>::max(), "9999-12-31T23:59:59.999Z"},
                          {std::numeric_limits<std::int64_t>::min(), "0000-01-01T00:00:00.000Z"}})
        EXPECT_EQ(rfc3339(Instant{c.ms}), c.text);
}

TEST(Text, TimesAreRead) {
    struct Case {
        const char* text;
        std::int64_t ms;
    };
    for (const auto& c : {Case{"1970-01-01T00:00:00Z", 0},
                          {"1970-01-01T01:00:00+01:00", 0},
                          {"1969-12-31T18:30:00.5-05:30", 500},
                          {"1970-01-01T00:00:00.05Z", 50},
                          {"1970-01-01T00:00:00.123Z", 123},
                          {"2000-02-29T00:00:00Z", 951'782'400'000}})
        EXPECT_EQ(parse_rfc3339(c.text), Instant{c.ms}) << c.text;
    for (const char* bad :
         {"", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z", "1970-01-01T00:00:00z",
          "1970-01-01t00:00:00Z", "1970-13-01T00:00:00Z", "1970-02-29T00:00:00Z", "1970-01-01T24:00:00Z",
          "1970-01-01T00:60:00Z", "1970-01-01T00:00:60Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234Z",
          "1970-01-01T00:00:00+0100", "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00ZZ", "1970-1-1T00:00:00Z",
          "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"})
        EXPECT_EQ(parse_rfc3339(bad), std::nullopt) << bad;
    EXPECT_TRUE(rc::check("parse(print(t)) = t", [] {
        const Instant t{*rc::gen::inRange<std::int64_t>(-62'167'219'200'000, 253'402'300'799'999)};
        RC_ASSERT(parse_rfc3339(rfc3339(t)) == t);
    }));
}

TEST(Text, Integers) {
    EXPECT_TRUE(
        rc::check("parse(print(n)) = n", [](std::int64_t n) { RC_ASSERT(parse_integer(std::to_string(n)) == n); }));
    EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    for (const char* bad : {"", "-", "+1", "01", "-0", "1.0", "1e3", " 1", "1 ", "9223372036854775808", "0x10"})
        EXPECT_EQ(parse_integer(bad), std::nullopt) << bad;
}

TEST(Text, Decimals) {
    struct Case {
        const char* text;
        int places;
        std::int64_t scaled;
        bool rounded;
    };
    for (const auto& c : {Case{"12.34", 2, 1234, false},
                          {"12", 2, 1200, false},
                          {"12.3450", 2, 1235, true},
                          {"12.3400", 2, 1234, false},
                          {"-0.005", 2, -1, true},
                          {"0.004", 2, 0, true},
                          {"-0.05", 2, -5, false},
                          {"0.0049999", 2, 0, true},
                          {"7.5", 0, 8, true},
                          {"-7.5", 0, -8, true},
                          {"007", 0, 7, false},
                          {"0.000001", 6, 1, false},
                          {"9223372036854775807", 0, std::numeric_limits<std::int64_t>::max(), false},
                          {"-9223372036854775808", 0, std::numeric_limits<std::int64_t>::min(), false}}) {
        const auto got = parse_decimal(c.text, c.places);
        ASSERT_TRUE(got) << c.text;
        EXPECT_EQ(got->scaled, c.scaled) << c.text;
        EXPECT_EQ(got->rounded, c.rounded) << c.text;
    }
    for (const char* bad :
         {"", "-", ".5", "5.", "1,5", "1e3", "+1", "1.2.3", "--1", " 1", "$1", "9223372036854775808", "NaN"})
        EXPECT_EQ(parse_decimal(bad, 0), std::nullopt) << bad;
    EXPECT_EQ(parse_decimal("92233720368547758.08", 2), std::nullopt) << "beyond 64 bits once scaled";
    EXPECT_TRUE(rc::check("parse(print(n, places)) = n", [](std::int64_t n) {
        const int places = *rc::gen::inRange(0, 10);
        const auto got = parse_decimal(format_decimal(n, places), places);
        RC_ASSERT(got && got->scaled == n && !got->rounded);
    }));
    EXPECT_EQ(format_decimal(-5, 2), "-0.05");
    EXPECT_EQ(format_decimal(std::numeric_limits<std::int64_t>::min(), 2), "-92233720368547758.08");
}

TEST(Text, Currencies) {
    struct Case {
        const char* code;
        int places;
    };
    for (const auto& c : {Case{"GBP", 2},
                          {"EUR", 2},
                          {"USD", 2},
                          {"JPY", 0},
                          {"KRW", 0},
                          {"BHD", 3},
                          {"TND", 3},
                          {"CLF", 4},
                          {"gbp", -1},
                          {"XTS", -1},
                          {"", -1},
                          {"GBPX", -1}})
        EXPECT_EQ(currency_places(c.code), c.places) << c.code;
    EXPECT_TRUE(known_currency("ZAR"));
    EXPECT_EQ(format_money(Money{2990}, "GBP"), "29.90 GBP");
    EXPECT_EQ(format_money(Money{-5}, "GBP"), "-0.05 GBP");
    EXPECT_EQ(format_money(Money{2990}, "JPY"), "2990 JPY");
    EXPECT_EQ(format_money(Money{2990}, "BHD"), "2.990 BHD");
}

TEST(Text, Base32AndHex) {
    EXPECT_EQ(base32(""), "");
    EXPECT_EQ(base32("f"), "cr");  // 01100 110|00
    EXPECT_EQ(base32("foobar"), "csqpyrk1e8");
    EXPECT_EQ(hex(std::string_view("\x00\xFF\x10", 3)), "00ff10");
    EXPECT_TRUE(rc::check("there and back", [](const std::string& bytes) {
        RC_ASSERT(parse_base32(base32(bytes)) == bytes);
        RC_ASSERT(parse_hex(hex(bytes)) == bytes);
    }));
    for (const char* bad : {"c", "CR", "cs", "il", "cr="}) EXPECT_EQ(parse_base32(bad), std::nullopt) << bad;
    for (const char* bad : {"0", "0G", "FF", "0x"}) EXPECT_EQ(parse_hex(bad), std::nullopt) << bad;
}

TEST(Text, Utf8) {
    for (const char* good : {"", "plain letters, more than eight", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x93\xA6",
                             "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80", "eight778\xC3\xA9"})
        EXPECT_TRUE(valid_utf8(good)) << good;
    for (const char* bad :
         {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "eight778\xC3", "\xE2\x82", "\xE2\x28\xA1"})
        EXPECT_FALSE(valid_utf8(bad)) << hex(std::string_view(bad));
}

TEST(Text, Trim) {
    EXPECT_EQ(trim("  a b\t\r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace dropsmith::text_test
