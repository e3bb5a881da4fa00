// Handlers of routes_measure.cpp and their bodies. What reads the journal runs on slow threads; what reads the state,
// on the loop's.
#pragma once

#include "edge/http/route.h"

namespace dropsmith::http {

const Type& plan_body();
const Type& rehearsal_body();
void get_decisions(CallPtr call);
void get_report(CallPtr call);
void get_neighbours(CallPtr call);
void get_audit(CallPtr call);
void post_rehearsal(CallPtr call);
void get_rehearsal(CallPtr call);
void get_velocity(CallPtr call);
void post_plan(CallPtr call);

}  // namespace dropsmith::http
