// Which drop a refused command was about, and the counts. Covered by engine/core_test.cpp.
#include "engine/refusal_counts.h"

#include "flow/sell/substitute.h"

namespace dropsmith::engine {

namespace {

constexpr std::size_t rows_max = 2'000;  // of one fact; more wait for the next

DropId drop_of(const State& state, HoldId id) {
    const auto* hold = state.holds.table.find(id);
    return hold ? hold->drop : DropId{};
}

DropId drop_of(const State& state, const Command& command) {
    if (const auto* place = command.as<PlaceHold>()) return place->drop;
    if (const auto* enter = command.as<EnterRoom>()) return enter->drop;
    if (const auto* join = command.as<JoinWaitingList>()) return join->drop;
    if (const auto* confirm = command.as<ConfirmHold>()) return drop_of(state, confirm->hold);
    if (const auto* reduce = command.as<ReduceHold>()) return drop_of(state, reduce->hold);
    if (const auto* release = command.as<ReleaseHold>()) return drop_of(state, release->hold);
    if (const auto* propose = command.as<ProposePrice>()) return propose->key.drop;
    if (const auto* override_ = command.as<OverridePrice>()) return override_->key.drop;
    return {};
}

// Of a hold that was refused because its line was gone: that SKU and its substitute, when that one was there.
std::pair<SkuId, SkuId> pair_of(const State& state, const Drop& drop, const Command& command, const Refusal& refusal) {
    if (refusal.code != refusals::sold_out || !command.as<PlaceHold>()) return {};
    const auto* gone = state.catalogue.find(refusal.sku);
    const auto instead = gone ? sell::substitute_for(state, drop, gone->id) : std::nullopt;
    if (!instead) return {};
    return {gone->id, drop.lines[*instead].terms.sku};
}

}  // namespace

void RefusalCounts::add(const State& state, const Command* command, const Refusal& refusal, Instant at) {
    if (times_.empty()) due_ = at + seconds(1);
    const auto* drop = command ? state.drops.find(drop_of(state, *command)) : nullptr;
    const auto [gone, substitute] = drop ? pair_of(state, *drop, *command, refusal) : std::pair<SkuId, SkuId>{};
    ++times_[{drop ? drop->id : DropId{}, refusal.code.number, gone, substitute}];
}

void RefusalCounts::add(DropId drop, RefusalCode code, std::uint64_t times, Instant due) {
    if (times_.empty()) due_ = due;
    times_[{drop, code.number, {}, {}}] += times;
}

std::optional<Instant> RefusalCounts::due() const { return times_.empty() ? std::nullopt : std::optional(due_); }

CountRefusals RefusalCounts::take() {
    CountRefusals command;
    while (!times_.empty() && command.rows.size() < rows_max) {
        const auto first = times_.begin();
        const auto& [drop, code, gone, substitute] = first->first;
        command.rows.push_back({drop, code, first->second, gone, substitute});
        times_.erase(first);
    }
    return command;
}

}  // namespace dropsmith::engine
