// The small words of HTTP: keys, queries, errors, the bytes of a reply, events from outside, e-mail addresses.
#include <gtest/gtest.h>

#include "edge/http/cloud_events.h"
#include "edge/http/errors.h"
#include "edge/http/idempotency.h"
#include "edge/http/person.h"
#include "edge/http/query.h"
#include "edge/http/wire.h"
#include "model/hold.h"

namespace dropsmith::http::words_test {
namespace {

TEST(Key, PlainOrQuotedAtMost255) {
    struct Row {
        std::string header;
        bool empty;
        std::string key;  // "" = none
        bool refused;
    };
    const std::vector<Row> rows = {
        {"abc", false, "abc", false},
        {"\"abc\"", false, "abc", false},
        {"\"a\\\"b\"", false, "a\"b", false},
        {"", false, "", false},
        {"", true, "", true},
        {"\"", false, "", true},
        {"\"abc", false, "", true},
        {"\"a\"b\"", false, "", true},
        {"\"\"", false, "", true},
        {"\xc3\xa4", false, "", true},
        {std::string(256, 'a'), false, "", true},
        {std::string(255, 'a'), false, std::string(255, 'a'), false},
    };
    for (const auto& row : rows) {
        std::string error;
        const auto key = parse_key(row.header, row.empty, error);
        EXPECT_EQ(key.value_or(""), row.key) << row.header;
        EXPECT_EQ(!error.empty(), row.refused) << row.header;
    }
}

TEST(Key, CoversCallerRouteAndKey) {
    const auto use = key_use("public", "POST", "/v1/holds", "k");
    EXPECT_EQ(use, key_use("public", "POST", "/v1/holds", "k"));
    EXPECT_NE(use, key_use("g1", "POST", "/v1/holds", "k"));
    EXPECT_NE(use, key_use("public", "POST", "/v1/holds/x/confirm", "k"));
    EXPECT_NE(use, key_use("public", "POST", "/v1/holds", "l"));
}

TEST(Query, IsStrict) {
    std::string error;
    const auto query = Query::parse("a=1&b=x%20y+z&c", error);
    EXPECT_EQ(error, "");
    EXPECT_EQ(query.get("a"), "1");
    EXPECT_EQ(query.get("b"), "x y z");
    EXPECT_NE(query.find("c"), nullptr);
    for (const auto* bad : {"a=%zz", "a=%", "a=1&a=2", "a=%00", "a=%ff"}) {
        (void)Query::parse(bad, error);
        EXPECT_NE(error, "") << bad;
    }
}

TEST(Problem, SaysCodeAndWhatIsAvailable) {
    Refusal refusal{refusals::insufficient_stock, "only 3 are left", Quantity{3}, "MUG", {}};
    const auto reply = refusal_problem(refusal);
    EXPECT_EQ(reply.status, 409);
    EXPECT_EQ(std::string_view(reply.content_type), "application/problem+json");
    EXPECT_NE(reply.body.find("\"code\":\"insufficient_stock\""), std::string::npos);
    EXPECT_NE(reply.body.find("\"available\":3"), std::string::npos);
    EXPECT_EQ(status_of(refusals::not_found), 404);
    EXPECT_EQ(status_of(refusals::key_reused), 422);
    EXPECT_EQ(status_of(refusals::version_conflict), 412);
    EXPECT_EQ(bad_input({JsonError{"/price", "GBP only", true}}).body.find("currency_mismatch") != std::string::npos,
              true);
}

TEST(Wire, NoValueBeginsAFieldOfItsOwn) {
    Reply reply{200, "text/plain", "x", {{"X-Note", "a\r\nSet-Cookie: b=c\n"}}};
    std::string out;
    write_reply(out, reply, true);
    EXPECT_EQ(out.find("\r\nSet-Cookie"), std::string::npos);
    EXPECT_NE(out.find("X-Note: aSet-Cookie: b=c\r\n"), std::string::npos);
    EXPECT_NE(out.find("Content-Security-Policy: "), std::string::npos);
    EXPECT_EQ(out.find("unsafe-inline"), std::string::npos);
    EXPECT_NE(out.find("Content-Length: 1\r\n"), std::string::npos);
    EXPECT_TRUE(out.ends_with("\r\n\r\nx"));
}

TEST(CloudEvents, OneOrManyEachJudgedByItself) {
    const Instant now{1'790'000'000'000};
    const std::string one = R"({"specversion":"1.0","id":"1","source":"till","type":"page.viewed",
        "time":"2026-11-21T12:00:00.123456Z","ext":7,"data":{"sku":"MUG","count":3,"more":[1]}})";
    const auto read = read_cloud_events(one, now);
    ASSERT_EQ(read.events.size(), 1u);
    EXPECT_EQ(read.events[0].kind, Signal::page_viewed);
    EXPECT_EQ(read.events[0].sku, "MUG");
    EXPECT_EQ(read.events[0].count, 3);
    EXPECT_EQ(read.events[0].time.ms % 1000, 123);
    const auto many = read_cloud_events("[" + one + R"(,{"specversion":"0.3"},7,)" + one + "]", now);
    EXPECT_EQ(many.events.size(), 2u);
    ASSERT_EQ(many.rejected.size(), 2u);
    EXPECT_EQ(many.rejected[0].index, 1u);
    EXPECT_EQ(many.rejected[1].index, 2u);
    EXPECT_NE(read_cloud_events("{", now).trouble, "");
    EXPECT_NE(read_cloud_events(std::string(100, '['), now).trouble, "");
}

TEST(Person, AnAddressThatMailCanReach) {
    for (const auto* good : {"a@b", "first.last+tag@example.co.uk", "\xc3\xa4@example.com"})
        EXPECT_TRUE(plausible_email(good)) << good;
    for (const auto* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "a@.b", "a@b\r\nBcc: x@y", "<a@b>"})
        EXPECT_FALSE(plausible_email(bad)) << bad;
}

}  // namespace
}  // namespace dropsmith::http::words_test
