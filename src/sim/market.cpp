// Intents into commands, in order of time. Covered by sim/market_test.cpp.
#include "sim/market.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>

#include "base/digest.h"
#include "engine/planners.h"
#include "engine/pricing_planner.h"

namespace dropsmith::sim {
namespace {

// What became of one command.
struct Outcome {
    HoldId hold;
    bool ordered = false;
    std::optional<Refusal> refusal;
};

class Noting final : public engine::Caller {
  public:
    explicit Noting(Outcome& outcome) : outcome_(outcome) {}
    void decided(const engine::Answer& answer) override {
        if (answer.refusal) outcome_.refusal = *answer.refusal;
        if (!answer.facts) return;
        for (const auto& fact : *answer.facts) {
            if (const auto* held = fact.as<UnitsHeld>()) outcome_.hold = held->hold;
            if (fact.as<OrderPlaced>()) outcome_.ordered = true;
        }
    }
    void settled(const Fault* fault) override {
        CHECK_BECAUSE(fault == nullptr, "the journal in memory does not fail");
    }

  private:
    Outcome& outcome_;
};

}  // namespace

struct Market::Inside {
    Inside(Market& market, const MarketSettings& settings)
        : tally(market.tally_),
          core(market.journal_, {std::string(32, 'k'), settings.seed}),
          now(settings.start),
          planners(settings.planner_threads,
                   [this](Command command) {
                       const std::lock_guard lock(mutex);
                       proposals.push_back(std::move(command));
                   }),
          pricing(planners, settings.seed) {
        CHECK(core.start(settings.start).ok());
        core.watch(&pricing);
    }

    Outcome run(Command command, Actor who, std::optional<engine::PersonData> person = {}) {
        Outcome outcome;
        std::vector<engine::Ask> asks(1);
        asks[0].command = std::move(command);
        asks[0].who = who;
        asks[0].person = std::move(person);
        asks[0].caller = std::make_unique<Noting>(outcome);
        CHECK(core.run(asks, now));
        take_proposals();
        return outcome;
    }

    // What the planners made of the last batch comes in before anything else happens.
    void take_proposals() {
        for (;;) {
            planners.drain();
            std::vector<Command> taken;
            {
                const std::lock_guard lock(mutex);
                taken.swap(proposals);
            }
            if (taken.empty()) return;
            std::vector<Outcome> outcomes(taken.size());
            std::vector<engine::Ask> asks(taken.size());
            for (std::size_t i = 0; i < taken.size(); ++i) {
                asks[i].command = std::move(taken[i]);
                asks[i].who = {ActorKind::planner, {}};
                asks[i].caller = std::make_unique<Noting>(outcomes[i]);
            }
            CHECK(core.run(asks, now));
            tally.proposals += outcomes.size();
            for (const auto& outcome : outcomes) tally.proposals_refused += outcome.refusal.has_value();
        }
    }

    void run_timers_until(Instant until) {
        for (auto due = core.next_due(); due && *due <= until; due = core.next_due()) {
            now = std::max(now, *due);
            CHECK(core.run({}, now));
            take_proposals();
        }
        now = std::max(now, until);
    }

    void fold() {  // demand seen since the last fold, as one range of raw rows
        if (seen.empty()) return;
        FoldDemand command;
        command.first = core.state().demand.folded_to + 1;
        std::int64_t events = 0;
        for (const auto& [key, count] : seen) command.rows.push_back({key, count}), events += count;
        command.last = command.first + static_cast<std::uint64_t>(events) - 1;
        command.segment_digest = hex(blake2b("simulated"));
        seen.clear();
        CHECK(!run(std::move(command), {}).refusal);
    }

    void act(const Intent& intent);
    void hold(const Intent& intent, const Drop& drop);

    MarketTally& tally;
    engine::Core core;
    Instant now;
    std::mutex mutex;
    std::vector<Command> proposals;
    engine::Planners planners;
    engine::PricingPlanner pricing;
    std::map<DemandKey, std::int64_t> seen;
    std::map<std::uint64_t, HoldId> holding;  // by shopper
    std::set<std::uint64_t> bought;
};

void Market::Inside::act(const Intent& intent) {
    const auto& state = core.state();
    const auto found = state.drops.by_slug.find(intent.drop);
    const auto* drop = found == state.drops.by_slug.end() ? nullptr : state.drops.find(found->second);
    if (!drop) return;
    const Actor buyer{ActorKind::buyer, {}};
    const auto held = holding.find(intent.shopper);
    switch (intent.kind) {
        case IntentKind::browse:
            ++tally.browses;
            for (const auto kind : {Signal::session_started, Signal::page_viewed})
                ++seen[{intent.at.ms / 60'000, drop->id, {}, {}, drop->terms.channels.front(), kind}];
            if (seen.size() >= 500) fold();
            return;
        case IntentKind::hold:
            if (held == holding.end() && !bought.contains(intent.shopper)) hold(intent, *drop);
            return;
        case IntentKind::confirm: {
            if (held == holding.end()) return;
            ConfirmHold confirm;
            confirm.hold = held->second;
            confirm.fulfilment = intent.ships ? FulfilmentMethod::ship : FulfilmentMethod::pickup;
            confirm.paid = true;
            const auto outcome = run(std::move(confirm), buyer, engine::PersonData{intent.email, intent.name, ""});
            if (outcome.refusal) ++tally.refused[std::string(outcome.refusal->code.word)];
            if (outcome.ordered) ++tally.orders, bought.insert(intent.shopper);
            holding.erase(intent.shopper);
            return;
        }
        case IntentKind::abandon:
            if (held == holding.end()) return;
            ++tally.abandoned;
            run(ReleaseHold{held->second}, buyer);
            holding.erase(held);
            return;
    }
}

void Market::Inside::hold(const Intent& intent, const Drop& drop) {
    const auto& state = core.state();
    const auto* sku = state.catalogue.find(intent.sku);
    const auto channel = drop.terms.channels.front();
    for (std::uint32_t i = 0; sku && i < drop.lines.size(); ++i) {
        if (drop.lines[i].terms.sku != sku->id) continue;
        const auto* price = state.prices.find({drop.id, i, channel});
        if (price && price->price > intent.max_price) {
            ++tally.too_dear;
            return;
        }
    }
    PlaceHold place;
    place.drop = drop.id, place.channel = channel;
    place.lines.push_back({sku ? sku->id : SkuId{}, intent.units, {}});
    place.session = intent.shopper;
    const auto outcome = run(std::move(place), {ActorKind::buyer, {}});
    if (outcome.refusal)
        ++tally.refused[std::string(outcome.refusal->code.word)];
    else
        ++tally.holds, holding[intent.shopper] = outcome.hold;
}

Market::Market(MarketSettings settings) : inside_(std::make_unique<Inside>(*this, settings)) {}
Market::~Market() = default;

void Market::set_up(std::vector<DemoCommand> commands) {
    for (auto& command : commands) {
        const auto code = command.command.code();
        const auto outcome = inside_->run(std::move(command.command), command.who);
        if (outcome.refusal)
            tally_.failed.push_back(std::to_string(code) + " " + std::string(outcome.refusal->code.word) + ": " +
                                    outcome.refusal->detail);
    }
}

void Market::play(DemoShoppers& shoppers, Instant until) {
    for (auto t = inside_->now; t < until;) {
        t = std::min(until, t + minutes(10));
        for (const auto& intent : shoppers.until(t)) {
            inside_->run_timers_until(intent.at);
            inside_->act(intent);
        }
        inside_->run_timers_until(t);
    }
    inside_->fold();
}

const State& Market::state() const { return inside_->core.state(); }
std::string Market::head_hash() const { return hex(inside_->core.head_hash()); }

}  // namespace dropsmith::sim
