// Each escape function at its own place, as a table with the expected answer in the last column.
#include "edge/http/escape.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

namespace dropsmith::http::escape_test {
namespace {

struct Case {
    std::string_view in;
    std::string_view out;
};

TEST(Escape, Html) {
    constexpr Case cases[] = {
        {"", ""},
        {"Tide vase, £36", "Tide vase, £36"},
        {"<b>", "&lt;b&gt;"},
        {"a & b", "a &amp; b"},
        {"\" onload=x '", "&quot; onload&#61;x &#39;"},
        {"a\x01\x7F\nb", "a\nb"},
        {"&amp;", "&amp;amp;"},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(html(c.in), c.out);
    }
    EXPECT_EQ(html(std::string_view("a\0b", 3)), "ab");
}

TEST(Escape, JsonEndsNeitherTheStringNorTheScript) {
    constexpr Case cases[] = {
        {"", ""},
        {"£", "£"},
        {"</script>", "\\u003C/script\\u003E"},
        {"<!--", "\\u003C!--"},
        {"\"\\", "\\u0022\\u005C"},
        {"\n", "\\u000A"},
        {"\u2028\u2029", "\\u2028\\u2029"},
        {"\xE2\x80", "\xE2\x80"},  // a cut sequence stays as it is, the reader past its end is not touched
    };
    for (const Case& c : cases) {
        EXPECT_EQ(json(c.in), c.out);
    }
}

TEST(Escape, JsonReadsBackAsWritten) {
    std::string every;
    for (char c = 0; c < 127; ++c) {
        every += c;
    }
    every += "\x7F£€\u2028\u2029𝄞";
    EXPECT_EQ(boost::json::parse("\"" + json(every) + "\"").as_string(), every);
}

TEST(Escape, UrlSegment) {
    constexpr Case cases[] = {
        {"winter-glass", "winter-glass"},
        {"a/b", "a%2Fb"},
        {"..", "%2E%2E"},
        {".", "%2E"},
        {"a b?c#d", "a%20b%3Fc%23d"},
        {"é", "%C3%A9"},
        {"javascript:x", "javascript%3Ax"},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(url_segment(c.in), c.out);
    }
}

TEST(Escape, SafeUrl) {
    constexpr Case cases[] = {
        {"/media/a.webp", "/media/a.webp"},
        {"https://cdn.example/a.png?x=1&y=2", "https://cdn.example/a.png?x=1&y=2"},
        {"http://shop.example/", "http://shop.example/"},
        {"//evil.example/a", ""},
        {"/\\evil.example/a", ""},
        {"javascript:alert(1)", ""},
        {"JaVaScRiPt:alert(1)", ""},
        {" https://a.example", ""},
        {"java\nscript:alert(1)", ""},
        {"data:text/html,x", ""},
        {"vbscript:x", ""},
        {"https://", ""},
        {"a.png", ""},
        {"", ""},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(safe_url(c.in), c.out) << c.in;
    }
}

}  // namespace
}  // namespace dropsmith::http::escape_test
