// Covered by sim/rehearse_full_test.cpp.
#include "sim/rehearse_full.h"

#include <algorithm>

#include "engine/core.h"
#include "engine/memory_journal.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/propose.h"
#include "model/hold.h"
#include "model/order.h"
#include "sim/rehearsal_stage.h"

namespace dropsmith::sim {
namespace {

class Noting final : public engine::Caller {
  public:
    Noting(std::string& refused, HoldId& hold) : refused_(refused), hold_(hold) {}
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

struct Shopper {
    Instant at;
    std::size_t line = 0, band = 0;  // the highest that this one would pay
};

std::vector<Shopper> shoppers_of(const Rehearsal& plan, const Crowd& crowd) {
    std::vector<Shopper> out;
    const auto cadence = plan.pricing.cadence.n;
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        const auto bands = decide::bands_of(plan.lines[i].terms).size();
        for (std::size_t t = 0; t < crowd.periods(); ++t) {
            const auto from = rehearsal_opens().ms + cadence * static_cast<std::int64_t>(t);
            const auto until = std::min(from + cadence, (rehearsal_opens() + plan.window).ms);
            const auto all = crowd.willing(i, t, 0);
            std::int64_t n = 0;
            for (std::size_t k = 0; k < bands; ++k) {
                const auto exactly = crowd.willing(i, t, k) - (k + 1 < bands ? crowd.willing(i, t, k + 1) : 0);
                for (std::int64_t j = 0; j < exactly; ++j, ++n)
                    out.push_back({Instant{from + 1 + (until - from - 2) * n / all}, i, k});
            }
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return out;
}

class Stage {
  public:
    Stage(std::uint64_t seed, std::uint64_t run)
        : reviewing_(seed, run), core_(journal_, {std::string(32, 'k'), seed}), now_(rehearsal_opens() - hours(1)) {
        CHECK(core_.start(now_).ok());
        core_.watch(&reviewing_);
    }
    // "": it was done.
    std::string run(Command command, std::optional<engine::PersonData> person = {}) {
        std::vector<engine::Ask> asks(1);
        std::string refused;
        asks[0].command = std::move(command), asks[0].person = std::move(person);
        asks[0].caller = std::make_unique<Noting>(refused, held);
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
    Stage stage(seed, run);
    for (auto& command : rehearsal_setup(plan))
        if (const auto refused = stage.run(std::move(command)); !refused.empty()) return Failure{refused};
    const auto& state = stage.state();
    std::uint64_t session = 0;
    for (const auto& shopper : shoppers_of(plan, crowd)) {
        stage.until(shopper.at);
        const auto& drop = state.drops.drops.front();
        const auto* price = state.prices.find({drop.id, static_cast<std::uint32_t>(shopper.line), ChannelId{1}});
        const auto bands = decide::bands_of(plan.lines[shopper.line].terms);
        ++session;
        if (!price || price->price > bands[shopper.band]) continue;
        PlaceHold place;
        place.drop = drop.id, place.channel = ChannelId{1}, place.session = session;
        place.lines = {{drop.lines[shopper.line].terms.sku, Quantity{1}, {}}};
        stage.held = {};
        if (!stage.run(std::move(place)).empty()) continue;  // sold out
        ConfirmHold confirm;
        confirm.hold = stage.held, confirm.paid = true;
        const auto email = "shopper" + std::to_string(session) + "@rehearsal.invalid";
        if (const auto refused = stage.run(std::move(confirm), engine::PersonData{email, "Shopper", ""});
            !refused.empty())
            return Failure{refused};
    }
    stage.until(rehearsal_opens() + plan.window + hours(1));

    RunOutcome outcome;
    const auto& drop = state.drops.drops.front();
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        LineOutcome line;
        const auto bands = decide::bands_of(plan.lines[i].terms);
        line.by_band.resize(bands.size());
        line.sold = drop.lines[i].sold.n, line.left = drop.lines[i].free().n;
        if (drop.lines[i].sold_out_at)
            line.sold_out_h = static_cast<double>((*drop.lines[i].sold_out_at - rehearsal_opens()).n) / 3'600'000;
        outcome.lines.push_back(std::move(line));
    }
    state.orders.table.each([&](const Order& order) {
        for (const auto& line : order.lines) {
            const auto bands = decide::bands_of(plan.lines[line.terms.line].terms);
            if (const auto arm = decide::arm_at(bands, line.terms.unit_price))
                outcome.lines[line.terms.line].by_band[*arm] += line.terms.units.n;
        }
    });
    add_up(plan, outcome);
    return outcome;
}

}  // namespace dropsmith::sim
