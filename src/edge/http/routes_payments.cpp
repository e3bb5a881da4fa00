// Payment pages of a provider: a buyer asks for one, comes back, and asks what became of it; the provider's signed
// events; what the shop has still to ask the provider. No handler calls the provider: facts ask, a worker outside the
// loop calls. Covered by tests/payments/stripe.py.
#include "edge/http/routes.h"

#include <algorithm>

#include "base/digest.h"
#include "edge/http/handling.h"
#include "edge/http/person.h"
#include "edge/http/requests_payment.h"
#include "flow/sell/payment.h"

namespace dropsmith::http {
namespace routes_payments {
namespace {

// Where this shop's pages stand, as the buyer's browser sees them.
std::string base_of(const Call& call) {
    auto base = call.services.public_url;
    if (base.empty()) base = (call.request.secure ? "https://" : "http://") + call.request.host;
    while (base.ends_with('/')) base.pop_back();
    return base;
}

const Checkout* of_hold(const State& state, HoldId id) {
    if (const auto* checkout = state.payments.of_hold(id)) return checkout;
    const auto* hold = state.holds.table.find(id);
    return hold && hold->order ? state.payments.of_order(hold->order) : nullptr;
}

// What its buyer needs: where to pay, whether it is paid, and the way to the order.
Reply checkout_reply(const engine::Answer& answer, Call& call) {
    const auto id = call.services.ids->read<HoldTag>(call.params[0]);
    const auto* checkout = id ? of_hold(answer.state, *id) : nullptr;
    if (!checkout) return not_found();
    const auto words = words_of(call);
    return json_reply(200, [&](JsonWriter& json) {
        json.object().key("id").text(words.ids.show(checkout->id)).key("hold").text(words.ids.show(checkout->hold));
        json.key("status").text(word_of(checkout->status)).key("closing").boolean(checkout->hold_over);
        json.key("amount").money(checkout->amount.n, words.currency).key("url");
        const bool can_pay = checkout->status == CheckoutStatus::open && !checkout->hold_over;
        can_pay ? json.text(checkout->url) : json.null();
        json.key("expires_at").instant(checkout->hold_expires_at.ms).key("trouble");
        checkout->trouble.empty() ? json.null() : json.text(checkout->trouble);
        json.key("order");
        const auto* order = checkout->order ? answer.state.orders.table.find(checkout->order) : nullptr;
        order ? (write_order(json, answer.state, *order, false, words), json) : json.null();
        json.key("order_secret");
        order ? json.text(words.ids.secret(OrderTag::prefix, order->id.n)) : json.null();
        json.key("server_time").instant(answer.at.ms).end();
    });
}

// From the fact alone: a repeat of the key gives the same bytes.
Reply asked_reply(const CheckoutAsked& fact, const Words& words) {
    return json_reply(202, [&](JsonWriter& json) {
        json.object().key("id").text(words.ids.show(fact.checkout)).key("hold").text(words.ids.show(fact.hold));
        json.key("status").text(word_of(CheckoutStatus::asked)).key("closing").boolean(false);
        json.key("amount").money(fact.amount.n, words.currency).key("url").null();
        json.key("expires_at").instant(fact.hold_expires_at.ms).key("trouble").null();
        json.key("order").null().key("order_secret").null().end();
    });
}

void post_checkout(CallPtr call) {
    const auto id = path_id<HoldId>(*call);
    if (!id) return;
    const auto asked = body<CheckoutBody>(*call);
    if (!asked) return;
    if (!call->services.ports.payment_pages)
        return call->reply(problem(400, "unknown_method", "This shop takes no payments by a payment page."));
    Doing doing;
    doing.lane = engine::Lane::selling;
    if (!take_person(*call, *asked, doing)) return;
    doing.refused = [](const engine::Answer& answer, Call& c) {
        if (answer.refusal->code == refusals::already_exists) return checkout_reply(answer, c);
        return refusal_problem(*answer.refusal);
    };
    BeginCheckout begin{*id,
                        asked->fulfilment.method,
                        asked->fulfilment.place.value_or(PlaceId{}),
                        asked->fulfilment.delivery.value_or(""),
                        asked->fulfilment.zone.value_or(""),
                        base_of(*call)};
    command(
        std::move(call),
        [begin](const State& state, const Moment& moment) -> Result<Command, Refusal> {
            if (auto nobody = nobody_named(state, moment, begin.hold)) return std::move(*nobody);
            return Command(begin);
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<CheckoutAsked>(answer);
            return fact ? asked_reply(*fact, words_of(c)) : missing_fact();
        },
        std::move(doing));
}

void get_checkout(CallPtr call) {
    if (!path_id<HoldId>(*call)) return;
    question(std::move(call), checkout_reply);
}

Reply taken(bool so) {
    return json_reply(200, [&](JsonWriter& json) { json.object().key("taken").boolean(so).end(); });
}

// 200 for every event that is truly the provider's: one that says nothing new, or was taken before, changes nothing.
void post_webhook(CallPtr call) {
    const auto& ports = call->services.ports;
    if (!ports.provider_event) return call->refuse_not_found();
    const auto event = ports.provider_event(call->request.provider_signature, call->request.body,
                                            call->services.machine_clock->wall());
    if (!event) return call->reply(bad_input("", event.error()));
    const auto checkout = call->services.ids->read<CheckoutTag>(event->checkout);
    if (!event->relevant || !checkout) return call->reply(taken(false));
    const TakePaymentEvent take{first_64(blake2b(event->id, "dropsmith payment event")), *checkout, event->over,
                                event->refund};
    call->who = Actor{ActorKind::shop, {}};
    look_up(
        std::move(call),
        [take](const engine::Answer& answer, Call&) -> std::optional<Reply> {
            if (sell::no_news(answer.state, take)) return taken(false);
            return std::nullopt;
        },
        [take](CallPtr waiting) {
            Doing doing;
            doing.refused = [](const engine::Answer&, Call&) { return taken(false); };
            command(
                std::move(waiting),
                [take](const State&, const Moment&) -> Result<Command, Refusal> { return Command(take); },
                [](const engine::Answer&, Call&) { return taken(true); }, std::move(doing));
        });
}

// The outbox: what is still to be asked of the provider, and what it said last.
void get_tasks(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        const auto words = words_of(c);
        const auto& tasks = answer.state.payments.tasks;
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("data").array();
            std::uint64_t last = 0;
            std::size_t told = 0;
            bool more = false;
            for (auto it = tasks.upper_bound(PaymentTaskId{page.after}); it != tasks.end(); ++it) {
                if ((more = told == page.limit)) break;
                const auto& task = it->second;
                json.object().key("id").text(words.ids.show(task.id)).key("kind").text(word_of(task.kind));
                json.key("checkout").text(words.ids.show(task.checkout));
                json.key("amount").money(task.amount.n, words.currency).key("asked_at").instant(task.asked_at.ms);
                json.key("tries").natural(task.tries).key("not_before").instant(task.not_before.ms);
                json.key("trouble").text(task.trouble).end();
                last = task.id.n, ++told;
            }
            json.end().key("next");
            more ? json.text(cursor_of(c, last)) : json.null();
            json.key("as_of").instant(answer.at.ms).end();
        });
    });
}

constexpr auto holders = buyer_secret<Role::operator_, Role::till>(Owned::hold);

constexpr Route table[] = {
    {"POST",
     "/v1/holds/{id}/checkout",
     holders,
     post_checkout,
     {.summary = "Asks for a payment page for the hold; the order follows by itself when the money is there",
      .success = 202,
      .key = KeyRule::required,
      .body = type_of<CheckoutBody>,
      .gives = "checkout; 200 when the same one was asked for already"}},
    {"GET",
     "/v1/holds/{id}/checkout",
     holders,
     get_checkout,
     {.summary = "Where to pay, whether it is paid, and the order",
      .gives = "{id, hold, status, closing, amount, url, expires_at, trouble, order, order_secret}"}},
    {"POST",
     "/v1/webhooks/stripe",
     public_(),
     post_webhook,
     {.summary = "Stripe's signed events; each is taken once, and only makes the shop look for itself",
      .gives = "{taken}",
      .unlimited = true}},
    {"GET",
     "/v1/payments/tasks",
     needs<Role::finance>(ScopeKind::shop),
     get_tasks,
     {.summary = "What is still to be asked of the payment provider",
      .query = "limit,cursor",
      .gives = "list of {id, kind, checkout, amount, asked_at, tries, not_before, trouble}"}},
};

}  // namespace
}  // namespace routes_payments

std::span<const Route> payment_routes() { return routes_payments::table; }

}  // namespace dropsmith::http
