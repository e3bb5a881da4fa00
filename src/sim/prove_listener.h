// What one delivery of the prover hears: the decision, and whether it was stored. The simulated network may lose it
// afterwards. One thread. Covered by sim/prove_test.cpp.
#pragma once

#include <memory>
#include <utility>

#include "engine/core.h"
#include "sim/prove_buyer.h"

namespace dropsmith::sim {

class Listener final : public engine::Caller {
  public:
    explicit Listener(std::shared_ptr<Heard> heard) : heard_(std::move(heard)) {}
    void decided(const engine::Answer& answer) override {
        auto& heard = *heard_;
        heard.replayed = answer.replayed, heard.first_seq = answer.first_seq;
        if (answer.refusal) heard.refusal = *answer.refusal;
        if (!answer.facts) return;
        heard.effect = !answer.facts->empty();
        for (const auto& fact : *answer.facts) {
            if (const auto* held = fact.as<UnitsHeld>()) heard.hold = held->hold, heard.lines = held->lines;
            if (const auto* placed = fact.as<OrderPlaced>()) heard.order = placed->order;
            if (const auto* joined = fact.as<WaitJoined>()) heard.entry = joined->entry;
            if (const auto* paid = fact.as<PaymentRecorded>())
                heard.gave_back = paid->give_back, heard.late_order = paid->late && !paid->give_back;
        }
    }
    void settled(const Fault* fault) override {
        heard_->settled = true;
        heard_->stored = fault == nullptr;
    }

  private:
    std::shared_ptr<Heard> heard_;
};

}  // namespace dropsmith::sim
