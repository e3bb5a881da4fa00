// Drops: read by everybody, drafted, edited, moved through their life, priced by hand, stopped. Covered by
// tests/http/routes.py.
#include "edge/http/routes.h"

#include <algorithm>

#include "edge/http/drop_document.h"
#include "edge/http/admission.h"
#include "edge/http/handling.h"
#include "edge/http/quote.h"
#include "model/price.h"

namespace dropsmith::http {
namespace routes_drops {
namespace {

bool shown_to_public(const Drop& drop) {
    return drop.status != DropStatus::draft && drop.status != DropStatus::cancelled;
}

bool in_scope(const Call& call, const Drop& drop) {
    if (!call.grant || call.grant->scope.channels.empty()) return true;
    return std::any_of(drop.terms.channels.begin(), drop.terms.channels.end(),
                       [&](ChannelId c) { return call.may_channel(c); });
}

std::uint64_t session_of(const Call& call) { return session_digest(call.query.get("session")); }

Reply drop_reply(int status, const engine::Answer& answer, const Drop& drop, Call& call, ChannelId channel = {}) {
    auto reply = json_reply(status, [&](JsonWriter& json) {
        write_drop(json, answer.state, drop, {call.is_staff(), channel, answer.at, session_of(call)}, words_of(call));
    });
    if (call.is_staff()) etag(reply, drop.version);
    return reply;
}

void get_drops(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        const auto& state = answer.state;
        const auto wanted = c.query.get("status");
        const auto words = choice_words(DropStatus{});
        if (!wanted.empty() && std::find(words.begin(), words.end(), wanted) == words.end())
            return bad_input("/status", "is not a status of a drop");
        const auto channel_name = c.query.get("channel");
        const auto* channel = channel_name.empty() ? nullptr : channel_of(state, *c.services.ids, channel_name);
        if (!channel_name.empty() && !channel) return bad_input("/channel", "is not a channel of this shop");
        return list_reply(
            c, page, state.drops.drops,
            [&](const Drop& drop) {
                if (!c.is_staff() && !shown_to_public(drop)) return false;
                if (c.is_staff() && !in_scope(c, drop)) return false;
                if (!wanted.empty() && word_of(drop.status) != wanted) return false;
                const auto& in = drop.terms.channels;
                return !channel || std::find(in.begin(), in.end(), channel->id) != in.end();
            },
            [&](JsonWriter& json, const Drop& drop) {
                write_drop(json, state, drop,
                           {c.is_staff(), channel ? channel->id : ChannelId{}, answer.at, session_of(c)}, words_of(c));
            },
            answer.at);
    });
}

void get_drop(CallPtr call) {
    const bool as_everybody = !call->is_staff() && call->request.query.empty();
    const auto ask = as_everybody ? look : question;
    ask(std::move(call), [](const engine::Answer& answer, Call& c) {
        const auto* drop = drop_of(answer.state, *c.services.ids, c.params[0]);
        if (!drop || (c.is_staff() ? !in_scope(c, *drop) : !shown_to_public(*drop))) return not_found();
        const auto name = c.query.get("channel");
        const auto* channel = name.empty() ? nullptr : channel_of(answer.state, *c.services.ids, name);
        if (!name.empty() && !channel) return bad_input("/channel", "is not a channel of this shop");
        return drop_reply(200, answer, *drop, c, channel ? channel->id : ChannelId{});
    });
}

void post_drop(CallPtr call) {
    const auto asked = body<DropBody>(*call);
    if (!asked) return;
    if (auto missing = missing_fields(*asked); !missing.empty()) return call->reply(bad_input(missing));
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [asked = *asked, ids](const State& state, const Moment&) -> Result<Command, Refusal> {
            auto terms = drafted_terms(state, *ids, asked);
            if (!terms) return Failure{terms.error()};
            return Command(DraftDrop{std::move(terms).value()});
        },
        [](const engine::Answer& answer, Call& c) {
            const auto* fact = fact_in<DropDrafted>(answer);
            if (!fact) return missing_fact();
            auto reply =
                json_reply(201, [&](JsonWriter& json) { write_drafted(json, answer.state, *fact, words_of(c)); });
            etag(reply, 1);
            return reply;
        });
}

Reply drop_after(const engine::Answer& answer, Call& call) {
    const auto* cancelled = fact_in<DropCancelled>(answer);  // its name is free again and leads nowhere
    const auto* drop = cancelled ? answer.state.drops.find(cancelled->drop)
                                 : drop_of(answer.state, *call.services.ids, call.params[0]);
    return drop ? drop_reply(200, answer, *drop, call) : not_found();
}

void patch_drop(CallPtr call) {
    const auto asked = body<DropBody>(*call);
    if (!asked) return;
    std::optional<std::uint64_t> version;
    if (!if_version(*call, version)) return;
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [asked = *asked, version, ids, named = call->params[0], grant = call->grant](
            const State& state, const Moment&) -> Result<Command, Refusal> {
            const auto drop = drop_for(state, *ids, named, grant.get());
            if (!drop) return Failure{drop.error()};
            auto edit = edit_of(state, *ids, **drop, asked);
            if (!edit) return Failure{edit.error()};
            edit->if_version = version;
            return Command(std::move(edit).value());
        },
        drop_after);
}

template <class Make>
void transition(CallPtr call, Make make, engine::Lane lane = engine::Lane::control) {
    const auto asked = body<ReasonBody>(*call);
    if (!asked) return;
    const auto* ids = call->services.ids;
    Doing doing;
    doing.lane = lane;
    command(
        std::move(call),
        [make, reason = asked->reason, ids, named = call->params[0], grant = call->grant](
            const State& state, const Moment&) -> Result<Command, Refusal> {
            const auto drop = drop_for(state, *ids, named, grant.get());
            if (!drop) return Failure{drop.error()};
            return Command(make((*drop)->id, reason));
        },
        drop_after, std::move(doing));
}

void post_schedule(CallPtr call) {
    // Chance of the machine, for the draw of a waiting room: the rules have none that is secret.
    transition(std::move(call),
               [seed = random_hex()](DropId drop, const std::string&) { return ScheduleDrop{drop, seed}; });
}
void post_pause(CallPtr call) {
    transition(std::move(call), [](DropId drop, const std::string& why) { return PauseDrop{drop, why}; });
}
void post_resume(CallPtr call) {
    transition(std::move(call), [](DropId drop, const std::string&) { return ResumeDrop{drop}; });
}
void post_close(CallPtr call) {
    transition(std::move(call), [](DropId drop, const std::string& why) { return CloseDrop{drop, why}; });
}
void post_cancel(CallPtr call) {
    transition(std::move(call), [](DropId drop, const std::string& why) { return CancelDrop{drop, why}; });
}
void post_kill(CallPtr call) {
    transition(
        std::move(call),
        [](DropId drop, const std::string& why) {
            return KillPrices{drop, why};
        },
        engine::Lane::urgent);
}

constexpr auto planners = needs<Role::operator_, Role::pricing>(ScopeKind::channels);
constexpr auto operators = needs<Role::operator_>(ScopeKind::channels);

constexpr Route table[] = {
    {"GET",
     "/v1/drops",
     public_(),
     get_drops,
     {.summary = "Drops that are announced, open or over; for staff, drafts too",
      .query = "status,channel,session,limit,cursor",
      .gives = "{data: [drop], next, as_of}"}},
    {"GET",
     "/v1/drops/{id}",
     public_(),
     get_drop,
     {.summary = "A drop, by id or slug; for staff with caps, bands, floors, what is held and sold",
      .query = "channel,session",
      .gives = "drop"}},
    {"POST",
     "/v1/drops",
     planners,
     post_drop,
     {.summary = "Drafts a drop",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<DropBody>,
      .gives = "drop, status draft"}},
    {"PATCH",
     "/v1/drops/{id}",
     planners,
     patch_drop,
     {.summary =
          "Changes a drop: a draft entirely, a scheduled one but for its slug, an open one within what was promised",
      .key = KeyRule::optional,
      .body = type_of<DropBody>,
      .gives = "drop"}},
    {"POST",
     "/v1/drops/{id}/schedule",
     planners,
     post_schedule,
     {.summary = "Announces a draft; 409 plan_contradiction lists what clashes",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "drop"}},
    {"POST",
     "/v1/drops/{id}/pause",
     operators,
     post_pause,
     {.summary = "No new holds until resumed; what is held stays held",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "drop"}},
    {"POST",
     "/v1/drops/{id}/resume",
     operators,
     post_resume,
     {.summary = "Goes on selling", .key = KeyRule::optional, .body = type_of<ReasonBody>, .gives = "drop"}},
    {"POST",
     "/v1/drops/{id}/close",
     operators,
     post_close,
     {.summary = "Ends selling before its time",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "drop"}},
    {"POST",
     "/v1/drops/{id}/cancel",
     operators,
     post_cancel,
     {.summary = "Calls a drop off", .key = KeyRule::optional, .body = type_of<ReasonBody>, .gives = "drop"}},
    {"POST",
     "/v1/drops/{id}/kill-prices",
     planners,
     post_kill,
     {.summary = "The kill switch: back to the list price at once, no more automatic prices for this drop until it is "
                 "undone",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "drop"}},
};

}  // namespace
}  // namespace routes_drops

std::span<const Route> drop_routes() { return routes_drops::table; }

}  // namespace dropsmith::http
