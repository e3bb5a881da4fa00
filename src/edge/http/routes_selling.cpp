// Quotes, holds, confirmation. The hot path of a drop. Covered by tests/http/routes.py, tests/load, tests/crash.
#include "edge/http/routes.h"

#include <algorithm>
#include <atomic>

#include "base/digest.h"
#include "base/limits.h"
#include "edge/http/handling.h"
#include "edge/http/idempotency.h"
#include "edge/http/person.h"
#include "edge/http/quote.h"
#include "flow/sell/price_now.h"

namespace dropsmith::http {
namespace {

constexpr Duration quote_for = minutes(5);

// What a quote or a hold asks for, with names still to be looked up.
struct Wish {
    std::string drop, channel;
    std::vector<WantedBody> lines;
    std::uint64_t session = 0;
    PlaceId pickup_at;
    std::optional<Quote> quote;
};

bool drop_is_public(const Drop& drop) {
    return drop.status != DropStatus::draft && drop.status != DropStatus::cancelled;
}

// Prices of the moment for a basket; a refusal names what is not there.
Result<Quote, Refusal> price_basket(const State& state, const PublicIds& ids, const Wish& wish, Instant now) {
    const auto* drop = drop_of(state, ids, wish.drop);
    if (!drop || !drop_is_public(*drop)) return refuse(refusals::not_found, "There is no such drop.");
    const auto* channel = channel_of(state, ids, wish.channel);
    const auto& in = drop->terms.channels;
    if (!channel || std::find(in.begin(), in.end(), channel->id) == in.end())
        return refuse(refusals::wrong_channel, "This drop is not sold in the channel '" + wish.channel + "'.");
    Quote quote{drop->id, channel->id, {}, wish.session, now + quote_for};
    if (drop->terms.closes_at < quote.valid_until && drop->terms.closes_at > now)
        quote.valid_until = drop->terms.closes_at;
    for (std::size_t i = 0; i < wish.lines.size(); ++i) {
        const auto* sku = state.catalogue.find(wish.lines[i].sku);
        const auto line = sku ? line_of(*drop, sku->id) : std::nullopt;
        const auto price = line ? sell::price_now(state.prices, {drop->id, *line, channel->id}, now) : std::nullopt;
        if (!price)
            return refuse(refusals::no_such_line, "The SKU '" + wish.lines[i].sku + "' is not sold in this drop.");
        const auto amount = try_mul(price->price.n, wish.lines[i].units.n);
        if (!amount || *amount > limits::line_amount_max)
            return bad_field("/lines/" + std::to_string(i) + "/units", "comes to more money than a line may");
        quote.lines.push_back({sku->id, wish.lines[i].units, price->price, price->decision});
    }
    return quote;
}

void write_quote(JsonWriter& json, const State& state, const Quote& quote, Call& call) {
    const auto token = seal(quote, call.services.mac_key);
    Money total;
    json.object()
        .key("id")
        .text("quo_" + token.substr(token.size() - 13))
        .key("token")
        .text(token)
        .key("lines")
        .array();
    for (const auto& line : quote.lines) {
        json.object()
            .key("sku")
            .text(sku_code(state, line.sku))
            .key("units")
            .integer(line.units.n)
            .key("unit_price")
            .money(line.unit_price.n, call.services.currency)
            .end();
        total += line.unit_price * line.units;
    }
    json.end()
        .key("total")
        .money(total.n, call.services.currency)
        .key("valid_until")
        .instant(quote.valid_until.ms)
        .end();
}

std::vector<JsonError> wrong_units(const std::vector<WantedBody>& lines) {
    std::vector<JsonError> errors;
    if (lines.empty()) errors.push_back({"/lines", "needs at least one line", false});
    if (lines.size() > limits::lines_max)
        errors.push_back({"/lines", "has more than " + std::to_string(limits::lines_max) + " lines", false});
    for (std::size_t i = 0; i < lines.size() && errors.size() < 16; ++i)
        if (lines[i].units.n < 1 || lines[i].units.n > limits::units_max)
            errors.push_back(
                {"/lines/" + std::to_string(i) + "/units", "must be a whole number from 1 to 1000000000", false});
    return errors;
}

void post_quote(CallPtr call) {
    const auto asked = body<QuoteBody>(*call);
    if (!asked) return;
    if (auto errors = wrong_units(asked->lines); !errors.empty()) return call->reply(bad_input(errors));
    Wish wish{asked->drop, asked->channel, asked->lines, session_digest(asked->session.value_or("")), {}, {}};
    question(std::move(call), [wish = std::move(wish)](const engine::Answer& answer, Call& c) {
        const auto quote = price_basket(answer.state, *c.services.ids, wish, answer.at);
        if (!quote) return refusal_problem(quote.error());
        return json_reply(201, [&](JsonWriter& json) { write_quote(json, answer.state, *quote, c); });
    });
}

Result<Command, Refusal> place_hold(const State& state, const PublicIds& ids, const Wish& wish) {
    PlaceHold hold;
    hold.session = wish.session;
    hold.pickup_at = wish.pickup_at;
    if (wish.quote) {
        hold.drop = wish.quote->drop;
        hold.channel = wish.quote->channel;
        hold.quote_valid_until = wish.quote->valid_until;
        for (const auto& line : wish.quote->lines) hold.lines.push_back({line.sku, line.units, line.unit_price});
        return Command(std::move(hold));
    }
    const auto* drop = drop_of(state, ids, wish.drop);
    if (!drop || !drop_is_public(*drop)) return refuse(refusals::not_found, "There is no such drop.");
    hold.drop = drop->id;
    if (const auto* channel = channel_of(state, ids, wish.channel)) hold.channel = channel->id;
    for (const auto& line : wish.lines) {
        const auto* sku = state.catalogue.find(line.sku);
        hold.lines.push_back({sku ? sku->id : SkuId{}, line.units, line.expect_unit_price});
    }
    return Command(std::move(hold));
}

// price_changed answers with the quote of now, so that the buyer can take it or leave it.
Reply hold_refused(const engine::Answer& answer, Call& call, const Wish& wish) {
    if (answer.refusal->code != refusals::price_changed) return refusal_problem(*answer.refusal);
    Wish again = wish;
    if (wish.quote) {
        again.drop = call.services.ids->show(wish.quote->drop);
        again.channel = call.services.ids->show(wish.quote->channel);
        for (const auto& line : wish.quote->lines)
            again.lines.push_back({sku_code(answer.state, line.sku), line.units, {}});
    }
    const auto quote = price_basket(answer.state, *call.services.ids, again, answer.at);
    if (!quote) return refusal_problem(*answer.refusal);
    std::string more = "\"quote\":";
    JsonWriter json(more);
    write_quote(json, answer.state, *quote, call);
    return refusal_problem(*answer.refusal, more);
}

// The body's own rules, before anything is looked up. false and `errors` filled, or a wish.
template <class Body>
bool wish_of(const Body& asked, const Services& services, Wish& wish, std::vector<JsonError>& errors) {
    wish.session = session_digest(asked.session.value_or(""));
    if (asked.quote) {
        if (asked.drop || asked.channel || !asked.lines.empty()) {
            errors.push_back({"/quote", "a quote says drop, channel and lines itself: send either it or them", false});
            return false;
        }
        wish.quote = unseal(*asked.quote, services.mac_key);
        if (!wish.quote) {
            errors.push_back({"/quote", "is not a quote of this shop; send the token as it was given", false});
            return false;
        }
        if (wish.quote->session) wish.session = wish.quote->session;
    } else {
        if (!asked.drop) errors.push_back({"/drop", "is required without a quote", false});
        if (!asked.channel) errors.push_back({"/channel", "is required without a quote", false});
        for (auto& error : wrong_units(asked.lines)) errors.push_back(std::move(error));
        if (!errors.empty()) return false;
        wish.drop = *asked.drop, wish.channel = *asked.channel, wish.lines = asked.lines;
    }
    if (asked.fulfilment && asked.fulfilment->method == FulfilmentMethod::pickup && asked.fulfilment->place)
        wish.pickup_at = *asked.fulfilment->place;
    return errors.empty();
}

Reply hold_placed(const engine::Answer& answer, Call& call) {
    const auto* fact = fact_in<UnitsHeld>(answer);
    if (!fact) return missing_fact();
    return json_reply(201, [&](JsonWriter& json) { write_placed_hold(json, answer.state, *fact, words_of(call)); });
}

void post_hold(CallPtr call) {
    const auto asked = body<HoldBody>(*call);
    if (!asked) return;
    Wish wish;
    std::vector<JsonError> errors;
    if (!wish_of(*asked, call->services, wish, errors)) return call->reply(bad_input(errors));
    Doing doing;
    doing.lane = engine::Lane::selling;
    if (asked->person) {
        auto person = person_of(*asked->person, asked->fulfilment);
        if (!person) return call->reply(bad_input({person.error()}));
        doing.person = std::move(person).value();
    }
    auto shared = std::make_shared<const Wish>(std::move(wish));
    doing.refused = [shared](const engine::Answer& answer, Call& c) { return hold_refused(answer, c, *shared); };
    const auto* ids = call->services.ids;
    command(
        std::move(call), [shared, ids](const State& state, const Moment&) { return place_hold(state, *ids, *shared); },
        hold_placed, std::move(doing));
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

void patch_hold(CallPtr call) {
    const auto id = path_id<HoldId>(*call);
    if (!id) return;
    const auto asked = body<HoldPatch>(*call);
    if (!asked) return;
    if (asked->person) {
        const auto person = person_of(*asked->person, {});
        if (!person) return call->reply(bad_input({person.error()}));
    }
    if (asked->lines.empty()) {
        if (!asked->person) return call->reply(bad_input("/lines", "say which units shall remain, or who it is for"));
        return question(std::move(call), hold_after);  // who it is for counts from the confirmation on
    }
    Doing doing;
    doing.lane = engine::Lane::selling;
    command(
        std::move(call),
        [id, lines = asked->lines](const State& state, const Moment&) -> Result<Command, Refusal> {
            ReduceHold reduce{*id, {}};
            for (const auto& line : lines) {
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
    auto person = person_of(asked->person, asked->fulfilment);
    if (!person) return call->reply(bad_input({person.error()}));
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
    Doing doing;
    doing.lane = engine::Lane::selling;
    doing.person = std::move(person).value();
    command(
        std::move(call),
        [confirm](const State&, const Moment&) -> Result<Command, Refusal> { return Command(confirm); },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<OrderPlaced>(answer);
            if (!fact) return missing_fact();
            return json_reply(201,
                              [&](JsonWriter& json) { write_placed_order(json, answer.state, *fact, words_of(c)); });
        },
        std::move(doing));
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
        reply_ = answer.refusal ? hold_refused(answer, basket_->call(), *wish_) : hold_placed(answer, basket_->call());
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
                       asked.session, asked.person, asked.fulfilment};
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
    ask.key->body = first_64(Blake2b().add(AnyRef{&type_of<HoldBody>(), &one}).finish());
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
     {.summary = "Gives units back, or says who it is for",
      .key = KeyRule::optional,
      .body = type_of<HoldPatch>,
      .gives = "hold"}},
    {"DELETE",
     "/v1/holds/{id}",
     holders,
     delete_hold,
     {.summary = "Gives everything back", .key = KeyRule::optional, .gives = "hold"}},
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

std::span<const Route> selling_routes() { return table; }

}  // namespace dropsmith::http
