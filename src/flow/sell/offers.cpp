// A round of offers: in order, whoever's wish fits whole into what is free gets it as a hold; the others keep their
// turn. What no wish fits goes back on sale when the round is done. At most 64 offers a round; then the timer is armed
// anew. Loop's thread. Covered by flow/sell/waiting_list_test.cpp.
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
    bool nothing() const {
        return std::all_of(rows_.begin(), rows_.end(), [](const Row& row) { return row.units <= Quantity{0}; });
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

// All that is wished for is free, within the limit and priced.
bool fits(const State& state, const Drop& drop, const WaitEntry& entry, const Left& left, Instant at) {
    return std::all_of(entry.lines.begin(), entry.lines.end(), [&](const WaitLine& wanted) {
        return wanted.units <= left.of(wanted.line) && may_have(state, drop, entry, wanted) &&
               price_now(state.prices, {drop.id, wanted.line, entry.channel}, at).has_value();
    });
}

UnitsHeld offer_to(const State& state, const Drop& drop, const WaitEntry& entry, HoldId hold, Left& left, Instant at) {
    const auto runs = entry.preorder ? std::max(drop.terms.offer_for, days(1)) : drop.terms.offer_for;
    UnitsHeld fact{hold, drop.id, entry.channel, {}, at + runs, entry.session, {}, false};
    for (const auto& wanted : entry.lines) {
        const auto now = *price_now(state.prices, {drop.id, wanted.line, entry.channel}, at);
        const bool promised = wanted.unit_price && *wanted.unit_price < now.price;
        for (const auto& share : left.take(wanted.line, wanted.units))
            fact.lines.push_back({wanted.line, wanted.sku, share.place, share.units,
                                  promised ? *wanted.unit_price : now.price, promised ? DecisionId{} : now.decision});
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
    if (drop->status == DropStatus::open && moment.at < drop->terms.closes_at &&
        queue != state.waiting_list.queue.end()) {
        Left left(state, *drop);
        for (const auto& turn : queue->second) {
            if (left.nothing()) break;
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
