// People: to be told when a drop opens (double opt-in), what the shop knows of one, and forgetting them. Answers to the
// public are the same whoever asks, so that nobody learns who asked before. Covered by tests/http/people.py.
#include "edge/http/routes.h"

#include "base/text.h"
#include "edge/http/handling.h"
#include "edge/http/person.h"
#include "engine/person.h"

namespace dropsmith::http {
namespace routes_people {
namespace {

void post_subscriber(CallPtr call) {
    const auto asked = body<SubscriberBody>(*call);
    if (!asked) return;
    if (!plausible_email(trim(asked->email)))
        return call->reply(bad_input("/email", "is not an e-mail address; it is where the shop writes to"));
    Doing doing;
    doing.person = engine::PersonData{std::string(trim(asked->email)), "", ""};
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [ids, name = call->params[0]](const State& state, const Moment&) -> Result<Command, Refusal> {
            const auto* drop = drop_of(state, *ids, name);
            if (!drop) return nothing_there();
            return Command(Subscribe{drop->id});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* drop = drop_of(answer.state, *c.services.ids, c.params[0]);
            return json_reply(202, [&](JsonWriter& json) {
                json.object().key("drop").text(drop ? c.services.ids->show(drop->id) : c.params[0]);
                json.key("status").text("pending").key("detail");
                json.text("Kept for this drop. The shop writes to this address once; the link in that letter says yes, "
                          "and without it nothing more is sent.")
                    .end();
            });
        },
        std::move(doing));
}

Reply subscriber_reply(const engine::Answer& answer, Call& call) {
    const auto id = call.services.ids->read<SubscriberTag>(call.params[0]);
    const auto* subscriber = id ? answer.state.subscribers.table.find(*id) : nullptr;
    const auto* drop = subscriber ? answer.state.drops.find(subscriber->drop) : nullptr;
    if (!drop) return not_found();
    return json_reply(200, [&](JsonWriter& json) {
        json.object().key("id").text(call.params[0]).key("status").text(word_of(subscriber->status));
        json.key("drop").object().key("id").text(call.services.ids->show(drop->id)).key("title");
        json.text(drop->terms.title).key("slug").text(drop->terms.slug).end().end();
    });
}

void get_subscriber(CallPtr call) {
    if (!path_id<SubscriberId>(*call)) return;
    question(std::move(call), subscriber_reply);
}
template <class What>
void about_subscriber(CallPtr call) {
    const auto id = path_id<SubscriberId>(*call);
    if (!id || !no_body(*call)) return;
    command(
        std::move(call),
        [id](const State&, const Moment&) -> Result<Command, Refusal> { return Command(What{*id}); }, subscriber_reply);
}

// With the links that the merchant's letters need: whoever opens one shows that the letter arrived.
void get_subscribers(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    const auto status = call->query.get("status");
    auto ask = std::make_shared<engine::SubscribersAsk>();
    const auto words = choice_words(SubscriberStatus{});
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == status) ask->status = static_cast<SubscriberStatus>(i);
    if (!status.empty() && !ask->status) return call->reply(bad_input("/status", "is pending, confirmed or ended"));
    if (!call->services.tables) return call->reply(too_busy(503, 2));
    ask->page.limit = page.limit;
    if (page.after) ask->page.before = page.after;
    look_up(
        std::move(call),
        [ask](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            const auto* drop = drop_of(answer.state, *c.services.ids, c.params[0]);
            if (!drop) return not_found();
            ask->drop = drop->id, ask->page.at_least = answer.state.head;
            return std::nullopt;
        },
        [ask](CallPtr waiting) {
            from_tables(std::move(waiting), [ask](CallPtr c) {
                const auto rows = c->services.tables->subscribers(*ask);
                if (!rows) return c->reply(too_busy(503, 2));
                const auto& ids = *c->services.ids;
                c->reply(json_reply(200, [&](JsonWriter& json) {
                    json.object().key("data").array();
                    for (const auto& row : rows->rows) {
                        const auto person = engine::read_person(*c->services.journal, row.person);
                        const auto shown = ids.show(row.id);
                        json.object().key("id").text(shown).key("status").text(word_of(row.status)).key("email");
                        person && *person ? json.text((*person)->email) : json.null();
                        json.key("asked_at").instant(row.asked_at.ms).key("link");
                        json.text(c->services.public_url + "/#/told/" + shown + "/" +
                                  ids.secret(SubscriberTag::prefix, row.id.n));
                        json.end();
                    }
                    json.end().key("next");
                    rows->next ? json.text(cursor_of(*c, *rows->next)) : json.null();
                    json.key("as_of").instant(rows->as_of.ms).end();
                }));
            });
        });
}

// Whose row it is; by address all rows are looked through, because an address stands nowhere else.
Result<PersonId, Fault> find_person(const engine::Journal& journal, const std::optional<std::string>& email,
                                    const std::optional<PersonId>& person) {
    if (person) return *person;
    PersonId found;
    const auto wanted = engine::normalised_email(*email);
    auto visited = journal.vault_each(engine::person_table, [&](ByteView key, ByteView value) {
        const auto row = engine::decode_person(value);
        if (!row || engine::normalised_email(row->data.email) != wanted) return true;
        for (const char octet : key) found.n = found.n << 8 | static_cast<std::uint8_t>(octet);
        return false;
    });
    if (!visited) return Failure{visited.error()};
    return found;
}

template <class Body>
bool by_one_name(Call& call, const Body& asked) {
    if (asked.email.has_value() != asked.person.has_value()) return true;
    call.reply(bad_input("/email", "name the person by email or by person (per_…), one of the two"));
    return false;
}

void write_wishes_of(JsonWriter& json, const State& state, PersonId id, const Words& words) {
    json.key("waiting").array();
    state.waiting_list.table.each([&](const WaitEntry& wish) {
        if (wish.person != id) return;
        const auto* drop = state.drops.find(wish.drop);
        json.object().key("drop").text(drop ? drop->terms.title : "").key("status").text(word_of(wish.status));
        json.key("preorder").boolean(wish.preorder).key("lines").array();
        for (const auto& line : wish.lines) {
            json.object().key("sku").text(sku_code(state, line.sku)).key("units").integer(line.units.n);
            json.key("unit_price_max");
            line.unit_price ? json.money(line.unit_price->n, words.currency) : json.null();
            json.end();
        }
        json.end().key("joined_at").instant(wish.joined_at.ms).key("ended_at");
        wish.ended_at ? json.instant(wish.ended_at->ms) : json.null();
        json.end();
    });
    json.end();
}

// Rooms that give one place to a person keep whose it is.
void write_rooms_of(JsonWriter& json, const State& state, PersonId id) {
    json.key("waiting_rooms").array();
    for (const auto& [room_of, room] : state.rooms.rooms)
        for (std::size_t i = 0; i < room.entrants.size(); ++i) {
            if (room.entrants[i].person != id) continue;
            const auto* drop = state.drops.find(room_of);
            json.object().key("drop").text(drop ? drop->terms.title : "").key("number").natural(i + 1).end();
        }
    json.end();
}

void post_export(CallPtr call) {
    const auto asked = body<PersonAskBody>(*call);
    if (!asked || !by_one_name(*call, *asked)) return;
    slowly(std::move(call), [asked = *asked](CallPtr c) {
        const auto& journal = *c->services.journal;
        const auto id = find_person(journal, asked.email, asked.person);
        if (!id) return c->reply(too_busy(503, 2));
        const auto data = engine::read_person(journal, *id);
        if (!data) return c->reply(too_busy(503, 2));
        if (!*id || !*data) return c->refuse_not_found();
        std::vector<Order> archived;
        if (auto* tables = c->services.tables) {
            auto found = tables->archived({{}, {}, *id, 0});
            if (!found) return c->reply(too_busy(503, 2));
            archived = std::move(found).value();
        }
        study(std::move(c), [id = *id, data = **data, archived](const State& state, Call& asking) {
            return json_reply(200, [&](JsonWriter& json) {
                json.object().key("person").text(asking.services.ids->show(id)).key("email").text(data.email);
                json.key("name").text(data.name).key("address").text(data.address).key("orders").array();
                for (const auto& order : archived)
                    if (!state.orders.table.find(order.id)) write_order(json, state, order, false, words_of(asking));
                state.orders.table.each([&](const Order& order) {
                    if (order.person == id) write_order(json, state, order, false, words_of(asking));
                });
                json.end().key("subscriptions").array();
                state.subscribers.table.each([&](const Subscriber& row) {
                    const auto* drop = row.person == id ? state.drops.find(row.drop) : nullptr;
                    if (!drop) return;
                    json.object().key("drop").text(drop->terms.title).key("status").text(word_of(row.status));
                    json.key("asked_at").instant(row.asked_at.ms).end();
                });
                json.end();
                write_wishes_of(json, state, id, words_of(asking));
                write_rooms_of(json, state, id);
                json.end();
            });
        });
    });
}

void post_erasure(CallPtr call) {
    const auto asked = body<ErasureBody>(*call);
    if (!asked || !by_one_name(*call, *asked)) return;
    slowly(std::move(call), [asked = *asked](CallPtr c) {
        const auto id = find_person(*c->services.journal, asked.email, asked.person);
        if (!id) return c->reply(too_busy(503, 2));
        if (!*id) return c->refuse_not_found();
        command(
            std::move(c),
            [id = *id, reason = asked.reason](const State&, const Moment&) -> Result<Command, Refusal> {
                return Command(ErasePerson{id, reason});
            },
            [](const engine::Answer& answer, Call& done) {
                const auto* fact = fact_in<PersonErased>(answer);
                if (!fact) return missing_fact();
                return json_reply(200, [&](JsonWriter& json) {
                    json.object().key("person").text(done.services.ids->show(fact->person));
                    json.key("erased").boolean(true).end();
                });
            });
    });
}

constexpr auto told = buyer_secret<Role::operator_>(Owned::subscriber);

constexpr Route table[] = {
    {"POST",
     "/v1/drops/{id}/subscribers",
     public_(),
     post_subscriber,
     {.summary = "Tell me when it opens: counts after the link in the letter was opened (double opt-in)",
      .success = 202,
      .key = KeyRule::optional,
      .body = type_of<SubscriberBody>,
      .gives = "{drop, status, detail}"}},
    {"GET",
     "/v1/drops/{id}/subscribers",
     needs<Role::operator_>(ScopeKind::shop),
     get_subscribers,
     {.summary = "Who is to be told, with the link for each letter",
      .query = "status,limit,cursor",
      .gives = "{data: [{id, status, email, asked_at, link}], next, as_of}"}},
    {"GET",
     "/v1/subscribers/{id}",
     told,
     get_subscriber,
     {.summary = "One's own subscription", .gives = "{id, status, drop}"}},
    {"POST",
     "/v1/subscribers/{id}/confirm",
     told,
     about_subscriber<ConfirmSubscription>,
     {.summary = "Yes, tell me", .key = KeyRule::optional, .gives = "{id, status, drop}"}},
    {"DELETE",
     "/v1/subscribers/{id}",
     told,
     about_subscriber<EndSubscription>,
     {.summary = "Tell me nothing more", .key = KeyRule::optional, .gives = "{id, status, drop}"}},
    {"POST",
     "/v1/persons/export",
     needs<Role::legal>(ScopeKind::shop),
     post_export,
     {.summary = "What the shop knows of one person: for their request of access",
      .body = type_of<PersonAskBody>,
      .gives = "{person, email, name, address, orders, subscriptions, waiting, waiting_rooms}"}},
    {"POST",
     "/v1/persons/erase",
     needs<>(ScopeKind::shop),
     post_erasure,
     {.summary = "Forgets a person: name and addresses leave the shop's files, orders keep a number that means nothing",
      .key = KeyRule::optional,
      .body = type_of<ErasureBody>,
      .gives = "{person, erased}"}},
};

}  // namespace
}  // namespace routes_people

std::span<const Route> people_routes() { return routes_people::table; }

}  // namespace dropsmith::http
