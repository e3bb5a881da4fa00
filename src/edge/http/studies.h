// Handlers of what the journal says of prices: elasticities, and past drops under another policy. They read the journal
// on slow threads. Covered by tests/http/studies.py.
#pragma once

#include "edge/http/route.h"

namespace dropsmith::http {

void get_elasticity(CallPtr call);
void get_replay(CallPtr call);

}  // namespace dropsmith::http
