// The result of a cohort drop: what the two sides bought, and what the difference is worth. Sessions were drawn to a
// side by a hash, so the sides differ by chance and by what they were asked, from the first decision with a cohort to
// the end. Totals of a side over its share of the sessions estimate what everybody would have brought at that side's
// prices (Horvitz and Thompson, JASA 47, 1952, 663-685); the variance is the sum of the squares of what each session
// brought, over the share squared (sessions that bought come as a Poisson stream). Buyers are compared by the
// binomial of their split, exactly (Clopper and Pearson, Biometrika 26, 1934, 404-413; for two Poisson means
// Przyborowski and Wilenski, Biometrika 31, 1940, 313-323). Who has no session is of no side and stands apart. Money
// as in the report (report.h). Definition "cohort/1". Pure; any thread that owns the state. Covered by
// flow/measure/sides_test.cpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "flow/measure/elasticity.h"
#include "flow/measure/periods.h"
#include "flow/measure/report.h"
#include "model/state.h"

namespace dropsmith::measure {

struct SideFigures {
    std::uint64_t orders = 0, buyers = 0;  // buyers: sessions
    std::int64_t units = 0;                // kept
    Money revenue, revenue_net, margin;    // margin: where every unit cost is known
    double revenue_squares = 0, margin_squares = 0;  // sums over the sessions
};

struct CohortResult {  // of a channel, while one share held
    ChannelId channel;
    Rate share;
    Instant since;
    bool cost_known = true;
    SideFigures cohort, rest, none;  // none: without a session
    std::vector<std::pair<SkuId, std::pair<std::int64_t, std::int64_t>>> units;  // by SKU: cohort's, the rest's
    // Had everybody been asked the cohort's prices, less had everybody been asked the rest's: over the whole test.
    Interval revenue_net, margin;
    std::optional<Interval> buyers;  // ratio, a session for a session; none: nobody bought
};

// decisions: of the drop, oldest first. archived: as in figures_of.
std::vector<CohortResult> cohort_results(const State& state, const Drop& drop, const std::vector<Decision>& decisions,
                                         const std::vector<Order>& archived, const CohortOf& cohort_of);
std::string cohorts_json(const std::vector<CohortResult>& results, const State& state);  // an array

// Bounds of the chance of a success from `successes` in `trials`, 95 %, exactly.
Interval share_between(std::uint64_t successes, std::uint64_t trials);

}  // namespace dropsmith::measure
