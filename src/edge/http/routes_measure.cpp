// What happened and why: decisions, reports, audits, drafts and rehearsals of plans. Covered by tests/http/measure_test.py.
#include "edge/http/handling.h"
#include "edge/http/measure.h"
#include "edge/http/routes.h"

namespace dropsmith::http {
namespace {

constexpr auto readers = needs<Role::operator_, Role::pricing, Role::finance, Role::legal, Role::viewer>(ScopeKind::channels);
constexpr auto planners = needs<Role::operator_, Role::pricing>(ScopeKind::channels);

constexpr Route table[] = {
    {"GET", "/v1/decisions", readers, get_decisions,
     {.summary = "Every price decision: inputs, arm, propensity, what bound it, who", .query = "drop,kind,limit,cursor",
      .gives = "{data: [decision], next}"}},
    {"GET", "/v1/audit/velocity", readers, get_velocity,
     {.summary = "How fast each SKU sells, from imported history and own orders", .query = "top,since,until",
      .gives = "{since, until, skus, picked, data: [{sku, title, units, revenue, days_on_sale, velocity_per_day, returns, picked}]}"}},
    {"POST", "/v1/plans", planners, post_plan,
     {.summary = "A draft plan from the shop's own history; nothing is promised by it", .body = plan_body,
      .gives = "{drop, explanations, assumptions}"}},
};

}  // namespace

std::span<const Route> measure_routes() { return table; }

}  // namespace dropsmith::http
