// A drop's lines added up, as JSON and a sentence. Covered by sim/replay_test.cpp.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "base/json.h"
#include "base/text.h"
#include "engine/pricing_copy.h"
#include "sim/figure_text.h"
#include "sim/rehearsal_stage.h"
#include "sim/replay.h"

namespace dropsmith::sim {
namespace {

void figure(JsonWriter& json, std::string_view key, const ReplayFigure& at, const std::string& currency) {
    json.key(key).object();
    for (const auto& [name, value] : {std::pair{"value", at.value}, {"low", at.low()}, {"high", at.high()}})
        json.key(name).money(std::llround(value), currency);
    json.end();
}

Rehearsal plan_of(const State& state, const Drop& drop, std::uint32_t line, ChannelId channel) {
    Rehearsal plan;
    plan.currency = state.shop.currency;
    plan.pricing = drop.terms.pricing;  // "engine" decides for everybody, under the drop's own governors
    plan.pricing.policy = PricePolicy::bandit, plan.pricing.mode = PriceMode::interval, plan.pricing.ladder.clear();
    plan.channel = channel;
    plan.opens = drop.opened_at.value_or(drop.terms.opens_at);
    plan.window = drop.terms.closes_at - plan.opens;
    MarketLine at;
    at.terms = in_channel(drop.lines[line].terms, channel);
    if (const auto* sku = state.catalogue.find(at.terms.sku)) at.sku = sku->terms.sku;
    at.unit =
        decide::unit_economics(state, at.terms, channel, drop.terms.opens_at).value_or(decide::UnitEconomics{});
    at.expected_units = static_cast<double>(at.terms.cap.n);
    plan.lines.push_back(std::move(at));
    return plan;
}

// Channels sell out of one stock. Each is replayed with the units that it sold and its share of those that nobody
// did: together they are the stock, so no policy sells a unit in two of them.
Quantity share_of_stock(const std::map<LineKey, std::vector<measure::Period>>& by_line, const LineKey& key,
                        const Rehearsal& plan) {
    std::int64_t own = 0, all = 0, channels = 0;
    for (const auto& [other, periods] : by_line) {
        if (other.line != key.line) continue;
        std::int64_t units = 0;
        for (const auto& period : periods) units += std::max<std::int64_t>(0, period.units);
        all += units, ++channels;
        if (other.channel == key.channel) own = units;
    }
    const auto left = std::max<std::int64_t>(0, plan.lines.front().terms.cap.n - all);
    return Quantity{std::max<std::int64_t>(1, own + (all > 0 ? left * own / all : left / channels))};
}

}  // namespace

Result<std::string, std::string> replay(const State& state, DropId id, const std::vector<measure::Period>& periods,
                                        std::string_view policy, const ReplayHow& how) {
    const auto* drop = state.drops.find(id);
    if (!drop) return Failure{std::string("there is no such drop")};
    if (!drop->opened_at) return Failure{std::string("the drop has not opened: rehearse its plan instead")};
    std::map<LineKey, std::vector<measure::Period>> by_line;
    for (const auto& period : periods)
        if (period.key.drop == id && period.key.line < drop->lines.size()) by_line[period.key].push_back(period);
    if (by_line.empty()) return Failure{std::string("the journal has no price of this drop while it was open")};

    std::string out;
    JsonWriter json(out);
    json.object().key("definition").text("replay/1").key("drop").text(drop->terms.slug).key("policy").text(policy);
    json.key("seed").natural(how.seed).key("lines").array();
    ReplayFigure margin, model;
    double actual = 0, weakest = 1, variance = 0, model_variance = 0;
    bool tells = true;
    std::string why;
    std::vector<std::string> assumptions;
    const auto opened = drop->opened_at.value_or(drop->terms.opens_at);
    for (const auto& [key, of_line] : by_line) {
        auto plan = plan_of(state, *drop, key.line, key.channel);
        plan.shop = std::make_shared<const State>(
            engine::copy_of_shop(state, {plan.lines.front().terms.sku}, id, opened));
        if (drop->terms.channels.size() > 1) plan.lines.front().terms.cap = share_of_stock(by_line, key, plan);
        plan.lines.front().expected_units = static_cast<double>(plan.lines.front().terms.cap.n);
        if (plan.pricing.cadence <= Duration{} || plan.window.n / plan.pricing.cadence.n > 10'000)
            return Failure{std::string("the drop has more than 10,000 reviews")};
        const auto found = replay_line(plan, of_line, opened, policy, how);
        if (!found) return Failure{plan.lines.front().sku + ": " + found.error()};
        if (policy == "engine")
            for (auto& told : knowledge_of(plan).told) assumptions.push_back(std::move(told));
        json.object().key("line").natural(key.line).key("sku").text(plan.lines.front().sku);
        const auto* channel = state.places.find(key.channel);
        json.key("channel").text(channel ? channel->name : "").key("stock").natural(
            static_cast<std::uint64_t>(plan.lines.front().terms.cap.n));
        figure(json, "margin", found->margin, plan.currency);
        figure(json, "margin_by_model_alone", found->model, plan.currency);
        json.key("units").real_text(number(found->units, 1));
        json.key("actual_margin").money(std::llround(found->actual_margin), plan.currency);
        json.key("actual_units").real_text(number(found->actual_units, 0));
        json.key("overlap").real_text(number(found->overlap, 4)).key("effective_units");
        json.real_text(number(found->effective, 1)).key("tells").boolean(found->tells);
        if (!found->why.empty()) json.key("why").text(found->why);
        json.end();
        margin.value += found->margin.value, variance += found->margin.sd * found->margin.sd;
        model.value += found->model.value, model_variance += found->model.sd * found->model.sd;
        actual += found->actual_margin, weakest = std::min(weakest, found->overlap);
        if (!found->tells && why.empty()) why = plan.lines.front().sku + ": " + found->why;
        tells = tells && found->tells;
    }
    margin.sd = std::sqrt(variance), model.sd = std::sqrt(model_variance);
    json.end();
    figure(json, "margin", margin, state.shop.currency);
    figure(json, "margin_by_model_alone", model, state.shop.currency);
    json.key("actual_margin").money(std::llround(actual), state.shop.currency);
    json.key("stock").text(drop->terms.channels.size() > 1 ? "split over the channels as it was sold" : "as planned");
    json.key("overlap").real_text(number(weakest, 4)).key("tells").boolean(tells).key("summary");
    const auto shown = [&](double amount) { return format_money(Money{std::llround(amount)}, state.shop.currency); };
    if (!tells)
        json.text("the overlap is too thin to tell: " + why + "; the interval leans on the model of demand alone");
    else
        json.text(std::string(policy) + " would have left " + shown(margin.value) + " (95 %: " + shown(margin.low()) +
                  " … " + shown(margin.high()) + ") instead of " + shown(actual) +
                  (margin.low() > actual    ? ": more"
                   : margin.high() < actual ? ": less"
                                            : ": the difference is within what one drop can tell"));
    json.key("assumptions").array();
    if (policy == "engine")
        json.text("the engine is today's, with the drop's governors and what the shop knew when it opened; cohort, "
                  "taper and ladder are left out: everybody sees one price");
    if (policy == logged_policy)
        json.text("the log's own decisions, each band as long as it was asked; where a person asked a price between "
                  "the bands, the band before it goes on");
    for (const auto& told : assumptions) json.text(told);
    json.end().end();
    return out;
}

}  // namespace dropsmith::sim
