// A route that does not say who may call it does not compile; its twin, which says so, does.
// expect: Route
#include "edge/http/route.h"

namespace dropsmith::http {

void handler(CallPtr call);

#ifdef MUST_NOT_COMPILE
constexpr Route route{"GET", "/v1/x", handler, Doc{"no access stated"}};
#else
constexpr Route route{"GET", "/v1/x", needs<Role::viewer>(ScopeKind::none), handler, Doc{"access stated"}};
#endif
static_assert(route.method == "GET");

}  // namespace dropsmith::http
