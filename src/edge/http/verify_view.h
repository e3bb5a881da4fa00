// What `verify` found, as JSON: the same for GET /v1/audit and the command. Any thread.
#pragma once

#include <string>

#include "engine/verify.h"

namespace dropsmith::http {

std::string verify_json(const engine::VerifyReport& report);

}  // namespace dropsmith::http
