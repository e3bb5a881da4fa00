// Beast's grammar with our refusals around it. Covered by edge/http/parser_test.cpp, tests/http/malformed.py.
#include "edge/http/parser.h"

#include <algorithm>
#include <optional>

#include <boost/beast/http/basic_parser.hpp>

#include "base/limits.h"
#include "edge/http/plain_request.h"
#include "edge/http/query.h"

namespace dropsmith::http {
namespace {

namespace bhttp = boost::beast::http;
using Error = boost::beast::error_code;
using boost::beast::string_view;

bool same(string_view a, std::string_view b) { return boost::beast::iequals(a, string_view(b.data(), b.size())); }

constexpr std::size_t body_kept = 16 << 10;  // room of a body that is kept for the next

class Grammar final : public bhttp::basic_parser<true> {
  public:
    Request& request;
    std::string_view refused;  // why this request is not taken; literals only
    int status = 400;
    bool expects = false;

    explicit Grammar(Request& its_request) : request(its_request) {
        header_limit(static_cast<std::uint32_t>(limits::head_max));
        body_limit(static_cast<std::uint64_t>(limits::body_max));
        eager(true);
    }

  private:
    void refuse(Error& ec, std::string_view why, int with = 400) {
        if (refused.empty()) refused = why, status = with;
        ec = bhttp::error::bad_field;
    }
    void on_request_impl(bhttp::verb, string_view method, string_view target, int version, Error& ec) override {
        version_ = version;
        if (version != 10 && version != 11) return refuse(ec, "only HTTP/1.1 is spoken here", 505);
        if (target.empty() || target.front() != '/') return refuse(ec, "the request target must be a path");
        if (target.size() > 4'096) return refuse(ec, "the request target is longer than 4096 bytes", 414);
        request.method.assign(method.data(), method.size());
        const auto question = target.find('?');
        const auto path = target.substr(0, question);
        if (std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c <= '~' && c != '%'; })) {
            request.path.assign(path.data(), path.size());
        } else {
            auto decoded = percent_decode({path.data(), path.size()}, false);
            if (!decoded) return refuse(ec, "the path is not valid percent-encoded UTF-8");
            request.path = std::move(*decoded);
        }
        if (question != string_view::npos) {
            const auto query = target.substr(question + 1);
            request.query.assign(query.data(), query.size());
        }
    }
    void on_response_impl(int, string_view, int, Error&) override {}

    // Each field that means something to us may stand once only.
    void once(std::string& slot, string_view value, Error& ec) {
        if (!slot.empty()) return refuse(ec, "a header field that may stand once stands twice");
        slot.assign(value.data(), value.size());
    }
    void on_field_impl(bhttp::field field, string_view name, string_view value, Error& ec) override {
        if (is_header_done()) return;  // trailers change nothing
        using F = bhttp::field;
        switch (field) {
            case F::host:
                if (seen_host_) return refuse(ec, "two Host fields");
                seen_host_ = true;
                return once(request.host, value, ec);
            case F::content_length:
                if (seen_length_) return refuse(ec, "two Content-Length fields");
                seen_length_ = true;
                for (const char c : value)
                    if (c < '0' || c > '9') return refuse(ec, "Content-Length is not a plain number");
                if (seen_coding_) return refuse(ec, "both Content-Length and Transfer-Encoding");
                return;
            case F::transfer_encoding:
                if (seen_coding_) return refuse(ec, "two Transfer-Encoding fields");
                seen_coding_ = true;
                if (seen_length_) return refuse(ec, "both Content-Length and Transfer-Encoding");
                if (!same(value, "chunked")) return refuse(ec, "the only transfer coding taken is chunked");
                return;
            case F::content_encoding:
                if (!same(value, "identity")) return refuse(ec, "request bodies are taken uncompressed only", 415);
                return;
            case F::upgrade:
                return;
            case F::expect:
                if (!same(value, "100-continue")) return refuse(ec, "the only expectation met is 100-continue", 417);
                expects = true;
                return;
            case F::authorization:
                return once(request.authorization, value, ec);
            case F::if_match:
                return once(request.if_match, value, ec);
            case F::if_none_match:
                return once(request.if_none_match, value, ec);
            case F::content_type:
                return once(request.content_type, value, ec);
            case F::accept:
                return (void)request.accept.assign(value.data(), value.size());
            case F::accept_encoding:
                return (void)request.accept_encoding.assign(value.data(), value.size());
            case F::cookie:
                return once(request.cookie, value, ec);
            case F::sec_fetch_site:
                return once(request.fetch_site, value, ec);
            case F::origin:
                return once(request.origin, value, ec);
            case F::unknown:
                break;
            default:
                return;
        }
        if (same(name, "idempotency-key")) {
            if (seen_key_) return refuse(ec, "two Idempotency-Key fields");
            seen_key_ = true;
            request.idempotency_key.assign(value.data(), value.size());
            has_key_ = true;
        } else if (same(name, "last-event-id")) {
            once(request.last_event_id, value, ec);
        } else if (same(name, "x-buyer-secret")) {
            once(request.buyer_secret, value, ec);
        } else if (same(name, "stripe-signature")) {
            once(request.provider_signature, value, ec);
        } else if (same(name, "sec-gpc") || same(name, "dnt")) {
            request.uncounted = request.uncounted || value == "1";
        } else if (same(name, "x-forwarded-for")) {  // several lines are one list
            if (!request.forwarded_for.empty()) request.forwarded_for += ',';
            request.forwarded_for.append(value.data(), value.size());
        } else if (same(name, "x-forwarded-proto")) {
            request.forwarded_proto.assign(value.data(), value.size());
        } else if (same(name, "x-forwarded-host")) {
            request.forwarded_host.assign(value.data(), value.size());
        }
    }
    void on_header_impl(Error& ec) override {
        if (version_ == 11 && !seen_host_) refuse(ec, "HTTP/1.1 needs a Host field");
        if (version_ == 10 && seen_coding_) refuse(ec, "HTTP/1.0 has no transfer codings");
        request.empty_key = has_key_ && request.idempotency_key.empty();
    }
    void on_body_init_impl(boost::optional<std::uint64_t> const& length, Error&) override {
        if (length) request.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, limits::body_max)));
    }
    std::size_t on_body_impl(string_view body, Error&) override {
        request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t size, string_view, Error& ec) override {
        if (size > limits::body_max || request.body.size() + size > limits::body_max) ec = bhttp::error::body_limit;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, Error&) override {
        request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_finish_impl(Error&) override {}

    int version_ = 11;
    bool seen_host_ = false, seen_length_ = false, seen_coding_ = false, seen_key_ = false, has_key_ = false;
};

}  // namespace

struct Parser::Inside {
    Request request;  // its strings keep their room from one request to the next
    std::optional<Grammar> grammar{std::in_place, request};
    bool short_way = true;
    bool plain = false;       // this request was read without the grammar, which is untouched
    bool begun = false;       // the grammar has seen something of this request
    std::size_t scanned = 0;  // of the head that is still in the input
    int status = 400;
    std::string_view detail;

    Step bad(int with, std::string_view why) {
        status = with, detail = why;
        return Step::bad;
    }

    // Beast would unfold lines and does not look at stray control bytes between fields: look at the raw head first.
    // The grammar gets the head whole: it would take it line by line, and what is looked at here would fall apart.
    bool clean_head(std::string_view in, bool& whole) {
        for (std::size_t i = scanned; i < in.size(); ++i) {
            const char c = in[i];
            if (static_cast<unsigned char>(c) > '\r') continue;
            if (c == '\0') return false;
            if (c == '\r' && i + 1 < in.size() && in[i + 1] != '\n') return false;
            if (c != '\n') continue;
            if (i == 0 || in[i - 1] != '\r') return false;
            if (i >= 3 && in[i - 2] == '\n') return whole = true;  // the empty line: what follows is body
            if (i + 1 < in.size() && (in[i + 1] == ' ' || in[i + 1] == '\t')) return false;
        }
        scanned = in.empty() ? 0 : in.size() - 1;  // the last byte again, when its successor is known
        return true;
    }
};

Parser::Parser(bool short_way) : inside_(std::make_unique<Inside>()) { inside_->short_way = short_way; }
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

Parser::Step Parser::feed(std::string_view in, std::size_t& consumed) {
    consumed = 0;
    auto& grammar = *inside_->grammar;
    if (in.empty()) return Step::need_more;
    if (inside_->short_way && !inside_->begun) {
        consumed = read_plain(in, inside_->request);
        inside_->plain = consumed > 0;
        if (inside_->plain) return Step::done;
        inside_->request.clear();
    }
    inside_->begun = true;
    if (!grammar.is_header_done()) {
        bool whole = false;
        if (!inside_->clean_head(in, whole))
            return inside_->bad(400, "the head has a stray line feed, carriage return or NUL, or a folded line");
        if (in.size() > limits::head_max && in.substr(0, limits::head_max).find("\r\n\r\n") == std::string_view::npos)
            return inside_->bad(431, "the head is larger than 16 KiB");
        if (!whole) return Step::need_more;
    }
    while (consumed < in.size() && !grammar.is_done()) {
        Error ec;
        const auto rest = in.substr(consumed);
        const std::size_t took = grammar.put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
        consumed += took;
        if (ec == bhttp::error::need_more) return Step::need_more;
        if (ec) {
            if (!grammar.refused.empty()) return inside_->bad(grammar.status, grammar.refused);
            if (ec == bhttp::error::header_limit) return inside_->bad(431, "the head is larger than 16 KiB");
            if (ec == bhttp::error::body_limit) return inside_->bad(413, "the body is larger than 1 MiB");
            return inside_->bad(400, "the request is not well-formed HTTP/1.1");
        }
        if (took == 0) break;
    }
    return grammar.is_done() ? Step::done : Step::need_more;
}

bool Parser::head_done() const { return inside_->plain || inside_->grammar->is_header_done(); }
bool Parser::wants_continue() const { return inside_->grammar->expects; }
bool Parser::keep_alive() const { return inside_->plain || inside_->grammar->keep_alive(); }
int Parser::error_status() const { return inside_->status; }
std::string_view Parser::error_detail() const { return inside_->detail; }

Request Parser::take() {
    Request request = std::move(inside_->request);
    next();
    return request;
}

Request& Parser::request() { return inside_->request; }

void Parser::next() {
    if (inside_->request.body.capacity() > body_kept)
        inside_->request = {};
    else
        inside_->request.clear();
    if (inside_->begun) inside_->grammar.emplace(inside_->request);
    inside_->plain = inside_->begun = false;
    inside_->scanned = 0;
}

}  // namespace dropsmith::http
