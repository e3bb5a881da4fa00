// Covered by sim/rehearse_full_test.cpp.
#include "sim/rehearsal_stage.h"

#include <algorithm>
#include <cmath>

#include "engine/dispatch.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/opening.h"
#include "flow/decide/price.h"
#include "flow/decide/propose.h"
#include "model/hold.h"
#include "model/place.h"
#include "model/product.h"
#include "model/shop.h"
#include "model/stock.h"

namespace dropsmith::sim {
namespace {

const ChannelId channel{1};
std::string category(std::size_t line) { return "line" + std::to_string(line); }

SetTerms shop_terms(const Rehearsal& plan) {
    SetTerms terms;
    terms.tax.emplace();
    for (std::size_t i = 0; i < plan.lines.size(); ++i)
        terms.tax->push_back({category(i), "", plan.lines[i].unit.tax, Instant{}});
    const auto& unit = plan.lines.front().unit;
    terms.delivery = std::vector<DeliveryMethod>{{"pickup", "Collect", Money{}, unit.subsidy, category(0)}};
    terms.payment_fee = PaymentFee{unit.fee_share, unit.fee_fixed};
    return terms;
}

SkuTerms sku_terms(const MarketLine& line, std::size_t i) {
    SkuTerms terms;
    terms.sku = line.sku.empty() ? category(i) : line.sku;
    terms.unit_cost = line.unit.unit_cost, terms.list_price = line.terms.list_price;
    return terms;
}

class Engine final : public Pricer {
  public:
    Engine(State state, std::uint64_t seed)
        : seed_(seed), first_(state.prices, state.drops), state_(std::move(state)) {}

    void open(std::uint64_t run, std::vector<LineNow>& lines) override {
        run_ = run;
        state_.prices = first_.prices, state_.drops = first_.drops, state_.timers = {};
        state_.head = 1;
        show(lines);
    }
    void review(std::size_t period, std::vector<LineNow>& lines) override {
        const auto& terms = drop().terms;
        state_.at = terms.opens_at + Duration{terms.pricing.cadence.n * static_cast<std::int64_t>(period)};
        for (const auto& [key, price] : state_.prices.lines)
            if (key.drop == drop().id) keys_.push_back(key);
        for (const auto& key : keys_) take(decide::handle(state_, ReviewDue{key}, moment()));
        std::vector<ProposePrice> proposals;
        for (const auto& key : keys_)
            if (auto question = decide::question_of(state_, key, state_.head, decision_seed(key)))
                proposals.push_back(decide::propose(*question, decide::engine_policy(), rehearsal_draws));
        keys_.clear();
        for (const auto& proposal : proposals) take(decide::handle(state_, proposal, moment()));
        show(lines);
    }
    void sold(std::size_t line, std::size_t arm, std::int64_t units) override {
        if (units == 0) return;
        auto& at = drop().lines[line];
        UnitsHeld held;
        held.drop = drop().id, held.channel = channel;
        held.lines = {{static_cast<std::uint32_t>(line), at.terms.sku, PlaceId{1}, Quantity{units},
                       decide::bands_of(at.terms)[arm], DecisionId{}}};
        decide::evolve(state_.prices, held, stamp());
        at.held += Quantity{units};
    }

  private:
    struct First {
        Prices prices;
        Drops drops;
        First(const Prices& p, const Drops& d) : prices(p), drops(d) {}
    };
    void take(const Verdict& verdict) {  // refused: the last price stands
        if (!verdict) return;
        for (const auto& fact : *verdict) engine::evolve_all(state_, fact, stamp());
    }
    Moment moment() { return {state_.at, {}, unused_, {}}; }
    Drop& drop() { return state_.drops.drops.back(); }  // before it at most an earlier one
    void show(std::vector<LineNow>& lines) {
        for (const auto& [key, price] : state_.prices.lines)
            if (key.drop == drop().id) lines[key.line].arm = price.arm.value_or(0);
    }
    Stamp stamp() { return {state_.at, ++state_.head, {}}; }
    std::uint64_t decision_seed(const LineKey& key) const {
        return rehearsal_decision_seed(seed_, run_, key, state_.prices.find(key)->reviews);
    }
    std::uint64_t seed_, run_ = 0;
    Random unused_{0};  // no pricing rule draws
    First first_;
    State state_;
    std::vector<LineKey> keys_;
};

}  // namespace

Instant rehearsal_opens() { return Instant{1'800'000'000'000}; }

std::uint64_t rehearsal_decision_seed(std::uint64_t seed, std::uint64_t run, const LineKey& key, std::uint64_t review) {
    std::uint64_t mixed = seed ^ (run * 0x9E3779B97F4A7C15u) ^ (review << 32) ^ (key.line * 0xD1B54A32D192ED03u);
    return splitmix64(mixed);
}

DropTerms rehearsal_drop(const Rehearsal& plan) {
    DropTerms terms;
    terms.slug = "rehearsal", terms.title = "Rehearsal";
    terms.opens_at = rehearsal_opens(), terms.closes_at = terms.opens_at + plan.window;
    terms.channels = {channel};
    terms.pricing = plan.pricing;
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        auto line = plan.lines[i].terms;
        line.sku = SkuId{i + 1};
        line.per_person_limit.reset(), line.preorder_share = Rate{};
        line.places = {{PlaceId{1}, line.cap}};
        terms.lines.push_back(std::move(line));
    }
    return terms;
}

std::vector<Command> rehearsal_setup(const Rehearsal& plan) {
    std::vector<Command> out;
    OpenShop open;
    open.name = "Rehearsal", open.currency = plan.currency, open.simulated = true;
    open.time_zone = "Etc/UTC";
    open.prices_include_tax = plan.lines.front().unit.includes_tax;
    out.emplace_back(std::move(open));
    out.emplace_back(shop_terms(plan));
    out.emplace_back(AddPlace{"Stage", PlaceKind::hub, "Etc/UTC", {}});
    ReceiveStock receive;
    receive.place = PlaceId{1}, receive.note = "for the rehearsal";
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        AddProduct product;
        product.title = plan.lines[i].sku, product.tax_category = category(i);
        product.skus = {sku_terms(plan.lines[i], i)};
        out.emplace_back(std::move(product));
        receive.lines.push_back({SkuId{i + 1}, plan.lines[i].terms.cap, plan.lines[i].unit.unit_cost});
    }
    out.emplace_back(std::move(receive));
    out.emplace_back(DraftDrop{rehearsal_drop(plan)});
    out.emplace_back(ScheduleDrop{DropId{1}});
    return out;
}

namespace {

constexpr double curve_units = 400;  // the curve is given as many drops would have told it

void lay_before(State& state, const Rehearsal& plan, const EarlierDrop& earlier) {
    Drop drop;
    drop.id = DropId{1}, drop.status = DropStatus::settled, drop.terms = rehearsal_drop(plan);
    drop.terms.opens_at = drop.terms.opens_at - days(7), drop.terms.closes_at = drop.terms.closes_at - days(7);
    drop.lines.emplace_back().terms = drop.terms.lines.front();
    LinePrice price;
    const auto bands = decide::bands_of(plan.lines.front().terms);
    for (std::size_t k = 0; k < bands.size() && k < earlier.periods.size() && k < earlier.units.size(); ++k) {
        ArmStats arm;
        arm.price = bands[k], arm.sales = static_cast<std::uint64_t>(std::llround(earlier.units[k]));
        arm.exposure = arm.weighted = static_cast<std::uint64_t>(std::llround(earlier.periods[k] * 1e6));
        price.arms.push_back(arm);
    }
    state.prices.lines[{drop.id, 0, channel}] = std::move(price);
    DropCurve curve;
    curve.drop = drop.id, curve.opens = drop.terms.opens_at, curve.closes = drop.terms.closes_at;
    curve.cell = plan.pricing.cadence;
    for (const double share : earlier.shares)
        curve.cells.push_back({static_cast<std::uint64_t>(std::llround(curve_units * share)),
                               static_cast<std::uint64_t>(std::llround(
                                   1e3 * curve_units / static_cast<double>(earlier.shares.size())))});
    state.prices.curves[channel] = {std::move(curve)};
    drop.terms.lines.clear();
    state.drops.drops.push_back(std::move(drop));
}

void lay_trade(State& state, const Rehearsal& plan, const std::vector<std::int64_t>& daily) {
    const auto list = plan.lines.front().terms.list_price;
    const auto first = rehearsal_opens().ms / hours(1).n - 24 * static_cast<std::int64_t>(daily.size());
    for (std::size_t day = 0; day < daily.size(); ++day) {
        if (daily[day] <= 0) continue;
        auto& row = state.history.hours[{1, first + 24 * static_cast<std::int64_t>(day)}];
        row.sum.units = daily[day], row.sum.revenue = list * Quantity{daily[day]};
    }
}

}  // namespace

Result<std::unique_ptr<Pricer>, std::string> engine_pricer(const Rehearsal& plan, std::uint64_t seed,
                                                           const EarlierDrop* earlier) {
    State state;
    const auto terms = shop_terms(plan);
    state.at = rehearsal_opens() - hours(1);
    state.shop.open = true, state.shop.simulated = true, state.shop.currency = plan.currency;
    state.shop.tax = *terms.tax, state.shop.delivery = *terms.delivery, state.shop.payment_fee = *terms.payment_fee;
    Channel web;
    web.id = channel, web.name = "web", web.prices_include_tax = plan.lines.front().unit.includes_tax;
    state.places.channels = {web};
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        Product product;
        product.id = ProductId{i + 1}, product.tax_category = category(i), product.skus = {SkuId{i + 1}};
        state.catalogue.products.push_back(std::move(product));
        state.catalogue.skus.push_back({SkuId{i + 1}, ProductId{i + 1}, sku_terms(plan.lines[i], i)});
    }
    if (earlier && !earlier->periods.empty()) lay_before(state, plan, *earlier);
    if (earlier) lay_trade(state, plan, earlier->daily);
    Drop drop;
    drop.id = DropId{state.drops.drops.size() + 1}, drop.status = DropStatus::open, drop.terms = rehearsal_drop(plan);
    std::vector<std::uint32_t> lines;
    for (std::uint32_t i = 0; i < plan.lines.size(); ++i) {
        DropLine line;
        line.terms = drop.terms.lines[i];
        drop.lines.push_back(std::move(line));
        lines.push_back(i);
    }
    const auto opening = decide::opening_prices(state, drop.id, drop.terms, lines, 0, state.at);
    if (!opening) return Failure{opening.error().detail};
    for (const auto& set : *opening) decide::evolve(state.prices, set, {state.at, 1, {}});
    decide::evolve(state.prices, DropOpened{drop.id, drop.terms.closes_at}, {drop.terms.opens_at, 1, {}});
    drop.terms.lines.clear();
    drop.opened_at = drop.terms.opens_at;
    state.drops.drops.push_back(std::move(drop));
    return std::unique_ptr<Pricer>(std::make_unique<Engine>(std::move(state), seed));
}

}  // namespace dropsmith::sim
