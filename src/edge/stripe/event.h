// A webhook's event, read for three things only: its id, what it is about, and whether it is worth a look. The shop
// never believes the rest: it asks the provider itself. Pure; any thread. Covered by edge/stripe/calls_test.cpp.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dropsmith::stripe {

struct Event {
    std::string id;
    std::string checkout;   // what we called it; "": not ours
    bool relevant = false, over = false;
    bool refund = false;    // money that was given back may have come back
};
Result<Event, std::string> read_event(std::string_view body);

}  // namespace dropsmith::stripe
