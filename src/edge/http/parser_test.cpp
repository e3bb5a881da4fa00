// The strict parser: what it takes, what it refuses with which status, and that the cut between two reads never
// matters. tests/http/malformed.py asks the same of the whole server.
#include "edge/http/parser.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>

#include "base/limits.h"
#include "base/sized_testing.h"
#include "edge/http/plain_request.h"

namespace dropsmith::http::parser_test {
namespace {

struct Outcome {
    Parser::Step step = Parser::Step::need_more;
    int status = 0;
    std::size_t used = 0;
};

// Feeds `text` in pieces that end at the given cuts, as reads from a socket would.
Outcome feed(Parser& parser, const std::string& text, const std::vector<std::size_t>& cuts) {
    std::string in;
    Outcome out;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= cuts.size() && out.step == Parser::Step::need_more; ++i) {
        const std::size_t end = i < cuts.size() ? cuts[i] : text.size();
        in += text.substr(begin, end - begin);
        begin = end;
        std::size_t consumed = 0;
        out.step = parser.feed(in, consumed);
        in.erase(0, consumed);
        out.used += consumed;
    }
    if (out.step == Parser::Step::bad) out.status = parser.error_status();
    return out;
}

int status_of(const std::string& text) {
    Parser parser;
    return feed(parser, text, {}).status;
}

const std::string good =
    "POST /v1/holds?x=1 HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer abc\r\nIdempotency-Key: k-1\r\n"
    "Content-Length: 4\r\n\r\n{  }";

TEST(Parser, TakesARequestWhole) {
    Parser parser;
    const auto out = feed(parser, good + "GET /next", {});
    ASSERT_EQ(out.step, Parser::Step::done);
    EXPECT_EQ(out.used, good.size());  // what follows belongs to the next request
    EXPECT_TRUE(parser.keep_alive());
    const auto request = parser.take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/v1/holds");
    EXPECT_EQ(request.query, "x=1");
    EXPECT_EQ(request.authorization, "Bearer abc");
    EXPECT_EQ(request.idempotency_key, "k-1");
    EXPECT_EQ(request.body, "{  }");
}

TEST(Parser, ABodyMayBeginWithASpace) {
    for (const auto* body : {"   { }", "\t{ }", "\n\n{}"}) {
        Parser parser;
        const std::string text =
            "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(std::string(body).size()) + "\r\n\r\n" +
            body;
        ASSERT_EQ(feed(parser, text, {}).step, Parser::Step::done) << body;
        EXPECT_EQ(parser.take().body, body);
    }
}

TEST(Parser, ServesManyRequestsAfterEachOther) {
    Parser parser;
    for (int i = 0; i < 3; ++i) {
        const auto out = feed(parser, good, {});
        ASSERT_EQ(out.step, Parser::Step::done);
        EXPECT_EQ(parser.take().body, "{  }");
    }
}

TEST(Parser, ReadsChunksAndIgnoresTrailers) {
    Parser parser;
    const std::string text =
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n"
        "Authorization: Bearer stolen\r\n\r\n";
    ASSERT_EQ(feed(parser, text, {}).step, Parser::Step::done);
    const auto request = parser.take();
    EXPECT_EQ(request.body, "abcde");
    EXPECT_EQ(request.authorization, "");
}

TEST(Parser, WhereTheReadsAreCutDoesNotMatter) {
    const std::vector<std::string> texts = {
        good,
        "GET /a%20b HTTP/1.1\r\nHost: a\r\nCookie: dropsmith_secret=z\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n",
        "GET /x HTTP/1.1\nHost: a\n\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
    };
    EXPECT_TRUE(rc::check("one read or many: the same outcome", [&] {
        const auto& text = *rc::gen::elementOf(texts);
        auto cuts = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, text.size() + 1));
        std::sort(cuts.begin(), cuts.end());
        Parser whole, parts;
        const auto a = feed(whole, text, {}), b = feed(parts, text, cuts);
        RC_ASSERT(a.step == b.step);
        RC_ASSERT(a.status == b.status);
        if (a.step == Parser::Step::done) {
            const auto x = whole.take(), y = parts.take();
            RC_ASSERT(x.path == y.path && x.body == y.body && x.cookie == y.cookie);
        }
    }));
}

TEST(Parser, NoBytesEndTheProcess) {
    EXPECT_TRUE(rc::check("rubbish is refused or waited for", [](const std::string& rubbish) {
        Parser parser;
        std::size_t consumed = 0;
        const auto step = parser.feed(rubbish, consumed);
        RC_ASSERT(consumed <= rubbish.size());
        RC_ASSERT(step != Parser::Step::bad || parser.error_status() >= 400);
    }));
}

TEST(Parser, RefusesWithTheRightStatus) {
    struct Row {
        std::string text;
        int status;
    };
    const std::string host = "Host: a\r\n";
    const std::vector<Row> rows = {
        {"GET /x HTTP/1.1\r\n\r\n", 400},
        {"GET x HTTP/1.1\r\n" + host + "\r\n", 400},
        {"GET /x HTTP/1.1\r\n" + host + "Host: b\r\n\r\n", 400},
        {"GET /x HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"GET /x HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 400},
        {"GET /x HTTP/1.1\r\n" + host + "A: b\r\n\tc\r\n\r\n", 400},
        {"GET /" + std::string(5'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414},
        {"GET /x HTTP/1.1\r\n" + host + "A: " + std::string(limits::head_max, 'a') + "\r\n\r\n", 431},
        {"POST /x HTTP/1.1\r\n" + host + "Content-Length: " + std::to_string(limits::body_max + 1) + "\r\n\r\n", 413},
        {"POST /x HTTP/1.1\r\n" + host + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 415},
        {"POST /x HTTP/1.1\r\n" + host + "Expect: miracles\r\nContent-Length: 1\r\n\r\nx", 417},
    };
    for (const auto& row : rows) EXPECT_EQ(status_of(row.text), row.status) << row.text.substr(0, 120);
}

TEST(Parser, ReadsWhoAsksNotToBeCounted) {
    for (const auto& [field, asks] : std::vector<std::pair<std::string, bool>>{
             {"", false}, {"Sec-GPC: 1\r\n", true}, {"dnt: 1\r\n", true}, {"DNT: 0\r\n", false},
             {"Sec-GPC: 1\r\nDNT: 0\r\n", true}, {"Sec-GPC: yes\r\n", false}}) {
        Parser parser;
        std::size_t used = 0;
        ASSERT_EQ(parser.feed("POST /v1/drops/x/looks HTTP/1.1\r\nHost: shop\r\n" + field + "\r\n", used),
                  Parser::Step::done);
        EXPECT_EQ(parser.take().uncounted, asks) << field;
    }
}

// Plain requests are read without the grammar: whatever comes, both ways say the same.
void expect_same(const std::string& text, int& plain) {
    Parser by_short_way(true), by_grammar(false);
    const auto a = feed(by_short_way, text, {}), b = feed(by_grammar, text, {});
    ASSERT_EQ(a.step, b.step) << text;
    ASSERT_EQ(a.status, b.status) << text;
    if (a.step != Parser::Step::done) return;
    ASSERT_EQ(a.used, b.used) << text;
    ASSERT_EQ(by_short_way.keep_alive(), by_grammar.keep_alive()) << text;
    Request fresh;
    plain += read_plain(text, fresh) > 0;
    const auto one = by_short_way.take(), two = by_grammar.take();
    for (const auto field : {&Request::method, &Request::path, &Request::query, &Request::authorization,
                             &Request::idempotency_key, &Request::if_match, &Request::content_type, &Request::accept,
                             &Request::cookie, &Request::host, &Request::origin, &Request::buyer_secret,
                             &Request::accept_encoding, &Request::body, &Request::forwarded_for})
        ASSERT_EQ(one.*field, two.*field) << text;
    ASSERT_EQ(one.empty_key, two.empty_key) << text;
    ASSERT_EQ(one.uncounted, two.uncounted) << text;
}

TEST(Parser, PlainRequestsAreReadAsTheGrammarReadsThem) {
    const std::vector<std::string> pieces{
        "\r\n", "\n", "\r", " ", "\t", ":", "a", "\x7f", "\x80", "%41", "?q=1", "#", "HTTP/1.0", "Host: b\r\n",
        "Content-Length: 2\r\n", "Content-Length: 04\r\n", "Connection: close\r\n", "Transfer-Encoding: chunked\r\n",
        "Cookie: a=b\r\n", "accept: x\r\n", "User-Agent: y\r\n", "IDEMPOTENCY-KEY: k2\r\n", "Expect: 100-continue\r\n",
        "X: \r\n", "Host:\r\n", "Content-Type:  a/b  \r\n", "0", "9", "GET ", std::string(1, '\0')};
    const std::vector<std::string> starts{
        "POST /v1/holds HTTP/1.1\r\nHost: shop\r\nIdempotency-Key: k-1\r\nContent-Type: application/json\r\n"
        "Content-Length: 4\r\n\r\n{  }",
        "GET /v1/drops/x HTTP/1.1\r\nHost:shop\r\nAccept: */*\r\nUser-Agent: z\r\n\r\n",
        "POST /v1/quotes HTTP/1.1\r\ncontent-length:0\r\nhost: [::1]:80\r\n\r\nGET / HTTP/1.1\r\n"};
    int plain = 0;
    for (const auto& start : starts) expect_same(start, plain);
    EXPECT_EQ(plain, 3);
    std::mt19937 dice(20261122);
    const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(dice); };
    for (int i = 0; i < sized(100'000, 5'000) && !testing::Test::HasFatalFailure(); ++i) {
        auto text = starts[below(starts.size())];
        for (auto changes = below(3); changes > 0; --changes) {
            const auto& piece = pieces[below(pieces.size())];
            const auto at = below(text.size() + 1);
            text.replace(at, below(3) ? 0 : std::min(piece.size(), text.size() - at), piece);
        }
        expect_same(text, plain);
    }
    EXPECT_GT(plain, sized(30'000, 1'500));
}

}  // namespace
}  // namespace dropsmith::http::parser_test
