// The waiting list of a drop: who wants units that are not there. In order of arrival, pre-orders first, a wish that
// fits whole into what came free gets an offer, which is a hold like any other and ends like one: bought, or lapsed and
// the next in line is asked. A pre-order is such a wish with a cap, a price that cannot rise, and a date by which it is
// sent: it outlives the drop's closing and waits for units until that date. Nothing here holds units by itself, so a
// list cannot oversell. Codes 453-456, 500, 501 of facts, 454-456, 500 of commands. Covered by
// flow/sell/waiting_list_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "base/sorted_runs.h"
#include "model/dense.h"
#include "model/fact.h"
#include "model/hold.h"
#include "model/ids.h"

namespace dropsmith {

namespace refusals {
inline constexpr RefusalCode already_waiting{460, "already_waiting"};  // one live wish per person and drop
}  // namespace refusals

// over: it ended before it could be met, for the reason that stands beside it
enum class WaitStatus : std::uint8_t { waiting, offered, bought, lapsed, left, over };
DROPSMITH_CHOICE(WaitStatus, "waiting", "offered", "bought", "lapsed", "left", "over")
enum class WaitEnd : std::uint8_t { none, drop_closed, drop_cancelled, line_ended, ship_by_passed };
DROPSMITH_CHOICE(WaitEnd, "none", "drop_closed", "drop_cancelled", "line_ended", "ship_by_passed")

struct JoinWaitingList {                     // the person comes in by Moment::person
    static constexpr CommandCode code{454};
    DropId drop;
    ChannelId channel;
    std::vector<WantedLine> lines;
    std::uint64_t session = 0;
    bool preorder = false;                   // of units still to arrive, within the line's backorder_cap
    std::optional<Admission> admission = {};  // while a waiting room runs
};
struct LeaveWaitingList { static constexpr CommandCode code{455}; WaitId entry; };
struct OffersDue { static constexpr CommandCode code{456}; DropId drop; };
// a due timer: pre-orders whose date has passed end
struct PreordersDue { static constexpr CommandCode code{500}; DropId drop; };

struct WaitLine {
    std::uint32_t line = 0;                  // of the drop
    SkuId sku;
    Quantity units;
    std::optional<Money> unit_price;         // pre-order: as promised; a fall passes, a rise does not
    std::optional<Instant> ship_by = {};     // pre-order: as promised
};
DROPSMITH_RECORD(WaitLine, line, sku, units, unit_price, ship_by)

struct WaitJoined {
    static constexpr FactCode code{453};
    static constexpr std::uint8_t version = 1;
    WaitId entry;
    DropId drop;
    ChannelId channel;
    std::vector<WaitLine> lines;
    std::uint64_t session = 0;
    PersonId person;
    bool preorder = false;
    std::optional<Instant> until = {};       // pre-order: it waits no longer; the timer to arm
};
DROPSMITH_RECORD(WaitJoined, entry, drop, channel, lines, session, person, preorder, until)

struct WaitLeft {                            // by their own wish, while nothing was offered
    static constexpr FactCode code{454};
    static constexpr std::uint8_t version = 1;
    WaitId entry;
    DropId drop;
};
DROPSMITH_RECORD(WaitLeft, entry, drop)

struct UnitsOffered {                        // stands beside the UnitsHeld of the same hold
    static constexpr FactCode code{455};
    static constexpr std::uint8_t version = 1;
    WaitId entry;
    DropId drop;
    HoldId hold;
};
DROPSMITH_RECORD(UnitsOffered, entry, drop, hold)

struct OffersMade {                          // the round of offers is done: disarms its timer, or arms it anew
    static constexpr FactCode code{456};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::uint32_t offers = 0;
    bool again = false;
};
DROPSMITH_RECORD(OffersMade, drop, offers, again)

struct WishesEnded {                         // those that wait, without an offer; the drop goes on
    static constexpr FactCode code{500};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::vector<WaitId> entries;
    WaitEnd why = WaitEnd::none;
};
DROPSMITH_RECORD(WishesEnded, drop, entries, why)

struct PreordersChecked {                    // disarms the timer of the promised dates, or arms it for the next one
    static constexpr FactCode code{501};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::optional<Instant> next;
};
DROPSMITH_RECORD(PreordersChecked, drop, next)

struct WaitEntry {
    WaitId id;
    DropId drop;
    ChannelId channel;
    WaitStatus status = WaitStatus::waiting;
    std::vector<WaitLine> lines;
    std::uint64_t session = 0;
    PersonId person;
    bool preorder = false;
    Instant joined_at;
    std::optional<Instant> offered_at, ended_at;
    HoldId hold;                             // of the offer
    std::optional<Instant> until = {};
    WaitEnd why = WaitEnd::none;             // over: why
};
DROPSMITH_RECORD(WaitEntry, id, drop, channel, status, lines, session, person, preorder, joined_at, offered_at,
                 ended_at, hold, until, why)

struct PastWishes {                          // orders ahead of a drop that is long over: what its report still says
    std::uint64_t wishes = 0, ended = 0, gave_up = 0, missed = 0;
    Quantity units;
};
DROPSMITH_RECORD(PastWishes, wishes, ended, gave_up, missed, units)

struct WaitingList {
    using Turn = std::pair<bool, WaitId>;    // false: a pre-order, served first
    Dense<WaitId, WaitEntry> table;
    std::map<DropId, PastWishes> past;       // of drops whose wishes have left the table
    // All derived from the table: who is next, whose offer a hold is, who has a live wish, what is pre-ordered.
    std::map<DropId, SortedRuns<Turn>> queue;
    std::map<DropId, std::vector<WaitId>> of_drop;   // all, in order of arrival
    std::map<DropId, std::set<std::pair<Instant, WaitId>>> dates;  // of pre-orders that wait
    std::map<HoldId, WaitId> offers;
    std::map<std::pair<DropId, std::uint64_t>, WaitId> live;
    std::map<std::pair<DropId, std::uint32_t>, Quantity> preordered;
    // Wishes that wait, by line: how many of so many units each. What is less than the least helps nobody.
    std::map<std::pair<DropId, std::uint32_t>, std::map<Quantity, std::uint64_t>> wanted;

    static std::uint64_t who_of(const WaitEntry& entry) {
        if (entry.person) return entry.person.n;
        return entry.session == 0 ? 0 : entry.session | (std::uint64_t{1} << 63);
    }
    // Called before and after an entry changes, with false and true.
    void index(const WaitEntry& entry, bool add) {
        const bool waits = entry.status == WaitStatus::waiting, offered = entry.status == WaitStatus::offered;
        if (waits) {
            auto& turns = queue[entry.drop];
            add ? void(turns.insert({!entry.preorder, entry.id})) : void(turns.erase({!entry.preorder, entry.id}));
            if (turns.empty()) queue.erase(entry.drop);
            if (entry.until) {
                auto& until = dates[entry.drop];
                add ? void(until.insert({*entry.until, entry.id})) : void(until.erase({*entry.until, entry.id}));
                if (until.empty()) dates.erase(entry.drop);
            }
            for (const auto& line : entry.lines) {
                auto& wishes = wanted[{entry.drop, line.line}];
                auto& alike = wishes[line.units];
                if ((alike += add ? 1 : ~std::uint64_t{0}) == 0) wishes.erase(line.units);
                if (wishes.empty()) wanted.erase({entry.drop, line.line});
            }
        }
        if (offered) add ? void(offers[entry.hold] = entry.id) : void(offers.erase(entry.hold));
        if ((waits || offered) && who_of(entry) != 0)
            add ? void(live[{entry.drop, who_of(entry)}] = entry.id) : void(live.erase({entry.drop, who_of(entry)}));
        if (entry.preorder && (waits || offered || entry.status == WaitStatus::bought))
            for (const auto& line : entry.lines) {
                auto& units = preordered[{entry.drop, line.line}];
                if ((units += add ? line.units : -line.units) == Quantity{}) preordered.erase({entry.drop, line.line});
            }
    }
    void add(WaitId id, WaitEntry entry) {
        of_drop[entry.drop].push_back(id);
        index(table.add(id, std::move(entry)), true);
    }
    bool waits_for(DropId drop) const { return queue.contains(drop); }
    // Pre-orders that wait: they outlive the closing of the drop.
    std::uint64_t ahead_of_stock(DropId drop) const {
        const auto it = queue.find(drop);
        return it == queue.end() ? 0 : it->second.before({true, WaitId{}});
    }
    std::optional<Quantity> least_wanted(DropId drop, std::uint32_t line) const {
        const auto it = wanted.find({drop, line});
        return it == wanted.end() ? std::nullopt : std::optional(it->second.begin()->first);
    }
};

}  // namespace dropsmith
