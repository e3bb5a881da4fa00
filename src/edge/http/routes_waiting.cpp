// The waiting list and passes. What a buyer waits under is reached with the secret returned at joining; an offer is a
// hold, and its own secret stands beside it. Covered by tests/http/waiting_list.py.
#include "edge/http/routes.h"

#include <algorithm>

#include "base/limits.h"
#include "edge/http/admission.h"
#include "edge/http/handling.h"
#include "edge/http/person.h"
#include "edge/http/quote.h"
#include "edge/http/requests_fair.h"
#include "engine/person.h"
#include "flow/sell/hold_status.h"
#include "flow/sell/waiting_list.h"

namespace dropsmith::http {
namespace routes_waiting {
namespace {

void write_wait_lines(JsonWriter& json, const State& state, const std::vector<WaitLine>& lines, const Words& words) {
    json.key("lines").array();
    for (const auto& line : lines) {
        json.object().key("sku").text(sku_code(state, line.sku)).key("units").integer(line.units.n);
        json.key("unit_price_max");
        line.unit_price ? json.money(line.unit_price->n, words.currency) : json.null();
        json.key("ship_by");
        line.ship_by ? json.instant(line.ship_by->ms) : json.null();
        json.end();
    }
    json.end();
}

const Hold* offer_of(const State& state, const WaitEntry& entry, Instant now) {
    const auto* hold = entry.status == WaitStatus::offered ? state.holds.table.find(entry.hold) : nullptr;
    return hold && !sell::no_longer_held(*hold, now) ? hold : nullptr;
}

void write_entry(JsonWriter& json, const State& state, const WaitEntry& entry, Instant now, bool buyer,
                 const Words& words) {
    json.object().key("id").text(words.ids.show(entry.id)).key("drop").text(words.ids.show(entry.drop));
    const auto* hold = offer_of(state, entry, now);
    const auto status = entry.status == WaitStatus::offered && !hold ? WaitStatus::lapsed : entry.status;
    json.key("status").text(word_of(status)).key("preorder").boolean(entry.preorder).key("position");
    status == WaitStatus::waiting ? json.natural(sell::ahead_of(state.waiting_list, entry) + 1) : json.null();
    json.key("why");
    status == WaitStatus::over ? json.text(word_of(entry.why)) : json.null();
    json.key("until");
    entry.until ? json.instant(entry.until->ms) : json.null();
    write_wait_lines(json, state, entry.lines, words);
    json.key("joined_at").instant(entry.joined_at.ms).key("server_time").instant(now.ms).key("offer");
    if (!hold) return void(json.null().end());
    json.object().key("hold").text(words.ids.show(hold->id));
    if (buyer) json.key("secret").text(words.ids.secret(HoldTag::prefix, hold->id.n));
    json.key("lines"), write_held_lines(json, state, hold->lines, words);
    json.key("total").money(total_of(hold->lines).n, words.currency).key("expires_at").instant(hold->expires_at.ms);
    json.end().end();
}

Reply entry_after(const engine::Answer& answer, Call& call) {
    const auto id = call.services.ids->read<WaitTag>(call.params[0]);
    const auto* entry = id ? answer.state.waiting_list.table.find(*id) : nullptr;
    if (!entry) return not_found();
    return json_reply(200, [&](JsonWriter& json) {
        write_entry(json, answer.state, *entry, answer.at, !call.is_staff(), words_of(call));
    });
}

void post_wait(CallPtr call) {
    const auto asked = body<WaitBody>(*call);
    if (!asked) return;
    Doing doing;
    doing.lane = engine::Lane::selling;
    if (asked->person) {
        auto person = person_of(*asked->person, {});
        if (!person) return call->reply(bad_input({person.error()}));
        doing.person = std::move(person).value();
    }
    std::optional<Admission> admission;
    if (asked->admission) admission = unseal_admission(*asked->admission, call->services.mac_key);
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [asked = *asked, admission, ids, named = call->params[0]](const State& state,
                                                                  const Moment&) -> Result<Command, Refusal> {
            const auto* drop = drop_of(state, *ids, named);
            if (!drop) return nothing_there();
            JoinWaitingList join{drop->id,       {},       {}, session_digest(asked.session.value_or("")),
                                 asked.preorder, admission};
            if (const auto* channel = channel_of(state, *ids, asked.channel)) join.channel = channel->id;
            for (const auto& line : asked.lines) {
                const auto* sku = state.catalogue.find(line.sku);
                join.lines.push_back({sku ? sku->id : SkuId{}, line.units, {}});
            }
            return Command(std::move(join));
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<WaitJoined>(answer);
            if (!fact) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) {
                const auto words = words_of(c);
                json.object().key("id").text(words.ids.show(fact->entry));
                json.key("secret").text(words.ids.secret(WaitTag::prefix, fact->entry.n)).key("status").text("waiting");
                json.key("drop").text(words.ids.show(fact->drop)).key("preorder").boolean(fact->preorder);
                json.key("until");
                fact->until ? json.instant(fact->until->ms) : json.null();
                write_wait_lines(json, answer.state, fact->lines, words);
                json.end();
            });
        },
        std::move(doing));
}

void get_wait(CallPtr call) { question(std::move(call), entry_after); }

void delete_wait(CallPtr call) {
    const auto id = path_id<WaitId>(*call);
    if (!id || !no_body(*call)) return;
    Doing doing;
    doing.lane = engine::Lane::selling;
    command(
        std::move(call),
        [id](const State&, const Moment&) -> Result<Command, Refusal> { return Command(LeaveWaitingList{*id}); },
        entry_after, std::move(doing));
}

// The offer is held already: accepting it hands out the hold, which is then confirmed like any other.
void post_accept(CallPtr call) {
    const auto id = path_id<WaitId>(*call);
    if (!id || !no_body(*call)) return;
    question(std::move(call), [id](const engine::Answer& answer, Call& c) {
        const auto* entry = answer.state.waiting_list.table.find(*id);
        if (!entry) return not_found();
        const auto* hold = offer_of(answer.state, *entry, answer.at);
        if (!hold) {
            const bool gone = entry->status == WaitStatus::offered || entry->status == WaitStatus::lapsed;
            return refusal_problem(
                refuse(gone ? refusals::hold_expired : refusals::wrong_state,
                       gone ? "the offer has run out: join again to be asked again" : "nothing is offered to this wish")
                    .error);
        }
        const UnitsHeld held{hold->id,         hold->drop,    hold->channel,   hold->lines,
                             hold->expires_at, hold->session, hold->pickup_at, hold->preorder};
        return json_reply(200, [&](JsonWriter& json) { write_placed_hold(json, answer.state, held, words_of(c)); });
    });
}

// Who waits, for staff. Whoever may write to people also sees whom, and the link that the letter needs: the program
// sends none itself. Contacts stand in the vault, which the loop's thread never reads.
struct Waiting {
    std::string shown;  // the wish, a JSON object
    PersonId person;
    std::string link;   // of an open offer
};
struct WaitingPage {
    std::vector<Waiting> rows;
    std::uint64_t last = 0;
    bool more = false;
    Instant as_of;
};

WaitingPage waiting_page(const engine::Answer& answer, DropId drop, const Page& page, Call& call) {
    WaitingPage out;
    out.as_of = answer.at;
    const auto& list = answer.state.waiting_list;
    const auto& ids = *call.services.ids;
    const auto found = list.of_drop.find(drop);
    if (found == list.of_drop.end()) return out;
    const auto& all = found->second;
    for (auto it = std::upper_bound(all.begin(), all.end(), WaitId{page.after});
         it != all.end() && !(out.more = out.rows.size() == page.limit); ++it) {
        const auto& entry = list.table.must(*it);
        Waiting row;
        row.person = entry.person;
        JsonWriter json(row.shown);
        write_entry(json, answer.state, entry, answer.at, false, words_of(call));
        if (offer_of(answer.state, entry, answer.at))
            row.link =
                call.services.public_url + "/#/offer/" + ids.show(*it) + "/" + ids.secret(WaitTag::prefix, it->n);
        out.rows.push_back(std::move(row));
        out.last = it->n;
    }
    return out;
}

// The members after those that the wish has: null where nobody said who they are, where they were forgotten since, or
// where nothing is offered.
std::string reached(const Waiting& row, const std::optional<engine::PersonData>& person) {
    std::string members;
    JsonWriter json(members);
    json.object().key("contact");
    if (person)
        json.object().key("email").text(person->email).key("name").text(person->name).end();
    else
        json.null();
    json.key("link");
    row.link.empty() ? json.null() : json.text(row.link);
    json.end();
    return row.shown.substr(0, row.shown.size() - 1) + "," + members.substr(1);
}

void list_waits(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    auto found = std::make_shared<WaitingPage>();
    look_up(
        std::move(call),
        [found, page](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            const auto* drop = drop_of(answer.state, *c.services.ids, c.params[0]);
            if (!drop) return not_found();
            *found = waiting_page(answer, drop->id, page, c);
            return std::nullopt;
        },
        [found](CallPtr waiting) {
            from_tables(std::move(waiting), [found](CallPtr c) {
                const bool named = !c->grant || c->grant->role != Role::viewer;
                for (auto& row : found->rows) {
                    if (!named) break;
                    std::optional<engine::PersonData> person;
                    if (row.person) {
                        auto known = engine::read_person(*c->services.journal, row.person);
                        if (!known) return c->reply(too_busy(503, 2));
                        person = std::move(known).value();
                    }
                    row.shown = reached(row, person);
                }
                c->reply(json_reply(200, [&](JsonWriter& json) {
                    json.object().key("data").array();
                    for (const auto& row : found->rows) json.raw(row.shown);
                    json.end().key("next");
                    found->more ? json.text(cursor_of(*c, found->last)) : json.null();
                    json.key("as_of").instant(found->as_of.ms).end();
                }));
            });
        });
}

// --- passes
void write_pass_terms(JsonWriter& json, const PassTerms& terms, const Words& words) {
    json.key("title").text(terms.title).key("drops").array();
    for (const auto drop : terms.drops) json.text(words.ids.show(drop));
    json.end().key("valid_from").instant(terms.valid_from.ms).key("valid_until").instant(terms.valid_until.ms);
    json.key("uses").integer(terms.uses.n).key("early_seconds").integer(terms.early.n / 1000);
}

void write_pass(JsonWriter& json, const Pass& pass, const Words& words) {
    json.object().key("id").text(words.ids.show(pass.id)).key("code").text(pass_code(pass.id, words.ids));
    write_pass_terms(json, pass.terms, words);
    json.key("used").integer(pass.used.n).key("ended").boolean(pass.ended).end();
}

void post_passes(CallPtr call) {
    const auto asked = body<PassBody>(*call);
    if (!asked) return;
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [asked = *asked, ids](const State& state, const Moment& moment) -> Result<Command, Refusal> {
            IssuePasses issue{{asked.title,
                               {},
                               asked.valid_from.value_or(moment.at),
                               asked.valid_until,
                               asked.uses.value_or(Quantity{1}),
                               asked.early_seconds.value_or(Duration{0})},
                              asked.count.value_or(1)};
            for (std::size_t i = 0; i < asked.drops.size(); ++i) {
                const auto* drop = drop_of(state, *ids, asked.drops[i]);
                if (!drop) return bad_field("/drops/" + std::to_string(i), "is not a drop of this shop");
                issue.terms.drops.push_back(drop->id);
            }
            return Command(std::move(issue));
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<PassesIssued>(answer);
            if (!fact) return missing_fact();
            return json_reply(201, [&](JsonWriter& json) {
                const auto words = words_of(c);
                json.object();
                write_pass_terms(json, fact->terms, words);
                json.key("data").array();
                for (std::uint64_t i = 0; i < fact->count; ++i) {
                    const PassId pass{fact->first.n + i};
                    json.object().key("id").text(words.ids.show(pass)).key("code");
                    json.text(pass_code(pass, words.ids)).end();
                }
                json.end().end();
            });
        });
}

void list_passes(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        const auto& table = answer.state.passes.table;
        const auto end = std::min<std::uint64_t>(table.next().n, page.after + page.limit + 1);
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("data").array();
            for (auto n = page.after + 1; n < end; ++n)
                if (const auto* pass = table.find(PassId{n})) write_pass(json, *pass, words_of(c));
            json.end().key("next");
            end < table.next().n ? json.text(cursor_of(c, end - 1)) : json.null();
            json.key("as_of").instant(answer.at.ms).end();
        });
    });
}

void post_end_pass(CallPtr call) {
    const auto id = path_id<PassId>(*call);
    if (!id || !no_body(*call)) return;
    command(
        std::move(call),
        [id](const State&, const Moment&) -> Result<Command, Refusal> { return Command(EndPass{*id}); },
        [id](const engine::Answer& answer, Call& c) {
            const auto* pass = answer.state.passes.table.find(*id);
            if (!pass) return not_found();
            return json_reply(200, [&](JsonWriter& json) { write_pass(json, *pass, words_of(c)); });
        });
}

constexpr auto waiters = buyer_secret<Role::operator_>(Owned::wait);
constexpr std::string_view entry_words =
    "{id, drop, status, preorder, position, why, until, lines, joined_at, server_time, offer: {hold, secret, lines, "
    "total, expires_at}}";

constexpr Route table[] = {
    {"POST",
     "/v1/drops/{id}/waiting",
     public_(),
     post_wait,
     {.summary = "Joins the waiting list, or orders ahead what has not arrived (preorder)",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<WaitBody>,
      .gives = "{id, secret, status, drop, preorder, until, lines}"}},
    {"GET",
     "/v1/drops/{id}/waiting",
     needs<Role::operator_, Role::viewer>(ScopeKind::shop),
     list_waits,
     {.summary = "Who waits for what, in order of arrival; for operators, whom to write to and the link to an offer",
      .query = "limit,cursor",
      .gives = "list of wishes, each with contact: {email, name} and link"}},
    {"GET", "/v1/waiting/{id}", waiters, get_wait, {.summary = "A wish and its offer", .gives = entry_words}},
    {"POST",
     "/v1/waiting/{id}/accept",
     waiters,
     post_accept,
     {.summary = "The hold that was offered; confirm it like any other",
      .gives = "{id, secret, status, lines, total, expires_at}"}},
    {"DELETE",
     "/v1/waiting/{id}",
     waiters,
     delete_wait,
     {.summary = "Leaves the list; what was offered goes to the next", .key = KeyRule::optional, .gives = entry_words}},
    {"POST",
     "/v1/passes",
     needs<Role::operator_>(ScopeKind::shop),
     post_passes,
     {.summary = "Makes passes: early access to drops, so many times, until a time",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<PassBody>,
      .gives = "{title, drops, valid_from, valid_until, uses, early_seconds, data: [{id, code}]}"}},
    {"GET",
     "/v1/passes",
     needs<Role::operator_>(ScopeKind::shop),
     list_passes,
     {.summary = "Passes and their uses", .query = "limit,cursor", .gives = "list of passes"}},
    {"POST",
     "/v1/passes/{id}/end",
     needs<Role::operator_>(ScopeKind::shop),
     post_end_pass,
     {.summary = "Ends a pass; holds that used it stay", .key = KeyRule::optional, .gives = "pass"}},
};

}  // namespace
}  // namespace routes_waiting

std::span<const Route> waiting_routes() { return routes_waiting::table; }

}  // namespace dropsmith::http
