// Personal data of a request, checked and made ready for the vault, and the rule that the shop must know who a hold is
// for. It never enters a fact, a log or a reply to others. Any thread. Covered by edge/http/words_test.cpp.
#pragma once

#include <optional>

#include "base/json.h"
#include "base/result.h"
#include "edge/http/call.h"
#include "edge/http/requests.h"
#include "engine/core.h"
#include "model/moment.h"
#include "model/state.h"

namespace dropsmith::http {

bool plausible_email(std::string_view email);
Result<engine::PersonData, JsonError> person_of(const PersonBody& person,
                                                const std::optional<FulfilmentBody>& fulfilment);

// Takes the person of a body that may name one; false: what it says was refused, and the caller told.
template <class Body>
bool take_person(Call& call, const Body& asked, Doing& doing) {
    if (!asked.person) return true;
    auto person = person_of(*asked.person, asked.fulfilment);
    if (!person) return call.reply(bad_input({person.error()})), false;
    doing.person = std::move(person).value();
    return true;
}

// Why nothing binding can be made of the hold: neither it nor the request says who it is for.
std::optional<Failure<Refusal>> nobody_named(const State& state, const Moment& moment, HoldId hold);

}  // namespace dropsmith::http
