// Reading a plan for rehearsal. Covered by sim/rehearsal_plan_test.cpp.
#include "sim/rehearsal_plan.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/describe.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "engine/pricing_copy.h"
#include "flow/decide/attributes.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/mode_clashes.h"
#include "flow/decide/modes.h"
#include "sim/rehearsal_document.h"
#include "sim/rehearsal_stage.h"

namespace dropsmith {
using sim::PlanAssumption;
using sim::PlanChannelPrices;
using sim::PlanDocument;
using sim::PlanFile;
using sim::PlanLine;
using sim::PlanNote;
using sim::PlanPeek;
using sim::PlanPricing;
using sim::PlanRoom;
using sim::PlanStage;
using sim::PlanUnitsEntry;
DROPSMITH_TYPES(PlanUnitsEntry, PlanChannelPrices, PlanLine, PlanStage, PlanPricing, PlanRoom, PlanDocument, PlanNote,
                PlanAssumption, PlanFile, PlanPeek)
}  // namespace dropsmith

namespace dropsmith::sim {
namespace {

Failure<std::string> wrong_plan(std::string why) { return Failure{std::move(why)}; }

// The shop's currency; without a shop the first one that the plan names.
std::string currency_of(const State& state, std::string_view plan) {
    if (!state.shop.currency.empty()) return state.shop.currency;
    const auto at = plan.find("\"currency\"");
    const auto open = at == std::string_view::npos ? at : plan.find('"', at + 10);
    return open == std::string_view::npos ? "GBP" : std::string(plan.substr(open + 1, 3));
}

bool is_wrapped(std::string_view text) {  // has it a member "drop"? It is no text.
    const auto peeked = parse_json<PlanPeek>(text, {}, {true});
    return !peeked && std::any_of(peeked.error().begin(), peeked.error().end(),
                                  [](const JsonError& error) { return error.pointer == "/drop"; });
}

Result<PlanDocument, std::string> parse(std::string_view text, std::string_view currency) {
    JsonContext context;
    context.currency = currency;
    const auto told = [](const std::vector<JsonError>& errors) {
        const auto& first = errors.front();
        return wrong_plan((first.pointer.empty() ? "the plan" : first.pointer) + ": " + first.detail);
    };
    if (is_wrapped(text)) {
        auto file = parse_json<PlanFile>(text, context);
        if (!file) return told(file.error());
        return std::move(file->drop);
    }
    auto plan = parse_json<PlanDocument>(text, context);
    if (!plan) return told(plan.error());
    return std::move(*plan);
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
            return wrong_plan("/closes_at: opens_at and a later closes_at are needed");
        if (plan.lines.empty()) return wrong_plan("/lines: the plan sells nothing");
        if (plan.lines.size() > limits::drop_lines_max) return wrong_plan("/lines: too many");
        out_.window = *plan.closes_at - *plan.opens_at;
        if (out_.window > days(366)) return wrong_plan("/closes_at: a window of at most 366 days");
        pricing(plan.pricing.value_or(PlanPricing{}));
        if (out_.window.n / out_.pricing.cadence.n > 10'000)
            return wrong_plan("/pricing/cadence_s: more than 10,000 reviews in the window");
        DropTerms terms;
        terms.opens_at = *plan.opens_at, terms.closes_at = *plan.closes_at, terms.pricing = out_.pricing;
        for (const auto& clash : decide::mode_clashes(terms, state_.prices.rules))
            return wrong_plan(clash.pointer + ": " + clash.detail);
        if (!plan.channels.empty()) played_ = plan.channels.front();
        take_shop(plan);
        for (std::size_t i = 0; i < plan.lines.size(); ++i) {
            const auto at = "/lines/" + std::to_string(i);
            if (auto why = line(plan, plan.lines[i])) return wrong_plan(at + *why);
            for (const auto& clash : decide::line_clashes(terms, out_.lines.back().terms, at))
                return wrong_plan(clash.pointer + ": " + clash.detail);
        }
        if (shop_) out_.shop = std::make_shared<const State>(std::move(*shop_));
        not_played(plan);
        auto known = knowledge_of(out_);
        out_.shares = std::move(known.shares);
        for (auto& told : known.told) out_.assumptions.push_back(std::move(told));
        out_.assumptions.push_back(
            std::string("the market is up to a factor of about 2 larger or smaller than expected (log-normal, 40 %), "
                        "its price elasticity 2.6 ± 0.6") +
            (out_.shares.empty() ? ", half of it early" : ""));
        return std::move(out_);
    }

  private:
    // The shop as it would be when the plan is scheduled, and the first of its channels in which the plan sells.
    void take_shop(const PlanDocument& plan) {
        const Channel* found = nullptr;
        for (const auto& name : plan.channels)
            if (!found) found = state_.places.channel_named(name);
        for (const auto& channel : state_.places.channels)
            if (!found && channel.mode == ChannelMode::own) found = &channel;
        if (!state_.shop.open || !found) return;
        std::vector<SkuId> skus;
        for (const auto& line : plan.lines)
            if (const auto* sku = state_.catalogue.find(line.sku)) skus.push_back(sku->id);
        shop_ = engine::copy_of_shop(state_, skus);
        out_.channel = found->id;
        played_ = found->name;
        out_.opens = *plan.opens_at;  // a plan of the past is played on a later day, at the same hour
        const auto late = shop_->at + hours(1) - out_.opens;
        if (late > Duration{}) out_.opens = out_.opens + days((late.n + days(1).n - 1) / days(1).n);
    }

    // The line's SKU in the copy of the shop, with the cost that the plan may give; a new one where there is none.
    SkuId place_sku(const PlanLine& given) {
        auto& catalogue = shop_->catalogue;
        const auto* known = catalogue.find(given.sku);
        SkuId id = known ? known->id : SkuId{catalogue.skus.size() + 1};
        if (!known) {
            Product product;
            product.id = ProductId{catalogue.products.size() + 1}, product.skus = {id};
            Sku sku{id, product.id, {}};
            sku.terms.sku = given.sku, sku.terms.list_price = given.list_price;
            catalogue.products.push_back(std::move(product)), catalogue.skus.push_back(std::move(sku));
            catalogue.by_code[given.sku] = id;
            out_.assumptions.push_back(given.sku + ": not a SKU of the shop: no tax category, no past");
        }
        if (given.unit_cost) catalogue.skus[id.n - 1].terms.unit_cost = given.unit_cost;
        return id;
    }

    void pricing(PlanPricing given) {
        auto& terms = out_.pricing;
        terms.policy = given.policy.value_or(terms.policy);
        terms.objective = given.objective.value_or(terms.objective);
        terms.cadence = std::max(minutes(1), given.cadence_s.value_or(terms.cadence));
        terms.max_step = given.max_step;
        terms.explore_share = given.explore_share.value_or(terms.explore_share);
        terms.mode = given.mode, terms.max_step_up = given.max_step_up;
        terms.min_dwell = given.min_dwell_s.value_or(terms.min_dwell);
        terms.revenue_at_risk = given.revenue_at_risk;
        terms.confidence = given.confidence.value_or(terms.confidence);
        terms.cohort_share = given.cohort_share.value_or(terms.cohort_share);
        if (given.ladder)
            for (const auto& stage : *given.ladder)
                terms.ladder.push_back({stage.after_s, stage.sold_below, stage.discount});
        terms.cannibalisation_max = given.cannibalisation_max.value_or(terms.cannibalisation_max);
        if (given.features) terms.features = std::move(*given.features);
        // Nobody here has an offer of one's own: the plan is played as for everybody else (not_played says so).
        if (!given.personal.value_or("").empty())
            std::erase_if(terms.features, [](const std::string& name) {
                return decide::attribute(name) == decide::Attribute::personal;
            });
        if (given.arrival_curve) terms.arrival_curve = std::move(*given.arrival_curve);
    }

    // The prices of the channel that is played, where it has its own. Those of the others are read all the same: a
    // rehearsal should not take what the shop would refuse.
    std::optional<std::string> take_own_prices(const PlanDocument& plan, const PlanLine& given,
                                               LineTerms& terms) const {
        std::vector<std::string> seen;
        const auto& own = given.channels ? *given.channels : std::vector<PlanChannelPrices>{};
        LineTerms asked = terms;
        for (std::size_t j = 0; j < own.size(); ++j) {
            const auto at = "/channels/" + std::to_string(j);
            const auto among = [&](const std::vector<std::string>& names) {
                return std::find(names.begin(), names.end(), own[j].channel) != names.end();
            };
            if (!among(plan.channels)) return at + "/channel: is none of the plan's channels";
            if (among(seen)) return at + "/channel: has prices of its own already";
            seen.push_back(own[j].channel);
            if (own[j].bands.empty() && !own[j].list_price && !own[j].floor)
                return at + ": say bands, list_price or floor, or leave it out";
            LineTerms here = terms;
            here.channels = {{ChannelId{1}, own[j].bands, own[j].list_price, own[j].floor}};
            here = in_channel(here, ChannelId{1});
            if (auto why = bad_amounts(here, {})) return at + *why;
            if (own[j].channel == played_) asked = std::move(here);
        }
        terms = std::move(asked);
        return std::nullopt;
    }

    std::optional<std::string> line(const PlanDocument& plan, const PlanLine& given) {
        MarketLine line;
        line.sku = given.sku;
        const auto* sku = state_.catalogue.find(given.sku);
        const auto list = given.list_price ? given.list_price : sku ? sku->terms.list_price : std::nullopt;
        if (!list) return "/list_price: is required, for no shop with this SKU was given";
        auto& terms = line.terms;
        terms.cap = given.cap, terms.bands = given.bands, terms.floor = given.floor,
        terms.min_margin = given.min_margin, terms.list_price = *list;
        terms.below_cost_ok = given.below_cost_ok.value_or(false);
        terms.max_discount = given.max_discount, terms.salvage = given.salvage;
        terms.return_share = given.return_share.value_or(Rate{});
        terms.return_cost = given.return_cost.value_or(Money{});
        if (auto why = bad_amounts(terms, given.unit_cost)) return why;
        if (auto why = take_own_prices(plan, given, terms)) return why;
        economics(line, given);
        const auto floor = decide::floor_of(terms, line.unit);
        if (decide::reviewed(out_.pricing) && !decide::has_guardrail(terms))
            return ": no pricing experiment without a guardrail: set floor or min_margin, or the policy to fixed";
        if (!floor || floor->price > decide::bands_of(terms).back())
            return ": no band is at or above the lowest lawful price";
        demand(line, sku, given.expected_units);
        out_.lines.push_back(std::move(line));
        return std::nullopt;
    }

    static std::optional<std::string> bad_amounts(const LineTerms& terms, std::optional<Money> cost) {
        if (terms.cap < Quantity{1} || terms.cap.n > limits::units_max)
            return "/cap: at least one unit, within the limits";
        if (terms.list_price <= Money{} || terms.list_price.n > limits::money_max)
            return "/list_price: above 0, within the limits";
        for (const auto amount : {cost, terms.floor, terms.salvage, std::optional(terms.return_cost)})
            if (amount && (*amount < Money{} || amount->n > limits::money_max))
                return ": unit_cost, floor, salvage and return_cost are 0 or more, within the limits";
        if (terms.bands.size() > limits::bands_max) return "/bands: too many";
        for (std::size_t b = 0; b < terms.bands.size(); ++b)
            if (terms.bands[b] <= Money{} || terms.bands[b].n > limits::money_max ||
                (b > 0 && terms.bands[b] <= terms.bands[b - 1]))
                return "/bands: above 0 and ascending";
        return std::nullopt;
    }

    void economics(MarketLine& line, const PlanLine& given) {
        line.unit.returns = decide::returns_of(line.terms);
        if (shop_) {
            line.terms.sku = place_sku(given);
            line.unit = decide::unit_economics(*shop_, line.terms, out_.channel, out_.opens).value_or(line.unit);
        }
        if (given.unit_cost) line.unit.unit_cost = given.unit_cost;
        if (line.unit.unit_cost) return;
        line.unit.unit_cost = share_of(decide::net_price(line.unit, line.terms.list_price), Rate{400'000});
        out_.assumptions.push_back(line.sku + ": no unit cost is known, " +
                                   format_money(*line.unit.unit_cost, out_.currency) +
                                   " assumed (40 % of the net list price)");
        if (shop_) shop_->catalogue.skus[line.terms.sku.n - 1].terms.unit_cost = line.unit.unit_cost;
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

    // What the plan says and a rehearsal does not play.
    void not_played(const PlanDocument& plan) {
        const auto say = [&](bool asked, std::string what) {
            if (asked) out_.assumptions.push_back("not rehearsed: " + std::move(what));
        };
        say(plan.channels.size() > 1, std::to_string(plan.channels.size()) + " channels with prices of their own: \"" +
                                          played_ + "\" is played, with all shoppers in it");
        say(plan.pricing && plan.pricing->personal_offers && !plan.pricing->personal_offers->empty(),
            "offers of one's own: nobody has one, each shopper is asked what everybody is asked");
        say(plan.room.has_value(), "the waiting room: shoppers come as they like");
        say(!out_.pricing.arrival_curve.empty(),
            "shoppers that come as arrival_curve says: the engine believes it, they come as stands below");
        say(decide::decided_by_engine(out_.pricing) && out_.pricing.cannibalisation_max < whole,
            "the cannibalisation stop: nothing but this drop sells");
        for (std::size_t i = 0; i < plan.lines.size(); ++i) {
            const auto& line = plan.lines[i];
            say(line.places.size() > 1, line.sku + ": stock in several places: it lies in one");
            say(line.per_person_limit.has_value(), line.sku + ": the limit per person: each shopper takes one unit");
            say(line.preorder_share && *line.preorder_share > Rate{},
                line.sku + ": pre-orders: the reserve sells with the rest");
            say(line.substitute && !line.substitute->empty(),
                line.sku + ": the substitute: who finds it sold out goes away");
            say(line.backorder_cap && *line.backorder_cap > Quantity{},
                line.sku + ": orders ahead of the stock: the whole cap is there at the opening");
        }
        out_.assumptions.push_back("every hold is paid and nothing comes back during the drop" +
                                   std::string(returns_expected() ? "; returns count as their expected cost" : ""));
    }
    bool returns_expected() const {
        return std::any_of(out_.lines.begin(), out_.lines.end(),
                           [](const MarketLine& line) { return line.unit.returns > Money{}; });
    }

    const State& state_;
    std::optional<State> shop_;
    std::string played_;  // the channel
    Rehearsal out_;
};

}  // namespace

std::vector<Money> prices_of(const PricingTerms& pricing, const LineTerms& line) {
    auto out = decide::bands_of(line);
    const auto mode = mode_of(pricing);
    const bool asked = mode == PriceMode::fixed || mode == PriceMode::ladder;
    const bool between = line.list_price > out.front() && line.list_price < out.back() &&
                         !decide::arm_at(out, line.list_price);
    if (asked && between) out.push_back(line.list_price);
    return out;
}

double value_of(const MarketLine& line, Money price) {
    return static_cast<double>(decide::gain_of_a_sale(line.unit, line.terms, PriceObjective::margin, price).n);
}

double value_left(const MarketLine& line) {
    if (!line.terms.salvage) return 0;
    return static_cast<double>((*line.terms.salvage - line.unit.unit_cost.value_or(Money{})).n);
}

Result<Rehearsal, std::string> read_rehearsal(const State& state, std::string_view plan) {
    auto currency = currency_of(state, plan);
    auto document = parse(plan, currency);
    if (!document) return Failure{document.error()};
    return Reading(state, std::move(currency)).read(std::move(*document));
}

}  // namespace dropsmith::sim
