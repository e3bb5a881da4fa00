// Covered by flow/decide/modes_test.cpp.
#include "flow/decide/mode_clashes.h"

#include <algorithm>

#include "flow/decide/attributes.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/modes.h"
#include "flow/decide/personal.h"

namespace dropsmith::decide {
namespace {

class Clashes {
  public:
    Clashes(const DropTerms& terms, const PriceRules& rules) : terms_(terms), pricing_(terms.pricing), rules_(rules) {}

    std::vector<Clash> list() && {
        mode();
        share(pricing_.confidence, "confidence", 500'000, 999'999, "is how sure the promise is: 0.5 to 0.999999");
        if (pricing_.revenue_at_risk)
            share(*pricing_.revenue_at_risk, "revenue_at_risk", 1, 1'000'000, "is a share above 0, at most 1");
        share(pricing_.cannibalisation_max, "cannibalisation_max", 0, 1'000'000,
              "is a share from 0 to 1; 1: not watched");
        if (pricing_.max_step_up && *pricing_.max_step_up <= Rate{})
            clash("max_step_range", "/pricing/max_step_up",
                  "a largest step of nothing forbids every rise: leave it out or make it positive");
        dwell();
        ladder();
        features();
        return std::move(out_);
    }

  private:
    void clash(std::string rule, std::string pointer, std::string detail) {
        out_.push_back({std::move(rule), std::move(pointer), std::move(detail)});
    }
    void share(Rate rate, const std::string& field, std::int64_t least, std::int64_t most, const std::string& what) {
        if (rate.n < least || rate.n > most) clash(field + "_range", "/pricing/" + field, field + " " + what);
    }

    void mode() {
        const auto mode = mode_of(pricing_);
        const bool engine = pricing_.policy == PricePolicy::bandit;
        if (mode == PriceMode::fixed && engine)
            clash("mode_policy", "/pricing/mode",
                  "fixed prices need no engine: set the policy to fixed, or the mode to interval");
        if ((mode == PriceMode::interval || mode == PriceMode::cohort) && !engine)
            clash("mode_policy", "/pricing/policy",
                  "the engine decides in mode " + std::string(word_of(mode)) + ": set the policy to engine");
        if (mode == PriceMode::cohort) {
            if (pricing_.cohort_share <= Rate{} || pricing_.cohort_share > Rate{500'000})
                clash("cohort_share_range", "/pricing/cohort_share",
                      "a cohort is above 0 and at most half of the sessions");
            else if (pricing_.cohort_share > pricing_.explore_share)
                clash(
                    "cohort_over_explore_share", "/pricing/cohort_share",
                    "the cohort looks at another price all the time, and explore_share allows less: lower one or raise "
                    "the other");
        }
        if (mode == PriceMode::ladder && pricing_.ladder.empty())
            clash("ladder_empty", "/pricing/ladder", "a ladder has at least one stage");
        if (mode != PriceMode::ladder && !pricing_.ladder.empty())
            clash("ladder_unused", "/pricing/ladder",
                  "stages count in mode ladder only: set the mode, or leave them out");
        if (pricing_.revenue_at_risk && !decided_by_engine(pricing_))
            clash("risk_without_engine", "/pricing/revenue_at_risk",
                  "nothing is explored in mode " + std::string(word_of(mode)) + ": leave it out");
    }

    void dwell() {
        if (pricing_.min_dwell < Duration{} ||
            (terms_.opens_at < terms_.closes_at && pricing_.min_dwell >= terms_.closes_at - terms_.opens_at))
            clash("dwell_over_window", "/pricing/min_dwell_s",
                  "no price could change before the drop closes: lower it, or set the policy to fixed");
    }

    void ladder() {
        for (std::size_t i = 0; i < pricing_.ladder.size(); ++i) {
            const auto at = "/pricing/ladder/" + std::to_string(i);
            const auto& stage = pricing_.ladder[i];
            if (stage.discount <= Rate{} || stage.discount >= whole)
                clash("stage_discount_range", at + "/discount", "a discount lies between 0 and 1");
            if (stage.sold_below < Rate{} || stage.sold_below > whole)
                clash("stage_trigger_range", at + "/sold_below", "a share lies between 0 and 1");
            if (stage.after < Duration{} || terms_.opens_at + stage.after >= terms_.closes_at)
                clash("stage_after_close", at + "/after_s", "the drop has closed by then: let it come earlier");
            if (i > 0 &&
                (stage.discount <= pricing_.ladder[i - 1].discount || stage.after < pricing_.ladder[i - 1].after))
                clash("stages_not_ascending", at, "each stage comes no earlier and goes deeper than the one before");
        }
    }

    void features() {
        const auto rule = std::find_if(rules_.personal.begin(), rules_.personal.end(), [&](const PersonalRule& r) {
            return r.jurisdiction == pricing_.personal && !r.disclosure.empty();
        });
        if (!pricing_.personal.empty() && rule == rules_.personal.end())
            clash("personal_prices_off", "/pricing/personal",
                  "list prices of one's own are off: the shop has no rule with a disclosure for " + pricing_.personal +
                      "; set one, or leave it out");
        for (std::size_t i = 0; i < pricing_.features.size(); ++i) {
            const auto at = "/pricing/features/" + std::to_string(i);
            const auto& name = pricing_.features[i];
            switch (attribute(name)) {
                case Attribute::allowed:
                    break;
                case Attribute::personal:
                    if (pricing_.personal.empty())
                        clash("personal_attribute", at,
                              "\"" + name + "\" is of a person, and personal prices are off: leave it out");
                    break;
                case Attribute::forbidden:
                    clash("forbidden_attribute", at,
                          "\"" + name + "\" is protected or stands in for what is: no price may look at it");
                    break;
                case Attribute::unknown:
                    clash("unknown_attribute", at,
                          "\"" + name + "\" is not an attribute that a policy knows: leave it out");
                    break;
            }
        }
    }

    const DropTerms& terms_;
    const PricingTerms& pricing_;
    const PriceRules& rules_;
    std::vector<Clash> out_;
};

bool steps_reach(const std::vector<Money>& path, const std::optional<Rate>& step) {
    if (!step) return true;
    for (std::size_t k = 1; k < path.size(); ++k) {
        const auto from = path[k - 1], way = std::max(from - path[k], path[k] - from);
        if (static_cast<__int128>(way.n) * whole.n > static_cast<__int128>(from.n) * step->n) return false;
    }
    return true;
}

// The prices that a line goes through in one channel.
void path_clashes(std::vector<Clash>& out, const DropTerms& terms, const LineTerms& line, const std::string& at) {
    const auto& pricing = terms.pricing;
    const auto bands = bands_of(line);
    const auto mode = mode_of(pricing);
    if ((mode == PriceMode::taper || mode == PriceMode::ladder) && bands.size() < 2)
        out.push_back(
            {"mode_needs_bands", at + "/bands", "a " + std::string(word_of(mode)) + " needs at least two bands"});
    if (decided_by_engine(pricing) && !steps_reach({bands.rbegin(), bands.rend()}, pricing.max_step))
        out.push_back({"step_reaches_no_band", "/pricing/max_step",
                       "a step of that share reaches from no band to the next below: raise it, or add bands between"});
    if (decided_by_engine(pricing) && mode == PriceMode::interval && !pricing.max_step_up &&
        !steps_reach(bands, pricing.max_step))
        out.push_back({"step_reaches_no_band", "/pricing/max_step_up",
                       "a rise is a share of the lower price, and max_step reaches from no band to the next above, so "
                       "that what has fallen would never rise: say max_step_up, or add bands between"});
    if (mode == PriceMode::taper && bands.size() >= 2 && terms.closes_at > terms.opens_at) {
        std::vector<Money> path(bands.rbegin(), bands.rend());
        const Duration each{(terms.closes_at - terms.opens_at).n / static_cast<std::int64_t>(bands.size())};
        if (!steps_reach(path, pricing.max_step))
            out.push_back({"taper_over_step", at + "/bands",
                           "a taper keeps the prices that it announces, and max_step is smaller than a step between "
                           "two bands: add bands between, or raise it"});
        if (pricing.min_dwell > each)
            out.push_back({"taper_over_dwell", "/pricing/min_dwell_s",
                           "a taper of " + std::to_string(bands.size()) + " bands moves every " +
                               std::to_string(each.n / 1000) + " s: lower min_dwell_s or leave a band out"});
    }
}

}  // namespace

std::vector<Clash> mode_clashes(const DropTerms& terms, const PriceRules& rules) {
    auto out = Clashes(terms, rules).list();
    for (auto& found : offer_clashes(terms, rules)) out.push_back(std::move(found));
    return out;
}

std::vector<Clash> line_clashes(const DropTerms& terms, const LineTerms& line, const std::string& at) {
    std::vector<Clash> out;
    if (line.max_discount && (*line.max_discount < Rate{} || *line.max_discount >= whole))
        out.push_back({"max_discount_range", at + "/max_discount", "a share off the list price lies between 0 and 1"});
    if (line.return_share < Rate{} || line.return_share > whole)
        out.push_back({"return_share_range", at + "/return_share", "a share lies between 0 and 1"});
    if (line.return_cost < Money{} || (line.salvage && *line.salvage < Money{}))
        out.push_back({"value_below_zero", at + "/return_cost", "return_cost and salvage are 0 or more"});
    const auto asks_the_lines = [&](ChannelId channel) {
        const auto* own = own_prices(line, channel);
        return !own || own->bands.empty();
    };
    if (terms.channels.empty() || std::any_of(terms.channels.begin(), terms.channels.end(), asks_the_lines))
        path_clashes(out, terms, line, at);
    for (std::size_t j = 0; j < line.channels.size(); ++j)
        if (const auto& own = line.channels[j]; !own.bands.empty())
            path_clashes(out, terms, in_channel(line, own.channel), at + "/channels/" + std::to_string(j));
    return out;
}

}  // namespace dropsmith::decide
