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
    // session: of who enters a waiting room and is told a place; 0: nobody does
    explicit Listener(std::shared_ptr<Heard> heard, std::uint64_t session = 0)
        : heard_(std::move(heard)), session_(session) {}
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
            if (const auto* entered = fact.as<RoomEntered>()) heard.number = entered->number;
            if (const auto* paid = fact.as<PaymentRecorded>())
                heard.gave_back = paid->give_back, heard.late_order = paid->late && !paid->give_back;
        }
        const auto* room = session_ == 0 ? nullptr : answer.state.rooms.find(DropId{1});
        for (std::uint32_t i = 0; room && !heard.effect && i < room->entrants.size(); ++i)
            if (room->entrants[i].session == session_) heard.number = i + 1;  // in already: the newest place
    }
    void settled(const Fault* fault) override {
        heard_->settled = true;
        heard_->stored = fault == nullptr;
    }

  private:
    std::shared_ptr<Heard> heard_;
    std::uint64_t session_;
};

}  // namespace dropsmith::sim
