// Timers, and all that are due in their order. Nearly all are holds', of which a time and a number is all there is:
// they are kept apart, in sixteen octets each. Owned by the loop's thread. Covered by flow/sell/timers_test.cpp.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>

#include "base/numbers.h"
#include "base/record.h"
#include "base/sorted_runs.h"
#include "model/ids.h"
#include "model/price_guard.h"

namespace dropsmith {

enum class TimerKind : std::uint8_t {
    release_reserve, open_drop, close_drop, settle_drop, hold, review, override_end, tidy, draw_room, admit, offers,
    preorders, payment
};
DROPSMITH_CHOICE(TimerKind, "release_reserve", "open_drop", "close_drop", "settle_drop", "hold", "review",
                 "override_end", "tidy", "draw_room", "admit", "offers", "preorders", "payment")

struct Timer {
    Instant due;
    TimerKind kind = TimerKind::hold;
    std::uint64_t id = 0;                    // drop, hold or order
    LineKey line;                            // review, override_end
    friend auto operator<=>(const Timer&, const Timer&) = default;
};
DROPSMITH_RECORD(Timer, due, kind, id, line)

// A set of timers in the order of Timer's comparison.
class DueTimers {
    struct OfHold {
        Instant due;
        std::uint64_t id = 0;
        friend auto operator<=>(const OfHold&, const OfHold&) = default;
    };
    static bool plain(const Timer& timer) { return timer.kind == TimerKind::hold && timer.line == LineKey{}; }

public:
    class Iterator {
    public:
        using HoldsAt = SortedRuns<OfHold>::Iterator;
        using OthersAt = std::set<Timer>::const_iterator;
        Iterator(HoldsAt hold, HoldsAt holds_end, OthersAt other, OthersAt others_end)
            : hold_(hold), holds_end_(holds_end), other_(other), others_end_(others_end) { look(); }
        const Timer& operator*() const { return now_; }
        const Timer* operator->() const { return &now_; }
        Iterator& operator++() {
            if (of_hold_) ++hold_; else ++other_;
            return look(), *this;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) {
            return a.hold_ == b.hold_ && a.other_ == b.other_;
        }

    private:
        void look() {
            of_hold_ = !(hold_ == holds_end_);
            if (of_hold_) now_ = {(*hold_).due, TimerKind::hold, (*hold_).id, {}};
            if (other_ != others_end_ && (!of_hold_ || *other_ < now_)) now_ = *other_, of_hold_ = false;
        }
        HoldsAt hold_, holds_end_;
        OthersAt other_, others_end_;
        Timer now_;
        bool of_hold_ = false;
    };

    Iterator begin() const { return {holds_.begin(), holds_.end(), others_.begin(), others_.end()}; }
    Iterator end() const { return {holds_.end(), holds_.end(), others_.end(), others_.end()}; }
    std::size_t size() const { return holds_.size() + others_.size(); }
    bool empty() const { return size() == 0; }
    bool contains(const Timer& timer) const {
        return plain(timer) ? holds_.contains({timer.due, timer.id}) : others_.contains(timer);
    }
    void insert(const Timer& timer) {
        if (plain(timer)) holds_.insert({timer.due, timer.id}); else others_.insert(timer);
    }
    void erase(const Timer& timer) {
        if (plain(timer)) holds_.erase({timer.due, timer.id}); else others_.erase(timer);
    }
    std::optional<Instant> first_due() const {
        std::optional<Instant> due;
        if (!holds_.empty()) due = holds_.front().due;
        if (!others_.empty()) due = due ? std::min(*due, others_.begin()->due) : others_.begin()->due;
        return due;
    }

private:
    SortedRuns<OfHold> holds_;
    std::set<Timer> others_;
};

}  // namespace dropsmith
