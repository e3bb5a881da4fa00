// What facts do to the one ordered set of timers. A drop has at most one timer of each kind; a hold has one while it is
// held; a line in a channel has at most one review and one end of an override. A fact carries every instant that is
// armed here. Loop's thread, and replay. Covered by flow/sell/timers_test.cpp.
#include "flow/sell/timers.h"

namespace dropsmith::sell {
namespace {

void arm_drop(Timers& timers, TimerKind kind, DropId drop, Instant due) { timers.arm({due, kind, drop.n, {}}); }
void disarm_drop(Timers& timers, TimerKind kind, DropId drop) { timers.disarm({kind, drop.n, {}}); }
bool is_armed(const Timers& timers, TimerKind kind, DropId drop) { return timers.armed.contains({kind, drop.n, {}}); }

void disarm_prices(Timers& timers, DropId drop) {
    for (auto kind : {TimerKind::review, TimerKind::override_end}) {
        auto it = timers.armed.lower_bound({kind, drop.n, {}});
        while (it != timers.armed.end() && it->first.kind == kind && it->first.id == drop.n) {
            const auto subject = it->first;
            ++it;
            timers.disarm(subject);
        }
    }
}

void disarm_all(Timers& timers, DropId drop) {
    for (auto kind : {TimerKind::release_reserve, TimerKind::open_drop, TimerKind::close_drop, TimerKind::settle_drop,
                      TimerKind::draw_room, TimerKind::admit})
        disarm_drop(timers, kind, drop);
    disarm_prices(timers, drop);
}

void nobody_waits(Timers& timers, DropId drop) {
    for (auto kind : {TimerKind::offers, TimerKind::preorders}) disarm_drop(timers, kind, drop);
    timers.waiting.erase(drop);
}

void disarm_payment(Timers& timers, OrderId order) { timers.disarm({TimerKind::payment, order.n, {}}); }

// One timer for the whole shop; when it runs it says when it wants to run again.
void tidy_later(Timers& timers, const Stamp& stamp) {
    if (!timers.armed.contains({TimerKind::tidy, 0, {}}))
        timers.arm({stamp.at + hold_kept_for, TimerKind::tidy, 0, {}});
}

// Something may have come free where somebody waits: the next batch begins with a round of offers.
void wake(Timers& timers, DropId drop, Instant at) {
    if (timers.waiting.contains(drop) && !is_armed(timers, TimerKind::offers, drop))
        arm_drop(timers, TimerKind::offers, drop, at);
}

void wake_all(Timers& timers, Instant at) {
    for (const auto& [drop, wishes] : timers.waiting) wake(timers, drop, at);
}

void one_less(Timers& timers, DropId drop) {
    const auto it = timers.waiting.find(drop);
    if (it != timers.waiting.end() && --it->second == 0) timers.waiting.erase(it);
}

}  // namespace

void evolve(Timers& timers, const DropScheduled& fact, const Stamp&) {
    arm_drop(timers, TimerKind::release_reserve, fact.drop, fact.opens_at - fact.preorder_release);
    arm_drop(timers, TimerKind::open_drop, fact.drop, fact.opens_at);
    arm_drop(timers, TimerKind::close_drop, fact.drop, fact.closes_at);
}

void evolve(Timers& timers, const DropEdited& fact, const Stamp& stamp) {
    if (fact.terms.room && is_armed(timers, TimerKind::draw_room, fact.drop))
        arm_drop(timers, TimerKind::draw_room, fact.drop, fact.terms.opens_at - fact.terms.room->draw_before);
    if (is_armed(timers, TimerKind::admit, fact.drop) && is_armed(timers, TimerKind::open_drop, fact.drop))
        arm_drop(timers, TimerKind::admit, fact.drop, fact.terms.opens_at);
    wake(timers, fact.drop, stamp.at);
    // Nothing is armed for a draft; what is armed moves with the window.
    if (is_armed(timers, TimerKind::release_reserve, fact.drop))
        arm_drop(timers, TimerKind::release_reserve, fact.drop, fact.terms.opens_at - fact.terms.preorder_release);
    if (is_armed(timers, TimerKind::open_drop, fact.drop))
        arm_drop(timers, TimerKind::open_drop, fact.drop, fact.terms.opens_at);
    if (is_armed(timers, TimerKind::close_drop, fact.drop))
        arm_drop(timers, TimerKind::close_drop, fact.drop, fact.terms.closes_at);
}

void evolve(Timers& timers, const DropOpened& fact, const Stamp& stamp) {
    wake(timers, fact.drop, stamp.at);
    disarm_drop(timers, TimerKind::release_reserve, fact.drop);
    disarm_drop(timers, TimerKind::open_drop, fact.drop);
    arm_drop(timers, TimerKind::close_drop, fact.drop, fact.closes_at);
}

// A round that was due when the drop was paused or at its very end offered nothing: what is ordered ahead is looked at
// again now.
void evolve(Timers& timers, const DropClosed& fact, const Stamp& stamp) {
    disarm_all(timers, fact.drop);
    if (fact.preorders > 0)
        timers.waiting[fact.drop] = fact.preorders, wake(timers, fact.drop, stamp.at);
    else
        nobody_waits(timers, fact.drop);
    arm_drop(timers, TimerKind::settle_drop, fact.drop, fact.settle_at);
}

void evolve(Timers& timers, const SettlementPutOff& fact, const Stamp&) {
    arm_drop(timers, TimerKind::settle_drop, fact.drop, fact.until);
}

void evolve(Timers& timers, const DropSettled& fact, const Stamp& stamp) {
    disarm_all(timers, fact.drop), nobody_waits(timers, fact.drop);
    tidy_later(timers, stamp);
}
void evolve(Timers& timers, const DropCancelled& fact, const Stamp& stamp) {
    disarm_all(timers, fact.drop), nobody_waits(timers, fact.drop);
    tidy_later(timers, stamp);
}
void evolve(Timers& timers, const OrderMoved&, const Stamp& stamp) { tidy_later(timers, stamp); }
void evolve(Timers& timers, const OrderRecalled&, const Stamp& stamp) { tidy_later(timers, stamp); }
void evolve(Timers& timers, const ShopTidied& fact, const Stamp&) {
    if (fact.next == Instant{})
        timers.disarm({TimerKind::tidy, 0, {}});
    else
        timers.arm({fact.next, TimerKind::tidy, 0, {}});
}

void evolve(Timers& timers, const PreorderReserveReleased& fact, const Stamp&) {
    disarm_drop(timers, TimerKind::release_reserve, fact.drop);
}

void evolve(Timers& timers, const UnitsHeld& fact, const Stamp&) {
    timers.arm({fact.expires_at, TimerKind::hold, fact.hold.n, {}});
}

void evolve(Timers& timers, const HoldEnded& fact, const Stamp& stamp) {
    timers.disarm_hold(fact.hold, fact.expires_at);
    wake(timers, fact.drop, stamp.at);
}
void evolve(Timers& timers, const OrderPlaced& fact, const Stamp&) {
    timers.disarm_hold(fact.hold, fact.hold_expires_at);
    if (fact.pay_by) timers.arm({*fact.pay_by, TimerKind::payment, fact.order.n, {}});
}
void evolve(Timers& timers, const PaymentRecorded& fact, const Stamp&) {
    if (!fact.late) disarm_payment(timers, fact.order);
}
void evolve(Timers& timers, const PaymentDeadlineLifted& fact, const Stamp&) { disarm_payment(timers, fact.order); }

void evolve(Timers& timers, const PriceSet& fact, const Stamp&) {
    const auto id = fact.key.drop.n;
    if (fact.next_review == Instant{})
        timers.disarm({TimerKind::review, id, fact.key});
    else
        timers.arm({fact.next_review, TimerKind::review, id, fact.key});
    if (fact.until)
        timers.arm({*fact.until, TimerKind::override_end, id, fact.key});
    else if (fact.kind == DecisionKind::override_ended || fact.kind == DecisionKind::kill)
        timers.disarm({TimerKind::override_end, id, fact.key});
}

void evolve(Timers& timers, const PriceReviewed& fact, const Stamp&) {
    if (fact.next_review == Instant{})
        timers.disarm({TimerKind::review, fact.key.drop.n, fact.key});
    else
        timers.arm({fact.next_review, TimerKind::review, fact.key.drop.n, fact.key});
}

void evolve(Timers& timers, const PricesKilled& fact, const Stamp&) { disarm_prices(timers, fact.drop); }

void evolve(Timers& timers, const HoldReduced& fact, const Stamp& stamp) { wake(timers, fact.drop, stamp.at); }
void evolve(Timers& timers, const OrderCancelled& fact, const Stamp& stamp) {
    disarm_payment(timers, fact.order);
    tidy_later(timers, stamp);
    wake(timers, fact.drop, stamp.at);
}
void evolve(Timers& timers, const OrderRefunded& fact, const Stamp& stamp) {
    tidy_later(timers, stamp);
    wake(timers, fact.drop, stamp.at);
}
void evolve(Timers& timers, const DropResumed& fact, const Stamp& stamp) { wake(timers, fact.drop, stamp.at); }
void evolve(Timers& timers, const StockReceived&, const Stamp& stamp) { wake_all(timers, stamp.at); }
void evolve(Timers& timers, const StockMoved&, const Stamp& stamp) { wake_all(timers, stamp.at); }
void evolve(Timers& timers, const BundlesMade&, const Stamp& stamp) { wake_all(timers, stamp.at); }
void evolve(Timers& timers, const StockCounted&, const Stamp& stamp) { wake_all(timers, stamp.at); }
void evolve(Timers& timers, const SoldElsewhere&, const Stamp& stamp) { wake_all(timers, stamp.at); }

void evolve(Timers& timers, const WaitJoined& fact, const Stamp&) {
    ++timers.waiting[fact.drop];
    if (!fact.until) return;
    const auto armed = timers.armed.find({TimerKind::preorders, fact.drop.n, {}});
    if (armed == timers.armed.end() || *fact.until < armed->second)
        arm_drop(timers, TimerKind::preorders, fact.drop, *fact.until);
}
void evolve(Timers& timers, const WishesEnded& fact, const Stamp&) {
    for (std::size_t i = 0; i < fact.entries.size(); ++i) one_less(timers, fact.drop);
}
void evolve(Timers& timers, const PreordersChecked& fact, const Stamp&) {
    disarm_drop(timers, TimerKind::preorders, fact.drop);
    if (fact.next) arm_drop(timers, TimerKind::preorders, fact.drop, *fact.next);
}
void evolve(Timers& timers, const WaitLeft& fact, const Stamp&) { one_less(timers, fact.drop); }
void evolve(Timers& timers, const UnitsOffered& fact, const Stamp&) { one_less(timers, fact.drop); }

void evolve(Timers& timers, const OffersMade& fact, const Stamp& stamp) {
    disarm_drop(timers, TimerKind::offers, fact.drop);
    if (fact.again) arm_drop(timers, TimerKind::offers, fact.drop, stamp.at + Duration{1});
}

void evolve(Timers& timers, const RoomCommitted& fact, const Stamp&) {
    if (fact.kind == RoomKind::ballot) arm_drop(timers, TimerKind::draw_room, fact.drop, fact.draw_at);
    arm_drop(timers, TimerKind::admit, fact.drop, fact.opens_at);
}

void evolve(Timers& timers, const RoomDrawn& fact, const Stamp&) {
    disarm_drop(timers, TimerKind::draw_room, fact.drop);
}

void evolve(Timers& timers, const RoomEntered& fact, const Stamp&) {
    if (fact.admit_at) arm_drop(timers, TimerKind::admit, fact.drop, *fact.admit_at);
}

void evolve(Timers& timers, const RoomAdmitted& fact, const Stamp&) {
    disarm_drop(timers, TimerKind::admit, fact.drop);
    if (fact.next) arm_drop(timers, TimerKind::admit, fact.drop, *fact.next);
}

}  // namespace dropsmith::sell
