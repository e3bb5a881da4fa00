// A rehearsal's distributions as JSON. Covered by sim/rehearse_test.cpp.
#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "sim/figure_text.h"
#include "sim/rehearse.h"
#include "sim/rehearse_figures.h"

namespace dropsmith::sim {
namespace {

class Writing {
  public:
    Writing(std::string& out, const Rehearsal& plan) : json_(out), plan_(plan) {
        for (const auto& line : plan.lines) cap_ += static_cast<double>(line.terms.cap.n);
    }

    void policy(const PolicyRuns& policy) {
        std::vector<double> revenue, margin, through, left, hours, repriced;
        double paid = 0, list = 0;
        for (const auto& run : policy.runs) {
            revenue.push_back(run.revenue), margin.push_back(run.margin), through.push_back(run.sold / cap_),
                left.push_back(run.left), repriced.push_back(run.repriced);
            if (run.sold_out_h) hours.push_back(*run.sold_out_h);
            paid += run.revenue, list += run.at_list;
        }
        json_.object().key("policy").text(policy.name).key("runs").natural(policy.runs.size());
        money("revenue", Spread(revenue));
        money("margin", Spread(margin));
        plain("sell_through", Spread(through), 4);
        plain("leftovers", Spread(left), 1);
        json_.key("sold_out_share")
            .real_text(number(static_cast<double>(hours.size()) / static_cast<double>(policy.runs.size()), 4));
        if (hours.empty())
            json_.key("hours_to_sell_out").null();
        else
            plain("hours_to_sell_out", Spread(hours), 2);
        json_.key("below_list_price").real_text(number(list > 0 ? 1 - paid / list : 0, 4));
        json_.key("price_changes").real_text(number(Spread(repriced).mean, 2)).end();
    }

    void money(std::string_view name, const Spread& spread) {
        json_.key(name).object();
        spread.each([&](std::string_view key, double value) {
            json_.key(key).money(std::llround(std::clamp(value, -9e18, 9e18)), plan_.currency);
        });
        json_.end();
    }
    void plain(std::string_view name, const Spread& spread, int places) {
        json_.key(name).object();
        spread.each([&](std::string_view key, double value) { json_.key(key).real_text(number(value, places)); });
        json_.end();
    }

    JsonWriter& json() { return json_; }

  private:
    JsonWriter json_;
    const Rehearsal& plan_;
    double cap_ = 0;
};

}  // namespace

std::string rehearsal_json(const Rehearsal& plan, const std::vector<PolicyRuns>& policies, std::uint64_t runs,
                           std::uint64_t seed, std::size_t periods, bool full) {
    std::string out;
    Writing writing(out, plan);
    auto& json = writing.json();
    json.object().key("runs").natural(runs).key("seed").natural(seed).key("definition").text("rehearsal/2");
    json.key("full").boolean(full).key("periods").natural(periods);
    json.key("window_hours").real_text(number(static_cast<double>(plan.window.n) / 3'600'000, 2));
    json.key("policies").array();
    for (const auto& policy : policies) writing.policy(policy);
    const auto best = best_fixed(policies);
    json.end().key("best_fixed").text(policies[best].name);
    std::vector<double> gain;
    for (std::uint64_t r = 0; r < runs; ++r)
        gain.push_back(policies.front().runs[r].margin - policies[best].runs[r].margin);
    writing.money("margin_against_best_fixed", Spread(gain));
    json.key("weak").array();
    for (const auto& spot : weak_spots(plan, policies)) json.text(spot);
    json.end();
    json.key("assumptions").array();
    for (const auto& assumption : plan.assumptions) json.text(assumption);
    json.end().end();
    return out;
}

}  // namespace dropsmith::sim
