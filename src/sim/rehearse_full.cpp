// Covered by sim/rehearse_full_test.cpp.
#include "sim/rehearse_full.h"

#include "engine/core.h"
#include "engine/memory_journal.h"
#include "engine/slices.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/propose.h"
#include "flow/sell/price_now.h"
#include "model/hold.h"
#include "model/order.h"
#include "sim/rehearsal_stage.h"

namespace dropsmith::sim {
namespace {

class HoldNoting final : public engine::Caller {
  public:
    HoldNoting(std::string& refused, HoldId& hold) : refused_(refused), hold_(hold) {}
    void decided(const engine::Answer& answer) override {
        if (answer.refusal) refused_ = std::string(answer.refusal->code.word) + ": " + answer.refusal->detail;
        if (!answer.facts) return;
        for (const auto& fact : *answer.facts)
            if (const auto* held = fact.as<UnitsHeld>()) hold_ = held->hold;
    }
    void settled(const Fault* fault) override {
        CHECK_BECAUSE(fault == nullptr, "the journal in memory does not fail");
    }

  private:
    std::string& refused_;
    HoldId& hold_;
};

// Asks at each review as the pricing planner does, with the rehearsal's seed of the decision.
class Reviewing final : public engine::Watcher {
  public:
    Reviewing(std::uint64_t seed, std::uint64_t run) : seed_(seed), run_(run) {}
    void stored(const State& state, const engine::Batch& batch) override {
        for (const auto& entry : batch.entries)
            for (const auto& fact : entry.facts) {
                const auto* reviewed = fact.as<PriceReviewed>();
                const auto* price = reviewed ? state.prices.find(reviewed->key) : nullptr;
                if (!price) continue;
                const auto seed = rehearsal_decision_seed(seed_, run_, reviewed->key, price->reviews);
                if (const auto question = decide::question_of(state, reviewed->key, batch.last(), seed))
                    proposals.emplace_back(decide::propose(*question, decide::engine_policy(), rehearsal_draws));
            }
    }
    std::vector<Command> proposals;

  private:
    std::uint64_t seed_, run_;
};

class Stage {
  public:
    Stage(const Rehearsal& plan, std::uint64_t seed, std::uint64_t run)
        : reviewing_(seed, run), core_(journal_, {std::string(32, 'k'), seed}), now_(opens_of(plan) - hours(1)) {
        if (plan.shop) {  // the engine starts in the copy of the shop, as from a snapshot
            const auto state = rehearsal_stage(plan);
            engine::StoredSnapshot snapshot{state.head, std::string(engine::slices_schema), {}, {}};
            engine::write_slices(snapshot.state, state);
            CHECK(journal_.put_snapshot(snapshot).ok());
        }
        CHECK(core_.start(now_).ok());
        core_.watch(&reviewing_);
    }
    // "": it was done.
    std::string run(Command command, std::optional<engine::PersonData> person = {}) {
        std::vector<engine::Ask> asks(1);
        std::string refused;
        asks[0].command = std::move(command), asks[0].person = std::move(person);
        asks[0].caller = std::make_unique<HoldNoting>(refused, held);
        CHECK(core_.run(asks, now_));
        propose();
        return refused;
    }
    void until(Instant t) {
        for (auto due = core_.next_due(); due && *due <= t; due = core_.next_due()) {
            now_ = std::max(now_, *due);
            CHECK(core_.run({}, now_));
            propose();
        }
        now_ = std::max(now_, t);
    }
    const State& state() const { return core_.state(); }
    HoldId held;

  private:
    void propose() {
        while (!reviewing_.proposals.empty()) {
            std::vector<engine::Ask> asks(reviewing_.proposals.size());
            for (std::size_t i = 0; i < asks.size(); ++i)
                asks[i].command = std::move(reviewing_.proposals[i]), asks[i].who = {ActorKind::planner, {}};
            reviewing_.proposals.clear();
            CHECK(core_.run(asks, now_));
        }
    }
    engine::MemoryJournal journal_;
    Reviewing reviewing_;
    engine::Core core_;
    Instant now_;
};

}  // namespace

Result<RunOutcome, std::string> play_full(const Rehearsal& plan, const Crowd& crowd, std::uint64_t seed,
                                          std::uint64_t run) {
    Stage stage(plan, seed, run);
    for (auto& command : rehearsal_setup(plan))
        if (const auto refused = stage.run(std::move(command)); !refused.empty()) return Failure{refused};
    const auto& state = stage.state();
    std::uint64_t number = 0;
    std::vector<Arriving> shoppers;
    for (std::size_t t = 0; t < crowd.periods(); ++t) {
        crowd.shoppers_of(t, shoppers);
        for (const auto& shopper : shoppers) {
            stage.until(opens_of(plan) + shopper.at);
            const auto& drop = state.drops.drops.back();
            const LineKey key{drop.id, static_cast<std::uint32_t>(shopper.line), plan.channel};
            const auto price = sell::price_now(state.prices, key, opens_of(plan) + shopper.at, shopper.session);
            ++number;
            if (!price || price->price > shopper.pays) continue;
            PlaceHold place;
            place.drop = drop.id, place.channel = plan.channel, place.session = shopper.session;
            place.lines = {{drop.lines[shopper.line].terms.sku, Quantity{1}, {}}};
            stage.held = {};
            if (!stage.run(std::move(place)).empty()) continue;  // sold out
            ConfirmHold confirm;
            confirm.hold = stage.held, confirm.paid = true;
            const auto email = "shopper" + std::to_string(number) + "@rehearsal.invalid";
            if (const auto refused = stage.run(std::move(confirm), engine::PersonData{email, "Shopper", ""});
                !refused.empty())
                return Failure{refused};
        }
    }
    stage.until(opens_of(plan) + plan.window + hours(1));

    RunOutcome outcome;
    const auto& drop = state.drops.drops.back();
    std::vector<std::vector<Money>> prices;
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        LineOutcome line;
        prices.push_back(prices_of(plan.pricing, plan.lines[i].terms));
        line.by_price.resize(prices.back().size());
        line.sold = drop.lines[i].sold.n, line.left = drop.lines[i].free().n;
        if (drop.lines[i].sold_out_at)
            line.sold_out_h = static_cast<double>((*drop.lines[i].sold_out_at - opens_of(plan)).n) / 3'600'000;
        outcome.lines.push_back(std::move(line));
    }
    std::string unexpected;
    state.orders.table.each([&](const Order& order) {
        for (const auto& line : order.lines)
            if (const auto at = decide::arm_at(prices[line.terms.line], line.terms.unit_price))
                outcome.lines[line.terms.line].by_price[*at] += line.terms.units.n;
            else
                unexpected = "a unit was sold at a price that is no band of its line";
    });
    if (!unexpected.empty()) return Failure{unexpected};
    add_up(plan, outcome);
    return outcome;
}

}  // namespace dropsmith::sim
