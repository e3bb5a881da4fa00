// Prices by hand: overrides (tried, set, approved, ended), going on after a halt, and the undoing of the kill switch
// (thrown in routes_drops.cpp). Covered by tests/http/prices.py.
#include "edge/http/routes.h"

#include <algorithm>

#include "edge/http/handling.h"
#include "edge/http/price_views.h"
#include "flow/decide/override.h"

namespace dropsmith::http {
namespace routes_price_hands {
namespace {

Result<LineKey, Refusal> line_key(const State& state, const PublicIds& ids, const std::string& code,
                                  const std::string& channel_name, const std::string& named, const Grant* grant) {
    const auto drop = drop_for(state, ids, named, grant);
    if (!drop) return Failure{drop.error()};
    const auto* channel = channel_of(state, ids, channel_name);
    if (!channel) return bad_field("/channel", "is not a channel of this shop");
    const auto* sku = state.catalogue.find(code);
    const auto line = sku ? line_of(**drop, sku->id) : std::nullopt;
    if (!line) return bad_field("/sku", "is not a SKU of this drop");
    return LineKey{(*drop)->id, *line, channel->id};
}

Result<OverridePrice, Refusal> override_of(const State& state, const PublicIds& ids, const OverrideBody& asked,
                                           const std::string& named, const Grant* grant) {
    const auto key = line_key(state, ids, asked.sku, asked.channel, named, grant);
    if (!key) return Failure{key.error()};
    return OverridePrice{*key, asked.price, asked.until, asked.reason};
}

void try_override(CallPtr call, const OverrideBody& asked) {
    question(std::move(call), [asked](const engine::Answer& answer, Call& c) {
        const auto wanted = override_of(answer.state, *c.services.ids, asked, c.params[0], c.grant.get());
        if (!wanted) return refusal_problem(wanted.error());
        const auto judged = decide::judge_override(answer.state, *wanted, c.who.grant, answer.at);
        if (!judged) return refusal_problem(judged.error());
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("dry_run").boolean(true).key("price").money(judged->set.price.n, c.services.currency);
            json.key("floor").money(judged->set.floor.n, c.services.currency);
            json.key("costs").money(judged->cost.margin.n, c.services.currency);
            json.key("units_as_it_stands").integer(judged->cost.units_standing.n);
            json.key("units_with_override").integer(judged->cost.units_override.n);
            json.key("needs_second_person").boolean(judged->second_person).end();
        });
    });
}

Reply decided_or_asked(const engine::Answer& answer, Call& c, int decided) {
    if (const auto* set = fact_in<PriceSet>(answer))
        return json_reply(decided, [&](JsonWriter& json) {
            write_decision(json, answer.state, *set, answer.at, answer.first_seq, c.who, words_of(c));
        });
    if (const auto* asked = fact_in<OverrideAsked>(answer))
        return json_reply(202, [&](JsonWriter& json) {
            write_asked(
                json, answer.state,
                {asked->id, asked->key, asked->price, asked->until, asked->reason, asked->cost, c.who, answer.at},
                words_of(c));
        });
    return missing_fact();
}

void post_override(CallPtr call) {
    const auto asked = body<OverrideBody>(*call);
    if (!asked) return;
    if (asked->dry_run) return try_override(std::move(call), *asked);
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [asked = *asked, ids, named = call->params[0], grant = call->grant](const State& state,
                                                                            const Moment&) -> Result<Command, Refusal> {
            auto wanted = override_of(state, *ids, asked, named, grant.get());
            if (!wanted) return Failure{wanted.error()};
            return Command(std::move(*wanted));
        },
        [](const engine::Answer& answer, Call& c) { return decided_or_asked(answer, c, 201); });
}

void get_overrides(CallPtr call) {
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("data").array();
            for (const auto& [id, asked] : answer.state.prices.asked)
                if (asked.until > answer.at && c.may_channel(asked.key.channel))
                    write_asked(json, answer.state, asked, words_of(c));
            json.end().key("kill_undos").array();
            for (const auto& [id, asked] : answer.state.prices.undos)
                if (drop_for(answer.state, *c.services.ids, c.services.ids->show(id), c.grant.get()))
                    write_asked(json, *answer.state.drops.find(id), asked, words_of(c));
            json.end().key("next").null().key("as_of").instant(answer.at.ms).end();
        });
    });
}

void answer_override(CallPtr call, bool approve) {
    const auto id = path_id<OverrideId>(*call);
    if (!id) return;
    const auto asked = body<ReasonBody>(*call);
    if (!asked) return;
    command(
        std::move(call),
        [id = *id, approve, reason = asked->reason, grant = call->grant](const State& state,
                                                                         const Moment&) -> Result<Command, Refusal> {
            const auto found = state.prices.asked.find(id);
            if (found == state.prices.asked.end()) return nothing_there();
            const auto& in = grant ? grant->scope.channels : std::vector<ChannelId>{};
            if (!in.empty() && std::find(in.begin(), in.end(), found->second.key.channel) == in.end())
                return nothing_there();
            return Command(AnswerOverride{id, approve, reason});
        },
        [approve](const engine::Answer& answer, Call& c) {
            if (approve) return decided_or_asked(answer, c, 200);
            const auto* answered = fact_in<OverrideAnswered>(answer);
            if (!answered) return missing_fact();
            return json_reply(200, [&](JsonWriter& json) {
                json.object().key("id").text(c.services.ids->show(answered->id)).key("status").text("rejected");
                json.key("reason").text(answered->reason).end();
            });
        });
}
void post_approve(CallPtr call) { answer_override(std::move(call), true); }
void post_reject(CallPtr call) { answer_override(std::move(call), false); }

void post_end_override(CallPtr call) {
    const auto asked = body<EndOverrideBody>(*call);
    if (!asked) return;
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [asked = *asked, ids, named = call->params[0], grant = call->grant](const State& state,
                                                                            const Moment&) -> Result<Command, Refusal> {
            const auto key = line_key(state, *ids, asked.sku, asked.channel, named, grant.get());
            if (!key) return Failure{key.error()};
            return Command(EndOverride{*key, asked.reason});
        },
        [](const engine::Answer& answer, Call& c) { return decided_or_asked(answer, c, 200); });
}

Reply drop_now(const engine::Answer& answer, Call& c) {
    const auto* drop = drop_of(answer.state, *c.services.ids, c.params[0]);
    if (!drop) return not_found();
    return json_reply(200, [&](JsonWriter& json) {
        write_drop(json, answer.state, *drop, {true, {}, answer.at}, words_of(c));
    });
}

// A word about a whole drop, with a reason.
template <class Make>
void about_drop(CallPtr call, Make make, Reply (*tell)(const engine::Answer&, Call&)) {
    const auto asked = body<ReasonBody>(*call);
    if (!asked) return;
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [make, reason = asked->reason, ids, named = call->params[0], grant = call->grant](
            const State& state, const Moment&) -> Result<Command, Refusal> {
            const auto drop = drop_for(state, *ids, named, grant.get());
            if (!drop) return Failure{drop.error()};
            return Command(make((*drop)->id, reason));
        },
        tell);
}

void post_resume_prices(CallPtr call) {
    about_drop(
        std::move(call), [](DropId drop, const std::string& why) { return ResumePrices{drop, why}; }, drop_now);
}

Reply undone_or_asked(const engine::Answer& answer, Call& c) {
    const auto* asked = fact_in<KillUndoAsked>(answer);
    if (!asked) return drop_now(answer, c);
    const auto* drop = answer.state.drops.find(asked->drop);
    if (!drop) return not_found();
    return json_reply(202, [&](JsonWriter& json) {
        write_asked(json, *drop, {asked->reason, c.who, answer.at}, words_of(c));
    });
}

void post_undo_kill(CallPtr call) {
    about_drop(
        std::move(call), [](DropId drop, const std::string& why) { return UndoKill{drop, why}; }, undone_or_asked);
}
void post_approve_undo(CallPtr call) {
    about_drop(
        std::move(call), [](DropId drop, const std::string& why) { return AnswerUndo{drop, true, why}; }, drop_now);
}
void post_reject_undo(CallPtr call) {
    about_drop(
        std::move(call), [](DropId drop, const std::string& why) { return AnswerUndo{drop, false, why}; }, drop_now);
}

constexpr auto planners = needs<Role::operator_, Role::pricing>(ScopeKind::channels);
constexpr auto readers =
    needs<Role::operator_, Role::pricing, Role::finance, Role::legal, Role::viewer>(ScopeKind::channels);

constexpr Route table[] = {
    {"POST",
     "/v1/drops/{id}/overrides",
     planners,
     post_override,
     {.summary = "Sets a price by hand until a stated time, with a reason; says what it is expected to cost. dry_run "
                 "only says so (200); 202 when the shop's rule asks for a second person",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<OverrideBody>,
      .gives = "decision, or {id, status, costs, …} of what waits"}},
    {"GET",
     "/v1/overrides",
     readers,
     get_overrides,
     {.summary = "What waits for a second person: overrides, and undoings of the kill switch",
      .gives = "{data: [override], kill_undos: [{drop, status, reason, who, asked_at}], next, as_of}"}},
    {"POST",
     "/v1/overrides/{id}/approve",
     planners,
     post_approve,
     {.summary = "Approves an override; never one's own",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "decision"}},
    {"POST",
     "/v1/overrides/{id}/reject",
     planners,
     post_reject,
     {.summary = "Rejects an override, or takes one's own back",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "{id, status, reason}"}},
    {"POST",
     "/v1/drops/{id}/end-override",
     planners,
     post_end_override,
     {.summary = "Ends an override before its time, with a reason: the price before it comes back, as the gate lets it",
      .key = KeyRule::optional,
      .body = type_of<EndOverrideBody>,
      .gives = "decision"}},
    {"POST",
     "/v1/drops/{id}/resume-prices",
     planners,
     post_resume_prices,
     {.summary = "Lets the engine go on after the cascade breaker or the cannibalisation stop, with a reason",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "drop"}},
    {"POST",
     "/v1/drops/{id}/undo-kill",
     planners,
     post_undo_kill,
     {.summary = "Lets engine and plan price the drop again after the kill switch, with a reason; 202 when the shop's "
                 "rule asks for a second person",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "drop, or {drop, status, reason, who, asked_at} of what waits"}},
    {"POST",
     "/v1/drops/{id}/undo-kill/approve",
     planners,
     post_approve_undo,
     {.summary = "Approves the undoing of the kill switch; never one's own",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "drop"}},
    {"POST",
     "/v1/drops/{id}/undo-kill/reject",
     planners,
     post_reject_undo,
     {.summary = "Rejects the undoing of the kill switch, or takes one's own asking back",
      .key = KeyRule::optional,
      .body = type_of<ReasonBody>,
      .gives = "drop"}},
};

}  // namespace
}  // namespace routes_price_hands

std::span<const Route> price_hand_routes() { return routes_price_hands::table; }

}  // namespace dropsmith::http
