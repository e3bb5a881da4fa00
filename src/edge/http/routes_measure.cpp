// What happened and why: decisions, reports, audits, drafts and rehearsals of plans. Covered by
// tests/http/routes.py.
#include "edge/http/routes.h"

#include "edge/http/handling.h"
#include "edge/http/measure.h"
#include "edge/http/studies.h"

namespace dropsmith::http {
namespace routes_measure {
namespace {

constexpr auto readers =
    needs<Role::operator_, Role::pricing, Role::finance, Role::legal, Role::viewer>(ScopeKind::channels);
constexpr auto planners = needs<Role::operator_, Role::pricing>(ScopeKind::channels);

constexpr auto auditors = needs<Role::finance, Role::legal, Role::operator_, Role::viewer>(ScopeKind::none);

constexpr Route table[] = {
    {"GET",
     "/v1/decisions",
     readers,
     get_decisions,
     {.summary = "Every price decision: inputs, arm, propensity, what bound it, who",
      .query = "drop,kind,limit,cursor",
      .gives = "{data: [decision], next}"}},
    {"GET",
     "/v1/drops/{id}/report",
     readers,
     get_report,
     {.summary = "The post-mortem: figures with their definition version and maturity, timeline, decisions",
      .gives = "report"}},
    {"GET",
     "/v1/drops/{id}/neighbours",
     readers,
     get_neighbours,
     {.summary = "What each running test of a lower price does to full-price sales of its neighbours: units and hours "
                 "before and during it, the fall, and the fall that is borne; afterwards they stand in the report",
      .gives = "{drop, as_of, tests: [{sku, channel, since, until, running, neighbours, before: {units, hours}, "
               "during: {units, hours}, fall, borne, stops}]}"}},
    {"GET",
     "/v1/audit",
     auditors,
     get_audit,
     {.summary = "Every law of the design over the whole journal",
      .gives = "{facts, head_hash, state_hash, laws: [{law, holds, checked, first_breach}]}"}},
    {"GET",
     "/v1/drops/{id}/replay",
     readers,
     get_replay,
     {.summary = "A past drop under another policy: an off-policy estimate from its logged decisions, with a 95 % "
                 "interval, or why the log cannot tell",
      .query = "policy,seed",
      .gives = "{definition, drop, policy, seed, lines, margin, margin_by_model_alone, actual_margin, overlap, tells, "
               "summary}"}},
    {"GET",
     "/v1/elasticity",
     readers,
     get_elasticity,
     {.summary = "Own and cross price elasticities from the engine's own randomised decisions, with 95 % intervals",
      .query = "drop",
      .gives = "{definition, periods, drawn, unexplained, common, between_skus_sd, skus: [{sku, units, drawn, drops, "
               "elasticity, alone, poisson_regression, least_squares, components?}], cross: [{sku, price_of, "
               "elasticity, alone, bundle?}], summary}"}},
    {"POST",
     "/v1/rehearsals",
     planners,
     post_rehearsal,
     {.summary = "Runs a plan many times against simulated shoppers",
      .success = 202,
      .body = rehearsal_body,
      .gives = "{id, status}"}},
    {"GET",
     "/v1/rehearsals/{id}",
     planners,
     get_rehearsal,
     {.summary = "A rehearsal", .gives = "{id, status, result}"}},
    {"GET",
     "/v1/audit/velocity",
     readers,
     get_velocity,
     {.summary = "How fast each SKU sells, from imported history and own orders",
      .query = "top,since,until",
      .gives = "{since, until, skus, picked, data: [{sku, title, units, revenue, days_on_sale, velocity_per_day, "
               "returns, picked}]}"}},
    {"POST",
     "/v1/plans",
     planners,
     post_plan,
     {.summary = "A draft plan from the shop's own history; nothing is promised by it",
      .body = plan_body,
      .gives = "{drop, explanations, assumptions}"}},
};

}  // namespace
}  // namespace routes_measure

std::span<const Route> measure_routes() { return routes_measure::table; }

}  // namespace dropsmith::http
