// Covered by tests/http/access_matrix.py.
#include "edge/http/router.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "edge/http/allowance.h"
#include "edge/http/call.h"
#include "edge/http/error_page.h"
#include "edge/http/idempotency.h"
#include "edge/http/routes.h"
#include "edge/http/site.h"

namespace dropsmith::http {
namespace {

void split(std::string_view path, std::vector<std::string_view>& parts) {
    parts.clear();
    std::size_t begin = 1;
    while (begin <= path.size()) {
        const auto end = std::min(path.find('/', begin), path.size());
        parts.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
}

// What the caller shows: a staff token, or what may be a buyer's secret.
struct Shown {
    std::string_view token;
    std::string_view secret;
    bool by_cookie = false;
};

std::string_view cookie_named(std::string_view cookies, std::string_view name) {
    while (!cookies.empty()) {
        auto part = cookies.substr(0, cookies.find(';'));
        cookies = part.size() == cookies.size() ? std::string_view{} : cookies.substr(part.size() + 1);
        while (part.starts_with(' ')) part.remove_prefix(1);
        if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
            return part.substr(name.size() + 1);
    }
    return {};
}

Shown shown_by(const Request& request) {
    Shown shown;
    std::string_view authorization = request.authorization;
    constexpr std::string_view bearer = "bearer ";
    if (authorization.size() > bearer.size() &&
        std::equal(bearer.begin(), bearer.end(), authorization.begin(),
                   [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); })) {
        const auto value = authorization.substr(bearer.size());
        (value.starts_with("dst_") ? shown.token : shown.secret) = value;
    }
    if (shown.secret.empty()) shown.secret = request.buyer_secret;
    if (shown.secret.empty() && !request.cookie.empty()) {
        shown.secret = cookie_named(request.cookie, "dropsmith_secret");
        shown.by_cookie = !shown.secret.empty();
    }
    return shown;
}

// What a browser says of where a request comes from; a client that says nothing of it has no need of cookies.
bool from_our_pages(const Request& request) {
    if (!request.fetch_site.empty()) return request.fetch_site == "same-origin";
    const auto scheme = request.origin.find("://");
    return scheme != std::string::npos && !request.host.empty() &&
           std::string_view(request.origin).substr(scheme + 3) == request.host;
}

bool secret_opens(const PublicIds& ids, Owned owned, std::string_view id, std::string_view secret) {
    const std::string_view prefix = owned == Owned::hold    ? HoldTag::prefix
                                    : owned == Owned::order ? OrderTag::prefix
                                 : owned == Owned::wait  ? WaitTag::prefix
                                                         : SubscriberTag::prefix;
    const auto n = ids.read(prefix, id);
    return n && !secret.empty() && ids.secret_matches(prefix, *n, secret);
}

bool query_known(const Route& route, const Query& query, std::string& unknown) {
    for (const auto& [name, value] : query.all()) {
        std::string_view list = route.doc.query;
        bool found = false;
        while (!list.empty() && !found) {
            const auto comma = list.find(',');
            found = list.substr(0, comma) == name;
            list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
        }
        if (!found) return unknown = name, false;
    }
    return true;
}

class WaitingResponder final : public Responder {
  public:
    struct Box {
        std::mutex mutex;
        std::condition_variable arrived;
        std::optional<Reply> reply;
    };
    explicit WaitingResponder(std::shared_ptr<Box> box) : box_(std::move(box)) {}
    ~WaitingResponder() override {
        if (box_) reply(too_busy(503, 1));
    }
    void reply(Reply reply) override {
        const auto box = std::move(box_);
        if (!box) return;
        const std::lock_guard lock(box->mutex);
        box->reply = std::move(reply);
        box->arrived.notify_all();
    }
    std::shared_ptr<Outflow> stream(Reply) override {
        reply(problem(409, "wrong_state", "A stream needs a connection; ask the running shop."));
        return nullptr;
    }

  private:
    std::shared_ptr<Box> box_;
};

}  // namespace

Router::Router(Services& services) : services_(services) {
    for (const auto& route : all_routes()) {
        Node node{&route, {}};
        split(route.path, node.parts);
        if (by_length_.size() <= node.parts.size()) by_length_.resize(node.parts.size() + 1);
        by_length_[node.parts.size()].push_back(std::move(node));
    }
}

const Router::Node* Router::find(std::string_view method, const std::vector<std::string_view>& parts,
                                 bool& other_method) const {
    const Node* best = nullptr;
    std::size_t best_named = 0;
    if (parts.size() >= by_length_.size()) return nullptr;
    for (const auto& node : by_length_[parts.size()]) {
        std::size_t named = 0, i = 0;
        for (; i < parts.size(); ++i) {
            if (node.parts[i] == parts[i])
                ++named;
            else if (!node.parts[i].starts_with('{') || parts[i].empty())
                break;
        }
        if (i < parts.size()) continue;
        if (node.route->method != method) {
            other_method = true;
            continue;
        }
        if (!best || named > best_named) best = &node, best_named = named;
    }
    return best;
}

// Once for each request, whichever way it goes.
void Router::see_who_asks(Request& request) const {
    if (request.believed) return;
    request.believed = true;
    request.secure = services_.tls && !request.trusted;
    believe_proxies(request, services_.proxies);
}

Target::Short Router::at_once(Request& request, Reply& reply, Way& way, std::int64_t turn_ms) {
    see_who_asks(request);
    return short_way(services_, request, reply, way, turn_ms);
}

void Router::take(Request request, std::unique_ptr<Responder> responder) {
    see_who_asks(request);
    if (wants_page(request)) responder = with_error_pages(std::move(responder));
    thread_local std::vector<std::string_view> parts;
    split(request.path, parts);
    bool other_method = false;
    const Node* node = find(request.method == "HEAD" ? "GET" : std::string_view(request.method), parts, other_method);
    if (!node) {
        if (other_method)
            return responder->reply(problem(405, "method_not_allowed", "This path takes other methods; see /docs."));
        auto asset = asset_or_not_found(request);
        if (request.secure) demand_tls(asset);
        return responder->reply(std::move(asset));
    }
    const Route& route = *node->route;
    auto call = std::make_unique<Call>(services_, route);
    for (std::size_t i = 0, n = 0; i < parts.size(); ++i)
        if (node->parts[i].starts_with('{') && n < call->params.size()) call->params[n++] = parts[i];
    call->request = std::move(request);
    call->responder = std::move(responder);
    const auto& asked = call->request;
    const std::string_view method = route.method;  // HEAD is asked like GET

    // Who is it?
    const auto shown = shown_by(asked);
    const auto& access = route.access;
    call->who = Actor{ActorKind::buyer, {}};
    if (asked.trusted && shown.token.empty()) {
        call->who = Actor{ActorKind::shop, {}};
    } else if (!shown.token.empty()) {
        call->grant = services_.grants.find(shown.token, services_.machine_clock->wall());
    }
    if (const auto wait_ms = route.doc.unlimited ? 0 : over_allowance(services_, asked, call->grant.get()); wait_ms > 0)
        return call->reply(too_busy(429, static_cast<int>((wait_ms + 999) / 1'000)));
    if (!shown.token.empty()) {
        if (!call->grant)
            return call->reply(problem(401, "unauthorized", "This token is unknown, has ended or has expired."));
        call->who = Actor{call->grant->role == Role::till ? ActorKind::device : ActorKind::staff, call->grant->id};
    }
    const bool staff = call->who.kind != ActorKind::buyer;
    const bool role_ok = staff && (!call->grant || access.allows(call->grant->role));
    if (access.reach() == Reach::staff) {
        if (!staff)
            return call->reply(problem(401, "unauthorized", "This needs a staff token: Authorization: Bearer dst_…"));
        if (!role_ok) return call->reply(problem(403, "forbidden", "The role of this token may not do this."));
        if (access.scope() == ScopeKind::shop && !call->unscoped())
            return call->reply(problem(403, "forbidden", "This needs a grant over the whole shop."));
    } else if (access.reach() == Reach::buyer) {
        if (staff) {
            if (!role_ok) return call->reply(problem(403, "forbidden", "The role of this token may not do this."));
        } else if (!secret_opens(*services_.ids, access.owned(), call->params[0], shown.secret)) {
            return call->refuse_not_found();
        }
    }
    // A cookie travels by itself: what it opens must come from our own pages.
    if (shown.by_cookie && method != "GET" && !from_our_pages(asked))
        return call->reply(problem(403, "forbidden", "A request with a cookie must come from the shop's own pages."));

    // What is asked?
    std::string error;
    call->query = Query::parse(asked.query, error);
    if (!error.empty()) return call->reply(bad_input("", error));
    if (!query_known(route, call->query, error))
        return call->reply(
            bad_input("/" + error, "is not a query parameter here; this path knows: " +
                                       (route.doc.query.empty() ? "none" : std::string(route.doc.query))));
    if (route.doc.key != KeyRule::none) {
        auto key = parse_key(asked.idempotency_key, asked.empty_key, error);
        if (!error.empty()) return call->reply(bad_input("", error));
        if (!key && route.doc.key == KeyRule::required)
            return call->reply(
                bad_input("",
                          "Idempotency-Key is required here: a new one for each thing to be done, the same "
                          "one again when an answer was lost"));
        if (key) call->key = key_use(caller_of(*call), method, asked.path, *key);
    }
    route.handler(std::move(call));
}

Reply Router::call(Request request) {
    auto box = std::make_shared<WaitingResponder::Box>();
    take(std::move(request), std::make_unique<WaitingResponder>(box));
    std::unique_lock lock(box->mutex);
    box->arrived.wait(lock, [&] { return box->reply.has_value(); });
    return std::move(*box->reply);
}

}  // namespace dropsmith::http
