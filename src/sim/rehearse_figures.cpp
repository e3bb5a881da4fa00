// Covered by sim/rehearse_test.cpp.
#include "sim/rehearse_figures.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "flow/decide/guardrail.h"
#include "sim/figure_text.h"

namespace dropsmith::sim {
namespace {

std::string percent(double share) { return number(100 * share, 0) + " %"; }

double quantile(const std::vector<double>& sorted, double q) {
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(q * static_cast<double>(sorted.size())))];
}

double mean_margin(const std::vector<RunOutcome>& runs, std::size_t n) {
    double sum = 0;
    for (std::size_t r = 0; r < n; ++r) sum += runs[r].margin;
    return sum / static_cast<double>(std::max<std::size_t>(1, n));
}

void weak_line(const Rehearsal& plan, std::size_t i, const std::vector<RunOutcome>& own,
               std::vector<std::string>& out) {
    const auto& line = plan.lines[i];
    const double window_h = static_cast<double>(plan.window.n) / 3'600'000, cap = static_cast<double>(line.terms.cap.n);
    std::vector<double> hours, left;
    double units = 0, at_top = 0;
    const auto top = decide::bands_of(line.terms).size() - 1;
    for (const auto& run : own) {
        hours.push_back(run.lines[i].sold_out_h.value_or(1e9)), left.push_back(static_cast<double>(run.lines[i].left));
        units += static_cast<double>(run.lines[i].sold), at_top += static_cast<double>(run.lines[i].by_price[top]);
    }
    std::sort(hours.begin(), hours.end()), std::sort(left.begin(), left.end());
    const double most = quantile(hours, .8), some = quantile(hours, .3), half_left = quantile(left, .5);
    if (most <= window_h / 2)
        out.push_back(line.sku + " sells out in the first " + number(most, most < 10 ? 1 : 0) + " h of " +
                      number(window_h, 0) + " in 80 % of rehearsals: raise the cap or the top band");
    else if (some <= window_h / 4)
        out.push_back(line.sku + " sells out in the first " + number(some, 1) +
                      " h in three of ten rehearsals: think about a higher top band");
    if (half_left >= .3 * cap)
        out.push_back(line.sku + ": in half of the rehearsals " + number(half_left, 0) + " of " + number(cap, 0) +
                      " units or more are left: lower the cap or the lowest band");
    if (const auto floor = decide::floor_of(line.terms, line.unit))
        for (const auto band : line.terms.bands)
            if (band < floor->price)
                out.push_back(line.sku + ": the band " + format_money(band, plan.currency) +
                              " lies below the floor of " + format_money(floor->price, plan.currency) +
                              " and is never asked: take it out or lower the floor");
    if (line.terms.bands.size() > 2 && units > 2 * static_cast<double>(own.size()) && at_top > .9 * units &&
        most > window_h / 2 && half_left < .3 * cap)
        out.push_back(line.sku + ": nine of ten units go at the highest band: the bands are low for this market");
}

}  // namespace

Spread::Spread(std::vector<double> values) {
    if (values.empty()) return;
    std::sort(values.begin(), values.end());
    for (const double value : values) mean += value;
    mean /= static_cast<double>(values.size());
    p05 = quantile(values, .05), p25 = quantile(values, .25), p50 = quantile(values, .5), p75 = quantile(values, .75),
    p95 = quantile(values, .95);
}

std::size_t best_fixed(const std::vector<PolicyRuns>& policies) {
    std::size_t best = 0;
    for (std::size_t p = 0; p < policies.size(); ++p) {
        if (!policies[p].name.starts_with("fixed:")) continue;
        const auto n = policies[p].runs.size();
        if (best == 0 || mean_margin(policies[p].runs, n) > mean_margin(policies[best].runs, n)) best = p;
    }
    return best;
}

std::vector<std::string> weak_spots(const Rehearsal& plan, const std::vector<PolicyRuns>& policies) {
    std::vector<std::string> out;
    const auto& own = policies.front().runs;
    for (std::size_t i = 0; i < plan.lines.size(); ++i) weak_line(plan, i, own, out);
    const auto best = best_fixed(policies);
    const double margin = mean_margin(own, own.size()), fixed = mean_margin(policies[best].runs, own.size());
    if (best != 0 && margin > 0 && fixed > 1.01 * margin)
        out.push_back("the fixed band " + policies[best].name.substr(6) + " earns " + percent(fixed / margin - 1) +
                      " more than the plan's own prices: sell at it, or give the engine more decisions (a shorter "
                      "cadence) or more units");
    for (const auto& policy : policies) {
        if (policy.name != "clairvoyant") continue;
        const double known = mean_margin(policy.runs, policy.runs.size()), here = mean_margin(own, policy.runs.size());
        if (here > 0 && known > 1.08 * here)
            out.push_back("who knew the demand would earn " + percent(known / here - 1) +
                          " more: history of earlier drops is worth up to that much here");
    }
    return out;
}

}  // namespace dropsmith::sim
