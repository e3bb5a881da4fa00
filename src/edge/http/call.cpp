// Covered by tests/http/access_matrix.py.
#include "edge/http/call.h"

#include <algorithm>

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "edge/http/idempotency.h"
#include "edge/http/services.h"

namespace dropsmith::http {
namespace {

class RouteCaller final : public engine::Caller {
  public:
    RouteCaller(CallPtr call, View view, View refused)
        : call_(std::move(call)), view_(std::move(view)), refused_(std::move(refused)) {}
    ~RouteCaller() override {
        if (call_ && call_->responder) call_->reply(too_busy(503, 1));
    }
    void decided(const engine::Answer& answer) override {
        call_->shop_time = answer.at;
        if (answer.refusal) {
            reply_ = refused_ ? refused_(answer, *call_) : refusal_problem(*answer.refusal);
            return;
        }
        reply_ = view_(answer, *call_);
        if (answer.replayed) reply_.headers.emplace_back("Idempotent-Replayed", "true");
    }
    void settled(const Fault* fault) override { call_->reply(fault ? too_busy(503, 1) : std::move(reply_)); }

  private:
    CallPtr call_;
    View view_, refused_;
    Reply reply_;
};

class LookCaller final : public engine::Caller {
  public:
    LookCaller(Services& services, std::string what, View view)
        : services_(services), what_(std::move(what)), view_(std::move(view)) {}
    ~LookCaller() override {
        if (!settled_) decided_for_ = services_.looks.take(what_), tell(too_busy(503, 1));
    }
    void decided(const engine::Answer& answer) override {
        decided_for_ = services_.looks.take(what_);
        if (decided_for_.empty()) return;
        reply_ = view_(answer, *decided_for_.front());
        for (auto& call : decided_for_) call->shop_time = answer.at;
    }
    void settled(const Fault* fault) override {
        settled_ = true;
        tell(fault ? too_busy(503, 1) : reply_);
    }

  private:
    void tell(const Reply& reply) {
        for (auto& call : decided_for_) call->reply(reply);
        decided_for_.clear();
    }
    Services& services_;
    const std::string what_;
    View view_;
    std::vector<CallPtr> decided_for_;
    Reply reply_;
    bool settled_ = false;
};

class LookUpCaller final : public engine::Caller {
  public:
    using See = std::function<std::optional<Reply>(const engine::Answer&, Call&)>;
    LookUpCaller(CallPtr call, See see, std::function<void(CallPtr)> next)
        : call_(std::move(call)), see_(std::move(see)), next_(std::move(next)) {}
    ~LookUpCaller() override {
        if (call_ && call_->responder) call_->reply(too_busy(503, 1));
    }
    void decided(const engine::Answer& answer) override { reply_ = see_(answer, *call_); }
    void settled(const Fault* fault) override {
        if (fault) return call_->reply(too_busy(503, 1));
        if (reply_) return call_->reply(std::move(*reply_));
        next_(std::move(call_));
    }

  private:
    CallPtr call_;
    See see_;
    std::function<void(CallPtr)> next_;
    std::optional<Reply> reply_;
};

void submit(CallPtr call, engine::Lane lane, engine::Ask ask, View view, View refused) {
    auto& services = call->services;
    ask.who = call->who;
    ask.caller = std::make_unique<RouteCaller>(std::move(call), std::move(view), std::move(refused));
    // Full or stopping: the ask is destroyed unanswered, and its caller says 503 with Retry-After.
    if (!services.loop->submit(lane, std::move(ask))) services.shed.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

void Call::reply(Reply with) {
    auto way = std::move(responder);
    if (!way) return;
    if (with.status == 401 || with.status == 403 || with.status == 429)
        services.denials.note({with.status, route.method, route.path, request.peer,
                               grant ? services.ids->show(grant->id) : std::string{}},
                              services.machine_clock->boot().n);
    if (request.secure) demand_tls(with);
    with.shop_time = shop_time.ms ? shop_time : services.shop_clock->now();
    way->reply(std::move(with));
}

JsonContext Call::json() const { return {services.ids, services.currency}; }
const PublicIds& ids_of(const Call& call) { return *call.services.ids; }

std::string caller_of(const Call& call) {
    if (call.grant) return "g" + std::to_string(call.grant->id.n);
    return call.who.kind == ActorKind::buyer ? "public" : "shop";
}

bool Call::may_place(PlaceId place) const {
    if (!grant || grant->scope.places.empty()) return true;
    return std::find(grant->scope.places.begin(), grant->scope.places.end(), place) != grant->scope.places.end();
}
bool Call::may_channel(ChannelId channel) const {
    if (!grant || grant->scope.channels.empty()) return true;
    return std::find(grant->scope.channels.begin(), grant->scope.channels.end(), channel) !=
           grant->scope.channels.end();
}
bool Call::unscoped() const {
    return !grant || (grant->scope.places.empty() && grant->scope.channels.empty() && grant->scope.brands.empty());
}

bool parse_body(Call& call, const Type& type, void* object) {
    const auto& kind = call.request.content_type;
    if (!kind.empty() && kind.find("json") == std::string::npos) {
        call.reply(problem(415, "unsupported_media_type", "Send the body as Content-Type: application/json."));
        return false;
    }
    const std::string_view text =
        call.request.body.empty() ? std::string_view("{}") : std::string_view(call.request.body);
    auto parsed = parse_json(text, type, object, call.json());
    if (!parsed) {
        call.reply(bad_input(parsed.error()));
        return false;
    }
    if (call.key) call.key->body = body_digest({&type, object});
    return true;
}

bool no_body(Call& call) {
    const auto text = trim(call.request.body);
    if (text.empty() || text == "{}" || text == "null") {
        if (call.key) call.key->body = 0;
        return true;
    }
    call.reply(bad_input("", "this request takes no body"));
    return false;
}

void question(CallPtr call, View view) { submit(std::move(call), engine::Lane::selling, {}, std::move(view), {}); }

void look(CallPtr call, View view) {
    auto& services = call->services;
    std::string what = call->request.path;
    if (!services.looks.join(what, call)) {
        if (call) call->reply(too_busy(503, 1)), services.shed.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    engine::Ask ask;
    ask.who = Actor{ActorKind::buyer, {}};
    ask.caller = std::make_unique<LookCaller>(services, std::move(what), std::move(view));
    if (!services.loop->submit(engine::Lane::selling, std::move(ask)))
        services.shed.fetch_add(1, std::memory_order_relaxed);
}

void look_up(CallPtr call, std::function<std::optional<Reply>(const engine::Answer&, Call&)> see,
             std::function<void(CallPtr)> next) {
    auto& services = call->services;
    engine::Ask ask;
    ask.who = call->who;
    ask.caller = std::make_unique<LookUpCaller>(std::move(call), std::move(see), std::move(next));
    if (!services.loop->submit(engine::Lane::selling, std::move(ask)))
        services.shed.fetch_add(1, std::memory_order_relaxed);
}

static void offer(Slow& slow, CallPtr call, std::function<void(CallPtr)> work) {
    auto shared = std::make_shared<CallPtr>(std::move(call));  // std::function needs what can be copied
    if (!slow.offer([shared, work = std::move(work)] { work(std::move(*shared)); })) (*shared)->reply(too_busy(503, 2));
}

void slowly(CallPtr call, std::function<void(CallPtr)> work) {
    auto& slow = call->services.slow;
    offer(slow, std::move(call), std::move(work));
}

void from_tables(CallPtr call, std::function<void(CallPtr)> work) {
    auto& lists = call->services.lists;
    offer(lists, std::move(call), std::move(work));
}

void study(CallPtr call, Study see) {
    slowly(std::move(call), [see = std::move(see)](CallPtr c) {
        Reply reply;
        const auto asked = c->services.replica->ask([&](const State& state) { reply = see(state, *c); });
        c->reply(asked ? std::move(reply) : too_busy(503, 5));
    });
}

void command(CallPtr call, engine::Build build, View view, Doing doing) {
    engine::Ask ask;
    ask.build = std::move(build);
    ask.key = call->key;
    ask.person = std::move(doing.person);
    ask.vault = std::move(doing.vault);
    submit(std::move(call), doing.lane, std::move(ask), std::move(view), std::move(doing.refused));
}

void etag(Reply& reply, std::uint64_t version) {
    reply.headers.emplace_back("ETag", '"' + std::to_string(version) + '"');
}

bool if_version(Call& call, std::optional<std::uint64_t>& version) {
    std::string_view text = call.request.if_match;
    version.reset();
    if (text.empty() || text == "*") return true;
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    const auto n = parse_integer(text);
    if (!n || *n < 1) {
        call.reply(bad_input("", "If-Match must be the ETag of the last answer, as \"3\""));
        return false;
    }
    version = static_cast<std::uint64_t>(*n);
    return true;
}

bool page_of(Call& call, Page& page) {
    if (const auto* limit = call.query.find("limit")) {
        const auto n = parse_integer(*limit);
        if (!n || *n < 1 || *n > static_cast<std::int64_t>(limits::list_page_max)) {
            call.reply(
                bad_input("/limit", "limit must be a whole number from 1 to " + std::to_string(limits::list_page_max)));
            return false;
        }
        page.limit = static_cast<std::size_t>(*n);
    }
    if (const auto* cursor = call.query.find("cursor")) {
        const auto n = call.services.ids->read("cur", *cursor);
        if (!n) {
            call.reply(bad_input("/cursor", "cursor must be the `next` of an earlier answer"));
            return false;
        }
        page.after = *n;
    }
    return true;
}

std::string cursor_of(const Call& call, std::uint64_t last) { return call.services.ids->show("cur", last); }

}  // namespace dropsmith::http
