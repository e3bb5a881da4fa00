// See the header. Covered by engine/replica_test.cpp.
#include "engine/replica.h"

#include "engine/replay.h"

namespace dropsmith::engine {

Status<Fault> Replica::catch_up() {
    if (!state_) {
        state_ = std::make_unique<State>();
        if (auto loaded = load(journal_, *state_, hash_); !loaded) return Failure{loaded.error()};
        return Nothing{};
    }
    const auto head = journal_.head();
    if (!head) return Failure{head.error()};
    if (*head <= state_->head) return Nothing{};
    Replay replay(*state_, hash_);
    Status<Fault> applied = Nothing{};
    auto read = journal_.read(state_->head + 1, [&](const StoredBatch& stored) {
        applied = replay.apply(stored);
        return applied.ok();
    });
    if (!read) return read;
    return applied ? replay.finish() : applied;
}

Status<Fault> Replica::ask(const std::function<void(const State& state)>& see) {
    const std::scoped_lock lock(mutex_);
    asked_ = std::chrono::steady_clock::now();
    if (auto caught = catch_up(); !caught) {
        state_.reset();  // half a batch may be in it
        return caught;
    }
    see(*state_);
    return Nothing{};
}

void Replica::rest(std::chrono::seconds unused_for) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock && state_ && std::chrono::steady_clock::now() - asked_ >= unused_for) state_.reset();
}

bool Replica::resting() const {
    const std::scoped_lock lock(mutex_);
    return state_ == nullptr;
}

}  // namespace dropsmith::engine
