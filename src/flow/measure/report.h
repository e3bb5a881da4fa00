// The post-mortem of a drop, readable at any time of its life. Definitions, version 1 ("report/1"); money is of this
// drop's orders, cancelled ones left out, and stands net of refunds:
//   units_sold       in confirmed orders, less what came back      sell_through   units_sold / cap
//   first_48h        of the orders placed within 48 h of opening   conversion     orders / sessions, else orders / page
//   views, else unknown revenue          what buyers paid for goods (with tax)         revenue_net    without tax;
//   delivery charges are not revenue margin           revenue_net - payment fees - expected delivery subsidy - unit
//   costs; unknown when a unit cost is
//   orders_ahead         promises to send what had not arrived: kept when sent (or handed over, or ready at the place)
//   by ship_by, missed when not, open while neither is known
//   markdown             of units sold below the list price of their line: cost = list - paid, depth = 1 - paid / list;
//   by_hand: overrides below the price that stood
// Mature when the drop is settled: returns may still lower the figures afterwards. Pure; any thread that owns the
// state. Covered by flow/measure/report_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/public_id.h"
#include "flow/measure/full_price.h"
#include "model/state.h"

namespace dropsmith::measure {

struct Decision {  // a PriceSet of the drop as it stands in the journal
    std::uint64_t seq = 0;
    Instant at;
    PriceSet set;
};

struct Halt {  // a PricesHalted of the drop, and when and why a person let its prices go on
    Instant at;
    PricesHalted fact;
    std::optional<Instant> resumed_at;
    std::string why;
};

struct LineFigures {
    std::int64_t cap = 0, sold = 0, held = 0, refunded = 0, first_48h = 0;
    std::int64_t below_list = 0;           // units kept that were sold below the list price
    Money below_list_paid, below_list_at;  // for these: what was paid, and their list prices
    Money at_list;                         // what is kept, at the list price of the channel that it was sold in
    Money revenue, revenue_net, cost;
    bool cost_known = true;
    std::optional<Instant> sold_out_at;
};

struct Figures {
    std::int64_t cap = 0, units_sold = 0, units_held = 0, first_48h_units = 0, first_48h_skus = 0, skus = 0;
    std::uint64_t orders = 0, cancelled = 0, holds = 0, holds_expired = 0, holds_released = 0;
    std::uint64_t sessions = 0, page_views = 0;
    std::int64_t below_list = 0;
    Money below_list_paid, below_list_at;
    Money revenue, revenue_net, fees, subsidy, cost, margin, refunded;
    bool cost_known = true;
    std::vector<LineFigures> lines;
};

Money subsidy_of(const Shop& shop, const std::string& code);  // expected, of a delivery method

struct OrdersAhead {   // of the drop: wishes by what became of them, and the promises
    std::uint64_t wishes = 0, waiting = 0, offered = 0, ended = 0, gave_up = 0, orders = 0;
    std::int64_t units = 0;
    std::uint64_t kept = 0, missed = 0, open = 0;
};
OrdersAhead orders_ahead_of(const State& state, DropId drop, const std::vector<Order>& archived = {});

// archived: orders of the drop that have left the state, each as it was put away last.
Figures figures_of(const State& state, const Drop& drop, const std::vector<Order>& archived = {});

// decisions: those of this drop, oldest first. elasticity: what its draws say, as JSON (elasticity.h); "": not asked.
// cohorts: what the sides of a cohort drop bought (sides.h), as JSON; "": not asked. halts: those of this drop, oldest
// first. tests: what its prices below the first one did to full-price sales of neighbours. An unknown drop gives "".
std::string report_json(const State& state, DropId drop, const std::vector<Decision>& decisions, const PublicIds* ids,
                        std::string_view elasticity = {}, const std::vector<Order>& archived = {},
                        std::string_view cohorts = {}, const std::vector<Halt>& halts = {},
                        const std::vector<FullPriceTest>& tests = {});

}  // namespace dropsmith::measure
