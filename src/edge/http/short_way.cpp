// See short_way.h. Covered by edge/http/board_test.cpp, tests/http/lost_reply.py, tests/http/routes.py.
#include "edge/http/short_way.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/limits.h"
#include "base/recycled.h"
#include "edge/http/allowance.h"
#include "edge/http/board.h"
#include "edge/http/idempotency.h"
#include "edge/http/plain_body.h"
#include "edge/http/wish.h"

namespace dropsmith::http {
namespace {

using Short = Target::Short;

// A hold on its way through the loop: asks, renders, answers. Everything that it needs is in it.
class HoldCaller final : public engine::Caller, public Recycled<HoldCaller> {
  public:
    HoldCaller(Services& services, std::unique_ptr<Responder> responder, bool secure)
        : services_(services), responder_(std::move(responder)), secure_(secure) {}
    ~HoldCaller() override {
        if (responder_) answer(too_busy(503, 1));
    }
    Wish& wish() { return *wish_; }

    void decided(const engine::Answer& answer) override {
        at_ = answer.at;
        reply_ = answer.refusal ? hold_refused(answer, services_, *wish_) : hold_placed(answer, services_);
        if (answer.replayed && !answer.refusal) reply_.headers.emplace_back("Idempotent-Replayed", "true");
    }
    void settled(const Fault* fault) override { answer(fault ? too_busy(503, 1) : std::move(reply_)); }
    const PublicIds& ids() const { return *services_.ids; }

  private:
    void answer(Reply reply) {
        const auto way = std::move(responder_);
        reply.shop_time = at_.ms ? at_ : services_.shop_clock->now();
        if (secure_) demand_tls(reply);
        way->reply(std::move(reply));
    }
    Services& services_;
    std::unique_ptr<Responder> responder_;
    bool secure_;
    Instant at_;
    Reply reply_;
    Spare<Wish> wish_ = Spare<Wish>::take();  // only what every hold of the short way says is ever set in it
};

// The holds of one request, each with its own key and its own answer; the last that is settled takes them all home.
class Basket : public std::enable_shared_from_this<Basket> {
  public:
    struct Place {
        std::string key;
        Reply reply;
    };
    Basket(Services& its_services, std::unique_ptr<Responder> responder, bool secure, std::size_t holds)
        : services(its_services), places(holds), responder_(std::move(responder)), secure_(secure), open_(holds + 1) {}

    // Once for each hold, and once when all have been handed in.
    void done() {
        if (open_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        Reply reply{200, "application/json", {}, {}};
        std::size_t size = 16;
        for (const auto& place : places) size += place.key.size() + place.reply.body.size() + 48;
        reply.body.reserve(size);
        JsonWriter json(reply.body);
        json.object().key("data").array();
        for (const auto& place : places)
            json.object()
                .key("key")
                .text(place.key)
                .key("status")
                .integer(place.reply.status)
                .key("body")
                .raw(place.reply.body)
                .end();
        json.end().end();
        reply.shop_time = services.shop_clock->now();
        if (secure_) demand_tls(reply);
        responder_->reply(std::move(reply));
    }

    Services& services;
    std::vector<Place> places;  // each written by whoever answers its hold

  private:
    std::unique_ptr<Responder> responder_;
    bool secure_;
    std::atomic<std::size_t> open_;
};

class BasketCaller final : public engine::Caller, public Recycled<BasketCaller> {
  public:
    BasketCaller(std::shared_ptr<Basket> basket, std::size_t place) : basket_(std::move(basket)), place_(place) {}
    ~BasketCaller() override {
        if (basket_) answer(too_busy(503, 1));
    }
    Wish& wish() { return *wish_; }
    const PublicIds& ids() const { return *basket_->services.ids; }

    void decided(const engine::Answer& answer) override {
        const auto& services = basket_->services;
        basket_->places[place_].reply =
            answer.refusal ? hold_refused(answer, services, *wish_) : hold_placed(answer, services);
    }
    void settled(const Fault* fault) override {
        if (fault) return answer(too_busy(503, 1));
        std::exchange(basket_, nullptr)->done();
    }

  private:
    void answer(Reply reply) {
        basket_->places[place_].reply = std::move(reply);
        std::exchange(basket_, nullptr)->done();
    }
    std::shared_ptr<Basket> basket_;
    std::size_t place_;
    Spare<Wish> wish_ = Spare<Wish>::take();
};

// The shop's time of this turn of the network thread.
Instant now_of(const Services& services, std::int64_t turn_ms) {
    thread_local std::int64_t turn = -1;
    thread_local const engine::ShopClock* clock = nullptr;
    thread_local Instant now;
    if (turn != turn_ms || clock != services.shop_clock)
        turn = turn_ms, clock = services.shop_clock, now = services.shop_clock->now();
    return now;
}

bool usual(const Request& request) {
    return request.query.empty() && request.authorization.empty() && request.cookie.empty() && !request.trusted &&
           (request.content_type == "application/json" || request.content_type.empty()) && !request.body.empty();
}

bool usual_key(std::string_view key) {
    return !key.empty() && key.size() <= limits::key_max && key.front() != '"' &&
           std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool usual_units(const std::vector<WantedBody>& lines) {
    return !lines.empty() && lines.size() <= limits::lines_max &&
           std::all_of(lines.begin(), lines.end(),
                       [](const auto& line) { return line.units.n >= 1 && line.units.n <= limits::units_max; });
}

bool unnamed(const HoldBody& asked) { return !asked.session || asked.session->empty(); }  // here no person is named

// The body of this thread's request: its buffers are used again.
template <class Body>
Body& fresh() {
    thread_local Body body;
    body.session.reset();
    return body;
}

template <class HisCaller>
void hand_in(Services& services, std::unique_ptr<HisCaller> caller, const HoldBody& asked, KeyUse key) {
    const auto cbor = plain_cbor(asked);
    key.body = cbor.empty() ? body_digest({&type_of<HoldBody>(), &asked}) : body_digest(cbor);
    auto& wish = caller->wish();
    wish.drop = *asked.drop, wish.channel = *asked.channel, wish.lines = asked.lines;
    wish.session = asked.session ? session_digest(*asked.session) : 0;
    engine::Ask ask;
    ask.who = Actor{ActorKind::buyer, {}};
    ask.key = key;
    ask.build = [mine = caller.get()](const State& state, const Moment&) {
        return place_hold(state, mine->ids(), mine->wish());
    };
    ask.caller = std::move(caller);
    // Full or stopping: the ask is destroyed unanswered, and its caller says 503 with Retry-After.
    if (!services.loop->submit(engine::Lane::selling, std::move(ask)))
        services.shed.fetch_add(1, std::memory_order_relaxed);
}

Short hold(Services& services, const Request& request, Reply& reply, Way& way, std::int64_t turn_ms) {
    auto& asked = fresh<HoldBody>();
    if (!usual_key(request.idempotency_key) || !read_plain(request.body, asked) || !usual_units(asked.lines))
        return Short::no;
    // The long way asks once more, and says so.
    if (over_unnamed(services, request, nullptr, unnamed(asked) ? 1 : 0) > 0) return Short::no;
    if (over_allowance(services, request, nullptr) > 0) return Short::no;
    const auto key = key_use("public", "POST", "/v1/holds", request.idempotency_key);
    if (!services.seen_keys->maybe(key.scope)) {
        const auto& picture = services.board.picture();
        const auto now = now_of(services, turn_ms);
        if (const auto* no = services.board.refuses(*picture, asked, now)) {
            reply.status = no->status;
            reply.content_type = "application/problem+json";
            reply.body = no->body;
            reply.shop_time = now;
            return Short::answered;
        }
        services.key_goes_to_the_loop(key.scope);
    }
    hand_in(services, std::make_unique<HoldCaller>(services, way.responder(), request.secure), asked, key);
    return Short::handed_on;
}

// All of them, or none: if one is not as usual, the long way takes the whole request.
Short holds(Services& services, const Request& request, Way& way, std::int64_t turn_ms) {
    thread_local std::vector<KeyedHold> asked;  // its room is used again
    std::size_t count = 0;
    if (!request.idempotency_key.empty() || request.empty_key || !read_plain(request.body, asked, count))
        return Short::no;
    const auto all = std::span(asked).first(count);
    if (!std::all_of(all.begin(), all.end(),
                     [](const auto& hold) { return usual_key(hold.key) && usual_units(hold.body.lines); }))
        return Short::no;
    const auto nobodys = std::count_if(all.begin(), all.end(), [](const auto& hold) { return unnamed(hold.body); });
    if (over_unnamed(services, request, nullptr, static_cast<std::size_t>(nobodys)) > 0) return Short::no;
    if (over_allowance(services, request, nullptr, count) > 0) return Short::no;
    const auto basket = std::make_shared<Basket>(services, way.responder(), request.secure, count);
    const auto& picture = services.board.picture();
    const auto now = now_of(services, turn_ms);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& hold = all[i];
        auto& place = basket->places[i];
        place.key = hold.key;
        const auto key = key_use("public", "POST", "/v1/holds", hold.key);
        if (!services.seen_keys->maybe(key.scope)) {
            if (const auto* no = services.board.refuses(*picture, hold.body, now)) {
                place.reply.status = no->status;
                place.reply.body = no->body;
                basket->done();
                continue;
            }
            services.key_goes_to_the_loop(key.scope);
        }
        hand_in(services, std::make_unique<BasketCaller>(basket, i), hold.body, key);
    }
    basket->done();
    return Short::handed_on;
}

Short quote(Services& services, const Request& request, Reply& reply, std::int64_t turn_ms) {
    auto& asked = fresh<QuoteBody>();
    if (!request.idempotency_key.empty() || request.empty_key || !read_plain(request.body, asked) ||
        !usual_units(asked.lines))
        return Short::no;
    const auto now = now_of(services, turn_ms);
    const auto session = asked.session ? session_digest(*asked.session) : 0;
    const auto priced = Board::quote(*services.board.picture(), asked, session, now);
    if (!priced || over_allowance(services, request, nullptr) > 0) return Short::no;
    reply.status = 201;
    reply.content_type = "application/json";
    reply.body.clear();
    JsonWriter json(reply.body);
    write_quote(json, *priced, [&](std::size_t i) { return std::string_view(asked.lines[i].sku); }, services);
    reply.shop_time = now;
    return Short::answered;
}

}  // namespace

Short short_way(Services& services, const Request& request, Reply& reply, Way& way, std::int64_t turn_ms) {
    reply.headers.clear();
    if (request.secure) demand_tls(reply);
    if (!services.seen_keys || request.method != "POST" || !usual(request)) return Short::no;
    if (request.path == "/v1/holds") return hold(services, request, reply, way, turn_ms);
    if (request.path == "/v1/quotes") return quote(services, request, reply, turn_ms);
    if (request.path == "/v1/holds:batch") return holds(services, request, way, turn_ms);
    return Short::no;
}

}  // namespace dropsmith::http
