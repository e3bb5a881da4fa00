// A rehearsal for people: one line a policy, then what is weak, then what was assumed. Covered by
// sim/rehearse_test.cpp.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "sim/figure_text.h"
#include "sim/rehearse_figures.h"

namespace dropsmith::sim {
namespace {

std::string right(std::string text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}
std::string left(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}
}  // namespace

std::string rehearsal_text(const Rehearsal& plan, const std::vector<PolicyRuns>& policies, std::uint64_t runs,
                           std::uint64_t seed) {
    const auto money = [&](double amount) {
        return format_money(Money{std::llround(std::clamp(amount, -9e17, 9e17))}, plan.currency);
    };
    double cap = 0;
    for (const auto& line : plan.lines) cap += static_cast<double>(line.terms.cap.n);
    std::string out =
        std::to_string(runs) + " rehearsals (seed " + std::to_string(seed) + "), the same shoppers for all\n\n";
    out += left("policy", 13) + right("margin", 14) + right("5 %", 14) + right("95 %", 14) + right("revenue", 14) +
           right("sells", 8) + right("sold out", 10) + right("after (half)", 14) + "\n";
    for (const auto& policy : policies) {
        std::vector<double> margin, revenue, sold, hours;
        for (const auto& run : policy.runs) {
            margin.push_back(run.margin), revenue.push_back(run.revenue), sold.push_back(run.sold / cap);
            if (run.sold_out_h) hours.push_back(*run.sold_out_h);
        }
        const Spread margins(margin);
        const double out_share = static_cast<double>(hours.size()) / static_cast<double>(policy.runs.size());
        out += left(policy.name, 13) + right(money(margins.mean), 14) + right(money(margins.p05), 14) +
               right(money(margins.p95), 14) + right(money(Spread(revenue).mean), 14) +
               right(number(100 * Spread(sold).mean, 0) + " %", 8) + right(number(100 * out_share, 0) + " %", 10) +
               right(hours.empty() ? "-" : number(Spread(hours).p50, 1) + " h", 14) + "\n";
    }
    const auto weak = weak_spots(plan, policies);
    out += weak.empty() ? "\nNothing stands out as weak.\n" : "\nWhere the plan is weak\n";
    for (const auto& spot : weak) out += "  - " + spot + "\n";
    out += "\nAssumed\n";
    for (const auto& assumption : plan.assumptions) out += "  - " + assumption + "\n";
    return out;
}

}  // namespace dropsmith::sim
