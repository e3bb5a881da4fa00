// Reading a plan for rehearsal. Covered by sim/rehearse_test.cpp.
#include "sim/rehearsal_plan.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/describe.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "flow/decide/guardrail.h"

namespace dropsmith {
DROPSMITH_TYPES(sim::PlanLine, sim::PlanPricing, sim::PlanDocument, sim::PlanFile)
}

namespace dropsmith::sim {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

Failure<std::string> wrong(std::string why) { return Failure{std::move(why)}; }

// The shop's currency; without a shop the first one that the plan names.
std::string currency_of(const State& state, std::string_view plan) {
    if (!state.shop.currency.empty()) return state.shop.currency;
    const auto at = plan.find("\"currency\"");
    const auto open = at == std::string_view::npos ? at : plan.find('"', at + 10);
    return open == std::string_view::npos ? "GBP" : std::string(plan.substr(open + 1, 3));
}

Result<PlanDocument, std::string> parse(std::string_view text, std::string_view currency) {
    JsonContext context;
    context.currency = currency;
    const JsonOptions others_ok{true};
    auto file = parse_json<PlanFile>(text, context, others_ok);
    if (file && file->drop) return std::move(*file->drop);
    auto plan = parse_json<PlanDocument>(text, context, others_ok);
    if (plan && !plan->lines.empty()) return std::move(*plan);
    if (plan.ok()) return wrong("/lines: the plan sells nothing");
    const auto& errors = file ? plan.error() : file.error();
    return wrong((errors.front().pointer.empty() ? "the plan" : errors.front().pointer) + ": " + errors.front().detail);
}

// Units that the busiest tenth of the windows of this length sold, on average; nullopt: never sold.
std::optional<double> busy_window(const History& history, SkuId sku, Duration window) {
    const auto hours = hours_of(history, static_cast<std::uint32_t>(sku.n));
    if (hours.empty()) return std::nullopt;
    const auto length = std::max<std::int64_t>(1, window.n / hour_ms), start = hours.front().first;
    const auto windows = (hours.back().first - start) / length + 1, tenth = (windows + 9) / 10;
    std::map<std::int64_t, double> sold;  // by window; those without a sale are not kept
    for (const auto& [hour, sales] : hours) sold[(hour - start) / length] += static_cast<double>(sales.units);
    std::vector<double> busiest;
    for (const auto& [window_number, units] : sold) busiest.push_back(units);
    std::sort(busiest.rbegin(), busiest.rend());
    double sum = 0;
    for (std::size_t i = 0; i < busiest.size() && static_cast<std::int64_t>(i) < tenth; ++i) sum += busiest[i];
    return sum / static_cast<double>(tenth);
}

class Reading {
  public:
    Reading(const State& state, std::string currency) : state_(state) { out_.currency = std::move(currency); }

    Result<Rehearsal, std::string> read(PlanDocument plan) && {
        if (!plan.opens_at || !plan.closes_at || *plan.closes_at <= *plan.opens_at)
            return wrong("/closes_at: opens_at and a later closes_at are needed");
        if (plan.lines.size() > limits::drop_lines_max) return wrong("/lines: too many");
        out_.window = *plan.closes_at - *plan.opens_at;
        pricing(plan.pricing.value_or(PlanPricing{}));
        if (out_.window > days(366)) return wrong("/closes_at: a window of at most 366 days");
        if (out_.window.n / out_.pricing.cadence.n > 10'000)
            return wrong("/pricing/cadence_s: more than 10,000 reviews in the window");
        for (std::size_t i = 0; i < plan.lines.size(); ++i)
            if (auto why = line(std::move(plan.lines[i]))) return wrong("/lines/" + std::to_string(i) + *why);
        out_.assumptions.push_back(
            "the market is up to a factor of about 2 larger or smaller than expected (log-normal, 40 %), its price "
            "elasticity 2.6 ± 0.6, half of it early");
        return std::move(out_);
    }

  private:
    void pricing(const PlanPricing& given) {
        auto& terms = out_.pricing;
        terms.policy = given.policy.value_or(terms.policy);
        terms.objective = given.objective.value_or(terms.objective);
        terms.cadence = std::max(minutes(1), given.cadence_s.value_or(terms.cadence));
        terms.max_step = given.max_step;
        terms.explore_share = given.explore_share.value_or(terms.explore_share);
    }

    std::optional<std::string> line(PlanLine given) {
        MarketLine line;
        line.sku = given.sku;
        auto& terms = line.terms;
        terms.cap = given.cap, terms.bands = given.bands, terms.floor = given.floor,
        terms.min_margin = given.min_margin, terms.list_price = given.list_price;
        if (terms.cap < Quantity{1} || terms.cap.n > limits::units_max)
            return "/cap: at least one unit, within the limits";
        if (terms.list_price <= Money{} || terms.list_price.n > limits::money_max)
            return "/list_price: above 0, within the limits";
        for (const auto amount : {given.unit_cost, given.floor})
            if (amount && (*amount < Money{} || amount->n > limits::money_max))
                return ": unit_cost and floor are 0 or more, within the limits";
        if (terms.bands.size() > limits::bands_max) return "/bands: too many";
        for (std::size_t b = 0; b < terms.bands.size(); ++b)
            if (terms.bands[b] <= Money{} || terms.bands[b].n > limits::money_max ||
                (b > 0 && terms.bands[b] <= terms.bands[b - 1]))
                return "/bands: above 0 and ascending";
        const auto* sku = state_.catalogue.find(given.sku);
        economics(line, sku, given.unit_cost);
        const auto floor = decide::floor_of(terms, line.unit);
        if (!floor || floor->price > decide::bands_of(terms).back())
            return ": no band is at or above the lowest lawful price";
        demand(line, sku, given.expected_units);
        out_.lines.push_back(std::move(line));
        return std::nullopt;
    }

    void economics(MarketLine& line, const Sku* sku, std::optional<Money> cost) {
        if (sku)
            for (const auto& channel : state_.places.channels)
                if (channel.mode == ChannelMode::own) {
                    line.unit = decide::unit_economics(state_, sku->id, channel.id, state_.at).value_or(line.unit);
                    break;
                }
        if (cost) line.unit.unit_cost = cost;
        if (line.unit.unit_cost) return;
        line.unit.unit_cost = share_of(decide::net_price(line.unit, line.terms.list_price), Rate{400'000});
        out_.assumptions.push_back(line.sku + ": no unit cost is known, " +
                                   format_money(*line.unit.unit_cost, out_.currency) +
                                   " assumed (40 % of the net list price)");
    }

    void demand(MarketLine& line, const Sku* sku, std::optional<double> expected) {
        if (expected && *expected >= 0 && *expected <= 1e9) {
            line.expected_units = *expected;
            return;
        }
        const auto busy = sku ? busy_window(state_.history, sku->id, out_.window) : std::nullopt;
        line.expected_units = busy.value_or(static_cast<double>(line.terms.cap.n));
        const auto units = std::to_string(std::llround(line.expected_units));
        out_.assumptions.push_back(
            line.sku +
            (busy ? ": the busiest tenth of past windows of this length sold " + units + " units at the usual price"
                  : ": no history; the market is assumed to want the cap, " + units + " units, at the list price"));
    }

    const State& state_;
    Rehearsal out_;
};

}  // namespace

Result<Rehearsal, std::string> read_rehearsal(const State& state, std::string_view plan) {
    auto currency = currency_of(state, plan);
    auto document = parse(plan, currency);
    if (!document) return Failure{document.error()};
    return Reading(state, std::move(currency)).read(std::move(*document));
}

}  // namespace dropsmith::sim
