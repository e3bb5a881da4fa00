// Personal data of a request, checked and made ready for the vault. It never enters a fact, a log or a reply to others.
// Any thread. Covered by edge/http/words_test.cpp.
#pragma once

#include <optional>

#include "base/json.h"
#include "base/result.h"
#include "edge/http/requests.h"
#include "engine/core.h"

namespace dropsmith::http {

bool plausible_email(std::string_view email);
Result<engine::PersonData, JsonError> person_of(const PersonBody& person,
                                                const std::optional<FulfilmentBody>& fulfilment);

}  // namespace dropsmith::http
