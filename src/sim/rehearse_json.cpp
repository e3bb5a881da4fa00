// Distributions of a rehearsal, and what they say of the plan. Covered by sim/rehearse_test.cpp.
#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "flow/decide/guardrail.h"
#include "sim/rehearse.h"

namespace dropsmith::sim {
namespace {

std::string number(double value, int places) {
    return format_decimal(std::llround(value * std::pow(10.0, places)), places);
}
std::string percent(double share) { return number(100 * share, 0) + " %"; }

double quantile(const std::vector<double>& sorted, double q) {
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(q * static_cast<double>(sorted.size())))];
}

struct Spread {
    double mean = 0, p05 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0;
    explicit Spread(std::vector<double> values) {
        if (values.empty()) return;
        std::sort(values.begin(), values.end());
        for (const double value : values) mean += value;
        mean /= static_cast<double>(values.size());
        p05 = quantile(values, .05), p25 = quantile(values, .25), p50 = quantile(values, .5),
        p75 = quantile(values, .75), p95 = quantile(values, .95);
    }
    template <class Write>
    void each(Write write) const {
        write("mean", mean), write("p05", p05), write("p25", p25), write("p50", p50), write("p75", p75),
            write("p95", p95);
    }
};

double mean_margin(const std::vector<RunOutcome>& runs, std::size_t n) {
    double sum = 0;
    for (std::size_t r = 0; r < n; ++r) sum += runs[r].margin;
    return sum / static_cast<double>(std::max<std::size_t>(1, n));
}

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

    // What a person should look at before this plan is scheduled; each with its figure.
    void weak(const std::vector<PolicyRuns>& policies, std::size_t best_fixed) {
        json_.key("weak").array();
        const auto& own = policies.front().runs;
        for (std::size_t i = 0; i < plan_.lines.size(); ++i) of_line(i, own);
        const double margin = mean_margin(own, own.size());
        const double fixed = mean_margin(policies[best_fixed].runs, own.size());
        if (best_fixed != 0 && fixed > 1.01 * margin && fixed > 0)
            say("the fixed band " + policies[best_fixed].name.substr(6) + " earns " + percent(fixed / margin - 1) +
                " more than the plan's own prices: sell at it, or give the engine more time (a shorter cadence) or "
                "units");
        for (const auto& policy : policies)
            if (policy.name == "clairvoyant") {
                const auto n = policy.runs.size();
                const double known = mean_margin(policy.runs, n), here = mean_margin(own, n);
                if (here > 0 && known > 1.08 * here)
                    say("who knew the demand would earn " + percent(known / here - 1) +
                        " more: history of earlier drops is worth that much here");
            }
        json_.end();
    }

    JsonWriter& json() { return json_; }

  private:
    void say(const std::string& what) { json_.text(what); }

    void of_line(std::size_t i, const std::vector<RunOutcome>& own) {
        const auto& line = plan_.lines[i];
        const auto n = static_cast<double>(own.size());
        const double window_h = static_cast<double>(plan_.window.n) / 3'600'000;
        std::vector<double> hours, left;
        std::vector<double> by_band(std::max<std::size_t>(1, line.terms.bands.size()));
        for (const auto& run : own) {
            hours.push_back(run.lines[i].sold_out_h.value_or(1e9)),
                left.push_back(static_cast<double>(run.lines[i].left));
            for (std::size_t k = 0; k < by_band.size(); ++k) by_band[k] += static_cast<double>(run.lines[i].by_band[k]);
        }
        std::sort(hours.begin(), hours.end()), std::sort(left.begin(), left.end());
        const double most = quantile(hours, .8), cap = static_cast<double>(line.terms.cap.n);
        if (most <= window_h / 2)
            say(line.sku + " sells out in the first " + number(most, most < 10 ? 1 : 0) + " h of " +
                number(window_h, 0) + " in 80 % of rehearsals: raise the cap or the top band");
        else if (hours[0] <= window_h / 10 && quantile(hours, .3) <= window_h / 4)
            say(line.sku + " sells out in the first " + number(quantile(hours, .3), 1) +
                " h in three of ten rehearsals: think about a higher top band");
        if (quantile(left, .5) >= .3 * cap)
            say(line.sku + ": in half of the rehearsals " + number(quantile(left, .5), 0) + " of " + number(cap, 0) +
                " units or more are left: lower the cap or the lowest band");
        if (const auto floor = decide::floor_of(line.terms, line.unit))
            for (const auto band : line.terms.bands)
                if (band < floor->price)
                    say(line.sku + ": the band " + format_money(band, plan_.currency) + " lies below the floor of " +
                        format_money(floor->price, plan_.currency) +
                        " and is never asked: take it out or lower the floor");
        double units = 0;
        for (const double sold : by_band) units += sold;
        if (by_band.size() > 2 && units > 20 * n / 10 && by_band.back() > .9 * units && most > window_h / 2)
            say(line.sku + ": nine of ten units go at the highest band: the bands are low for this market");
    }

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
    std::size_t best = 0;
    for (std::size_t p = 0; p < policies.size(); ++p) {
        writing.policy(policies[p]);
        if (!policies[p].name.starts_with("fixed:")) continue;
        if (best == 0 || mean_margin(policies[p].runs, runs) > mean_margin(policies[best].runs, runs)) best = p;
    }
    json.end().key("best_fixed").text(policies[best].name);
    std::vector<double> gain;
    for (std::uint64_t r = 0; r < runs; ++r)
        gain.push_back(policies.front().runs[r].margin - policies[best].runs[r].margin);
    writing.money("margin_against_best_fixed", Spread(gain));
    writing.weak(policies, best);
    json.key("assumptions").array();
    for (const auto& assumption : plan.assumptions) json.text(assumption);
    json.end().end();
    return out;
}

}  // namespace dropsmith::sim
