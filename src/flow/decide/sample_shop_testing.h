// A small shop in memory for tests of the decide rules: two SKUs with stock at one place, channels own, observed and
// linked, and drops laid out by hand, because drafting them is selling's. Facts evolve the prices only; the drop's
// status is set by the test. Tests only.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "flow/decide/guardrail.h"
#include "flow/decide/plan.h"
#include "flow/decide/price.h"

namespace dropsmith::decide {

class SampleShop {
  public:
    State state;
    Instant now{1'795'000'000'000};
    Random random{1};
    Actor who{ActorKind::staff, GrantId{1}};
    SkuId cup{1}, bare{2};  // bare: no unit cost known
    PlaceId here{1}, there{2};
    ChannelId web{1}, outside{2};

    SampleShop() {
        state.at = now;
        state.shop.currency = "GBP";
        state.shop.tax = {{"standard", "", Rate{200'000}, Instant{}}};
        state.shop.payment_fee = {Rate{15'000}, Money{20}};
        state.shop.delivery = {{"pickup", "Collect", Money{}, Money{}, "standard"},
                               {"ship", "Post", Money{395}, Money{60}, "standard"}};
        state.access.grants.resize(2);
        state.access.grants[0].id = GrantId{1};
        state.access.grants[1].id = GrantId{2}, state.access.grants[1].limits.override_below_floor = true;
        state.places.places = {{here, 1, "Here", PlaceKind::hub, "UTC", {}},
                               {there, 1, "There", PlaceKind::store, "UTC", {}}};
        state.places.channels = {{web, 1, "web", ChannelMode::own, true, {}},
                                 {outside, 1, "fair", ChannelMode::observed, true, {}}};
        add_sku("CUP", Money{1000});
        add_sku("BARE", std::nullopt);
        state.stock.rows[{cup, here}].free = Quantity{100};
        state.stock.rows[{bare, here}].free = Quantity{100};
    }

    DropTerms terms() const {  // without a clash
        DropTerms drop;
        drop.slug = "cups", drop.title = "Cups";
        drop.opens_at = now + hours(1), drop.closes_at = now + hours(73);
        drop.channels = {web};
        drop.pricing = {PricePolicy::bandit, PriceObjective::margin, hours(1), {}, Rate{200'000}};
        LineTerms line;
        line.sku = cup, line.cap = Quantity{60};
        line.bands = {Money{2400}, Money{3000}, Money{3600}};
        line.floor = Money{2000}, line.list_price = Money{3000};
        drop.lines = {line};
        return drop;
    }

    DropId draft(DropTerms drop_terms) {
        Drop drop;
        drop.id = DropId{state.drops.drops.size() + 1};
        for (const auto& line_terms : drop_terms.lines) {
            DropLine line;
            line.terms = line_terms;
            for (const auto& share : line_terms.places) line.places.push_back({share.place, share.units, {}, {}});
            drop.lines.push_back(std::move(line));
        }
        drop_terms.lines.clear();
        drop.terms = std::move(drop_terms);
        state.drops.drops.push_back(std::move(drop));
        return state.drops.drops.back().id;
    }
    Drop& drop(DropId id) { return state.drops.drops[id.n - 1]; }

    template <class C>
    Verdict ask(const C& command) {
        auto verdict = handle(state, command, Moment{now, who, random, {}});
        if (verdict)
            for (const auto& fact : *verdict) take(fact);
        return verdict;
    }
    template <class C>
    std::string word(const C& command) {  // "" when it was done
        const auto verdict = ask(command);
        return verdict ? std::string() : std::string(verdict.error().code.word);
    }

    void take(const Fact& fact) {
        const Stamp stamp{now, ++state.head, who};
        state.at = now;
        if (const auto* set = fact.as<PriceSet>()) evolve(state.prices, *set, stamp);
        if (const auto* reviewed = fact.as<PriceReviewed>()) evolve(state.prices, *reviewed, stamp);
        if (const auto* killed = fact.as<PricesKilled>()) evolve(state.prices, *killed, stamp);
        evolve_if<PriceRulesSet, PricesHalted, PricesResumed, OverrideAsked, OverrideAnswered, AuditSigned,
                  EthicsSigned, KillUndoAsked, KillUndoRejected, KillUndone, DropOpened, DropPaused, DropResumed,
                  DropClosed, OrderPlaced, SoldElsewhere, PersonalOfferMade>(fact, stamp);
        if (const auto* scheduled = fact.as<DropScheduled>()) drop(scheduled->drop).status = DropStatus::scheduled;
        if (const auto* edited = fact.as<DropEdited>())
            for (std::size_t i = 0; i < edited->terms.lines.size(); ++i) {
                auto& line = drop(edited->drop).lines[i];
                line.terms = edited->terms.lines[i];
                line.places.clear();
                for (const auto& share : line.terms.places) line.places.push_back({share.place, share.units, {}, {}});
            }
    }

    // A drop that is open, and its only line in the web channel.
    LineKey open(DropTerms drop_terms) {
        const auto id = draft(std::move(drop_terms));
        CHECK(ask(ScheduleDrop{id}).ok());
        now = drop(id).terms.opens_at;
        state.at = now;
        drop(id).status = DropStatus::open, drop(id).opened_at = now;
        take(DropOpened{id, drop(id).terms.closes_at});
        return {id, 0, web};
    }
    // What an engine would propose that is sure of one band, from the newest facts.
    Verdict propose(const LineKey& key, std::uint32_t arm) {
        ProposePrice proposal;
        proposal.key = key, proposal.arm = arm;
        proposal.inputs.based_on = state.head, proposal.inputs.policy = "t/1", proposal.inputs.periods_left = 1;
        for (const auto band : bands_of(in_channel(drop(key.drop).lines[key.line].terms, key.channel)))
            proposal.inputs.arms.push_back({band, 0, 0, Rate{}});
        proposal.inputs.arms[arm].propensity = whole;
        return ask(proposal);
    }
    // Holds up to so many of the units that are free, at the price that stands; says how many.
    Quantity sell(const LineKey& key, Quantity wished, Duration from_now = {}) {
        return sell_at(key, wished, price(key).price, price(key).decision, from_now);
    }
    Quantity sell_at(const LineKey& key, Quantity wished, Money asked, DecisionId decision, Duration from_now = {}) {
        auto& line = drop(key.drop).lines[key.line];
        const auto units = std::min(line.free(), wished);
        if (units <= Quantity{}) return {};
        UnitsHeld held;
        held.drop = key.drop, held.channel = key.channel;
        held.lines = {{key.line, line.terms.sku, here, units, asked, decision}};
        evolve(state.prices, held, {now + from_now, ++state.head, {}});
        line.sold += units;
        return units;
    }
    const LinePrice& price(const LineKey& key) const { return state.prices.lines.at(key); }

  private:
    template <class... F>
    void evolve_if(const Fact& fact, const Stamp& stamp) {
        ([&] { if (const auto* found = fact.as<F>()) evolve(state.prices, *found, stamp); }(), ...);
    }
    void add_sku(const std::string& code, std::optional<Money> cost) {
        const auto n = state.catalogue.skus.size() + 1;
        Product product;
        product.id = ProductId{n}, product.title = code, product.tax_category = "standard", product.skus = {SkuId{n}};
        Sku sku;
        sku.id = SkuId{n}, sku.product = product.id;
        sku.terms.sku = code, sku.terms.unit_cost = cost, sku.terms.list_price = Money{3000};
        state.catalogue.products.push_back(std::move(product));
        state.catalogue.by_code[code] = sku.id;
        state.catalogue.skus.push_back(std::move(sku));
    }
};

}  // namespace dropsmith::decide
