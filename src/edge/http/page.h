// A drop of the state as the view that the drop's page is made from (drop_page.h). Where the state may be read.
// Covered by tests/http/routes.py.
#pragma once

#include <string>
#include <string_view>

#include "model/state.h"

namespace dropsmith::http {

// "Sun 6 Dec 2026, 12:00 (London)" in that zone, or in UTC when the zone is not known.
std::string time_in_words(Instant at, const std::string& zone);

std::string drop_page_of(const State& state, const Drop& drop, Instant now, std::string_view public_url);

}  // namespace dropsmith::http
