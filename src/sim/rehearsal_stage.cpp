// Covered by sim/rehearse_full_test.cpp.
#include "sim/rehearsal_stage.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/text.h"
#include "engine/dispatch.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/modes.h"
#include "flow/decide/opening.h"
#include "flow/decide/price.h"
#include "flow/decide/propose.h"
#include "flow/sell/price_now.h"
#include "model/hold.h"
#include "model/place.h"
#include "model/product.h"
#include "model/shop.h"
#include "model/stock.h"

namespace dropsmith::sim {
namespace {

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

class Shop final : public Pricer {
  public:
    Shop(const Rehearsal& plan, State state, std::uint64_t seed)
        : seed_(seed), mode_(mode_of(plan.pricing)), channel_(plan.channel), state_(std::move(state)) {
        first_.drop = drop(), first_.history = state_.prices.history, first_.decisions = state_.prices.decisions;
        each_price([&](const LineKey& key, const LinePrice& price) { first_.lines.emplace_back(key, price); });
        for (const auto& line : plan.lines) prices_.push_back(prices_of(plan.pricing, line.terms));
    }

    void open(std::uint64_t run, std::vector<LineNow>& lines) override {
        run_ = run;
        for (const auto& [key, price] : first_.lines) state_.prices.lines[key] = price;
        state_.prices.history = first_.history, state_.prices.decisions = first_.decisions;
        state_.prices.runs.erase(drop().id);
        state_.prices.falls = {}, state_.prices.rises = {};
        drop() = first_.drop, state_.timers = {};
        state_.head = 1, state_.at = drop().terms.opens_at;
        show(lines);
    }
    void review(std::size_t period, std::vector<LineNow>& lines) override {
        until(Duration{drop().terms.pricing.cadence.n * static_cast<std::int64_t>(period)}, lines);
    }
    // As the loop does: at each instant at which reviews are due, these; then what the planner proposes.
    std::size_t until(Duration since_opening, std::vector<LineNow>& lines) override {
        const auto now = drop().terms.opens_at + since_opening;
        std::size_t moved = 0;
        for (auto due = next_due(); due && *due <= now; due = next_due()) moved += review_at(*due);
        state_.at = std::max(state_.at, now);
        if (moved > 0) show(lines);
        return moved;
    }
    bool one_by_one() const override { return mode_ == PriceMode::cohort || mode_ == PriceMode::taper; }
    std::size_t asked(std::size_t line, std::uint64_t session, const LineNow&) override {
        const LineKey key{drop().id, static_cast<std::uint32_t>(line), channel_};
        return index_of(line, sell::price_now(state_.prices, key, state_.at, session)->price);
    }
    void sold(std::size_t line, std::size_t arm, std::int64_t units) override {
        if (units == 0) return;
        auto& at = drop().lines[line];
        UnitsHeld held;
        held.drop = drop().id, held.channel = channel_;
        held.lines = {{static_cast<std::uint32_t>(line), at.terms.sku, PlaceId{1}, Quantity{units}, prices_[line][arm],
                       DecisionId{}}};
        decide::evolve(state_.prices, held, stamp());
        at.held += Quantity{units};
    }

  private:
    struct First {  // what a run changes
        Drop drop;
        std::vector<std::pair<LineKey, LinePrice>> lines;
        std::map<SkuInChannel, std::vector<PricePeriod>> history;
        std::uint64_t decisions = 0;
    };
    template <class Each>
    void each_price(Each each) const {  // of the rehearsed drop
        const auto id = drop().id;
        for (auto it = state_.prices.lines.lower_bound({id, 0, ChannelId{}});
             it != state_.prices.lines.end() && it->first.drop == id; ++it)
            each(it->first, it->second);
    }
    std::optional<Instant> next_due() const {
        std::optional<Instant> due;
        each_price([&](const LineKey&, const LinePrice& price) {
            if (price.next_review != Instant{} && (!due || price.next_review < *due)) due = price.next_review;
        });
        return due;
    }
    std::size_t review_at(Instant due) {
        state_.at = due;
        each_price([&](const LineKey& key, const LinePrice& price) {
            if (price.next_review != Instant{} && price.next_review <= due)
                keys_.push_back({key, price.price, price.cohort});
        });
        for (const auto& at : keys_) take(decide::handle(state_, ReviewDue{at.key}, moment()));
        std::vector<ProposePrice> proposals;
        for (const auto& at : keys_)
            if (auto question = decide::question_of(state_, at.key, state_.head, decision_seed(at.key)))
                proposals.push_back(decide::propose(*question, decide::engine_policy(), rehearsal_draws));
        for (const auto& proposal : proposals) take(decide::handle(state_, proposal, moment()));
        std::size_t moved = 0;
        for (const auto& at : keys_) {
            const auto& price = state_.prices.lines.at(at.key);
            const bool selling = drop().lines[at.key.line].free() > Quantity{};
            moved += selling && (price.price != at.price || price.cohort != at.cohort);
        }
        keys_.clear();
        return moved;
    }
    void take(const Verdict& verdict) {  // refused: the last price stands
        if (!verdict) return;
        for (const auto& fact : *verdict) engine::evolve_all(state_, fact, stamp());
    }
    std::size_t index_of(std::size_t line, Money price) const {
        const auto& of = prices_[line];
        const auto found = std::find(of.begin(), of.end(), price);
        CHECK_BECAUSE(found != of.end(), "a rehearsed drop is asked at its bands or its list price");
        return static_cast<std::size_t>(found - of.begin());
    }
    Moment moment() { return {state_.at, {}, unused_, {}}; }
    Drop& drop() { return state_.drops.drops.back(); }  // before it those of the shop
    const Drop& drop() const { return state_.drops.drops.back(); }
    void show(std::vector<LineNow>& lines) const {
        each_price([&](const LineKey& key, const LinePrice& price) {
            lines[key.line].arm = index_of(key.line, price.price);
        });
    }
    Stamp stamp() { return {state_.at, ++state_.head, {}}; }
    std::uint64_t decision_seed(const LineKey& key) const {
        return rehearsal_decision_seed(seed_, run_, key, state_.prices.find(key)->reviews);
    }
    struct Due {
        LineKey key;
        Money price;
        std::optional<CohortPrice> cohort;
    };
    std::uint64_t seed_, run_ = 0;
    PriceMode mode_;
    ChannelId channel_;
    Random unused_{0};  // no pricing rule draws
    State state_;
    First first_;
    std::vector<std::vector<Money>> prices_;  // by line
    std::vector<Due> keys_;
};

}  // namespace

Instant opens_of(const Rehearsal& plan) { return plan.opens != Instant{} ? plan.opens : Instant{1'800'000'000'000}; }

std::uint64_t rehearsal_decision_seed(std::uint64_t seed, std::uint64_t run, const LineKey& key, std::uint64_t review) {
    std::uint64_t mixed = seed ^ (run * 0x9E3779B97F4A7C15u) ^ (review << 32) ^ (key.line * 0xD1B54A32D192ED03u);
    return splitmix64(mixed);
}

DropTerms rehearsal_drop(const Rehearsal& plan) {
    DropTerms terms;
    terms.slug = "rehearsal", terms.title = "Rehearsal";
    PlaceId place{1};
    if (plan.shop) {
        place = PlaceId{plan.shop->places.places.size() + 1};
        const auto taken = [&](const Drop& drop) { return drop.terms.slug == terms.slug; };
        const auto& drops = plan.shop->drops.drops;
        while (std::any_of(drops.begin(), drops.end(), taken)) terms.slug += "-x";
    }
    terms.opens_at = opens_of(plan), terms.closes_at = terms.opens_at + plan.window;
    terms.channels = {plan.channel};
    terms.pricing = plan.pricing;
    terms.pricing.cannibalisation_max = whole;  // neighbours do not sell here: their silence is no fall
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        auto line = plan.lines[i].terms;
        if (!plan.shop) line.sku = SkuId{i + 1};
        line.per_person_limit.reset(), line.preorder_share = Rate{};
        line.substitute = SkuId{}, line.backorder_cap = Quantity{}, line.ship_by.reset();
        line.places = {{place, line.cap}};
        terms.lines.push_back(std::move(line));
    }
    return terms;
}

std::vector<Command> rehearsal_setup(const Rehearsal& plan) {
    std::vector<Command> out;
    const auto drop = rehearsal_drop(plan);
    if (!plan.shop) {
        OpenShop open;
        open.name = "Rehearsal", open.currency = plan.currency, open.simulated = true;
        open.time_zone = "Etc/UTC";
        open.prices_include_tax = plan.lines.front().unit.includes_tax;
        out.emplace_back(std::move(open));
        out.emplace_back(shop_terms(plan));
    }
    out.emplace_back(AddPlace{"Stage", PlaceKind::hub, "Etc/UTC", {}});
    ReceiveStock receive;
    receive.place = drop.lines.front().places.front().place, receive.note = "for the rehearsal";
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        if (!plan.shop) {
            AddProduct product;
            product.title = plan.lines[i].sku, product.tax_category = category(i);
            product.skus = {sku_terms(plan.lines[i], i)};
            out.emplace_back(std::move(product));
        }
        receive.lines.push_back({drop.lines[i].sku, plan.lines[i].terms.cap, plan.lines[i].unit.unit_cost});
    }
    out.emplace_back(std::move(receive));
    const DropId id{plan.shop ? plan.shop->drops.drops.size() + 1 : 1};
    out.emplace_back(DraftDrop{drop});
    out.emplace_back(ScheduleDrop{id});
    return out;
}

State rehearsal_stage(const Rehearsal& plan) {
    State state;
    if (plan.shop) {
        state = *plan.shop;
        state.at = opens_of(plan) - hours(1), state.head = 0;  // what is rehearsed has a journal of its own
        return state;
    }
    const auto terms = shop_terms(plan);
    state.at = opens_of(plan) - hours(1);
    state.shop.open = true, state.shop.simulated = true, state.shop.currency = plan.currency;
    state.shop.tax = *terms.tax, state.shop.delivery = *terms.delivery, state.shop.payment_fee = *terms.payment_fee;
    Channel web;
    web.id = plan.channel, web.name = "web", web.prices_include_tax = plan.lines.front().unit.includes_tax;
    state.places.channels = {web};
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        Product product;
        product.id = ProductId{i + 1}, product.tax_category = category(i), product.skus = {SkuId{i + 1}};
        state.catalogue.products.push_back(std::move(product));
        state.catalogue.skus.push_back({SkuId{i + 1}, ProductId{i + 1}, sku_terms(plan.lines[i], i)});
    }
    return state;
}

namespace {

constexpr std::uint64_t curve_units_least = 20;  // below these the engine itself makes nothing of the past
constexpr std::int64_t trade_least = 100;        // (flow/decide/arrivals.cpp)
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
    state.prices.lines[{drop.id, 0, plan.channel}] = std::move(price);
    DropCurve curve;
    curve.drop = drop.id, curve.opens = drop.terms.opens_at, curve.closes = drop.terms.closes_at;
    curve.cell = plan.pricing.cadence;
    for (const double share : earlier.shares)
        curve.cells.push_back({static_cast<std::uint64_t>(std::llround(curve_units * share)),
                               static_cast<std::uint64_t>(std::llround(
                                   1e3 * curve_units / static_cast<double>(earlier.shares.size())))});
    state.prices.curves[plan.channel] = {std::move(curve)};
    drop.terms.lines.clear();
    state.drops.drops.push_back(std::move(drop));
}

void lay_trade(State& state, const Rehearsal& plan, const std::vector<std::int64_t>& daily) {
    const auto list = plan.lines.front().terms.list_price;
    const auto first = opens_of(plan).ms / hours(1).n - 24 * static_cast<std::int64_t>(daily.size());
    for (std::size_t day = 0; day < daily.size(); ++day) {
        if (daily[day] <= 0) continue;
        auto& row = state.history.hours[{1, first + 24 * static_cast<std::int64_t>(day)}];
        row.sum.units = daily[day], row.sum.revenue = list * Quantity{daily[day]};
    }
}

// The drop of the plan on its stage, scheduled and opened. The refusal says why it cannot be.
std::optional<Refusal> open_drop(State& state, const DropTerms& terms) {
    Drop drop;
    drop.id = DropId{state.drops.drops.size() + 1}, drop.status = DropStatus::open, drop.terms = terms;
    std::vector<std::uint32_t> lines;
    for (std::uint32_t i = 0; i < terms.lines.size(); ++i) {
        DropLine line;
        line.terms = terms.lines[i];
        drop.lines.push_back(std::move(line));
        lines.push_back(i);
    }
    const auto opening = decide::opening_prices(state, drop.id, drop.terms, lines, state.prices.decisions, state.at);
    if (!opening) return opening.error();
    for (const auto& set : *opening) decide::evolve(state.prices, set, {state.at, 1, {}});
    decide::evolve(state.prices, DropOpened{drop.id, drop.terms.closes_at}, {drop.terms.opens_at, 1, {}});
    drop.terms.lines.clear();
    drop.opened_at = drop.terms.opens_at;
    state.drops.drops.push_back(std::move(drop));
    return std::nullopt;
}

std::string decimal(double value) { return format_decimal(std::llround(value * 10), 1); }

std::string known_of(const decide::PriceQuestion& question) {
    double periods = 0, units = 0;
    for (const auto& seen : question.history) periods += seen.looks, units += seen.sales;
    std::string out;
    if (periods > 0)
        out += decimal(units) + " units in " + decimal(periods) + " periods of earlier drops at its bands";
    if (question.level)
        out += std::string(out.empty() ? "" : ", ") +
               format_decimal(static_cast<std::int64_t>(question.level->per_day / 10'000), 2) +
               " units on an ordinary day (" + std::to_string(question.level->alike) + " SKUs like it)";
    return out.empty() ? "nothing of its past" : out;
}

std::vector<double> shares_of(decide::ArrivalsAsk ask, Duration window) {
    std::uint64_t told = 0;
    for (const auto& drop : ask.earlier)
        for (const auto& cell : drop.cells) told += cell.units;
    std::int64_t traded = 0;
    for (const auto units : ask.trade) traded += units;
    std::vector<double> shares;
    if (told < curve_units_least && traded < trade_least) return shares;
    double sum = 0;
    ask.seen.clear();
    for (Duration since; since < window; since = since + ask.cadence) {
        ask.now = ask.opens + since;
        shares.push_back(decide::arrivals_of(ask).now);
        sum += shares.back();
    }
    for (auto& share : shares) share /= sum;
    return shares;
}

}  // namespace

Knowledge knowledge_of(const Rehearsal& plan) {
    Knowledge out;
    if (!plan.shop) {
        out.told = {"no shop was given: the engine knows nothing of earlier drops and sales"};
        return out;
    }
    auto state = rehearsal_stage(plan);
    auto terms = rehearsal_drop(plan);
    PricingTerms engine;  // whatever the mode is: the question is what is known, not who decides
    engine.policy = PricePolicy::bandit, engine.cadence = terms.pricing.cadence;
    terms.pricing = engine;
    if (open_drop(state, terms)) return out;
    state.at = terms.opens_at;
    const auto id = state.drops.drops.back().id;
    std::optional<decide::ArrivalsAsk> arrivals;
    for (std::uint32_t i = 0; i < plan.lines.size(); ++i) {
        const auto question = decide::question_of(state, {id, i, plan.channel}, state.head, 0);
        if (!question) continue;
        if (decide::decided_by_engine(plan.pricing))
            out.told.push_back("the engine knows of " + plan.lines[i].sku + ": " + known_of(*question));
        if (!arrivals) arrivals = decide::visitors_of(*question);
    }
    if (!arrivals) return out;
    out.shares = shares_of(*arrivals, plan.window);
    std::int64_t traded = 0;
    for (const auto units : arrivals->trade) traded += units;
    out.told.push_back(out.shares.empty()
                           ? "when visitors come is not known of this shop: as the market's general curve says"
                           : "visitors come as " + std::to_string(arrivals->earlier.size()) +
                                 " earlier drops of the channel and the hours of " + std::to_string(traded) +
                                 " imported units say, and the engine knows it");
    return out;
}

Result<std::unique_ptr<Pricer>, std::string> shop_pricer(const Rehearsal& plan, std::uint64_t seed,
                                                         const EarlierDrop* earlier) {
    auto state = rehearsal_stage(plan);
    if (earlier && !earlier->periods.empty()) lay_before(state, plan, *earlier);
    if (earlier) lay_trade(state, plan, earlier->daily);
    if (const auto refused = open_drop(state, rehearsal_drop(plan))) return Failure{refused->detail};
    return std::unique_ptr<Pricer>(std::make_unique<Shop>(plan, std::move(state), seed));
}

}  // namespace dropsmith::sim
