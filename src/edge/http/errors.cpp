// Covered by edge/http/words_test.cpp.
#include "edge/http/errors.h"

namespace dropsmith::http {
namespace {

struct StatusRow {
    std::string_view word;
    int status;
};
// Refusals that are not 409 (refused by the shop's state).
constexpr StatusRow statuses[] = {
    {"not_found", 404},  {"version_conflict", 412},    {"key_reused", 422},
    {"over_grant", 403}, {"needs_second_person", 403}, {"bad_value", 400},
    {"read_only", 503},  {"no_such_line", 404},        {"unknown_method", 400},
};

std::string title_of(std::string_view code) {
    std::string title(code);
    for (char& c : title)
        if (c == '_') c = ' ';
    if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
    return title;
}

void begin(JsonWriter& json, int status, std::string_view code, std::string_view detail) {
    json.object();
    json.key("type").text("/docs/problems#" + std::string(code));
    json.key("title").text(title_of(code));
    json.key("status").integer(status);
    json.key("detail").text(detail);
    json.key("code").text(code);
}

Reply problem_reply(int status, std::string body) {
    Reply reply{status, "application/problem+json", std::move(body), {}};
    if (status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
}

}  // namespace

int status_of(RefusalCode code) {
    for (const auto& row : statuses)
        if (row.word == code.word) return row.status;
    return 409;
}

std::string_view code_of_status(int status) {
    switch (status) {
        case 400:
            return "bad_request";
        case 401:
            return "unauthorized";
        case 403:
            return "forbidden";
        case 404:
            return "not_found";
        case 405:
            return "method_not_allowed";
        case 413:
            return "body_too_large";
        case 414:
            return "target_too_long";
        case 415:
            return "unsupported_media_type";
        case 417:
            return "expectation_failed";
        case 429:
            return "too_many_requests";
        case 431:
            return "head_too_large";
        case 501:
            return "not_supported";
        case 503:
            return "unavailable";
        case 505:
            return "version_not_supported";
        default:
            return "error";
    }
}

Reply problem(int status, std::string_view code, std::string detail) {
    std::string body;
    JsonWriter json(body);
    begin(json, status, code, detail);
    json.end();
    return problem_reply(status, std::move(body));
}

Reply bad_input(const std::vector<JsonError>& errors) {
    bool currency = !errors.empty();
    for (const auto& error : errors) currency = currency && error.currency_mismatch;
    const std::string_view code = currency ? "currency_mismatch" : "bad_request";
    std::string body;
    JsonWriter json(body);
    const std::string detail = errors.empty()
                                   ? std::string("The request is not valid.")
                                   : (errors[0].pointer.empty() ? "" : errors[0].pointer + ": ") + errors[0].detail;
    begin(json, 400, code, detail);
    json.key("errors").array();
    for (const auto& error : errors)
        json.object().key("pointer").text(error.pointer).key("detail").text(error.detail).end();
    json.end().end();
    return problem_reply(400, std::move(body));
}

Reply bad_input(std::string pointer, std::string detail) {
    return bad_input({JsonError{std::move(pointer), std::move(detail), false}});
}

Reply refusal_problem(const Refusal& refusal, std::string_view more) {
    const int status = status_of(refusal.code);
    std::string body;
    JsonWriter json(body);
    begin(json, status, refusal.code.word, refusal.detail);
    if (refusal.available) json.key("available").integer(refusal.available->n);
    if (!refusal.sku.empty()) json.key("sku").text(refusal.sku);
    if (!refusal.clashes.empty()) {
        json.key("errors").array();
        for (const auto& clash : refusal.clashes)
            json.object()
                .key("rule")
                .text(clash.rule)
                .key("pointer")
                .text(clash.pointer)
                .key("detail")
                .text(clash.detail)
                .end();
        json.end();
    } else if (status == 400) {
        json.key("errors").array().object().key("pointer").text("").key("detail").text(refusal.detail).end().end();
    }
    json.end();
    if (!more.empty()) body.insert(body.size() - 1, "," + std::string(more));
    auto reply = problem_reply(status, std::move(body));
    if (status == 503) reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

Reply not_found() { return problem(404, "not_found", "There is nothing here, or it is not for this caller to see."); }

void demand_tls(Reply& reply) { reply.headers.emplace_back("Strict-Transport-Security", "max-age=31536000"); }

Reply too_busy(int status, int retry_after_s) {
    auto reply = problem(status, status == 429 ? "too_many_requests" : "unavailable",
                         "The shop cannot take this request at the moment; ask again after the time in Retry-After.");
    reply.headers.emplace_back("Retry-After", std::to_string(retry_after_s));
    return reply;
}

}  // namespace dropsmith::http
