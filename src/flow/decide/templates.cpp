// Rules of templates, and the program's own. Covered by flow/decide/templates_test.cpp.
#include "flow/decide/templates.h"

#include <algorithm>

#include "base/limits.h"
#include "flow/decide/mode_clashes.h"
#include "flow/decide/price.h"

namespace dropsmith::decide {
namespace {

constexpr std::size_t templates_max = 200;

PlanTemplate evening() {
    auto plan = plain_template();
    plan.name = "evening-drop", plan.title = "An evening drop";
    plan.window = hours(5), plan.opening.time = hours(18), plan.units = Quantity{40};
    plan.bands = {Rate{900'000}, Rate{1'000'000}, Rate{1'100'000}}, plan.preorder_share = Rate{};
    plan.pricing.max_step = Rate{150'000}, plan.pricing.arrival_curve = {6, 4, 3, 3, 2};
    return plan;
}
PlanTemplate pay_day() {
    auto plan = plain_template();
    plan.name = "payday", plan.title = "Pay day";
    plan.window = hours(48), plan.opening.day_of_month = 25, plan.opening.time = hours(10);
    plan.bands = {Rate{900'000}, Rate{1'000'000}, Rate{1'100'000}, Rate{1'200'000}};
    plan.pricing.arrival_curve = {3, 4, 1, 1, 3, 4, 1, 1};  // by six hours, from ten in the morning
    return plan;
}
PlanTemplate market() {  // sold by hand: what is left goes down in the last hours, by stages that are known before
    auto plan = plain_template();
    plan.name = "weekend-market", plan.title = "A market at the weekend";
    plan.window = hours(8), plan.opening.weekday = Weekday::saturday, plan.opening.time = hours(10);
    plan.bands = {Rate{700'000}, Rate{850'000}, Rate{1'000'000}}, plan.preorder_share = Rate{100'000};
    plan.max_discount = Rate{350'000};
    plan.pricing.policy = PricePolicy::fixed, plan.pricing.mode = PriceMode::ladder;
    plan.pricing.ladder = {{hours(5), Rate{700'000}, Rate{150'000}}, {minutes(390), Rate{850'000}, Rate{300'000}}};
    plan.pricing.arrival_curve = {2, 4, 5, 5, 4, 4, 3, 2};
    return plan;
}
PlanTemplate holiday() {
    auto plan = plain_template();
    plan.name = "holiday-week", plan.title = "A week before a holiday";
    plan.window = days(7), plan.opening.weekday = Weekday::monday, plan.opening.time = hours(9);
    plan.units = Quantity{120}, plan.bands = {Rate{850'000}, Rate{950'000}, Rate{1'050'000}, Rate{1'150'000}};
    plan.preorder_share = Rate{300'000}, plan.max_discount = Rate{200'000};
    plan.pricing.revenue_at_risk = Rate{100'000}, plan.pricing.max_step = Rate{120'000};
    plan.pricing.min_dwell = hours(2), plan.pricing.arrival_curve = {2, 2, 2, 3, 4, 5, 3};
    return plan;
}
PlanTemplate creator() {  // tell it as creator.announced, too: the instant is then known, and its size is learned
    auto plan = plain_template();
    plan.name = "creator-announcement", plan.title = "A drop that a creator announces";
    plan.window = hours(24), plan.opening.time = hours(17), plan.units = Quantity{80};
    plan.bands = {Rate{950'000}, Rate{1'000'000}, Rate{1'100'000}, Rate{1'200'000}};
    plan.preorder_share = Rate{}, plan.per_person_limit = Quantity{2}, plan.hold_for = minutes(5);
    plan.pricing.max_step_up = Rate{100'000}, plan.pricing.arrival_curve = {8, 5, 3, 2, 1, 1, 2, 2};
    return plan;
}

Failure<Refusal> wrong_template(const std::string& pointer, std::string detail) {
    auto refusal = refuse(refusals::bad_value, detail);
    refusal.error.clashes.push_back({"bad_value", pointer, std::move(detail)});
    return refusal;
}

bool is_share(Rate rate) { return rate >= Rate{} && rate <= whole; }

std::optional<Failure<Refusal>> wrong_bands(const PlanTemplate& plan) {
    if (plan.bands.empty() || plan.bands.size() > limits::bands_max)
        return wrong_template("/bands", "a template has 1 to 8 bands, as shares of the usual price");
    for (std::size_t i = 0; i < plan.bands.size(); ++i) {
        const auto at = "/bands/" + std::to_string(i);
        if (plan.bands[i] < Rate{10'000} || plan.bands[i] > Rate{10'000'000})
            return wrong_template(at, "a band is a share of the usual price from 0.01 to 10");
        if (i > 0 && plan.bands[i] <= plan.bands[i - 1])
            return wrong_template(at, "bands ascend, each above the one before");
    }
    return std::nullopt;
}

std::optional<Failure<Refusal>> wrong_opening(const TemplateOpening& opening) {
    if (opening.day_of_month && (*opening.day_of_month < 1 || *opening.day_of_month > 28))
        return wrong_template("/opening/day_of_month", "a day that every month has: 1 to 28");
    if (opening.day_of_month && opening.weekday)
        return wrong_template("/opening/weekday", "a weekday or a day of the month, not both");
    if (opening.time && (*opening.time < Duration{} || *opening.time >= days(1)))
        return wrong_template("/opening/time", "a time of the day, like 18:00");
    return std::nullopt;
}

// What a plan of this template would clash with whatever its lines are.
std::optional<Failure<Refusal>> wrong_pricing(const PlanTemplate& plan, const PriceRules& rules) {
    if (!is_arrival_curve(plan.pricing.arrival_curve))
        return wrong_template("/pricing/arrival_curve",
                              "a curve has at most " + std::to_string(limits::arrival_parts_max) +
                                  " parts from 0 to 1000000, and not all of them are 0");
    if (plan.pricing.cadence != Duration{} && plan.pricing.cadence < minutes(1))
        return wrong_template("/pricing/cadence_s", "prices are reviewed at most once a minute: at least 60");
    if (!is_share(plan.pricing.explore_share))
        return wrong_template("/pricing/explore_share", "a share lies between 0 and 1");
    DropTerms terms;
    terms.closes_at = terms.opens_at + plan.window, terms.pricing = plan.pricing;
    auto clashes = mode_clashes(terms, rules);
    if (clashes.empty()) return std::nullopt;
    auto refusal = refuse(refusals::bad_value, clashes.front().detail);
    refusal.error.clashes = std::move(clashes);
    return refusal;
}

std::optional<Failure<Refusal>> wrong_plan(const State& state, const PlanTemplate& plan) {
    if (plan.name.empty() || plan.name.size() > 60 ||
        plan.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        return wrong_template("/name", "a name has 1 to 60 of a-z, 0-9 and -");
    if (plan.title.empty() || plan.title.size() > limits::name_max)
        return wrong_template("/title", "say what it is for, in 1 to 200 bytes");
    if (plan.window < minutes(15) || plan.window > days(366))
        return wrong_template("/window_seconds", "a drop runs from 15 minutes to 366 days");
    if (plan.units < Quantity{1} || plan.units.n > limits::units_max)
        return wrong_template("/units", "a line sells at least one unit");
    if (!is_share(plan.min_margin) || plan.min_margin == whole)
        return wrong_template("/min_margin", "a margin is a share from 0 to below 1");
    if (plan.max_discount && (*plan.max_discount < Rate{} || *plan.max_discount >= whole))
        return wrong_template("/max_discount", "a share off the list price lies between 0 and 1");
    if (!is_share(plan.preorder_share)) return wrong_template("/preorder_share", "a share lies between 0 and 1");
    if (plan.per_person_limit && *plan.per_person_limit < Quantity{1})
        return wrong_template("/per_person_limit", "a limit is at least 1 unit");
    if (plan.hold_for < seconds(1) || plan.hold_for > days(7))
        return wrong_template("/hold_seconds", "a hold lasts from 1 second to 7 days");
    if (auto wrong = wrong_bands(plan)) return wrong;
    if (auto wrong = wrong_opening(plan.opening)) return wrong;
    return wrong_pricing(plan, state.prices.rules);
}

bool by_name(const PlanTemplate& plan, const std::string& name) { return plan.name < name; }

}  // namespace

PlanTemplate plain_template() {
    PlanTemplate plan;
    plan.bands = {Rate{850'000}, Rate{1'000'000}, Rate{1'150'000}};
    plan.pricing.policy = PricePolicy::bandit, plan.pricing.cadence = Duration{};
    return plan;
}

const std::vector<PlanTemplate>& built_in_templates() {
    static const std::vector<PlanTemplate> all = {creator(), evening(), holiday(), pay_day(), market()};
    return all;
}

std::vector<KnownTemplate> all_templates(const Prices& prices) {
    std::vector<KnownTemplate> out;
    for (const auto& plan : prices.templates) out.push_back({plan, false});
    for (const auto& plan : built_in_templates()) {
        const auto same = [&](const KnownTemplate& known) { return known.plan.name == plan.name; };
        if (std::none_of(out.begin(), out.end(), same)) out.push_back({plan, true});
    }
    std::sort(out.begin(), out.end(),
              [](const KnownTemplate& a, const KnownTemplate& b) { return a.plan.name < b.plan.name; });
    return out;
}

std::optional<PlanTemplate> template_named(const Prices& prices, const std::string& name) {
    for (auto& known : all_templates(prices))
        if (known.plan.name == name) return std::move(known.plan);
    return std::nullopt;
}

Verdict handle(const State& state, const SetTemplate& command, const Moment&) {
    if (auto wrong = wrong_plan(state, command.plan)) return std::move(*wrong);
    const auto& own = state.prices.templates;
    const bool known = std::any_of(own.begin(), own.end(),
                                   [&](const PlanTemplate& plan) { return plan.name == command.plan.name; });
    if (!known && own.size() >= templates_max)
        return wrong_template("/name", "a shop has at most 200 templates of its own: remove one first");
    return facts(TemplateSet{command.plan});
}

Verdict handle(const State& state, const RemoveTemplate& command, const Moment&) {
    const auto& own = state.prices.templates;
    if (std::none_of(own.begin(), own.end(), [&](const PlanTemplate& plan) { return plan.name == command.name; }))
        return refuse(refusals::not_found, "the shop has no template of its own with this name");
    return facts(TemplateRemoved{command.name});
}

void evolve(Prices& slice, const TemplateSet& fact, const Stamp&) {
    auto at = std::lower_bound(slice.templates.begin(), slice.templates.end(), fact.plan.name, by_name);
    if (at != slice.templates.end() && at->name == fact.plan.name)
        *at = fact.plan;
    else
        slice.templates.insert(at, fact.plan);
}

void evolve(Prices& slice, const TemplateRemoved& fact, const Stamp&) {
    std::erase_if(slice.templates, [&](const PlanTemplate& plan) { return plan.name == fact.name; });
}

}  // namespace dropsmith::decide
