// What a person's grant allows in one act: money refunded, units written off. An absent limit means no limit for owner
// and operator, and nothing at all for every other role. The shop itself, its timers, planners and buyers are not bound
// by grants. Any thread. Covered by flow/sell/access_test.cpp.
#pragma once

#include <optional>

#include "model/access.h"
#include "model/moment.h"

namespace dropsmith::sell {

// nullopt: no limit.
std::optional<Money> refund_limit(const Access& access, const Actor& who);
std::optional<Quantity> write_off_limit(const Access& access, const Actor& who);

}  // namespace dropsmith::sell
