// The site's own routes: pages, health, metrics, the description of this interface, the live stream. Covered by
// tests/http/.
#include "edge/http/routes.h"

#include "base/text.h"
#include "edge/http/docs_pages.h"
#include "edge/http/handling.h"
#include "edge/http/metrics.h"
#include "edge/http/openapi.h"
#include "edge/http/page.h"

namespace dropsmith::http {
namespace routes_site {
namespace {

Reply text_reply(StaticText type, std::string body) { return {200, type, std::move(body), {}}; }

void get_healthz(CallPtr call) { call->reply(text_reply("text/plain; charset=utf-8", "ok\n")); }

// Ready: the journal is replayed and the loop answers.
void get_readyz(CallPtr call) {
    const auto& services = call->services;
    if (!services.ready.load() || services.stopping.load()) return call->reply(too_busy(503, 1));
    question(std::move(call),
             [](const engine::Answer&, Call&) { return text_reply("text/plain; charset=utf-8", "ready\n"); });
}

void get_metrics(CallPtr call) {
    const auto body = metrics_text(call->services);
    call->reply(text_reply("text/plain; version=0.0.4; charset=utf-8", body));
}

void get_openapi(CallPtr call) {
    call->reply(text_reply("application/json", openapi_document(call->services.currency)));
}
void get_docs(CallPtr call) { call->reply(text_reply("text/html; charset=utf-8", docs_page())); }

void get_problems(CallPtr call) { call->reply(text_reply("text/html; charset=utf-8", problems_page())); }

void get_drop_page(CallPtr call) {
    look(std::move(call), [](const engine::Answer& answer, Call& c) {
        const auto it = answer.state.drops.by_slug.find(c.params[0]);
        const auto* drop = it == answer.state.drops.by_slug.end() ? nullptr : answer.state.drops.find(it->second);
        if (!drop || drop->status == DropStatus::draft) return not_found();
        return text_reply("text/html; charset=utf-8",
                          drop_page_of(answer.state, *drop, answer.at, c.services.public_url));
    });
}

void get_stream(CallPtr call) {
    std::uint64_t drop = 0;
    if (const auto* named = call->query.find("drop")) {
        const auto id = call->services.ids->read<DropTag>(*named);
        if (!id) return call->reply(bad_input("/drop", "is not the id of a drop"));
        drop = id->n;
    }
    std::uint64_t resume = 0;
    if (!call->request.last_event_id.empty()) {
        const auto n = parse_integer(call->request.last_event_id);
        if (!n || *n < 0) return call->reply(bad_input("", "Last-Event-ID must be an id of this stream"));
        resume = static_cast<std::uint64_t>(*n);
    }
    auto& stream = call->services.stream;
    const bool staff = call->is_staff() && call->unscoped() && (!call->grant || call->grant->role != Role::till);
    auto way = std::move(call->responder);
    Reply head{200, "text/event-stream", {}, {{"Cache-Control", "no-cache"}, {"X-Accel-Buffering", "no"}}};
    auto flow = way->stream(std::move(head));
    if (flow) stream.listen(std::move(flow), staff, drop, resume);
}

void get_demo(CallPtr call) {
    const auto& ports = call->services.ports;
    if (!ports.demo) return call->refuse_not_found();
    const auto body = ports.demo();
    call->reply(text_reply("application/json", body));
}

void post_demo_kill(CallPtr call) {
    const auto& ports = call->services.ports;
    if (!ports.demo_kill) return call->refuse_not_found();
    if (!ports.demo_kill())
        return call->reply(problem(409, "wrong_state", "This demo has nobody who would start it again."));
    call->reply(json_reply(202, [](JsonWriter& json) { json.object().key("killed").boolean(true).end(); }));
}

constexpr Route table[] = {
    {"GET",
     "/v1/stream",
     public_(),
     get_stream,
     {.summary = "Server-sent events: price, availability, status of drops; for staff, holds, orders and decisions too",
      .query = "drop",
      .gives = "events",
      .reply_type = "text/event-stream"}},
    {"GET",
     "/d/{slug}",
     public_(),
     get_drop_page,
     {.summary = "The drop's page", .gives = "a page", .reply_type = "text/html"}},
    {"GET",
     "/v1/demo",
     public_(),
     get_demo,
     {.summary = "What the simulated shop is; 404 in a real one", .gives = "{simulated, speed, seed, can_kill, shop}"}},
    {"POST",
     "/v1/demo/kill",
     public_(),
     post_demo_kill,
     {.summary = "Kills the simulated shop's process, to show that nothing is lost; 404 in a real one",
      .success = 202,
      .gives = "{killed}"}},
    {"GET",
     "/metrics",
     needs<Role::operator_, Role::viewer>(ScopeKind::none),
     get_metrics,
     {.summary = "Figures for Prometheus", .gives = "text", .reply_type = "text/plain"}},
    {"GET",
     "/healthz",
     public_(),
     get_healthz,
     {.summary = "The process lives", .gives = "text", .reply_type = "text/plain"}},
    {"GET",
     "/readyz",
     public_(),
     get_readyz,
     {.summary = "The shop serves", .gives = "text", .reply_type = "text/plain"}},
    {"GET",
     "/openapi.json",
     public_(),
     get_openapi,
     {.summary = "This description, OpenAPI 3.1", .gives = "the document"}},
    {"GET",
     "/docs/problems",
     public_(),
     get_problems,
     {.summary = "What each refusal means and what to do", .gives = "a page", .reply_type = "text/html"}},
    {"GET",
     "/docs",
     public_(),
     get_docs,
     {.summary = "This description for people", .gives = "a page", .reply_type = "text/html"}},
};

}  // namespace
}  // namespace routes_site

std::span<const Route> site_routes() { return routes_site::table; }

}  // namespace dropsmith::http
