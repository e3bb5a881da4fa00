// Folding is additive and in the order of the raw rows: a range is taken once. Covered by
// flow/signals/fold_test.cpp.
#include "flow/signals/fold.h"

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "flow/signals/heard.h"

namespace dropsmith::signals {

Verdict handle(const State& state, const FoldDemand& command, const Moment&) {
    if (command.first == 0 || command.last < command.first)
        return refuse(refusals::bad_value, "the range of raw rows is empty");
    if (command.first <= state.demand.folded_to)
        return refuse(refusals::wrong_state,
                      "rows up to " + std::to_string(state.demand.folded_to) + " are folded already: begin after them");
    if (command.rows.size() > limits::import_slice_rows)
        return refuse(refusals::bad_value, "one fold has at most " + std::to_string(limits::import_slice_rows) +
                                               " rows: fold a shorter range");
    std::map<DemandKey, std::int64_t> sum;  // one row a key, in key order, so that the same events make the same fact
    for (const auto& row : command.rows) {
        if (row.count <= 0) return refuse(refusals::bad_value, "a count is above 0");
        auto& count = sum[row.key];
        const auto total = try_add(count, row.count);
        if (!total) return refuse(refusals::bad_value, "a count is beyond 64 bits");
        count = *total;
    }
    DemandFolded folded{command.first, command.last, command.segment_digest, {}, {}, {}};
    for (const auto& [key, count] : sum) folded.rows.push_back({key, count});
    folded.hearing = heard_by(state, folded.rows);
    folded.announced = announced_by(state, folded.rows);
    return facts(std::move(folded));
}

namespace {

constexpr std::int64_t hour_minutes = 60, day_minutes = 24 * 60;

// Rows that are chosen move from one grain to a coarser one; nothing is lost but when in the hour or day it was.
template <class Choose>
void coarsen(std::map<DemandKey, std::int64_t>& from, std::map<DemandKey, std::int64_t>& to, std::int64_t minutes,
             Choose choose) {
    for (auto it = from.begin(); it != from.end();) {
        if (!choose(it->first)) {
            ++it;
            continue;
        }
        auto key = it->first;
        key.minute -= (key.minute % minutes + minutes) % minutes;
        to[key] += it->second;
        it = from.erase(it);
    }
}

void drop_is_over(Demand& slice, DropId drop) {
    coarsen(slice.minutes, slice.hours, hour_minutes, [&](const DemandKey& key) { return key.drop == drop; });
}

}  // namespace

void evolve(Demand& slice, const DropSettled& fact, const Stamp&) { drop_is_over(slice, fact.drop); }
void evolve(Demand& slice, const DropCancelled& fact, const Stamp&) { drop_is_over(slice, fact.drop); }

void evolve(Demand& slice, const ShopTidied& fact, const Stamp&) {
    const auto older = [](Instant than) {
        return [minute = than.ms / 60'000](const DemandKey& key) { return key.minute < minute; };
    };
    coarsen(slice.minutes, slice.hours, hour_minutes, older(fact.hours_before));
    coarsen(slice.hours, slice.days, day_minutes, older(fact.days_before));
}

void evolve(Demand& slice, const DemandFolded& fact, const Stamp&) {
    for (const auto& row : fact.rows) {
        auto& count = slice.minutes[row.key];
        count = checked(try_add(count, row.count));
    }
    slice.folded_to = std::max(slice.folded_to, fact.last);
}

}  // namespace dropsmith::signals
