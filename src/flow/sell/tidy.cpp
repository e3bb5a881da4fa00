// See the header. Covered by flow/sell/tidy_test.cpp.
#include "flow/sell/tidy.h"

#include <algorithm>

#include "flow/sell/payment.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

constexpr std::uint64_t holds_at_once = 2'048, orders_at_once = 32, orders_looked_at = 20'000;
constexpr Duration minutes_kept_for = days(2), hours_kept_for = days(30);

struct Found {
    HoldId holds_below;
    Facts orders;
    DropId drop;         // whose people are forgotten; one at a time, since they may be many
    bool more = false;   // now
    bool later = false;  // something will be over one day
};

void look_at_holds(const State& state, Instant before, Found& found) {
    const auto& table = state.holds.table;
    found.holds_below = table.first();
    const auto end = std::min(table.next(), HoldId{table.first().n + holds_at_once});
    for (auto id = table.first(); id < end; ++id.n) {
        const auto* hold = table.find(id);
        if (hold && hold->expires_at > before) break;  // those after it were placed later
        found.holds_below = HoldId{id.n + 1};
    }
    found.more = found.holds_below == end && end < table.next();
    found.later = table.size() > 0;
}

void look_at_orders(const State& state, Instant now, Found& found) {
    const auto& table = state.orders.table;
    std::uint64_t looked = 0;
    for (auto id = table.first(); id < table.next() && looked < orders_looked_at; ++id.n) {
        const auto* order = table.find(id);
        if (!order) continue;
        ++looked;
        found.later = true;
        const auto leaves_at = order_leaves_at(*order);
        if (!leaves_at || *leaves_at > now || !card_rests(state.payments, id)) continue;
        if (found.orders.size() == orders_at_once) return void(found.more = true);
        OrderArchived fact{*order};
        fact.order.card = card_of(state.payments, id);
        if (fits_the_journal(fact)) found.orders.emplace_back(std::move(fact));
    }
}

// Who waited for a drop and who entered its room, long after it was over: the report keeps the sums.
void look_at_people(const State& state, Instant now, Found& found) {
    const auto look = [&](DropId id) {
        const auto& drop = *state.drops.find(id);
        found.later = true;
        if (drop.status != DropStatus::settled && drop.status != DropStatus::cancelled) return;
        const auto over_at = drop.settled_at.value_or(drop.closed_at.value_or(drop.terms.closes_at));
        if (over_at + drop_people_kept_for > now || found.drop == id) return;
        if (found.drop) return void(found.more = true);
        found.drop = id;
    };
    for (const auto& [drop, wishes] : state.waiting_list.of_drop) look(drop);
    for (const auto& [drop, entered] : state.rooms.entered) look(drop);
}

}  // namespace

std::optional<Instant> order_leaves_at(const Order& order) {
    const bool over = order.status == OrderStatus::handed_over || order.status == OrderStatus::delivered ||
                      order.status == OrderStatus::cancelled || order.refund_state == RefundState::fully;
    if (!over) return std::nullopt;
    auto last = order.done_at.value_or(order.paid_at.value_or(order.placed_at));
    if (order.recalled_at) last = std::max(last, *order.recalled_at);
    return last + order_kept_for;
}

Verdict handle(const State& state, const TidyDue&, const Moment& moment) {
    ShopTidied tidied;
    tidied.holds_before = moment.at - hold_kept_for;
    tidied.hours_before = moment.at - minutes_kept_for;
    tidied.days_before = moment.at - hours_kept_for;
    Found found;
    look_at_holds(state, tidied.holds_before, found);
    look_at_orders(state, moment.at, found);
    look_at_people(state, moment.at, found);
    tidied.holds_below = found.holds_below;
    const bool demand = !state.demand.minutes.empty() || !state.demand.hours.empty();
    if (found.more)
        tidied.next = moment.at + seconds(1);
    else if (found.later || demand)
        tidied.next = moment.at + days(1);
    auto facts = std::move(found.orders);
    if (found.drop) facts.emplace_back(DropTidied{found.drop});
    facts.emplace_back(tidied);
    return facts;
}

}  // namespace dropsmith::sell
