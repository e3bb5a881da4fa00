// Strict JSON by the field table: what is refused names its pointer, what is printed is read back.
#include "base/json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/cbor.h"
#include "base/fuzz.h"
#include "base/public_id.h"
#include "base/sample_testing.h"

namespace dropsmith::json_test {
namespace {

using sample::Everything;
using sample::Numbers;
using sample::Part;
using sample::Relaxed;

const PublicIds ids(std::string(32, 'k'));
const JsonContext shop{&ids, "GBP"};
const JsonContext plain{nullptr, "GBP"};

template <class T>
std::string printed(const T& value, const JsonContext& context) {
    std::string out;
    write_json(out, value, context);
    return out;
}

// "pointer: detail; pointer: detail", or "" when it is taken.
template <class T>
std::string verdict(std::string_view text, const JsonContext& context, JsonOptions options = {}) {
    const auto got = parse_json<T>(text, context, options);
    std::string out;
    if (!got)
        for (const auto& error : got.error()) out += (out.empty() ? "" : "; ") + error.pointer + ": " + error.detail;
    return out;
}

TEST(Json, PrintsEveryKind) {
    Part part{"a \"b\"\n\x01 caf\xC3\xA9", -3, Money{2990}};
    EXPECT_EQ(printed(part, shop),
              R"({"name":"a \"b\"\n\u0001 café","count":-3,"price":{"amount":2990,"currency":"GBP"}})");
    Everything object;
    object.share = Rate{250'000};
    object.window_s = seconds(90);
    object.pause = Duration{1500};
    object.colour = sample::Colour::blue;
    object.bytes = {0, 255};
    object.steps_seconds = {seconds(1), seconds(2)};
    EXPECT_EQ(printed(object, shop), R"({"yes":false,"tiny":0,"big":0,"small":0,"large":0,)"
                                     R"("money":{"amount":0,"currency":"GBP"},"units":0,"share":0.25,)"
                                     R"("window_s":90,"pause":1500,"at":"1970-01-01T00:00:00.000Z","trunk":null,)"
                                     R"("text":"","bytes":"00ff","colour":"delete",)"
                                     R"("parts":[],"steps_seconds":[1,2],"spare":null,"maybe":null})");
}

TEST(Json, ReadsAnyOrderAndDefaults) {
    const std::string trunk = ids.show("trk", 9);
    const auto got = parse_json<Relaxed>(" {\"trunk\":\"" + trunk + "\" , \"needed\": -5 }\n", shop);
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got->needed, -5);
    EXPECT_EQ(got->cadence_s, 30);
    EXPECT_EQ(got->colour, sample::Colour::blue);
    EXPECT_EQ(got->trunk.n, 9u);
    EXPECT_EQ(verdict<Relaxed>(R"({"needed":1,"trunk":null})", shop), "") << "an id that may be absent may be null";
}

TEST(Json, ThereAndBackForAnyObject) {
    for (const JsonContext& context : {shop, plain})
        EXPECT_TRUE(rc::check("parse(print(x)) = x", [&](const std::string& seed) {
            Everything object;
            FuzzBytes bytes(seed);
            fuzz_fill(bytes, type_of<Everything>(), &object, {.json = true, .list_max = 4});
            const std::string text = printed(object, context);
            const auto back = parse_json<Everything>(text, context);
            RC_ASSERT(back.ok());
            Bytes one, two;
            encode_cbor(one, {&type_of<Everything>(), &object});
            encode_cbor(two, {&type_of<Everything>(), &*back});
            RC_ASSERT(one == two);
        }));
}

TEST(Json, RefusesByPointer) {
    struct Case {
        const char* text;
        const char* pointer;
        const char* words;
    };
    const Case cases[] = {
        {"", "", "not JSON"},
        {"[]", "", "an object"},
        {"null", "", "an object"},
        {R"({"name":"a","count":1,})", "/count", "not JSON"},
        {R"({"name":"a","count":1} x)", "", "not JSON"},
        {R"({'name':'a'})", "", "not JSON"},
        {R"({"name":"a","count":1 /* c */})", "/count", "not JSON"},
        {"{\"name\":\"\xFF\",\"count\":1}", "/name", "not JSON"},
        {"{\"name\":\"\xC0\xAF\",\"count\":1}", "/name", "not JSON"},
        {R"({"name":"\ud800","count":1})", "/name", "not JSON"},
        {R"({"name":"a\u0000b","count":1})", "/name", "U+0000"},
        {R"({"name":"a","count":1,"count":1})", "/count", "twice"},
        {R"({"name":"a","cou\u006et":1,"count":1})", "/count", "twice"},
        {R"({"name":"a","count":1,"colour":2})", "/colour", "not a field"},
        {R"({"name":"a","count":1,"a/b~":{"x":[1,{"y":2}]}})", "/a~1b~0", "not a field"},
        {R"({"name":"a"})", "/count", "required"},
        {R"({"count":1})", "/name", "required"},
        {R"({"name":null,"count":1})", "/name", "text"},
        {R"({"name":7,"count":1})", "/name", "text"},
        {R"({"name":["x"],"count":1})", "/name", "text"},
        {R"({"name":"a","count":1.0})", "/count", "whole number"},
        {R"({"name":"a","count":1e3})", "/count", "whole number"},
        {R"({"name":"a","count":1E3})", "/count", "whole number"},
        {R"({"name":"a","count":"1"})", "/count", "whole number"},
        {R"({"name":"a","count":true})", "/count", "whole number"},
        {R"({"name":"a","count":01})", "/count", "not JSON"},
        {R"({"name":"a","count":+1})", "/count", "not JSON"},
        {R"({"name":"a","count":NaN})", "/count", "not JSON"},
        {R"({"name":"a","count":2147483648})", "/count", "out of range"},
        {R"({"name":"a","count":9223372036854775808})", "/count", "out of range"},
        {R"({"name":"a","count":99999999999999999999999})", "/count", "out of range"},
        {R"({"name":"a","count":1,"price":2990})", "/price", "money"},
        {R"({"name":"a","count":1,"price":"29.90"})", "/price", "money"},
        {R"({"name":"a","count":1,"price":{"amount":1}})", "/price/currency", "required"},
        {R"({"name":"a","count":1,"price":{"currency":"GBP"}})", "/price/amount", "required"},
        {R"({"name":"a","count":1,"price":{"amount":1,"currency":"EUR"}})", "/price/currency", "GBP"},
        {R"({"name":"a","count":1,"price":{"amount":1.5,"currency":"GBP"}})", "/price/amount", "minor units"},
        {R"({"name":"a","count":1,"price":{"amount":"1","currency":"GBP"}})", "/price/amount", "minor units"},
        {R"({"name":"a","count":1,"price":{"amount":{},"currency":"GBP"}})", "/price/amount", "minor units"},
        {R"({"name":"a","count":1,"price":{"amount":99999999999999999999,"currency":"GBP"}})", "/price/amount",
         "out of range"},
        {R"({"name":"a","count":1,"price":{"amount":1,"currency":7}})", "/price/currency", "ISO 4217"},
        {R"({"name":"a","count":1,"price":{"amount":1,"currency":"GBP","tax":1}})", "/price/tax", "not a field"},
        {R"({"name":"a","count":1,"price":{"amount":1,"amount":1,"currency":"GBP"}})", "/price/amount", "twice"},
    };
    for (const auto& c : cases) {
        const auto got = parse_json<Part>(c.text, shop);
        ASSERT_FALSE(got.ok()) << c.text;
        ASSERT_EQ(got.error().size(), 1u) << c.text << " -> " << verdict<Part>(c.text, shop);
        EXPECT_EQ(got.error()[0].pointer, c.pointer) << c.text << " -> " << got.error()[0].detail;
        EXPECT_NE(got.error()[0].detail.find(c.words), std::string::npos) << c.text << " -> " << got.error()[0].detail;
        EXPECT_EQ(got.error()[0].currency_mismatch, std::string_view(c.text).find("EUR") != std::string_view::npos)
            << c.text;
    }
}

TEST(Json, RefusesEveryKindOfWord) {
    Everything good;
    good.trunk.n = 1;
    struct Case {
        const char* field;
        const char* value;
        const char* words;
    };
    for (const auto& c : {Case{"yes", "1", "true or false"},
                          {"tiny", "128", "out of range"},
                          {"tiny", "-129", "out of range"},
                          {"small", "-1", "out of range"},
                          {"small", "65536", "out of range"},
                          {"large", "18446744073709551616", "out of range"},
                          {"units", "1.5", "whole number of units"},
                          {"share", "1.1", "share"},
                          {"share", "-0.1", "share"},
                          {"share", "0.1234567", "share"},
                          {"share", "2", "share"},
                          {"share", "1e-7", "share"},
                          {"share", "1e-999", "share"},
                          {"share", "\"0.5\"", "share"},
                          {"window_s", "1.5", "seconds"},
                          {"window_s", "9223372036854775807", "out of range"},
                          {"at", "\"2026-11-21\"", "RFC 3339"},
                          {"at", "5", "RFC 3339"},
                          {"trunk", "7", "trk_"},
                          {"trunk", "\"trk_1\"", "trk_"},
                          {"trunk", "null", "trk_"},
                          {"bytes", "\"0G\"", "hexadecimal"},
                          {"colour", "\"green\"", "\"open\""},
                          {"parts", "{}", "list"},
                          {"parts", "\"\"", "list"},
                          {"steps_seconds", "[1,2.5]", "seconds"}}) {
        std::string text = printed(good, shop);
        const std::string key = "\"" + std::string(c.field) + "\":";
        const std::size_t start = text.find(key) + key.size();
        std::size_t end = start;
        for (int depth = 0; depth > 0 || (text[end] != ',' && text[end] != '}'); ++end)
            depth += text[end] == '{' || text[end] == '[' ? 1 : text[end] == '}' || text[end] == ']' ? -1 : 0;
        text.replace(start, end - start, c.value);
        const auto got = parse_json<Everything>(text, shop);
        ASSERT_FALSE(got.ok()) << text;
        ASSERT_EQ(got.error().size(), 1u) << text;
        EXPECT_TRUE(got.error()[0].pointer.starts_with("/" + std::string(c.field))) << got.error()[0].pointer;
        EXPECT_NE(got.error()[0].detail.find(c.words), std::string::npos) << c.field << " -> " << got.error()[0].detail;
    }
    EXPECT_NE(verdict<Everything>(R"({"steps_seconds":[1,2.5]})", shop).find("/steps_seconds/1:"), std::string::npos);
}

TEST(Json, NamesSeveralMistakesAtOnce) {
    EXPECT_EQ(verdict<Part>(R"({"name":1,"count":1.5,"price":{"amount":1,"currency":"EUR"},"x":0})", shop),
              "/name: must be text; /count: must be a whole number; "
              "/price/currency: must be \"GBP\", the one currency of this shop; /x: is not a field here; remove it or "
              "mend its spelling");
    std::string many = "[";
    for (int i = 0; i < 100; ++i) many += i == 0 ? "{}" : ",{}";
    const auto got = parse_json<std::vector<Part>>(many + "]", shop);
    ASSERT_FALSE(got.ok());
    EXPECT_EQ(got.error().size(), 20u) << "and then it stops";
}

TEST(Json, DepthHasABound) {
    const auto nested = [](std::size_t deep) { return std::string(deep, '[') + std::string(deep, ']'); };
    const auto wrapped = [&](std::size_t deep) { return R"({"name":"a","count":1,"x":)" + nested(deep) + "}"; };
    EXPECT_EQ(verdict<Part>(wrapped(31), shop, {.unknown_fields_ok = true}), "");
    EXPECT_NE(verdict<Part>(wrapped(32), shop, {.unknown_fields_ok = true}).find("deeper than 32"), std::string::npos);
    EXPECT_FALSE(parse_json<Part>(nested(100'000), shop).ok());
}

TEST(Json, UnknownFieldsOnlyWhereAllowed) {
    EXPECT_EQ(verdict<Part>(R"({"ext":{"a":[1,2,{"b":null}]},"name":"a","count":1,"y":1.5})", shop,
                            {.unknown_fields_ok = true}),
              "");
}

TEST(Json, MoneyWithoutAShopTakesAnyKnownCurrency) {
    const JsonContext none{};
    EXPECT_EQ(verdict<Part>(R"({"name":"a","count":1,"price":{"amount":1,"currency":"EUR"}})", none), "");
    EXPECT_NE(verdict<Part>(R"({"name":"a","count":1,"price":{"amount":1,"currency":"ZZZ"}})", none), "");
}

TEST(Json, SharesMayComeWithAnExponent) {  // Python prints 0.00001 as 1e-05
    struct Case {
        const char* text;
        std::int64_t ppm;
    };
    Everything object;
    object.trunk.n = 1;
    std::string text = printed(object, plain);
    for (const auto& c : {Case{"2E-1", 200'000},
                          {"1e-05", 10},
                          {"1.25e-1", 125'000},
                          {"0.01E+2", 1'000'000},
                          {"10e-1", 1'000'000},
                          {"0e5", 0},
                          {"1.0", 1'000'000}}) {
        std::string one = text;
        one.replace(one.find("\"share\":0") + 8, 1, c.text);
        const auto got = parse_json<Everything>(one, plain);
        ASSERT_TRUE(got.ok()) << one << verdict<Everything>(one, plain);
        EXPECT_EQ(got->share.n, c.ppm) << c.text;
    }
}

TEST(Json, RealsAreExact) {
    const Numbers numbers{0.1, 0.5F, {1e300, -2.5, 3}};
    EXPECT_EQ(printed(numbers, shop), R"({"real":0.1,"single":0.5,"many":[1e+300,-2.5,3]})");
    const auto got =
        parse_json<Numbers>(R"({"real":0.1,"single":2,"many":[1e3,123456789.123456789,18446744073709551615]})", shop);
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got->real, 0.1);
    EXPECT_EQ(got->many, (std::vector<double>{1000, 123456789.123456789, 18446744073709551615.0}));
    EXPECT_NE(verdict<Numbers>(R"({"real":1e999,"single":1,"many":[]})", shop), "");
}

TEST(Json, EmptyListsAndOptionalsMayBeAbsent) {
    Everything object;
    object.trunk.n = 1;
    std::string text = printed(object, plain);
    text.replace(text.find(R"("parts":[],"steps_seconds":[],"spare":null,"maybe":null)"), std::string::npos,
                 R"("maybe":7})");
    const auto got = parse_json<Everything>(text, plain);
    ASSERT_TRUE(got.ok()) << verdict<Everything>(text, plain);
    EXPECT_EQ(got->maybe, 7);
    EXPECT_FALSE(got->spare.has_value());
}

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
    std::string out;
    JsonWriter writer(out);
    writer.object()
        .key("a")
        .integer(-1)
        .key("b")
        .array()
        .text("x")
        .null()
        .boolean(true)
        .array()
        .end()
        .object()
        .end()
        .end();
    writer.key("m").money(5, "GBP").key("t").instant(0).key("r").rate(125'000).key("n").natural(7).key("d").real_text(
        "0.50");
    const Part part{"p", 1, {}};
    writer.key("v").value({&type_of<Part>(), &part}, shop).key("w").raw("[1]").end();
    EXPECT_EQ(out,
              R"({"a":-1,"b":["x",null,true,[],{}],"m":{"amount":5,"currency":"GBP"},"t":"1970-01-01T00:00:00.000Z",)"
              R"("r":0.125,"n":7,"d":0.50,"v":{"name":"p","count":1,"price":null},"w":[1]})");
}

TEST(JsonWriter, Rates) {
    struct Case {
        std::int64_t ppm;
        const char* text;
    };
    for (const auto& c : {Case{0, "0"},
                          {1'000'000, "1"},
                          {1, "0.000001"},
                          {250'000, "0.25"},
                          {-250'000, "-0.25"},
                          {1'500'000, "1.5"}}) {
        std::string out;
        write_json_rate(out, c.ppm);
        EXPECT_EQ(out, c.text);
    }
}

}  // namespace
}  // namespace dropsmith::json_test
