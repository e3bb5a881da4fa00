// The shop as slices. Each slice is evolved by its own rules only and reads no other; rules read them all. Owned by the
// loop's thread. Timers is one ordered set (due, kind, id); Keys remembers effects by idempotency key for 24 h (codes
// none: both evolve from the facts and entry headers that carry what they need).
#pragma once

#include <compare>
#include <cstdint>
#include <map>

#include "model/access.h"
#include "model/drop.h"
#include "model/history.h"
#include "model/hold.h"
#include "model/keys.h"
#include "model/order.h"
#include "model/pass.h"
#include "model/payment.h"
#include "model/place.h"
#include "model/price.h"
#include "model/product.h"
#include "model/room.h"
#include "model/shop.h"
#include "model/signal.h"
#include "model/stock.h"
#include "model/subscriber.h"
#include "model/substitute.h"
#include "model/timer.h"
#include "model/waiting_list.h"

namespace dropsmith {

struct TimerSubject {                        // what a timer is about: at most one of a kind is armed, except holds
    TimerKind kind = TimerKind::hold;
    std::uint64_t id = 0;
    LineKey line;
    friend auto operator<=>(const TimerSubject&, const TimerSubject&) = default;
};
// Only facts arm and disarm. Every due timer's command must make a fact that disarms or re-arms it (Core checks that).
struct Timers {
    DueTimers due;
    std::map<TimerSubject, Instant> armed;   // all but holds, whose facts carry their due; derived from `due`
    // Drops that somebody waits for, and how many: what comes free there arms a round of offers. Derived.
    std::map<DropId, std::uint64_t> waiting;

    void arm(const Timer& timer) {
        if (timer.kind != TimerKind::hold) {
            disarm({timer.kind, timer.id, timer.line});
            armed[{timer.kind, timer.id, timer.line}] = timer.due;
        }
        due.insert(timer);
    }
    void disarm(const TimerSubject& subject) {
        auto it = armed.find(subject);
        if (it == armed.end()) return;
        due.erase(Timer{it->second, subject.kind, subject.id, subject.line});
        armed.erase(it);
    }
    void disarm_hold(HoldId hold, Instant expires_at) { due.erase(Timer{expires_at, TimerKind::hold, hold.n, {}}); }
};

struct State {
    Instant at;                              // of the last batch
    std::uint64_t head = 0;                  // sequence of the last fact
    Shop shop;
    Access access;
    Catalogue catalogue;
    Places places;
    Stock stock;
    Drops drops;
    Prices prices;
    Holds holds;
    Orders orders;
    Subscribers subscribers;
    Rooms rooms;
    WaitingList waiting_list;
    Passes passes;
    Substitutes substitutes;
    Payments payments;
    Demand demand;
    History history;
    Timers timers;
    Keys keys;
};

}  // namespace dropsmith
