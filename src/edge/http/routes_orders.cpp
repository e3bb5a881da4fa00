// Orders: read, cancelled, refunded, made ready, handed over, shipped, delivered, paid. Covered by
// tests/http/routes.py.
#include "edge/http/routes.h"

#include <algorithm>

#include "base/text.h"
#include "edge/http/handling.h"
#include "engine/person.h"

namespace dropsmith::http {
namespace {

bool in_scope(const Call& call, const Order& order) {
    if (!call.may_channel(order.channel)) return false;
    if (!call.grant || call.grant->scope.places.empty()) return true;
    return call.may_place(order.place) || std::any_of(order.lines.begin(), order.lines.end(), [&](const auto& line) {
               return call.may_place(line.terms.place);
           });
}

// Who bought is for those who hand over or write to them.
bool sees_person(const Call& call) {
    if (!call.is_staff()) return false;
    if (!call.grant) return true;
    const Role role = call.grant->role;
    return role == Role::owner || role == Role::operator_ || role == Role::fulfilment || role == Role::till;
}

void add_person(Reply& reply, const Services& services, PersonId id) {
    if (!id || !services.journal) return;
    const auto found = engine::read_person(*services.journal, id);
    if (!found || !*found) return;
    std::string person = ",\"person\":";
    JsonWriter json(person);
    json.object()
        .key("email")
        .text((*found)->email)
        .key("name")
        .text((*found)->name)
        .key("address")
        .text((*found)->address)
        .end();
    reply.body.insert(reply.body.size() - 1, person);
}

void get_orders(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    const auto due = call->query.get("due_before");
    std::optional<Instant> due_before;
    if (!due.empty() && !(due_before = parse_rfc3339(due)))
        return call->reply(bad_input("/due_before", "must be a time as 2026-11-21T12:00:00Z"));
    question(std::move(call), [page, due_before](const engine::Answer& answer, Call& c) {
        const auto& state = answer.state;
        const auto status = c.query.get("status");
        const auto words = choice_words(OrderStatus{});
        if (!status.empty() && std::find(words.begin(), words.end(), status) == words.end())
            return bad_input("/status", "is not a status of an order");
        const auto drop_name = c.query.get("drop"), place_name = c.query.get("place");
        const auto* drop = drop_name.empty() ? nullptr : drop_of(state, *c.services.ids, drop_name);
        const auto place = c.services.ids->read<PlaceTag>(place_name);
        if (!drop_name.empty() && !drop) return bad_input("/drop", "is not a drop of this shop");
        if (!place_name.empty() && !place) return bad_input("/place", "is not the id of a place");
        return json_reply(200, [&](JsonWriter& json) {
            std::size_t taken = 0;
            std::uint64_t last = 0;
            bool more = false;
            json.object().key("data").array();
            for (std::uint64_t n = page.after + 1; n < state.orders.table.next().n; ++n) {
                const auto* order = state.orders.table.find(OrderId{n});
                if (!order || !in_scope(c, *order)) continue;
                if (!status.empty() && word_of(order->status) != status) continue;
                if (drop && order->drop != drop->id) continue;
                if (place && order->place != *place) continue;
                if (due_before && order->placed_at >= *due_before) continue;
                if (taken == page.limit) {
                    more = true;
                    break;
                }
                write_order(json, state, *order, true, words_of(c));
                last = n, ++taken;
            }
            json.end().key("next");
            more ? json.text(cursor_of(c, last)) : json.null();
            json.key("as_of").instant(answer.at.ms).end();
        });
    });
}

Reply order_reply(const engine::Answer& answer, Call& call) {
    const auto id = call.services.ids->read<OrderTag>(call.params[0]);
    const auto* order = id ? answer.state.orders.table.find(*id) : nullptr;
    if (!order || (call.is_staff() && !in_scope(call, *order))) return not_found();
    return json_reply(
        200, [&](JsonWriter& json) { write_order(json, answer.state, *order, call.is_staff(), words_of(call)); });
}

void get_order(CallPtr call) {
    const auto id = path_id<OrderId>(*call);
    if (!id) return;
    if (!sees_person(*call)) return question(std::move(call), order_reply);
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        auto reply = order_reply(answer, c);
        const auto order_id = c.services.ids->read<OrderTag>(c.params[0]);
        const auto* order = order_id ? answer.state.orders.table.find(*order_id) : nullptr;
        if (reply.status == 200 && order) add_person(reply, c.services, order->person);
        return reply;
    });
}

// A command about the order of the path, if this caller may touch it.
template <class Make>
void about_order(CallPtr call, Make make, View view = order_reply) {
    const auto id = path_id<OrderId>(*call);
    if (!id) return;
    command(
        std::move(call),
        [id, make, grant = call->grant](const State& state, const Moment&) -> Result<Command, Refusal> {
            const auto* order = state.orders.table.find(*id);
            if (!order) return nothing_there();
            if (grant && !grant->scope.places.empty()) {
                const auto& places = grant->scope.places;
                const auto mine = [&](PlaceId p) { return std::find(places.begin(), places.end(), p) != places.end(); };
                if (!mine(order->place) && std::none_of(order->lines.begin(), order->lines.end(),
                                                        [&](const auto& l) { return mine(l.terms.place); }))
                    return nothing_there();
            }
            return make(state, *order);
        },
        std::move(view));
}

void post_cancel(CallPtr call) {
    const auto asked = body<ReasonBody>(*call);
    if (!asked) return;
    about_order(std::move(call),
                [reason = asked->reason](const State&, const Order& order) -> Result<Command, Refusal> {
                    return Command(CancelOrder{order.id, reason});
                });
}

void post_refund(CallPtr call) {
    const auto asked = body<RefundBody>(*call);
    if (!asked) return;
    about_order(
        std::move(call),
        [asked = *asked](const State& state, const Order& order) -> Result<Command, Refusal> {
            RefundOrder refund{order.id, {}, asked.delivery, asked.reason};
            for (std::size_t i = 0; i < asked.lines.size(); ++i) {
                const auto& line = asked.lines[i];
                std::uint32_t index = line.line;
                if (line.sku) {
                    const auto* sku = state.catalogue.find(*line.sku);
                    const auto it = std::find_if(order.lines.begin(), order.lines.end(),
                                                 [&](const auto& l) { return sku && l.terms.sku == sku->id; });
                    if (it == order.lines.end())
                        return bad_field("/lines/" + std::to_string(i) + "/sku", "is not in this order");
                    index = static_cast<std::uint32_t>(it - order.lines.begin());
                }
                refund.lines.push_back({index, line.units, line.restock});
            }
            return Command(std::move(refund));
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<OrderRefunded>(answer);
            if (!fact) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) { write_refund(json, answer.state, *fact, words_of(c)); });
        });
}

void post_ready(CallPtr call) {
    if (!no_body(*call)) return;
    about_order(std::move(call), [](const State&, const Order& order) -> Result<Command, Refusal> {
        return Command(ReadyOrder{order.id});
    });
}
void post_hand_over(CallPtr call) {
    const auto asked = body<HandOverBody>(*call);
    if (!asked) return;
    about_order(std::move(call),
                [paid = asked->paid_now](const State&, const Order& order) -> Result<Command, Refusal> {
                    return Command(HandOverOrder{order.id, paid});
                });
}
void post_ship(CallPtr call) {
    const auto asked = body<ShipBody>(*call);
    if (!asked) return;
    about_order(std::move(call), [asked = *asked](const State&, const Order& order) -> Result<Command, Refusal> {
        return Command(ShipOrder{order.id, asked.carrier, asked.tracking});
    });
}
void post_deliver(CallPtr call) {
    if (!no_body(*call)) return;
    about_order(std::move(call), [](const State&, const Order& order) -> Result<Command, Refusal> {
        return Command(DeliverOrder{order.id});
    });
}
void post_payment(CallPtr call) {
    const auto asked = body<PaymentNoteBody>(*call);
    if (!asked) return;
    const auto reference =
        asked->reference.empty() ? std::string{} : hex(blake2b(asked->reference, "dropsmith payment")).substr(0, 32);
    about_order(std::move(call),
                [amount = asked->amount, reference](const State&, const Order& order) -> Result<Command, Refusal> {
                    return Command(RecordPayment{order.id, {}, amount, reference});
                });
}

constexpr auto readers =
    buyer_secret<Role::operator_, Role::finance, Role::fulfilment, Role::legal, Role::till, Role::viewer>(Owned::order);
constexpr auto hands = needs<Role::operator_, Role::fulfilment, Role::till>(ScopeKind::places);

constexpr Route table[] = {
    {"GET",
     "/v1/orders",
     needs<Role::operator_, Role::finance, Role::fulfilment, Role::legal, Role::till, Role::viewer>(ScopeKind::places),
     get_orders,
     {.summary = "Orders, oldest first",
      .query = "status,drop,place,due_before,limit,cursor",
      .gives = "{data: [order], next, as_of}"}},
    {"GET",
     "/v1/orders/{id}",
     readers,
     get_order,
     {.summary = "An order; who it is for only to those who hand over", .gives = "order"}},
    {"POST",
     "/v1/orders/{id}/cancel",
     buyer_secret<Role::operator_>(Owned::order),
     post_cancel,
     {.summary = "Calls an order off; everything goes back",
      .key = KeyRule::required,
      .body = type_of<ReasonBody>,
      .gives = "order"}},
    {"POST",
     "/v1/orders/{id}/refunds",
     needs<Role::operator_, Role::finance>(ScopeKind::places),
     post_refund,
     {.summary = "Gives money back for whole units, by the proration stored with the order",
      .success = 201,
      .key = KeyRule::required,
      .body = type_of<RefundBody>,
      .gives = "{id, order, lines, delivery, amount, reason}"}},
    {"POST",
     "/v1/orders/{id}/payments",
     needs<Role::operator_, Role::finance, Role::till>(ScopeKind::places),
     post_payment,
     {.summary = "Money that arrived", .key = KeyRule::required, .body = type_of<PaymentNoteBody>, .gives = "order"}},
    {"POST",
     "/v1/orders/{id}/ready",
     hands,
     post_ready,
     {.summary = "Packed, waiting", .key = KeyRule::required, .gives = "order"}},
    {"POST",
     "/v1/orders/{id}/hand-over",
     hands,
     post_hand_over,
     {.summary = "The buyer has it", .key = KeyRule::required, .body = type_of<HandOverBody>, .gives = "order"}},
    {"POST",
     "/v1/orders/{id}/ship",
     hands,
     post_ship,
     {.summary = "The carrier has it", .key = KeyRule::required, .body = type_of<ShipBody>, .gives = "order"}},
    {"POST",
     "/v1/orders/{id}/deliver",
     hands,
     post_deliver,
     {.summary = "It has arrived", .key = KeyRule::required, .gives = "order"}},
};

}  // namespace

std::span<const Route> order_routes() { return table; }

}  // namespace dropsmith::http
