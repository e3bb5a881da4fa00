// See the header. Covered by sim/prove_test.cpp.
#include "sim/prove_tally.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/batch.h"

namespace dropsmith::sim {

namespace {

void tally_holds(const State& state, Sights& sights) {
    std::map<std::int64_t, int> expired_at;
    state.holds.table.each([&](const Hold& hold) {
        sights.saw(Sight::held);
        if (hold.status == HoldStatus::released) sights.saw(Sight::released);
        if (hold.status != HoldStatus::expired) return;
        sights.saw(Sight::expired);
        if (++expired_at[hold.expires_at.ms / 1000] == 3) sights.saw(Sight::expiry_storm);
    });
    state.orders.table.each([&](const Order& order) {
        sights.saw(Sight::confirmed);
        if (order.status == OrderStatus::cancelled) sights.saw(Sight::cancelled);
        if (order.refund_state != RefundState::none) sights.saw(Sight::refunded);
    });
}

void tally_ahead(const State& state, const WaitEntry& entry, Sights& sights) {
    const auto& drop = *state.drops.find(entry.drop);
    sights.saw(Sight::ahead_joined);
    if (entry.joined_at < drop.terms.opens_at) sights.saw(Sight::ahead_before_opening);
    if (entry.status == WaitStatus::bought) sights.saw(Sight::ahead_bought);
    if (entry.status == WaitStatus::lapsed) sights.saw(Sight::ahead_lapsed);
    if (entry.status == WaitStatus::left) sights.saw(Sight::ahead_left);
    if (entry.why == WaitEnd::ship_by_passed) sights.saw(Sight::ahead_too_late);
    if (entry.offered_at && drop.closed_at && *entry.offered_at > *drop.closed_at)
        sights.saw(Sight::ahead_after_closing);
    const auto* hold = entry.offered_at ? state.holds.table.find(entry.hold) : nullptr;
    if (!hold) return;
    for (const auto& line : hold->lines)
        if (std::any_of(entry.lines.begin(), entry.lines.end(), [&](const WaitLine& wished) {
                return wished.line == line.line && wished.unit_price && line.unit_price < *wished.unit_price;
            }))
            return sights.saw(Sight::ahead_cheaper);
}

void tally_wishes(const State& state, Sights& sights) {
    state.waiting_list.table.each([&](const WaitEntry& entry) {
        sights.saw(Sight::joined);
        if (entry.offered_at) sights.saw(Sight::offered);
        if (entry.status == WaitStatus::bought) sights.saw(Sight::offer_bought);
        if (entry.status == WaitStatus::lapsed) sights.saw(Sight::offer_lapsed);
        if (entry.status == WaitStatus::left) sights.saw(Sight::wish_left);
        if (entry.status == WaitStatus::over) sights.saw(Sight::wish_over);
        if (entry.preorder) tally_ahead(state, entry, sights);
    });
}

void tally_room(const State& state, Sights& sights) {
    const auto* room = state.rooms.find(DropId{1});
    if (!room) return;
    if (room->drawn_at) sights.saw(Sight::room_drawn);
    std::set<std::uint64_t> sessions;
    for (std::uint32_t number = 1; number <= room->entrants.size(); ++number) {
        sights.saw(Sight::room_entered);
        if (room->drawn_at && number > room->ranks.size()) sights.saw(Sight::room_entered_late);
        if (!sessions.insert(room->entrants[number - 1].session).second) sights.saw(Sight::room_entered_again);
        if (const auto rank = room->rank_of(number); rank && room->admitted_at(*rank)) sights.saw(Sight::room_let_in);
    }
}

void tally_payment(const Fact& fact, Sights& sights) {
    if (fact.as<CheckoutOpened>()) sights.saw(Sight::page_opened);
    if (const auto* paid = fact.as<PaymentAuthorised>())
        sights.saw(!paid->order    ? Sight::page_paid_for_nothing
                   : paid->late ? Sight::page_paid_late
                                : Sight::page_paid);
    if (const auto* again = fact.as<OpenItemSettled>(); again && again->retry) sights.saw(Sight::refund_asked_again);
    if (const auto* failed = fact.as<PaymentTaskFailed>(); failed && failed->kind == PaymentTaskKind::open)
        sights.saw(Sight::page_failed);
    const auto* done = fact.as<PaymentTaskDone>();
    if (!done) return;
    if (done->ended || done->kind == PaymentTaskKind::expire) sights.saw(Sight::page_over);
    if (done->kind == PaymentTaskKind::capture) sights.saw(Sight::captured);
    if (done->kind == PaymentTaskKind::refund) sights.saw(Sight::refund_done);
}

void tally_pass(const State& state, const PassUsed& use, Instant at, Sights& sights) {
    sights.saw(Sight::pass_used);
    if (at < state.drops.drops[0].terms.opens_at) sights.saw(Sight::pass_early);
    const auto* hold = state.holds.table.find(use.hold);
    if (hold && hold->status == HoldStatus::confirmed) sights.saw(Sight::pass_spent);
    if (hold && (hold->status == HoldStatus::expired || hold->status == HoldStatus::released))
        sights.saw(Sight::pass_given_back);
}

}  // namespace

void tally(const State& state, const engine::Journal& journal, Sights& sights) {
    tally_holds(state, sights);
    tally_wishes(state, sights);
    tally_room(state, sights);
    if (!state.stock.reported.empty()) sights.saw(Sight::sold_elsewhere);
    (void)journal.read(1, [&](const engine::StoredBatch& stored) {
        const auto batch = engine::decode_batch(stored);
        for (const auto& entry : batch->entries)
            for (const auto& fact : entry.facts) {
                if (fact.as<HoldReduced>()) sights.saw(Sight::reduced);
                if (fact.as<StockMoved>()) sights.saw(Sight::moved);
                if (const auto* round = fact.as<RoomAdmitted>(); round && round->over) sights.saw(Sight::room_over);
                if (const auto* use = fact.as<PassUsed>()) tally_pass(state, *use, batch->at, sights);
                tally_payment(fact, sights);
                const auto* price = fact.as<PriceSet>();
                if (price && price->kind == DecisionKind::override_) sights.saw(Sight::price_overridden);
            }
        return true;
    });
}

}  // namespace dropsmith::sim
