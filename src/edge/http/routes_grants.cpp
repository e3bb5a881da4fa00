// Tokens: the set-up link, grants made, listed, ended. A token is shown once, in the answer to its making, and is never
// stored. Covered by tests/http/access_matrix.py, tests/http/first_start.py.
#include "edge/http/routes.h"

#include "edge/http/handling.h"

namespace dropsmith::http {
namespace routes_grants {
namespace {

// A repeat of the key cannot show the token again: it says so instead of giving a token that opens nothing.
Reply issued(const engine::Answer& answer, Call& call, const std::string& token) {
    const auto* fact = fact_in<GrantIssued>(answer);
    if (!fact) return missing_fact();
    return json_reply(201, [&](JsonWriter& json) {
        json.object().key("id").text(call.services.ids->show(fact->grant)).key("role").text(word_of(fact->role));
        json.key("name").text(fact->name).key("token");
        fact->token_digest == token_digest(token) ? json.text(token) : json.null();
        json.key("expires_at");
        fact->expires_at ? json.instant(fact->expires_at->ms) : json.null();
        json.end();
    });
}

void post_grant(CallPtr call) {
    const auto asked = body<GrantBody>(*call);
    if (!asked) return;
    const auto token = new_token();
    IssueGrant issue;
    issue.role = asked->role;
    issue.name = asked->name;
    issue.scope.places = asked->places;
    issue.scope.brands = asked->brands;
    if (asked->limits)
        issue.limits = {asked->limits->refund_max, asked->limits->write_off_max, asked->limits->override_below_floor};
    issue.expires_at = asked->expires_at;
    issue.token_digest = token_digest(token);
    const auto* ids = call->services.ids;
    command(
        std::move(call),
        [issue, ids, channels = asked->channels](const State& state, const Moment&) -> Result<Command, Refusal> {
            auto complete = issue;
            for (std::size_t i = 0; i < complete.scope.places.size(); ++i)
                if (!state.places.find(complete.scope.places[i]))
                    return bad_field("/places/" + std::to_string(i), "is not a place of this shop");
            for (std::size_t i = 0; i < channels.size(); ++i) {
                const auto* channel = channel_of(state, *ids, channels[i]);
                if (!channel) return bad_field("/channels/" + std::to_string(i), "is not a channel of this shop");
                complete.scope.channels.push_back(channel->id);
            }
            return Command(std::move(complete));
        },
        [token](const engine::Answer& answer, Call& c) { return issued(answer, c, token); });
}

void get_grants(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    question(std::move(call), [page](const engine::Answer& answer, Call& c) {
        return list_reply(
            c, page, answer.state.access.grants, [](const Grant&) { return true; },
            [&](JsonWriter& json, const Grant& grant) { write_grant(json, grant, answer.state, words_of(c)); },
            answer.at);
    });
}

void end_grant(CallPtr call) {
    const auto grant = path_id<GrantId>(*call);
    if (!grant || !no_body(*call)) return;
    command(
        std::move(call),
        [grant](const State&, const Moment&) -> Result<Command, Refusal> { return Command(EndGrant{*grant}); },
        [](const engine::Answer&, Call&) {
            return Reply{204, "", "", {}};
        });
}

// The set-up link's one use: it makes the first owner's token; the set-up token ends with it.
void post_setup(CallPtr call) {
    const auto asked = body<SetupBody>(*call);
    if (!asked) return;
    const auto setup = call->services.grants.find(asked->setup, call->services.machine_clock->wall());
    if (!setup || !setup->one_time)
        return call->reply(
            problem(403, "forbidden",
                    "This set-up link is not known or has been used. On the machine: dropsmith token create --role "
                    "owner --data DIR makes another token."));
    const auto token = new_token();
    IssueGrant issue;
    issue.role = setup->role;
    issue.name = asked->name.empty() ? "set-up" : asked->name;
    issue.token_digest = token_digest(token);
    const auto used = setup->id;
    auto* loop = call->services.loop;
    call->who = Actor{ActorKind::staff, used};
    command(
        std::move(call),
        [issue, used](const State& state, const Moment&) -> Result<Command, Refusal> {
            const auto& grants = state.access.grants;
            if (used.n < 1 || used.n > grants.size() || grants[used.n - 1].ended)
                return refuse(refusals::wrong_state, "This set-up link has been used.");
            return Command(issue);
        },
        [token, loop, used](const engine::Answer& answer, Call& c) {
            engine::Ask end;
            end.command = EndGrant{used};
            end.who = c.who;
            (void)loop->submit(engine::Lane::control, std::move(end));
            return issued(answer, c, token);
        });
}

void get_me(CallPtr call) {
    if (!call->grant) {
        return call->reply(json_reply(200, [](JsonWriter& json) {
            json.object()
                .key("role")
                .text("owner")
                .key("name")
                .text("control socket")
                .key("one_time")
                .boolean(false)
                .end();
        }));
    }
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        return json_reply(200, [&](JsonWriter& json) { write_grant(json, *c.grant, answer.state, words_of(c)); });
    });
}

constexpr Route table[] = {
    {"GET",
     "/v1/me",
     needs<Role::operator_, Role::pricing, Role::finance, Role::fulfilment, Role::legal, Role::till, Role::viewer>(
         ScopeKind::none),
     get_me,
     {.summary = "Who this token is: role, scope, limits", .gives = "the grant"}},
    {"POST",
     "/v1/setup",
     public_(),
     post_setup,
     {.summary = "Exchanges the set-up link's one-time token for the first owner's token",
      .success = 201,
      .body = type_of<SetupBody>,
      .gives = "{id, role, name, token, expires_at}; the token is shown once"}},
    {"POST",
     "/v1/grants",
     needs<>(ScopeKind::shop),
     post_grant,
     {.summary = "Makes a token: role, scope, limits",
      .success = 201,
      .key = KeyRule::optional,
      .body = type_of<GrantBody>,
      .gives = "{id, role, name, token, expires_at}; the token is shown once"}},
    {"GET",
     "/v1/grants",
     needs<Role::legal>(ScopeKind::shop),
     get_grants,
     {.summary = "All grants, ended ones too; never a token",
      .query = "limit,cursor",
      .gives = "{data: [grant], next}"}},
    {"DELETE",
     "/v1/grants/{id}",
     needs<>(ScopeKind::shop),
     end_grant,
     {.summary = "Ends a grant at once", .success = 204, .key = KeyRule::optional}},
};

}  // namespace
}  // namespace routes_grants

std::span<const Route> grant_routes() { return routes_grants::table; }

}  // namespace dropsmith::http
