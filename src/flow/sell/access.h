// Grants: issued with the digest of a token, ended.
// Pure rules: handle decides and may refuse, evolve applies and cannot. Called by engine/dispatch only, on the state's
// thread. Covered by flow/sell/access_test.cpp.
#pragma once

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::sell {

Verdict handle(const State& state, const IssueGrant& command, const Moment& moment);
Verdict handle(const State& state, const EndGrant& command, const Moment& moment);
Verdict handle(const State& state, const ErasePerson& command, const Moment& moment);

void evolve(Access& slice, const GrantIssued& fact, const Stamp& stamp);
void evolve(Access& slice, const GrantEnded& fact, const Stamp& stamp);
void evolve(Access& slice, const PersonErased& fact, const Stamp& stamp);

}  // namespace dropsmith::sell
