// The shop that a plan is rehearsed in: the plan's lines as SKUs with their costs, one place, one channel, the drop.
// For the fast path a State set by hand and moved by the pricing rules themselves (opening, question_of, propose,
// handle, evolve, in every mode: interval, cohort, taper, ladder, fixed), without journal, timers or orders; for the
// full path the commands that make the same shop in an engine. One thread per object. Covered by
// sim/rehearse_full_test.cpp: both sell the same units on the same draws.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/fact.h"
#include "model/price.h"
#include "sim/pricers.h"

namespace dropsmith::sim {

inline constexpr unsigned rehearsal_draws = 24;  // where a policy counts draws: enough for a mean over many runs
Instant opens_of(const Rehearsal& plan);

DropTerms rehearsal_drop(const Rehearsal& plan);
State rehearsal_stage(const Rehearsal& plan);  // before the drop: the shop that is known, or one made for the plan
// On that stage where the shop is known, else on nothing: up to and with ScheduleDrop.
std::vector<Command> rehearsal_setup(const Rehearsal& plan);
// Of a line's decision after its n-th review.
std::uint64_t rehearsal_decision_seed(std::uint64_t seed, std::uint64_t run, const LineKey& key, std::uint64_t review);

// A drop of the plan's only SKU before this one: what each band sold in how many periods, and when visitors came; and
// its ordinary trade.
struct EarlierDrop {
    std::vector<double> periods, units;  // by band; empty: there was none
    std::vector<double> shares;          // of the visitors, by period of the window
    std::vector<std::int64_t> daily{};   // units at the list price, day by day before the drop
};

// What the engine would know when this plan opens, for people, and where the past tells when visitors come, the shares
// of the window's demand by period.
struct Knowledge {
    std::vector<std::string> told;
    std::vector<double> shares;
};
Knowledge knowledge_of(const Rehearsal& plan);

// The plan's own way of pricing, by the shop's rules and under its gate. The error says why no opening price is lawful.
Result<std::unique_ptr<Pricer>, std::string> shop_pricer(const Rehearsal& plan, std::uint64_t seed,
                                                           const EarlierDrop* earlier = nullptr);

}  // namespace dropsmith::sim
