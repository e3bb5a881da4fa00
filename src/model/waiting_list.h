// The waiting list of a drop: who wants units that are not there. In order of arrival, pre-orders first, a wish that
// fits whole into what came free gets an offer, which is a hold like any other and ends like one: bought, or lapsed and
// the next in line is asked. A pre-order is such a wish with a cap, a price that cannot rise, and a date that the line
// promises. Nothing here holds units by itself, so a list cannot oversell. Codes 453-456 of facts, 454-456 of commands.
// Covered by flow/sell/waiting_list_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/dense.h"
#include "model/fact.h"
#include "model/hold.h"
#include "model/ids.h"

namespace dropsmith {

namespace refusals {
inline constexpr RefusalCode already_waiting{460, "already_waiting"};  // one live wish per person and drop
}  // namespace refusals

// over: the drop ended before the wish could be met
enum class WaitStatus : std::uint8_t { waiting, offered, bought, lapsed, left, over };
DROPSMITH_CHOICE(WaitStatus, "waiting", "offered", "bought", "lapsed", "left", "over")

struct JoinWaitingList {                     // the person comes in by Moment::person
    static constexpr CommandCode code{454};
    DropId drop;
    ChannelId channel;
    std::vector<WantedLine> lines;
    std::uint64_t session = 0;
    bool preorder = false;                   // of units still to arrive, within the line's backorder_cap
};
struct LeaveWaitingList { static constexpr CommandCode code{455}; WaitId entry; };
struct OffersDue { static constexpr CommandCode code{456}; DropId drop; };

struct WaitLine {
    std::uint32_t line = 0;                  // of the drop
    SkuId sku;
    Quantity units;
    std::optional<Money> unit_price;         // pre-order: as promised; a fall passes, a rise does not
};
DROPSMITH_RECORD(WaitLine, line, sku, units, unit_price)

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
};
DROPSMITH_RECORD(WaitJoined, entry, drop, channel, lines, session, person, preorder)

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
};
DROPSMITH_RECORD(WaitEntry, id, drop, channel, status, lines, session, person, preorder, joined_at, offered_at,
                 ended_at, hold)

struct WaitingList {
    using Turn = std::pair<bool, WaitId>;    // false: a pre-order, served first
    Dense<WaitId, WaitEntry> table;
    // All derived from the table: who is next, whose offer a hold is, who has a live wish, what is pre-ordered.
    std::map<DropId, std::set<Turn>> queue;
    std::map<HoldId, WaitId> offers;
    std::map<std::pair<DropId, std::uint64_t>, WaitId> live;
    std::map<std::pair<DropId, std::uint32_t>, Quantity> preordered;
    std::map<std::pair<DropId, std::uint32_t>, std::uint64_t> wanted;  // wishes that wait, by line

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
            for (const auto& line : entry.lines) {
                auto& wishes = wanted[{entry.drop, line.line}];
                if ((wishes += add ? 1 : ~std::uint64_t{0}) == 0) wanted.erase({entry.drop, line.line});
            }
        }
        if (offered) add ? void(offers[entry.hold] = entry.id) : void(offers.erase(entry.hold));
        if ((waits || offered) && who_of(entry) != 0)
            add ? void(live[{entry.drop, who_of(entry)}] = entry.id) : void(live.erase({entry.drop, who_of(entry)}));
        if (entry.preorder && (waits || offered || entry.status == WaitStatus::bought))
            for (const auto& line : entry.lines)
                preordered[{entry.drop, line.line}] += add ? line.units : -line.units;
    }
    bool waits_for(DropId drop) const { return queue.contains(drop); }
};

}  // namespace dropsmith
