// A past drop under another policy: what it would have earned, from the logged decisions, with a 95 % interval, or the
// plain statement that the log cannot tell. Per line: (1) a posterior of the line's market (scale, elasticity, how
// early demand came, each band's own deviation) from the periods that were seen, sold-out time left out; (2) the policy
// is run in draws of that market: the model's answer, and how often it would have stood at each band in each period;
// (3) the doubly robust correction: the residual of every logged period, weighted by that share over the logged chance
// of its price, and worth the price less what a unit of stock is worth elsewhere. Where the model is right it only
// widens; where it is wrong and the log overlaps, it corrects. Overlap: the share of the policy's own periods whose
// price the log could have shown (chance of at least 2 %). Definition "replay/1". Deterministic for a seed. Any thread.
// Covered by sim/replay_test.cpp: on simulated drops the interval holds the truth as often as it says, and the log as a
// policy of its own gives what it gave.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/public_id.h"
#include "base/result.h"
#include "flow/measure/periods.h"
#include "model/state.h"
#include "sim/pricers.h"

namespace dropsmith::sim {

struct ReplayHow {
    std::uint64_t seed = 1;
    unsigned markets = 200, runs = 4;  // draws of the posterior, and runs in each
};

struct ReplayFigure {
    double value = 0, sd = 0;
    double low() const { return value - 1.959963984540054 * sd; }
    double high() const { return value + 1.959963984540054 * sd; }
};

struct LineReplay {
    ReplayFigure margin, model;  // doubly robust, and what the model alone says
    double units = 0;            // by the model
    double actual_margin = 0, actual_units = 0;
    double overlap = 0;    // 0 … 1
    double effective = 0;  // logged units that speak for the policy's prices
    bool tells = false;
    std::string why;  // it does not tell
};

// plan: the line alone. periods: of this line, oldest first. opened: of the drop.
Result<LineReplay, std::string> replay_line(const Rehearsal& plan, const std::vector<measure::Period>& periods,
                                            Instant opened, std::string_view policy, const ReplayHow& how);

// The decisions of the log itself as a policy: it must replay its own result.
inline constexpr std::string_view logged_policy = "logged";

// policy: engine, ts-update, taper, list, logged, fixed:INDEX. The error is one sentence for a person.
Result<std::string, std::string> replay(const State& state, DropId drop, const std::vector<measure::Period>& periods,
                                        std::string_view policy, const ReplayHow& how = {});

}  // namespace dropsmith::sim
