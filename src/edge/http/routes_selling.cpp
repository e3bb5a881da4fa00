// Quotes, holds, confirmation. The hot path of a drop. Covered by tests/http/routes.py, tests/load, tests/crash.
#include "edge/http/routes.h"

#include <algorithm>
#include <atomic>

#include "base/digest.h"
#include "base/limits.h"
#include "edge/http/allowance.h"
#include "edge/http/handling.h"
#include "edge/http/idempotency.h"
#include "edge/http/person.h"
#include "edge/http/quote.h"
#include "edge/http/requests_payment.h"
#include "edge/http/wish.h"
#include "flow/sell/order.h"

namespace dropsmith::http {
namespace routes_selling {
namespace {

void post_quote(CallPtr call) {
    const auto asked = body<QuoteBody>(*call);
    if (!asked) return;
    if (auto errors = wrong_units(asked->lines); !errors.empty()) return call->reply(bad_input(errors));
    Wish wish{asked->drop, asked->channel, asked->lines, session_digest(asked->session.value_or("")), {}, {}, {}};
    question(std::move(call), [wish = std::move(wish)](const engine::Answer& answer, Call& c) {
        const auto quote = price_basket(answer.state, *c.services.ids, wish, answer.at);
        if (!quote) return refusal_problem(quote.error());
        return json_reply(201, [&](JsonWriter& json) {
            write_quote(
                json, *quote, [&](std::size_t i) { return std::string_view(wish.lines[i].sku); }, c.services,
                &answer.state);
        });
    });
}

// true: they are too many for this caller, who has been told. The request itself has been counted as one by the router.
bool too_many(Call& call, std::size_t things, std::size_t unnamed) {
    const auto* grant = call.grant.get();
    std::int64_t wait_ms = things > 0 ? over_allowance(call.services, call.request, grant, things) : 0;
    if (wait_ms == 0) wait_ms = over_unnamed(call.services, call.request, grant, unnamed);
    if (wait_ms == 0) return false;
    return call.reply(too_busy(429, static_cast<int>((wait_ms + 999) / 1'000))), true;
}

void post_hold(CallPtr call) {
    const auto asked = body<HoldBody>(*call);
    if (!asked) return;
    Wish wish;
    std::vector<JsonError> errors;
    if (!wish_of(*asked, call->services, wish, errors)) return call->reply(bad_input(errors));
    if (too_many(*call, 0, wish.session == 0 && !asked->person ? 1 : 0)) return;
    Doing doing;
    doing.lane = engine::Lane::selling;
    if (!take_person(*call, *asked, doing)) return;
    if (call->key) call->services.key_goes_to_the_loop(call->key->scope);
    auto shared = std::make_shared<const Wish>(std::move(wish));
    doing.refused = [shared](const engine::Answer& answer, Call& c) {
        return hold_refused(answer, c.services, *shared);
    };
    const auto* ids = call->services.ids;
    command(
        std::move(call), [shared, ids](const State& state, const Moment&) { return place_hold(state, *ids, *shared); },
        [](const engine::Answer& answer, Call& c) { return hold_placed(answer, c.services); }, std::move(doing));
}

void get_hold(CallPtr call) {
    const auto id = path_id<HoldId>(*call);
    if (!id) return;
    question(std::move(call), [id](const engine::Answer& answer, Call& c) {
        const auto* hold = answer.state.holds.table.find(*id);
        if (!hold) return not_found();
        return json_reply(200,
                          [&](JsonWriter& json) { write_hold(json, answer.state, *hold, answer.at, words_of(c)); });
    });
}

Reply hold_after(const engine::Answer& answer, Call& call) {
    const auto id = call.services.ids->read<HoldTag>(call.params[0]);
    const auto* hold = id ? answer.state.holds.table.find(*id) : nullptr;
    if (!hold) return not_found();
    return json_reply(200, [&](JsonWriter& json) { write_hold(json, answer.state, *hold, answer.at, words_of(call)); });
}

// One thing at a time: units given back, or who it is for and how it shall come.
void patch_hold(CallPtr call) {
    const auto id = path_id<HoldId>(*call);
    if (!id) return;
    const auto asked = body<HoldPatch>(*call);
    if (!asked) return;
    const bool details = asked->person || asked->fulfilment;
    if (details == !asked->lines.empty())
        return call->reply(bad_input("/lines",
                                     "say which units shall remain, or who it is for and how it shall come: one of "
                                     "the two at a time"));
    Doing doing;
    doing.lane = engine::Lane::selling;
    if (!take_person(*call, *asked, doing)) return;
    command(
        std::move(call),
        [id, asked = *asked, details](const State& state, const Moment&) -> Result<Command, Refusal> {
            if (details) {
                DetailHold detail{*id, {}, {}, {}};
                if (const auto& how = asked.fulfilment)
                    detail.method = how->method, detail.delivery = how->delivery.value_or(""),
                    detail.tax_zone = how->zone.value_or("");
                return Command(std::move(detail));
            }
            ReduceHold reduce{*id, {}};
            for (const auto& line : asked.lines) {
                const auto* sku = state.catalogue.find(line.sku);
                reduce.lines.push_back({sku ? sku->id : SkuId{}, line.units, {}});
            }
            return Command(std::move(reduce));
        },
        hold_after, std::move(doing));
}

void delete_hold(CallPtr call) {
    const auto id = path_id<HoldId>(*call);
    if (!id || !no_body(*call)) return;
    Doing doing;
    doing.lane = engine::Lane::selling;
    command(
        std::move(call),
        [id](const State&, const Moment&) -> Result<Command, Refusal> { return Command(ReleaseHold{*id}); }, hold_after,
        std::move(doing));
}

void post_confirm(CallPtr call) {
    const auto id = path_id<HoldId>(*call);
    if (!id) return;
    const auto asked = body<ConfirmBody>(*call);
    if (!asked) return;
    Doing doing;
    doing.lane = engine::Lane::selling;
    if (!take_person(*call, *asked, doing)) return;
    ConfirmHold confirm;
    confirm.hold = *id;
    confirm.fulfilment = asked->fulfilment.method;
    confirm.place = asked->fulfilment.place.value_or(PlaceId{});
    confirm.delivery = asked->fulfilment.delivery.value_or("");
    confirm.tax_zone = asked->fulfilment.zone.value_or("");
    confirm.payment = asked->payment.method;
    // Only staff can say that the money is there; a buyer's word for it is a reference to look up.
    confirm.paid =
        call->is_staff() && asked->payment.method == PaymentMethod::manual && asked->payment.reference.has_value();
    command(
        std::move(call),
        [confirm](const State& state, const Moment& moment) -> Result<Command, Refusal> {
            if (auto nobody = nobody_named(state, moment, confirm.hold)) return std::move(*nobody);
            return Command(confirm);
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<OrderPlaced>(answer);
            if (!fact) return missing_fact();
            return json_reply(201,
                              [&](JsonWriter& json) { write_placed_order(json, answer.state, *fact, words_of(c)); });
        },
        std::move(doing));
}

// The order that this hold would be, told and not made: the same arithmetic, so that what is shown is what is asked.
void post_total(CallPtr call) {
    const auto id = path_id<HoldId>(*call);
    if (!id) return;
    const auto asked = body<TotalBody>(*call);
    if (!asked) return;
    ConfirmHold how;
    how.hold = *id;
    how.fulfilment = asked->fulfilment.method;
    how.place = asked->fulfilment.place.value_or(PlaceId{});
    how.delivery = asked->fulfilment.delivery.value_or("");
    how.tax_zone = asked->fulfilment.zone.value_or("");
    question(std::move(call), [how](const engine::Answer& answer, Call& c) {
        Random none(0);  // no rule of an order draws
        const auto order = sell::order_of(answer.state, how, Moment{answer.at, c.who, none, {}});
        if (!order) return refusal_problem(order.error());
        return json_reply(200,
                          [&](JsonWriter& json) { write_order_total(json, answer.state, *order, words_of(c)); });
    });
}

// Holds of one request that do not depend on each other: each with its own key, each judged by itself, answered in
// order when the last has been settled. One key means the same here and in POST /v1/holds.
class Basket {
  public:
    Basket(CallPtr call, std::size_t n) : call_(std::move(call)), answers_(n), keys_(n), open_(n + 1) {}
    void set_key(std::size_t i, std::string key) { keys_[i] = std::move(key); }
    void answer(std::size_t i, Reply reply) {
        answers_[i] = std::move(reply);
        done();
    }
    // Each of the n answers, and once the end of handing in.
    void done() {
        if (open_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        call_->reply(json_reply(200, [&](JsonWriter& json) {
            json.object().key("data").array();
            for (std::size_t i = 0; i < answers_.size(); ++i)
                json.object()
                    .key("key")
                    .text(keys_[i])
                    .key("status")
                    .integer(answers_[i].status)
                    .key("body")
                    .raw(answers_[i].body)
                    .end();
            json.end().end();
        }));
    }
    Call& call() { return *call_; }

  private:
    CallPtr call_;
    std::vector<Reply> answers_;
    std::vector<std::string> keys_;
    std::atomic<std::size_t> open_;
};

class BasketCaller final : public engine::Caller {
  public:
    BasketCaller(std::shared_ptr<Basket> basket, std::size_t i, std::shared_ptr<const Wish> wish)
        : basket_(std::move(basket)), i_(i), wish_(std::move(wish)) {}
    ~BasketCaller() override {
        if (basket_) basket_->answer(i_, too_busy(503, 1));
    }
    void decided(const engine::Answer& answer) override {
        const auto& services = basket_->call().services;
        reply_ = answer.refusal ? hold_refused(answer, services, *wish_) : hold_placed(answer, services);
    }
    void settled(const Fault* fault) override {
        const auto basket = std::move(basket_);
        basket->answer(i_, fault ? too_busy(503, 1) : std::move(reply_));
    }

  private:
    std::shared_ptr<Basket> basket_;
    std::size_t i_;
    std::shared_ptr<const Wish> wish_;
    Reply reply_;
};

void hand_in(const std::shared_ptr<Basket>& basket, std::size_t i, const BatchHold& asked) {
    auto& call = basket->call();
    std::string error;
    const auto key = parse_key(asked.key, asked.key.empty(), error);
    if (!key) return basket->answer(i, bad_input("/key", error));
    basket->set_key(i, *key);
    const HoldBody one{asked.quote,   asked.drop,   asked.channel,   asked.lines,
                       asked.session, asked.person, asked.fulfilment, asked.admission, asked.pass};
    Wish wish;
    std::vector<JsonError> errors;
    if (!wish_of(one, call.services, wish, errors)) return basket->answer(i, bad_input(errors));
    engine::Ask ask;
    if (asked.person) {
        auto person = person_of(*asked.person, asked.fulfilment);
        if (!person) return basket->answer(i, bad_input({person.error()}));
        ask.person = std::move(person).value();
    }
    auto shared = std::make_shared<const Wish>(std::move(wish));
    ask.who = call.who;
    ask.key = key_use(caller_of(call), "POST", "/v1/holds", *key);
    ask.key->body = body_digest({&type_of<HoldBody>(), &one});
    call.services.key_goes_to_the_loop(ask.key->scope);
    ask.build = [shared, ids = call.services.ids](const State& state, const Moment&) {
        return place_hold(state, *ids, *shared);
    };
    ask.caller = std::make_unique<BasketCaller>(basket, i, shared);
    if (!call.services.loop->submit(engine::Lane::selling, std::move(ask)))
        call.services.shed.fetch_add(1, std::memory_order_relaxed);
}

void post_holds_batch(CallPtr call) {
    const auto asked = body<HoldsBatchBody>(*call);
    if (!asked) return;
    const auto n = asked->holds.size();
    if (n < 1 || n > limits::holds_per_batch_call)
        return call->reply(
            bad_input("/holds", "must be 1 to " + std::to_string(limits::holds_per_batch_call) + " holds"));
    const auto unnamed = std::count_if(asked->holds.begin(), asked->holds.end(), [&](const BatchHold& hold) {
        if (hold.person || session_digest(hold.session.value_or("")) != 0) return false;
        const auto quote = hold.quote ? unseal(*hold.quote, call->services.mac_key) : std::nullopt;
        return !quote || quote->session == 0;
    });
    if (too_many(*call, n - 1, static_cast<std::size_t>(unnamed))) return;
    auto& loop = *call->services.loop;
    const auto basket = std::make_shared<Basket>(std::move(call), n);
    loop.round_begins();
    for (std::size_t i = 0; i < n; ++i) hand_in(basket, i, asked->holds[i]);
    loop.round_ends();
    basket->done();
}

constexpr auto holders = buyer_secret<Role::operator_, Role::till>(Owned::hold);

constexpr Route table[] = {
    {"POST",
     "/v1/quotes",
     public_(),
     post_quote,
     {.summary = "Fixes prices for a few minutes",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<QuoteBody>,
      .gives = "{id, token, lines: [{sku, units, unit_price}], total, valid_until}"}},
    {"POST",
     "/v1/holds",
     public_(),
     post_hold,
     {.summary = "Keeps units and a price for a few minutes",
      .success = 201,
      .key = KeyRule::required,
      .body = type_of<HoldBody>,
      .gives = "{id, secret, status, lines, total, expires_at}"}},
    {"POST",
     "/v1/holds:batch",
     public_(),
     post_holds_batch,
     {.summary = "At most 256 independent holds, each with its own key",
      .body = type_of<HoldsBatchBody>,
      .gives = "{data: [{key, status, body}]}, in the order asked"}},
    {"GET", "/v1/holds/{id}", holders, get_hold, {.summary = "A hold", .gives = "hold"}},
    {"PATCH",
     "/v1/holds/{id}",
     holders,
     patch_hold,
     {.summary = "Gives units back, or says who it is for and how it shall come",
      .key = KeyRule::optional,
      .body = type_of<HoldPatch>,
      .gives = "hold"}},
    {"DELETE",
     "/v1/holds/{id}",
     holders,
     delete_hold,
     {.summary = "Gives everything back", .key = KeyRule::optional, .gives = "hold"}},
    {"POST",
     "/v1/holds/{id}/total",
     holders,
     post_total,
     {.summary = "What the hold would cost, brought or picked up as asked; nothing is done",
      .body = type_of<TotalBody>,
      .gives = "{lines, delivery, tax: [{rate, base, amount}], prices_include_tax, total}"}},
    {"POST",
     "/v1/holds/{id}/confirm",
     holders,
     post_confirm,
     {.summary = "Makes the hold an order",
      .success = 201,
      .key = KeyRule::required,
      .body = type_of<ConfirmBody>,
      .gives = "{id, secret, status, number, lines, discount, delivery, tax: [{rate, base, amount}], total, promise}"}},
};

}  // namespace
}  // namespace routes_selling

std::span<const Route> selling_routes() { return routes_selling::table; }

}  // namespace dropsmith::http
