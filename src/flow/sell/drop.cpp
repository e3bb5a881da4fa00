// The life cycle of a drop: draft -> scheduled -> open <-> paused -> closed -> settled; cancelled. Opening and closing
// are timers' work; holds and pre-orders outlive the closing and end by themselves, and the drop settles when the last
// one has ended. Loop's thread. Covered by flow/sell/drop_test.cpp.
#include "flow/sell/drop.h"

#include <algorithm>
#include <set>

#include "flow/sell/drop_terms.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

Failure<Refusal> no_such_drop() { return refuse(refusals::not_found, "no such drop"); }

Failure<Refusal> wrong_status(const Drop& drop, std::string_view wanted) {
    return refuse(refusals::wrong_state,
                  "the drop is " + std::string(word_of(drop.status)) + ": " + std::string(wanted));
}

template <class Visit>
void each_live_hold(const State& state, DropId drop, Visit visit) {
    for (const auto& timer : state.timers.due) {  // every live hold has its timer, and nothing else is looked at
        if (timer.kind != TimerKind::hold) continue;
        const auto* hold = state.holds.table.find(HoldId{timer.id});
        if (hold && hold->drop == drop && hold->status == HoldStatus::held) visit(*hold);
    }
}

// The drop's holds end by themselves; a second later nothing is held any more.
DropClosed closed(const State& state, const Drop& drop, std::string reason, Instant at) {
    Instant last = at;
    each_live_hold(state, drop.id, [&](const Hold& hold) { last = std::max(last, hold.expires_at); });
    return {drop.id, std::move(reason), last + seconds(1), state.waiting_list.ahead_of_stock(drop.id)};
}

constexpr Duration looked_at_again = days(1);

}  // namespace

Verdict handle(const State& state, const DraftDrop& command, const Moment&) {
    DropTerms terms = command.terms;
    if (auto wrong = complete(state, terms)) return Failure<Refusal>{std::move(*wrong)};
    if (auto wrong = wrong_terms(state, terms, DropId{})) return Failure<Refusal>{std::move(*wrong)};
    std::set<SkuId> skus;
    for (std::size_t i = 0; i < terms.lines.size(); ++i)
        if (!skus.insert(terms.lines[i].sku).second)
            return refuse_field(refusals::bad_value, "sku", "/lines/" + std::to_string(i) + "/sku",
                                "this SKU has a line already");
    return bounded_facts(DropDrafted{DropId{state.drops.drops.size() + 1}, std::move(terms)});
}

Verdict handle(const State& state, const PauseDrop& command, const Moment&) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return no_such_drop();
    if (drop->status != DropStatus::open) return wrong_status(*drop, "only an open one can be paused");
    return bounded_facts(DropPaused{drop->id, command.reason});
}

Verdict handle(const State& state, const ResumeDrop& command, const Moment&) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return no_such_drop();
    if (drop->status != DropStatus::paused) return wrong_status(*drop, "only a paused one can be resumed");
    return facts(DropResumed{drop->id});
}

Verdict handle(const State& state, const CloseDrop& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return no_such_drop();
    if (drop->status != DropStatus::open && drop->status != DropStatus::paused)
        return wrong_status(
            *drop, drop->status == DropStatus::scheduled ? "cancel it instead" : "only an open one can be closed");
    return bounded_facts(closed(state, *drop, command.reason.empty() ? "closed by hand" : command.reason, moment.at));
}

Verdict handle(const State& state, const CancelDrop& command, const Moment&) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return no_such_drop();
    if (drop->status != DropStatus::draft && !is_live(drop->status)) return wrong_status(*drop, "it has ended already");
    Quantity sold;
    for (const auto& line : drop->lines) sold += line.sold;
    if (sold > Quantity{0})
        return refuse(refusals::breaks_promise,
                      count_of(sold) + " units are sold: close the drop, or cancel its orders first");
    Facts out;
    each_live_hold(state, drop->id, [&](const Hold& hold) {
        out.emplace_back(HoldEnded{hold.id, hold.drop, HoldStatus::released, hold.lines, hold.preorder, hold.session,
                                   hold.expires_at});
    });
    auto cancelled = bounded_facts(DropCancelled{drop->id, command.reason});
    if (!cancelled) return cancelled;
    out.push_back(std::move(cancelled->front()));
    return out;
}

Verdict handle(const State& state, const OpenDue& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return no_such_drop();
    if (drop->status != DropStatus::scheduled || moment.at < drop->terms.opens_at)
        return wrong_status(*drop, "it is not due to open");
    return facts(DropOpened{drop->id, drop->terms.closes_at});
}

Verdict handle(const State& state, const CloseDue& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return no_such_drop();
    if (!is_live(drop->status) || moment.at < drop->terms.closes_at)
        return wrong_status(*drop, "it is not due to close");
    return facts(closed(state, *drop, "window ended", moment.at));
}

Verdict handle(const State& state, const SettleDue& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return no_such_drop();
    if (drop->status != DropStatus::closed) return wrong_status(*drop, "only a closed one settles");
    const bool holding =
        std::any_of(drop->lines.begin(), drop->lines.end(), [](const DropLine& l) { return l.held > Quantity{0}; });
    if (holding) return facts(closed(state, *drop, "still holding", moment.at));
    if (state.waiting_list.ahead_of_stock(drop->id) > 0)  // units may still arrive and be sold
        return facts(SettlementPutOff{drop->id, moment.at + looked_at_again});
    return facts(DropSettled{drop->id});
}

Verdict handle(const State& state, const ReleaseReserveDue& command, const Moment&) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return no_such_drop();
    if (drop->status != DropStatus::scheduled || drop->reserve_released)
        return wrong_status(*drop, "there is no reserve to release");
    PreorderReserveReleased fact{drop->id, {}};
    for (const auto& line : drop->lines) {
        const auto reserve = share_of(line.terms.cap, line.terms.preorder_share);
        fact.units.push_back(std::max(Quantity{0}, reserve - line.preorder_held - line.preorder_sold));
    }
    return facts(std::move(fact));
}

}  // namespace dropsmith::sell
