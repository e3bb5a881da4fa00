// Rules of grants: issued with the digest of a token (never the token), ended once. A one-time grant ends with its
// first use: whoever takes it in asks EndGrant in the same breath. Loop's thread. Covered by flow/sell/access_test.cpp.
#include "flow/sell/access.h"

#include <algorithm>

#include "base/limits.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

bool is_digest(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Verdict handle(const State& state, const IssueGrant& command, const Moment& moment) {
    using namespace refusals;
    if (!is_digest(command.token_digest))
        return refuse_field(bad_value, "token_digest", "/token_digest", "a token's digest is 64 lower-case hex digits");
    if (command.name.size() > limits::name_max)
        return refuse_field(bad_value, "name", "/name", "a name has at most 200 bytes");
    if (command.expires_at && *command.expires_at <= moment.at)
        return refuse_field(bad_value, "expires_at", "/expires_at", "the grant would have ended before it began");
    if (command.limits.refund_max && *command.limits.refund_max < Money{0})
        return refuse_field(bad_value, "limits", "/limits/refund_max", "a limit is 0 or more");
    if (command.limits.write_off_max && *command.limits.write_off_max < Quantity{0})
        return refuse_field(bad_value, "limits", "/limits/write_off_max", "a limit is 0 or more");
    for (auto place : command.scope.places)
        if (!state.places.find(place)) return refuse_field(not_found, "scope", "/scope/places", "no such place");
    for (auto channel : command.scope.channels)
        if (!state.places.find(channel)) return refuse_field(not_found, "scope", "/scope/channels", "no such channel");
    const auto& grants = state.access.grants;
    if (std::any_of(grants.begin(), grants.end(),
                    [&](const Grant& g) { return g.token_digest == command.token_digest; }))
        return refuse(already_exists, "this token is in use: make another");
    return bounded_facts(GrantIssued{GrantId{grants.size() + 1}, command.role, command.scope, command.limits,
                                     command.name, command.token_digest, command.expires_at, command.one_time});
}

Verdict handle(const State& state, const EndGrant& command, const Moment&) {
    if (command.grant.n < 1 || command.grant.n > state.access.grants.size())
        return refuse(refusals::not_found, "no such grant");
    if (state.access.grants[command.grant.n - 1].ended)
        return refuse(refusals::wrong_state, "this grant has already ended");
    return facts(GrantEnded{command.grant});
}

Verdict handle(const State& state, const ErasePerson& command, const Moment&) {
    if (!command.person) return refuse(refusals::not_found, "nobody is known by that");
    const auto& erased = state.access.erased;
    if (std::binary_search(erased.begin(), erased.end(), command.person))
        return refuse(refusals::wrong_state, "this person's data has been erased already");
    return bounded_facts(PersonErased{command.person, command.reason});
}

void evolve(Access& access, const PersonErased& fact, const Stamp&) {
    const auto at = std::lower_bound(access.erased.begin(), access.erased.end(), fact.person);
    access.erased.insert(at, fact.person);
}

void evolve(Access& access, const GrantIssued& fact, const Stamp&) {
    CHECK_BECAUSE(fact.grant.n == access.grants.size() + 1, "grants are numbered in order");
    access.grants.push_back({fact.grant, fact.role, fact.scope, fact.limits, fact.name, fact.token_digest,
                             fact.expires_at, fact.one_time, false});
}

void evolve(Access& access, const GrantEnded& fact, const Stamp&) { access.grants.at(fact.grant.n - 1).ended = true; }

}  // namespace dropsmith::sell
