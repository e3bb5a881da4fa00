// parse_json is the judge: whatever the plain reader takes, it takes too, to the same value; and the plain reader does
// take what clients send. Documents are cut from pieces by chance, with a fixed seed, so that most are a little wrong.
#include "edge/http/plain_body.h"

#include <array>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/json.h"
#include "base/random.h"
#include "base/sized_testing.h"

namespace dropsmith::http::plain_body_test {
namespace {

template <class Body>
std::string bytes_of(const Body& body) {
    Bytes out;
    encode_cbor(out, {&type_of<Body>(), &body});
    return out;
}

template <class Body>
bool agrees(const std::string& json) {  // whether it was taken
    Body plain;
    if (!read_plain(json, plain)) return false;
    const auto judged = parse_json<Body>(json, {nullptr, "GBP"});
    EXPECT_TRUE(judged.ok()) << json;
    EXPECT_EQ(bytes_of(plain), judged.ok() ? bytes_of(*judged) : std::string("nothing")) << json;
    if constexpr (std::is_same_v<Body, HoldBody>) {
        const auto cbor = plain_cbor(plain);
        EXPECT_TRUE(cbor.empty() || cbor == bytes_of(plain)) << json;
    }
    return true;
}

TEST(PlainBody, TakesWhatClientsSend) {
    EXPECT_TRUE(agrees<HoldBody>(R"({"drop":"drop_1","channel":"web","lines":[{"sku":"A","units":1}]})"));
    EXPECT_TRUE(agrees<HoldBody>(
        "  { \"lines\" : [ {\"units\":2 , \"sku\":\"A\"},{\"sku\":\"B C\",\"units\":10} ],\n"
        "\"session\":\"s-1\", \"channel\":\"web\",\t\"drop\":\"a-slug\" }\r\n  "));
    EXPECT_TRUE(agrees<QuoteBody>(R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":0}],"session":""})"));
}

TEST(PlainBody, ItsCborIsThatOfTheFieldTable) {
    const auto cbor = [](std::string json) {
        HoldBody plain;
        EXPECT_TRUE(read_plain(json, plain)) << json;
        const auto seen = std::string(plain_cbor(plain));
        EXPECT_TRUE(seen.empty() || seen == bytes_of(plain)) << json;
        return !seen.empty();
    };
    const auto of = [](std::size_t drop, std::size_t sku, int units, int lines, std::string more) {
        std::string json = R"({"drop":")" + std::string(drop, 'd') + R"(","channel":"web","lines":[)";
        const std::string line = R"({"sku":")" + std::string(sku, 's') + R"(","units":)" + std::to_string(units) + "}";
        for (int i = 0; i < lines; ++i) json += (i ? "," : "") + line;
        return json + "]" + more + "}";
    };
    const auto session = [](std::size_t n) { return R"(,"session":")" + std::string(n, 'x') + R"(")"; };
    for (const std::size_t n : {0, 1, 7, 22, 23, 24, 25, 36, 63, 64}) {
        EXPECT_TRUE(cbor(of(n, 7, 1, 1, ""))) << n;
        EXPECT_TRUE(cbor(of(18, n, 23, 8, session(n)))) << n;
    }
    EXPECT_TRUE(cbor(of(64, 64, 0, 8, session(64))));
    EXPECT_FALSE(cbor(of(65, 7, 1, 1, "")));
    EXPECT_FALSE(cbor(of(18, 65, 1, 1, "")));
    EXPECT_FALSE(cbor(of(18, 7, 24, 1, "")));
    EXPECT_FALSE(cbor(of(18, 7, 1, 9, "")));
    EXPECT_FALSE(cbor(of(18, 7, 1, 1, session(65))));
}

TEST(PlainBody, LeavesToTheJudgeWhatIsNotPlain) {
    for (const char* json : {
             "", "{}", "null", R"({"drop":"d","channel":"web","lines":[]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1}],})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1}]} x)",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":01}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1.0}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1e3}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":-1}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1234567890123456}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":"1"}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"\u0041","units":1}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A"}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1,"units":1}]})",
             R"({"drop":"d","drop":"d","channel":"web","lines":[{"sku":"A","units":1}]})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1}],"person":{"email":"a@b"}})",
             R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1,"expect_unit_price":null}]})",
             "{\"drop\":\"\xc3\xa4\",\"channel\":\"web\",\"lines\":[{\"sku\":\"A\",\"units\":1}]}",
             R"({"quote":"qt_1"})"})
        EXPECT_FALSE(agrees<HoldBody>(json)) << json;
}

TEST(PlainBody, NeverTakesWhatTheJudgeRefuses) {
    constexpr std::array<std::string_view, 30> pieces{
        "{", "}", "[", "]", ",", ":", "\"drop\"", "\"channel\"", "\"lines\"", "\"sku\"", "\"units\"", "\"session\"",
        "1", "0", "00", "-1", "1.5", "1e2", " ", "\n", "\"\"", "\"a\"", "\"\\n\"", "null", "true", "\x01", "\"",
        "{\"sku\":\"A\",\"units\":1}", "\"drop\":\"d\"", "\"channel\":\"web\""};
    Random random(20261122, 1);
    constexpr int cases = sized(200'000, 10'000);
    int taken = 0;
    for (int i = 0; i < cases; ++i) {
        std::string json = R"({"drop":"d","channel":"web","lines":[{"sku":"A","units":1}],"session":"s"})";
        for (auto changes = random.below(3); changes > 0; --changes) {
            const auto piece = pieces[random.below(pieces.size())];
            const auto at = random.below(json.size() + 1);
            json.replace(at, random.below(2) ? 0 : std::min<std::size_t>(piece.size(), json.size() - at), piece);
        }
        taken += agrees<HoldBody>(json);
        taken += agrees<QuoteBody>(json);
    }
    EXPECT_GT(taken, cases / 2);  // those that were not changed, at least
}

}  // namespace
}  // namespace dropsmith::http::plain_body_test
