// Cells of exports: what is an amount, a number of units, a local time, and to which instant it belongs.
#include "edge/cli/import_words.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace dropsmith::cli::import_words_test {
namespace {

TEST(ImportWords, Amounts) {
    struct Case {
        const char* text;
        char decimal;
        std::int64_t mantissa;
        int places;
    };
    for (const auto& c : {Case{"2.55", '.', 255, 2},
                          {"2.50", '.', 25, 1},
                          {"1,234.50", '.', 12345, 1},
                          {"$12.00", '.', 12, 0},
                          {"-\xC2\xA3"
                           "3.10",
                           '.', -31, 1},
                          {"\xC2\xA3-3.10", '.', -31, 1},
                          {"(4.20)", '.', -42, 1},
                          {"($4.20)", '.', -42, 1},
                          {"1.234,5", ',', 12345, 1},
                          {"12,5 \xE2\x82\xAC", ',', 125, 1},
                          {".5", '.', 5, 1},
                          {"217.70849999999999", '.', 21770849999999999, 14},
                          {"0", '.', 0, 0},
                          {"0.00", '.', 0, 0},
                          {"1,234,567", '.', 1234567, 0},
                          {" 7 ", '.', 7, 0}}) {
        const auto got = parse_amount(c.text, c.decimal);
        ASSERT_TRUE(got) << c.text;
        EXPECT_EQ(got->mantissa, c.mantissa) << c.text;
        EXPECT_EQ(got->places, c.places) << c.text;
    }
    for (const char* bad : {"", "-", ".", "abc", "1e3", "1.2.3", "12,34.5", "1,2345", "--1", "(-1)",
                            "1234567890123456789012", "1,", ",1", "1 2"})
        EXPECT_FALSE(parse_amount(bad)) << bad;
    EXPECT_EQ(parse_units("6.0"), 6);
    EXPECT_EQ(parse_units("-12"), -12);
    EXPECT_EQ(parse_units("1.5"), std::nullopt);
}

TEST(ImportWords, LinesRoundHalfAwayFromZero) {
    struct Case {
        const char* price;
        std::int64_t units;
        int places;
        std::int64_t minor;
    };
    for (const auto& c : {Case{"2.55", 6, 2, 1530},
                          {"0.125", 1, 2, 13},
                          {"-0.125", 1, 2, -13},
                          {"0.125", -1, 2, -13},
                          {"0.001", 4, 2, 0},
                          {"0.001", 5, 2, 1},
                          {"217.70849999999999", 1, 2, 21771},
                          {"1000", 3, 0, 3000},
                          {"1.5", 1, 3, 1500}})
        EXPECT_EQ(to_minor(*parse_amount(c.price), c.units, c.places), c.minor) << c.price << " x " << c.units;
    EXPECT_EQ(to_minor(*parse_amount("9999999999999"), 1000, 2), std::nullopt);
}

TEST(ImportWords, SumsLoseNothing) {
    ExactSum sum;
    EXPECT_EQ(sum.text(2), "0.00");
    EXPECT_TRUE(sum.add(*parse_amount("0.1"), 3));
    EXPECT_EQ(sum.text(2), "0.30");
    EXPECT_TRUE(sum.add(*parse_amount("217.70849999999999"), 1));
    EXPECT_EQ(sum.text(2), "218.00849999999999");
    EXPECT_TRUE(sum.add(*parse_amount("300"), -1));
    EXPECT_EQ(sum.text(0), "-81.99150000000001");
}

TEST(ImportWords, LocalTimes) {
    struct Case {
        const char* text;
        const char* pattern;
        const char* utc;
    };
    for (const auto& c : {Case{"2010-12-01 08:26:00", "%Y-%m-%d %H:%M:%S", "2010-12-01T08:26:00.000Z"},
                          {"2017-09-01", "%Y-%m-%d", "2017-09-01T00:00:00.000Z"},
                          {"1/2/26 2:05 PM", "%m/%d/%y %I:%M %p", "2026-01-02T14:05:00.000Z"},
                          {"12:00 AM 05 Mar 2026", "%I:%M %p %d %b %Y", "2026-03-05T00:00:00.000Z"},
                          {"25/12/2026", "%d/%m/%Y", "2026-12-25T00:00:00.000Z"}}) {
        const auto got = parse_local(c.text, c.pattern);
        ASSERT_TRUE(got) << c.text;
        EXPECT_EQ(rfc3339(Instant{got->ms}), c.utc);
        EXPECT_FALSE(got->offset_ms);
    }
    const auto shifted = parse_local("2026-06-07 10:12:03 -0400", "%Y-%m-%d %H:%M:%S %z");
    ASSERT_TRUE(shifted && shifted->offset_ms);
    EXPECT_EQ(*shifted->offset_ms, -4 * 3'600'000);
    struct Bad {
        const char* text;
        const char* pattern;
    };
    for (const auto& b : {Bad{"2010-13-01", "%Y-%m-%d"},
                          {"2010-02-30", "%Y-%m-%d"},
                          {"2010-01-01 ", "%Y-%m-%d"},
                          {"10-01-01", "%Y-%m-%d"},
                          {"25:00", "%H:%M"},
                          {"13:00 PM", "%I:%M %p"},
                          {"x", "%q"},
                          {"", "%Y"}})
        EXPECT_FALSE(parse_local(b.text, b.pattern)) << b.text;
}

TEST(ImportWords, ZonesKnowTheirClockChanges) {
    auto london = Zone::find("Europe/London");
    ASSERT_TRUE(london);
    struct Case {
        const char* local;
        const char* utc;
    };
    for (const auto& c : {Case{"2011-01-10 09:00", "2011-01-10T09:00:00.000Z"},
                          {"2011-07-10 09:00", "2011-07-10T08:00:00.000Z"},
                          {"2011-07-10 09:59", "2011-07-10T08:59:00.000Z"},
                          {"2011-03-27 01:30", "2011-03-27T01:00:00.000Z"},  // skipped: the change itself
                          {"2011-03-27 02:30", "2011-03-27T01:30:00.000Z"},
                          {"2011-10-30 01:30", "2011-10-30T00:30:00.000Z"},  // twice: the first
                          {"2011-10-30 02:30", "2011-10-30T02:30:00.000Z"}})
        EXPECT_EQ(rfc3339(london->utc(parse_local(c.local, "%Y-%m-%d %H:%M")->ms)), c.utc) << c.local;
    auto east = Zone::find("Eastern Time (US & Canada)");
    ASSERT_TRUE(east);
    EXPECT_EQ(rfc3339(east->utc(0)), "1970-01-01T05:00:00.000Z");
    EXPECT_FALSE(Zone::find("Mars/Olympus"));
}

}  // namespace
}  // namespace dropsmith::cli::import_words_test
