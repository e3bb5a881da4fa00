// A round of offers: in order, whoever's wish fits whole into what is free gets it as a hold; the others keep their
// turn. What no wish fits goes back on sale when the round is done. When the drop has closed only pre-orders are left
// to be served. At most 64 offers a round; then the timer is armed anew. A round ends as soon as no line has as much as
// the smallest wish for it. Loop's thread. Covered by flow/sell/waiting_list_test.cpp.
#include <algorithm>
#include <map>

#include "base/limits.h"
#include "flow/sell/allocation.h"
#include "flow/sell/person_limit.h"
#include "flow/sell/price_now.h"
#include "flow/sell/refusing.h"
#include "flow/sell/waiting_list.h"

namespace dropsmith::sell {
namespace {

// What is left of the drop's lines while the round gives units away.
class Left {
  public:
    Left(const State& state, const Drop& drop) {
        for (const auto& line : drop.lines) {
            auto& row = rows_.emplace_back();
            if (line.ended) continue;
            row.places = free_by_place(state.stock, line, PlaceId{});
            row.units = free_in_line(line, row.places);
        }
    }
    // Nobody's wish for any line is as small as what is left of it.
    bool nothing(const WaitingList& list, DropId drop) const {
        for (std::uint32_t line = 0; line < rows_.size(); ++line)
            if (const auto least = list.least_wanted(drop, line); least && *least <= rows_[line].units) return false;
        return true;
    }
    Quantity of(std::uint32_t line) const { return rows_[line].units; }
    std::vector<PlaceShare> take(std::uint32_t line, Quantity units) {
        auto& row = rows_[line];
        const auto shares = allocate(row.places, units);
        row.units -= units;
        for (const auto& share : shares)
            for (auto& place : row.places)
                if (place.place == share.place) place.units -= share.units;
        std::erase_if(row.places, [](const PlaceShare& place) { return place.units <= Quantity{0}; });
        return shares;
    }

  private:
    struct Row {
        std::vector<PlaceShare> places;
        Quantity units;
    };
    std::vector<Row> rows_;
};

bool may_have(const State& state, const Drop& drop, const WaitEntry& entry, const WaitLine& wanted) {
    const auto& limit = drop.lines[wanted.line].terms.per_person_limit;
    if (!limit) return true;
    const auto taken = std::max(taken_by(state.drops, drop.id, wanted.line, session_key(entry.session)),
                                taken_by(state.drops, drop.id, wanted.line, entry.person.n));
    return taken + wanted.units <= *limit;
}

bool sells(const Drop& drop, Instant at) { return drop.status == DropStatus::open && at < drop.terms.closes_at; }

// What was promised, or less when the price has fallen; after the closing the last one stands.
std::optional<StandingPrice> price_of(const State& state, const Drop& drop, const WaitEntry& entry,
                                      const WaitLine& wanted, Instant at) {
    const auto now = price_now(state.prices, {drop.id, wanted.line, entry.channel}, at);
    if (!now || !wanted.unit_price || now->price <= *wanted.unit_price) return now;
    return StandingPrice{*wanted.unit_price, DecisionId{}};
}

// All that is wished for is free, within the limit and priced.
bool fits(const State& state, const Drop& drop, const WaitEntry& entry, const Left& left, Instant at) {
    return std::all_of(entry.lines.begin(), entry.lines.end(), [&](const WaitLine& wanted) {
        return wanted.units <= left.of(wanted.line) && may_have(state, drop, entry, wanted) &&
               price_of(state, drop, entry, wanted, at).has_value();
    });
}

UnitsHeld offer_to(const State& state, const Drop& drop, const WaitEntry& entry, HoldId hold, Left& left, Instant at) {
    const auto runs = entry.preorder ? std::max(drop.terms.offer_for, days(1)) : drop.terms.offer_for;
    UnitsHeld fact{hold, drop.id, entry.channel, {}, at + runs, entry.session, {}, false};
    for (const auto& wanted : entry.lines) {
        const auto price = *price_of(state, drop, entry, wanted, at);
        for (const auto& share : left.take(wanted.line, wanted.units))
            fact.lines.push_back({wanted.line, wanted.sku, share.place, share.units, price.price, price.decision});
    }
    return fact;
}

}  // namespace

Verdict handle(const State& state, const OffersDue& command, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (!drop || !offers_pending(state, command.drop))
        return refuse(refusals::wrong_state, "no round of offers is due");
    Facts out;
    OffersMade done{drop->id, 0, false};
    const auto queue = state.waiting_list.queue.find(drop->id);
    const bool open = sells(*drop, moment.at), closed = drop->status == DropStatus::closed;
    if ((open || closed) && queue != state.waiting_list.queue.end()) {
        Left left(state, *drop);
        for (const auto& turn : queue->second) {
            if (left.nothing(state.waiting_list, drop->id)) break;
            const auto& entry = state.waiting_list.table.must(turn.second);
            if (!fits(state, *drop, entry, left, moment.at)) continue;
            if (done.offers == limits::offers_per_round) {
                done.again = true;
                break;
            }
            const HoldId hold{state.holds.table.next().n + done.offers};
            auto rest = left;
            auto offer = offer_to(state, *drop, entry, hold, rest, moment.at);
            if (offer.lines.size() > limits::held_lines_max) continue;  // it lies at too many places for one hold
            left = std::move(rest);
            ++done.offers;
            out.emplace_back(std::move(offer));
            out.emplace_back(UnitsOffered{entry.id, drop->id, hold});
        }
    }
    out.emplace_back(done);
    return out;
}

}  // namespace dropsmith::sell
