// Covered by sim/rehearse_test.cpp.
#include "sim/rehearsal_run.h"

#include <algorithm>

#include "flow/decide/guardrail.h"

namespace dropsmith::sim {

void add_up(const Rehearsal& plan, RunOutcome& outcome) {
    outcome.sold_out_h = 0;
    for (std::size_t i = 0; i < outcome.lines.size(); ++i) {
        const auto& line = outcome.lines[i];
        for (std::size_t k = 0; k < line.by_band.size(); ++k) {
            if (line.by_band[k] == 0) continue;
            const auto& terms = plan.lines[i].terms;
            const Money price = terms.bands.empty() ? terms.list_price : terms.bands[k];
            const auto units = static_cast<double>(line.by_band[k]);
            outcome.revenue += units * static_cast<double>(price.n);
            outcome.at_list += units * static_cast<double>(terms.list_price.n);
            outcome.margin += units * static_cast<double>(decide::contribution(plan.lines[i].unit, price).n);
        }
        outcome.sold += static_cast<double>(line.sold), outcome.left += static_cast<double>(line.left);
        if (!line.sold_out_h)
            outcome.sold_out_h.reset();
        else if (outcome.sold_out_h)
            outcome.sold_out_h = std::max(*outcome.sold_out_h, *line.sold_out_h);
    }
}

RunOutcome play(const Rehearsal& plan, const Crowd& crowd, Pricer& pricer, std::uint64_t run) {
    RunOutcome outcome;
    std::vector<LineNow> now(plan.lines.size());
    std::vector<std::size_t> before(plan.lines.size());
    outcome.lines.resize(plan.lines.size());
    std::size_t selling = plan.lines.size();
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        now[i].left = plan.lines[i].terms.cap.n;
        outcome.lines[i].by_band.resize(std::max<std::size_t>(1, plan.lines[i].terms.bands.size()));
    }
    pricer.open(run, now);
    const double period_h = static_cast<double>(plan.pricing.cadence.n) / 3'600'000;
    for (std::size_t t = 0; t < crowd.periods() && selling > 0; ++t) {
        if (t > 0) {
            for (std::size_t i = 0; i < now.size(); ++i) before[i] = now[i].arm;
            pricer.review(t, now);
            for (std::size_t i = 0; i < now.size(); ++i) outcome.repriced += now[i].left > 0 && now[i].arm != before[i];
        }
        for (std::size_t i = 0; i < now.size(); ++i) {
            auto& [left, arm] = now[i];
            if (left == 0) continue;
            const auto willing = crowd.willing(i, t, arm), sold = std::min(left, willing);
            pricer.sold(i, arm, sold);
            outcome.lines[i].by_band[arm] += sold;
            if (sold == left) {  // so many came: the last unit went when as many of them had come
                const double share = static_cast<double>(left) / static_cast<double>(willing);
                outcome.lines[i].sold_out_h = (static_cast<double>(t) + share) * period_h, --selling;
            }
            left -= sold;
        }
    }
    for (std::size_t i = 0; i < now.size(); ++i)
        outcome.lines[i].left = now[i].left, outcome.lines[i].sold = plan.lines[i].terms.cap.n - now[i].left;
    add_up(plan, outcome);
    return outcome;
}

}  // namespace dropsmith::sim
