// Orders: read, cancelled, refunded, made ready, handed over, shipped, delivered, paid. Covered by
// tests/http/routes.py.
#include "edge/http/routes.h"

#include <algorithm>
#include <functional>
#include <memory>

#include "base/text.h"
#include "edge/http/handling.h"
#include "engine/person.h"

namespace dropsmith::http {
namespace routes_orders {
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

// Orders by id, newest first, as they are now; what left the asked status meanwhile is left out.
struct Listed {
    OrderId id;
    std::shared_ptr<const Order> archived;  // as it was put away; null: it is in the state
};
Reply orders_reply(const engine::Answer& answer, Call& call, const std::vector<Listed>& ids,
                   std::optional<std::uint64_t> next, Instant as_of) {
    const auto& state = answer.state;
    const auto status = call.query.get("status");
    return json_reply(200, [&](JsonWriter& json) {
        json.object().key("data").array();
        for (const auto& row : ids) {
            const auto* order = state.orders.table.find(row.id);
            if (!order) order = row.archived.get();
            if (!order || !in_scope(call, *order)) continue;
            if (!status.empty() && word_of(order->status) != status) continue;
            write_order(json, state, *order, true, words_of(call));
        }
        json.end().key("next");
        next ? json.text(cursor_of(call, *next)) : json.null();
        json.key("as_of").instant(as_of.ms).end();
    });
}

// For a command on a folder that nobody serves: there are no tables, and nobody else to keep waiting.
std::vector<Listed> orders_of(const State& state, const Call& call, const engine::OrdersAsk& ask,
                               std::optional<std::uint64_t>& next) {
    std::vector<Listed> found;
    for (auto n = std::min(ask.page.before.value_or(~0ull), state.orders.table.next().n); n-- > 1;) {
        const auto* order = state.orders.table.find(OrderId{n});
        if (!order || !in_scope(call, *order)) continue;
        if (ask.status && order->status != *ask.status) continue;
        if (ask.drop && order->drop != ask.drop) continue;
        if (ask.place && order->place != ask.place) continue;
        const bool over = order->done_at || order->status == OrderStatus::cancelled ||
                          order->refund_state == RefundState::fully;
        if (ask.due_before && (over || due_at(state, *order) >= *ask.due_before)) continue;
        if (found.size() == ask.page.limit) {
            next = found.back().id.n;
            break;
        }
        found.push_back({order->id, nullptr});
    }
    return found;
}

// false: a filter names nothing that the shop has.
std::optional<Reply> read_filters(const engine::Answer& answer, Call& call, engine::OrdersAsk& ask) {
    const auto status = call.query.get("status"), drop = call.query.get("drop"), place = call.query.get("place"),
               due = call.query.get("due_before");
    const auto words = choice_words(OrderStatus{});
    const auto word = std::find(words.begin(), words.end(), status);
    if (!status.empty() && word == words.end()) return bad_input("/status", "is not a status of an order");
    if (!status.empty()) ask.status = static_cast<OrderStatus>(word - words.begin());
    if (!due.empty() && !(ask.due_before = parse_rfc3339(due)))
        return bad_input("/due_before", "must be a time as 2026-11-21T12:00:00Z");
    if (!drop.empty()) {
        const auto* found = drop_of(answer.state, *call.services.ids, drop);
        if (!found) return bad_input("/drop", "is not a drop of this shop");
        ask.drop = found->id;
    }
    if (!place.empty()) {
        const auto found = call.services.ids->read<PlaceTag>(place);
        if (!found) return bad_input("/place", "is not the id of a place");
        ask.place = *found;
    }
    if (call.grant) ask.places = call.grant->scope.places, ask.channels = call.grant->scope.channels;
    ask.page.at_least = answer.state.head;
    return std::nullopt;
}

void get_orders(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    auto ask = std::make_shared<engine::OrdersAsk>();
    ask->page.limit = page.limit;
    if (page.after) ask->page.before = page.after;
    if (!call->services.tables)
        return question(std::move(call), [ask](const engine::Answer& answer, Call& c) {
            if (auto wrong = read_filters(answer, c, *ask)) return std::move(*wrong);
            std::optional<std::uint64_t> next;
            const auto found = orders_of(answer.state, c, *ask, next);
            return orders_reply(answer, c, found, next, answer.at);
        });
    look_up(
        std::move(call),
        [ask](const engine::Answer& answer, Call& c) { return read_filters(answer, c, *ask); },
        [ask](CallPtr waiting) {
            from_tables(std::move(waiting), [ask](CallPtr c) {
                auto rows = c->services.tables->orders(*ask);
                if (!rows) return c->reply(too_busy(503, 2));
                auto ids = std::make_shared<std::vector<Listed>>();
                for (const auto& row : rows->rows) ids->push_back({row.id, row.archived});
                question(std::move(c), [ids, next = rows->next, as_of = rows->as_of](const engine::Answer& answer,
                                                                                    Call& asked) {
                    return orders_reply(answer, asked, *ids, next, as_of);
                });
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

Reply with_person(Reply reply, const Call& call, PersonId person) {
    if (reply.status == 200 && sees_person(call)) add_person(reply, call.services, person);
    return reply;
}

// An order that has left the state is read from the tables and the journal; the state's names make the reply.
// Its id was given and the state has it no more, so a row that is not there yet is late, not missing.
using Archived = std::function<void(CallPtr call, const Order& order)>;
void find_archived(CallPtr call, OrderId id, std::uint64_t head, Archived then) {
    if (!call->services.tables) return call->refuse_not_found();
    from_tables(std::move(call), [id, head, then = std::move(then)](CallPtr c) {
        const auto found = c->services.tables->archived({id, {}, {}, head});
        if (!found || found->empty()) return c->reply(too_busy(503, 2));
        then(std::move(c), found->front());
    });
}

void get_order(CallPtr call) {
    const auto id = path_id<OrderId>(*call);
    if (!id) return;
    auto head = std::make_shared<std::uint64_t>(0);
    look_up(
        std::move(call),
        [id, head](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            *head = answer.state.head;
            const auto* order = answer.state.orders.table.find(*id);
            if (order) return with_person(order_reply(answer, c), c, order->person);
            if (*id < answer.state.orders.table.next()) return std::nullopt;
            return not_found();
        },
        [id, head](CallPtr waiting) {
            find_archived(std::move(waiting), *id, *head, [](CallPtr c, const Order& order) {
                question(std::move(c), [order](const engine::Answer& answer, Call& asked) {
                    if (asked.is_staff() && !in_scope(asked, order)) return not_found();
                    auto reply = json_reply(200, [&](JsonWriter& json) {
                        write_order(json, answer.state, order, asked.is_staff(), words_of(asked));
                    });
                    return with_person(std::move(reply), asked, order.person);
                });
            });
        });
}

// Brings an order that was put away back, so that it can be refunded or changed again.
void post_recall(CallPtr call) {
    const auto id = path_id<OrderId>(*call);
    if (!id || !no_body(*call)) return;
    auto head = std::make_shared<std::uint64_t>(0);
    look_up(
        std::move(call),
        [id, head](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            *head = answer.state.head;
            if (answer.state.orders.table.find(*id)) return order_reply(answer, c);  // it is here
            if (*id < answer.state.orders.table.next()) return std::nullopt;
            return not_found();
        },
        [id, head](CallPtr waiting) {
            find_archived(std::move(waiting), *id, *head, [](CallPtr c, const Order& order) {
                if (!in_scope(*c, order)) return c->refuse_not_found();
                command(
                    std::move(c),
                    [order](const State&, const Moment&) -> Result<Command, Refusal> {
                        return Command(RecallOrder{order});
                    },
                    order_reply);
            });
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
            if (!order && *id < state.orders.table.next())
                return refuse(refusals::order_archived,
                              "This order was put away when nothing was left to do: POST /v1/orders/{id}/recall brings "
                              "it back.");
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

// Money that came when the hold had ended: an order after all, or money that must go back.
void post_hold_payment(CallPtr call) {
    const auto id = path_id<HoldId>(*call);
    if (!id) return;
    const auto asked = body<PaymentNoteBody>(*call);
    if (!asked) return;
    const auto reference =
        asked->reference.empty() ? std::string{} : hex(blake2b(asked->reference, "dropsmith payment")).substr(0, 32);
    command(
        std::move(call),
        [id, amount = asked->amount, reference](const State&, const Moment&) -> Result<Command, Refusal> {
            return Command(RecordPayment{{}, *id, amount, reference});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<PaymentRecorded>(answer);
            if (!fact) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) {
                json.object().key("hold").text(c.services.ids->show(fact->hold)).key("order");
                fact->order ? json.text(c.services.ids->show(fact->order)) : json.null();
                json.key("amount").money(fact->amount.n, c.services.currency);
                json.key("give_back").boolean(fact->give_back).end();
            });
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
     {.summary = "Orders, newest first, from the tables; due_before: not yet handed over, promised before then",
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
     "/v1/holds/{id}/payments",
     needs<Role::operator_, Role::finance>(ScopeKind::shop),
     post_hold_payment,
     {.summary = "Money that came after the hold had ended: an order when its units can still be had, else to "
                 "give back",
      .success = 201,
      .key = KeyRule::required,
      .body = type_of<PaymentNoteBody>,
      .gives = "{hold, order, amount, give_back}"}},
    {"POST",
     "/v1/orders/{id}/recall",
     needs<Role::operator_, Role::finance, Role::fulfilment>(ScopeKind::places),
     post_recall,
     {.summary = "Brings back an order that was put away after 90 days", .key = KeyRule::optional, .gives = "order"}},
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
}  // namespace routes_orders

std::span<const Route> order_routes() { return routes_orders::table; }

}  // namespace dropsmith::http
