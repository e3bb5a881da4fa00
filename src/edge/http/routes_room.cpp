// The waiting room: entering it, asking for one's place, the published draw, and its page. Places are asked for on the
// network threads (room_board.h) and never limited by the shop's own rules; what is entered goes through the loop, as a
// fact. Covered by tests/http/waiting_room.py.
#include "edge/http/routes.h"

#include "base/text.h"
#include "edge/http/admission.h"
#include "edge/http/assets.h"
#include "edge/http/handling.h"
#include "edge/http/person.h"
#include "edge/http/quote.h"
#include "edge/http/requests_fair.h"
#include "edge/http/room_page.h"
#include "flow/sell/draw.h"
#include "flow/sell/room.h"

namespace dropsmith::http {
namespace routes_room {
namespace {

constexpr std::string_view cookie_name = "dropsmith_room_";

// Seconds until it is worth asking again; the nearer, the more often. Told to pages and clients alike.
std::int64_t ask_again_s(const Standing& at) {
    if (at.status != PlaceStatus::waiting || !at.wait_s) return 5;
    return std::clamp<std::int64_t>(at.wait_s->first / 4, 2, 15);
}

void write_standing(JsonWriter& json, const RoomView& room, const PlaceInRoom& place, Instant now, Call& call) {
    const auto at = standing_of(room, place.number, now);
    json.key("status").text(word_of(at.status)).key("number").natural(place.number).key("position");
    at.status == PlaceStatus::waiting ? json.natural(at.position) : json.null();
    json.key("wait_seconds");
    if (at.wait_s)
        json.object().key("from").integer(at.wait_s->first).key("to").integer(at.wait_s->second).end();
    else
        json.null();
    json.key("admission");
    if (at.status == PlaceStatus::admitted)
        json.text(seal_admission({room.drop, place.session, place.number, *at.expires_at}, call.services.mac_key));
    else
        json.null();
    json.key("admission_expires_at");
    at.expires_at ? json.instant(at.expires_at->ms) : json.null();
    json.key("ask_again_seconds").integer(ask_again_s(at));
}

void write_room(JsonWriter& json, const RoomView& room, Instant now, Call& call) {
    json.key("drop").text(call.services.ids->show(room.drop)).key("kind").text(word_of(room.terms.kind));
    json.key("entry_opens_at").instant((room.opens_at - room.terms.entry_before).ms);
    json.key("draw_at");
    room.terms.kind == RoomKind::ballot ? json.instant(room.draw_at.ms) : json.null();
    json.key("opens_at").instant(room.opens_at.ms).key("server_time").instant(now.ms);
    json.key("commitment").text(room.commitment).key("drawn").boolean(room.drawn_at.has_value());
    json.key("entrants").natural(room.entrants).key("admitted").natural(room.upto);
    json.key("admissions_per_second").natural(room.per_second).key("over").boolean(room.over);
    json.key("sold_out").boolean(room.sold_out);
}

std::shared_ptr<const RoomView> room_of(Call& call) {
    auto room = call.services.rooms.find(call.params[0], *call.services.ids);
    if (!room) call.refuse_not_found();
    return room;
}

std::optional<PlaceInRoom> place_shown(const Call& call, const RoomView& room, std::string_view token) {
    const auto place = unseal_place(token, call.services.mac_key);
    if (!place || place->drop != room.drop || place->number > room.entrants) return std::nullopt;
    return place;
}

void get_room(CallPtr call) {
    const auto room = room_of(*call);
    if (!room) return;
    const auto now = call->services.shop_clock->now();
    std::string_view token = call->request.authorization;
    token = token.size() > 7 ? token.substr(7) : std::string_view{};
    std::optional<PlaceInRoom> place;
    if (token.starts_with("plr_")) {
        place = place_shown(*call, *room, token);
        if (!place) return call->reply(problem(404, "not_found", "This is no place in this waiting room."));
    }
    call->reply(json_reply(200, [&](JsonWriter& json) {
        json.object();
        write_room(json, *room, now, *call);
        if (place) write_standing(json, *room, *place, now, *call);
        json.end();
    }));
}

// Which entrant this session (or person) is.
std::optional<PlaceInRoom> place_of(const engine::Answer& answer, const RoomView& room, std::uint64_t session) {
    const auto* in = answer.state.rooms.find(room.drop);
    const auto entered = answer.state.rooms.entered.find(room.drop);
    if (!in || entered == answer.state.rooms.entered.end()) return std::nullopt;
    const RoomEntrant who{0, session, room.terms.by_person ? answer.person : PersonId{}};
    const auto it = entered->second.find(Rooms::who_of(who));
    if (it == entered->second.end() || in->entrants[it->second - 1].session != session) return std::nullopt;
    return PlaceInRoom{room.drop, it->second, session};
}

engine::Build enter(DropId drop, std::uint64_t session) {
    return [drop, session](const State&, const Moment&) -> Result<Command, Refusal> {
        return Command(EnterRoom{drop, session});
    };
}

void post_enter(CallPtr call) {
    const auto asked = body<EnterBody>(*call);
    if (!asked) return;
    const auto room = room_of(*call);
    if (!room) return;
    Doing doing;
    doing.lane = engine::Lane::selling;
    if (asked->person) {
        auto person = person_of(*asked->person, {});
        if (!person) return call->reply(bad_input({person.error()}));
        doing.person = std::move(person).value();
    }
    // An answer that was lost is asked for again with the same key: the session that we made must be the same too.
    const std::string seed =
        call->key ? std::string(reinterpret_cast<const char*>(call->key->scope.data()), call->key->scope.size()) : "";
    const auto session =
        asked->session && !asked->session->empty() ? *asked->session : new_session(seed, call->services.mac_key);
    const auto digest = session_digest(session);
    command(
        std::move(call), enter(room->drop, digest),
        [room, session, digest](const engine::Answer& answer, Call& c) {
            const auto place = place_of(answer, *room, digest);
            if (!place) return missing_fact();
            const auto& entrant = answer.state.rooms.find(room->drop)->entrants[place->number - 1];
            return json_reply(201, [&](JsonWriter& json) {
                json.object().key("token").text(seal_place(*place, c.services.mac_key));
                json.key("session").text(session).key("ticket").text(sell::ticket_text(entrant.ticket));
                write_standing(json, *room, *place, answer.at, c);
                json.key("commitment").text(room->commitment).key("opens_at").instant(room->opens_at.ms).end();
            });
        },
        std::move(doing));
}

// All that is needed to recompute the order, and nothing else.
void get_draw(CallPtr call) {
    const auto room = room_of(*call);
    if (!room) return;
    if (!room->drawn_at || !room->tickets)
        return call->reply(problem(404, "not_found", "Nothing has been drawn here, or not yet."));
    slowly(std::move(call), [room](CallPtr c) {
        std::vector<std::string_view> order(room->ranks->size());
        std::vector<std::string> tickets;
        for (const auto ticket : *room->tickets) tickets.push_back(sell::ticket_text(ticket));
        for (std::size_t i = 0; i < tickets.size(); ++i) order[(*room->ranks)[i]] = tickets[i];
        c->reply(json_reply(200, [&](JsonWriter& json) {
            json.object().key("format").text("dropsmith/draw/1").key("drop").text(c->services.ids->show(room->drop));
            json.key("slug").text(room->slug).key("drawn_at").instant(room->drawn_at->ms);
            json.key("commitment").text(room->commitment).key("seed").text(room->seed).key("tickets").array();
            for (const auto& ticket : tickets) json.text(ticket);
            json.end().key("order").array();
            for (const auto ticket : order) json.text(ticket);
            json.end().end();
        }));
    });
}

void put_rate(CallPtr call) {
    const auto asked = body<RateBody>(*call);
    if (!asked) return;
    const auto room = room_of(*call);
    if (!room) return;
    command(
        std::move(call),
        [drop = room->drop, rate = asked->per_second](const State&, const Moment&) -> Result<Command, Refusal> {
            return Command(SetAdmissionRate{drop, rate});
        },
        [drop = room->drop](const engine::Answer& answer, Call&) {
            const auto* in = answer.state.rooms.find(drop);
            const auto* of = answer.state.drops.find(drop);
            const auto rate = sell::admissions_now(*in, *of->terms.room);
            return json_reply(200, [&](JsonWriter& json) {
                json.object().key("measured").natural(in->per_second).key("admissions_per_second").natural(rate).end();
            });
        });
}

// --- the page: a cookie of this room carries the place, a link with a fragment carries the admission to the live page
struct CookiePlace {
    PlaceInRoom place;
    std::string session;
};

std::optional<CookiePlace> cookie_place(const Call& call, const RoomView& room) {
    const auto name = std::string(cookie_name) + room.slug + "=";
    std::string_view all = call.request.cookie;
    for (std::size_t at = 0; (at = all.find(name, at)) != std::string_view::npos; at += name.size()) {
        if (at > 0 && all[at - 1] != ' ' && all[at - 1] != ';') continue;
        const auto value = all.substr(at + name.size(), all.find(';', at) - at - name.size());
        const auto dot = value.find('.');
        if (dot == std::string_view::npos) continue;
        const auto place = place_shown(call, room, value.substr(0, dot));
        const std::string session(value.substr(dot + 1));
        if (place && session_digest(session) == place->session) return CookiePlace{*place, session};
    }
    return std::nullopt;
}

RoomPage page_of(const RoomView& room, Instant now, const Call& call) {
    RoomPage page;
    page.room = &room, page.now = now;
    page.stylesheet = page_stylesheet(), page.simulated = call.services.simulated;
    const auto mine = cookie_place(call, room);
    if (!mine) return page;
    page.standing = standing_of(room, mine->place.number, now);
    page.ask_again_s = ask_again_s(*page.standing);
    page.session = mine->session;
    if (page.standing->status == PlaceStatus::admitted)
        page.admission = seal_admission(
            {room.drop, mine->place.session, mine->place.number, *page.standing->expires_at}, call.services.mac_key);
    return page;
}

void get_room_page(CallPtr call) {
    const auto room = room_of(*call);
    if (!room) return;
    const auto text = room_page(page_of(*room, call->services.shop_clock->now(), *call));
    call->reply({200, "text/html; charset=utf-8", text, {{"Cache-Control", "no-store"}}});
}

// The page once more with what is wrong with what was typed, as it was typed: nothing of it is kept.
Reply page_again(const RoomView& room, Call& call, std::string email, std::string trouble, int status) {
    auto page = page_of(room, call.services.shop_clock->now(), call);
    page.email = std::move(email), page.trouble = std::move(trouble);
    return {status, "text/html; charset=utf-8", room_page(page), {{"Cache-Control", "no-store"}}};
}

// The field `email` of the form; nullopt: the body is no form.
std::optional<std::string> email_of(const Request& request) {
    if (request.body.empty()) return std::string{};
    std::string error;
    const auto fields = Query::parse(request.body, error);
    if (!error.empty() || !request.content_type.starts_with("application/x-www-form-urlencoded")) return std::nullopt;
    return fields.get("email");
}

// Called by a plain form. The answer leads back to the page, whatever it was: the page says how things stand. Where
// places go by person the form says who; what is wrong with that stands beside its field.
void post_room_page(CallPtr call) {
    const auto& request = call->request;
    if ((!request.fetch_site.empty() && request.fetch_site != "same-origin") ||
        (request.fetch_site.empty() && !request.origin.empty() && !request.origin.ends_with("//" + request.host)))
        return call->reply(problem(403, "forbidden", "This form belongs to the shop's own page."));
    const auto room = room_of(*call);
    if (!room) return;
    Doing doing;
    doing.lane = engine::Lane::selling;
    std::string email;
    if (room->terms.by_person) {
        const auto said = email_of(request);
        if (!said) return call->reply(bad_input("/email", "is the field of this form: send it as the page does"));
        auto person = person_of({*said, "", ""}, {});
        if (!person)
            return call->reply(page_again(*room, *call, *said, "An address such as name@example.com is needed.", 400));
        doing.person = std::move(person).value();
        email = *said;
    }
    const auto mine = cookie_place(*call, *room);  // shown again: the same session, so the same place
    const auto session = mine ? mine->session : new_session("", call->services.mac_key);
    const auto digest = session_digest(session);
    const auto back = [slug = room->slug] {
        return Reply{303, "text/plain; charset=utf-8", {}, {{"Location", "/d/" + slug + "/room"}}};
    };
    doing.refused = [back, room, email](const engine::Answer& answer, Call& c) {
        if (answer.refusal->code != refusals::already_waiting) return back();
        return page_again(*room, c, email,
                          "This address is in the room already, from another browser. Its place stays; open that one.",
                          409);
    };
    command(
        std::move(call), enter(room->drop, digest),
        [room, session, digest, back](const engine::Answer& answer, Call& c) {
            auto reply = back();
            if (const auto place = place_of(answer, *room, digest))
                reply.headers.emplace_back("Set-Cookie", std::string(cookie_name) + room->slug + "=" +
                                                             seal_place(*place, c.services.mac_key) + "." + session +
                                                             "; Path=/d/" + room->slug +
                                                             "; Max-Age=86400; HttpOnly; SameSite=Lax");
            return reply;
        },
        std::move(doing));
}

constexpr Route table[] = {
    {"POST",
     "/v1/drops/{id}/room",
     public_(),
     post_enter,
     {.summary = "Enters the waiting room; the same session asked again has the same place",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<EnterBody>,
      .gives = "{token, session, ticket, status, number, position, wait_seconds: {from, to}, admission, "
               "admission_expires_at, ask_again_seconds, commitment, opens_at}"}},
    {"GET",
     "/v1/drops/{id}/room",
     public_(),
     get_room,
     {.summary = "The waiting room; with a place's token as bearer also one's place and, once let in, the admission",
      .gives = "{drop, kind, entry_opens_at, draw_at, opens_at, server_time, commitment, drawn, entrants, admitted, "
               "admissions_per_second, over, sold_out, status?, number?, position?, wait_seconds?, admission?, "
               "admission_expires_at?, ask_again_seconds?}",
      .unlimited = true}},
    {"POST",
     "/v1/drops/{id}/room/rate",
     needs<Role::operator_>(ScopeKind::none),
     put_rate,
     {.summary = "Admissions a second from now on; the drop's own per_second_max still binds",
      .key = KeyRule::optional,
      .body = type_of<RateBody>,
      .gives = "{measured, admissions_per_second}"}},
    {"GET",
     "/v1/drops/{id}/draw",
     public_(),
     get_draw,
     {.summary = "The transcript of the draw: what `dropsmith draw verify` and anyone else recomputes it from",
      .gives = "{format, drop, slug, drawn_at, commitment, seed, tickets, order}"}},
    {"GET",
     "/d/{slug}/room",
     public_(),
     get_room_page,
     {.summary = "The waiting room's page", .gives = "a page", .reply_type = "text/html", .unlimited = true}},
    {"POST",
     "/d/{slug}/room",
     public_(),
     post_room_page,
     {.summary = "Enters by the page's own form and leads back to the page", .success = 303, .gives = "nothing"}},
};

}  // namespace
}  // namespace routes_room

std::span<const Route> room_routes() { return routes_room::table; }

}  // namespace dropsmith::http
