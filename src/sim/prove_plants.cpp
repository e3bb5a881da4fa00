// See the header. Covered by sim/prove_test.cpp.
#include "sim/prove_plants.h"

#include <utility>

namespace dropsmith::sim {

namespace {

// Units are held that may not be there.
Facts past_the_guard(const State& state, Random& random) {
    if (random.below(100) >= 30) return {};
    UnitsHeld fact;
    fact.hold = state.holds.table.next(), fact.drop = DropId{1}, fact.channel = ChannelId{1};
    fact.lines = {{0, SkuId{1}, PlaceId{1}, Quantity{1'000}, Money{2'990}, DecisionId{1}}};
    fact.expires_at = state.at + hours(1);
    return facts(std::move(fact));
}

// Who waits last gets the newest hold that somebody else made.
Facts past_the_list(const State& state) {
    UnitsOffered fact;
    fact.drop = DropId{1}, fact.hold = HoldId{state.holds.table.next().n - 1};
    state.waiting_list.table.each([&](const WaitEntry& entry) {
        if (entry.status == WaitStatus::waiting) fact.entry = entry.id;
    });
    const auto* hold = state.holds.table.find(fact.hold);
    if (!fact.entry || !hold || state.waiting_list.offers.contains(fact.hold)) return {};
    return facts(fact);
}

// More is promised than may be.
Facts past_the_cap(const State& state) {
    const auto& lines = state.drops.drops[0].lines;
    for (std::uint32_t i = 0; i < lines.size(); ++i) {
        const auto& terms = lines[i].terms;
        const auto price = state.prices.find({DropId{1}, i, ChannelId{1}});
        if (terms.backorder_cap == Quantity{0} || !price || *terms.ship_by <= state.at) continue;
        WaitJoined fact;
        fact.entry = state.waiting_list.table.next(), fact.drop = DropId{1}, fact.channel = ChannelId{1};
        fact.lines = {{i, terms.sku, terms.backorder_cap + Quantity{1}, price->price, terms.ship_by}};
        fact.session = 1'000'000 + state.head, fact.preorder = true;
        fact.until = *terms.ship_by + state.drops.drops[0].terms.preorder_grace;
        return facts(std::move(fact));
    }
    return {};
}

// Who waits longest for what was ordered ahead gets one unit of it, for more than was said.
Facts past_the_promise(const State& state) {
    const WaitEntry* first = nullptr;
    state.waiting_list.table.each([&](const WaitEntry& entry) {
        if (!first && entry.status == WaitStatus::waiting && entry.preorder) first = &entry;
    });
    if (!first) return {};
    UnitsHeld held;
    held.hold = state.holds.table.next(), held.drop = DropId{1}, held.channel = ChannelId{1};
    for (const auto& line : first->lines)
        held.lines.push_back({line.line, line.sku, PlaceId{1}, line.units, *line.unit_price + Money{1}, DecisionId{1}});
    held.expires_at = state.at + days(1);
    StockReceived arrived;
    arrived.receipt = ReceiptId{state.stock.receipts + 1}, arrived.place = PlaceId{1};
    for (const auto& line : first->lines) arrived.lines.push_back({line.sku, line.units, {}});
    const UnitsOffered offered{first->id, DropId{1}, held.hold};
    return facts(std::move(arrived), std::move(held), offered);
}

// A draw that somebody would rather have.
Facts past_the_commitment(const State& state) {
    const auto* room = state.rooms.find(DropId{1});
    if (!room || room->drawn_at || room->over) return {};
    RoomDrawn fact{room->drop, room->seed, static_cast<std::uint32_t>(room->entrants.size())};
    fact.seed[0] = fact.seed[0] == '0' ? '1' : '0';
    return facts(std::move(fact));
}

// The newest hold has used a pass, and again, until it is used up and once more.
Facts past_the_uses(const State& state) {
    const auto* pass = state.passes.table.find(PassId{1});
    if (!pass || state.holds.table.size() == 0) return {};
    Facts out;
    for (auto n = pass->used; n <= pass->terms.uses; n += Quantity{1})
        out.emplace_back(PassUsed{pass->id, HoldId{state.holds.table.next().n - 1}});
    return out;
}

}  // namespace

Facts planted(Plant plant, const State& state, Random& random) {
    if (state.drops.drops.empty()) return {};
    switch (plant) {
        case Plant::guard_skipped: return past_the_guard(state, random);
        case Plant::list_jumped: return past_the_list(state);
        case Plant::too_many_ahead: return past_the_cap(state);
        case Plant::promise_dearer: return past_the_promise(state);
        case Plant::other_seed: return past_the_commitment(state);
        case Plant::pass_worn_out: return past_the_uses(state);
        default: return {};
    }
}

}  // namespace dropsmith::sim
