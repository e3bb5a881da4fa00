// A draft plan from the shop's own history: the document for POST /v1/drops, an explanation for every number, and what
// had to be assumed. A draft is a proposal: nothing is promised, and scheduling judges it like any other plan. What
// stands here for a capsule without a template (plain_template) a template says otherwise (flow/decide/templates.h).
//   cap       50 units, or what the busiest window of the same length sold when that is less (in fives, at least 5), at
//             most the free stock
//   bands     0.85, 1.00 and 1.15 of the usual price (list price, else the mean price of the last 90 days of sales), on
//             the price grid
//   floor     the price that leaves a fifth of the net price after tax, fee, delivery and cost; bands below it are
//             lifted to it
//   cost      the SKU's own; when missing 40 % of the net usual price, marked assumed: the merchant is asked once
//   reserve   20 % for pre-orders
// Pure; any thread that owns the state. Covered by flow/decide/draft_test.cpp, flow/decide/templates_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/public_id.h"
#include "model/state.h"

namespace dropsmith::decide {

struct DraftAsk {
    std::vector<std::string> skus;  // codes, at most four; empty: the three fastest that sold for money
    std::string plan;                 // name of a template; "": a plain capsule
    std::optional<Duration> window;   // none: the template's
    std::optional<Instant> opens_at;  // none: the first full hour a day after `now`
    std::string opens_why;            // a note on opens_at, when it was found and not asked for
    std::string channel = "web";
    std::vector<std::string> also = {};  // further channels that sell it, from the same stock
    std::string slug, title;  // "": from the day
    Instant now;
};

struct DraftNote {        // one number and where it comes from
    std::string pointer;  // into the plan, "/lines/0/cap"
    std::string detail;
};

struct DraftAssumption {
    std::string sku;
    Money unit_cost;
    std::string detail;  // what to do about it
};

struct Draft {
    DropTerms terms;
    std::vector<DraftNote> notes;
    std::vector<DraftAssumption> assumptions;
};

Result<Draft, Refusal> draft_plan(const State& state, const DraftAsk& ask);

// {"drop": the body of POST /v1/drops, "explanations": [{pointer, detail}], "assumptions": [{sku, unit_cost,
// cost_assumed, detail}]}
std::string draft_json(const Draft& draft, const State& state, const PublicIds* ids);

Money on_price_grid(
    Money price);  // the one function that rounds to prices people ask: fives and tens of the minor unit

}  // namespace dropsmith::decide
