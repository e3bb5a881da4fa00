// Which drop a refused command was about, and the counts. Covered by engine/core_test.cpp.
#include "engine/refusal_counts.h"

namespace dropsmith::engine {

namespace {

DropId drop_of(const State& state, HoldId id) {
    const auto* hold = state.holds.table.find(id);
    return hold ? hold->drop : DropId{};
}

DropId drop_of(const State& state, const Command& command) {
    if (const auto* place = command.as<PlaceHold>()) return place->drop;
    if (const auto* confirm = command.as<ConfirmHold>()) return drop_of(state, confirm->hold);
    if (const auto* reduce = command.as<ReduceHold>()) return drop_of(state, reduce->hold);
    if (const auto* release = command.as<ReleaseHold>()) return drop_of(state, release->hold);
    if (const auto* propose = command.as<ProposePrice>()) return propose->key.drop;
    if (const auto* override_ = command.as<OverridePrice>()) return override_->key.drop;
    return {};
}

}  // namespace

void RefusalCounts::add(const State& state, const Command* command, RefusalCode code, Instant at) {
    if (times_.empty()) due_ = at + seconds(1);
    ++times_[{command ? drop_of(state, *command) : DropId{}, code.number}];
}

std::optional<Instant> RefusalCounts::due() const { return times_.empty() ? std::nullopt : std::optional(due_); }

CountRefusals RefusalCounts::take() {
    CountRefusals command;
    for (const auto& [key, times] : times_)
        command.rows.push_back({key.first, key.second, times});
    times_.clear();
    return command;
}

}  // namespace dropsmith::engine
