// Refusals and bad input as RFC 9457 problems. The one place that knows which refusal number is which HTTP status.
// No stack, SQL, path or secret ever stands in a body. Any thread. Covered by edge/http/words_test.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "edge/http/message.h"
#include "model/refusal.h"

namespace dropsmith::http {

int status_of(RefusalCode code);
std::string_view code_of_status(int status);  // "bad_request", "not_found" … for problems that are no refusal

Reply problem(int status, std::string_view code, std::string detail);
Reply bad_input(const std::vector<JsonError>& errors);  // 400, or 400 currency_mismatch when that is the only trouble
Reply bad_input(std::string pointer, std::string detail);
// more: further members, already JSON, each as "name":value; "" = none.
Reply refusal_problem(const Refusal& refusal, std::string_view more = {});
Reply not_found();
void demand_tls(Reply& reply);  // Strict-Transport-Security: this name is asked by TLS only from now on
Reply too_busy(int status, int retry_after_s);

}  // namespace dropsmith::http
