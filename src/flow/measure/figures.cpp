// The figures behind the report. Covered by flow/measure/report_test.cpp.
#include <algorithm>
#include <set>

#include "flow/measure/report.h"

namespace dropsmith::measure {

Money subsidy_of(const Shop& shop, const std::string& code) {
    for (const auto& method : shop.delivery)
        if (method.code == code) return method.subsidy;
    return Money{};
}

namespace {

void add_order(Figures& figures, const State& state, const Drop& drop, const Order& order, Instant first_48h_until) {
    ++figures.orders;
    figures.fees += order.payment_fee;
    figures.subsidy += subsidy_of(state.shop, order.delivery_code);
    figures.refunded += order.refunded;
    for (const auto& line : order.lines) {
        if (line.terms.line >= figures.lines.size()) continue;
        auto& at = figures.lines[line.terms.line];
        const auto kept = line.terms.units - line.refunded_units;
        at.sold += kept.n, at.refunded += line.refunded_units.n;
        at.revenue += line.terms.gross - line.refunded;
        at.revenue_net += (line.terms.gross - line.refunded) - (line.terms.tax - line.refunded_tax);
        if (line.terms.unit_cost)
            at.cost += *line.terms.unit_cost * kept;
        else if (kept > Quantity{})
            at.cost_known = false;
        const auto list = list_price_in(drop.lines[line.terms.line].terms, order.channel);
        const auto paid_for = [&](Money shown) {  // as revenue counts it: with the tax that a channel adds
            const auto all = shown * kept;
            return order.prices_include_tax ? all : all + share_of(all, line.terms.tax_rate);
        };
        at.at_list += paid_for(list);
        if (line.terms.unit_price < list)
            at.below_list += kept.n, at.below_list_paid += paid_for(line.terms.unit_price),
                at.below_list_at += paid_for(list);
        if (order.placed_at < first_48h_until) at.first_48h += kept.n;
    }
}

void add_demand(Figures& figures, const Demand& demand, DropId drop) {
    demand.each([&](const DemandKey& key, std::int64_t count) {
        if (key.drop != drop) return;
        if (key.kind == Signal::page_viewed)
            figures.page_views += static_cast<std::uint64_t>(std::max<std::int64_t>(0, count));
        if (key.kind == Signal::session_started)
            figures.sessions += static_cast<std::uint64_t>(std::max<std::int64_t>(0, count));
    });
}

}  // namespace

OrdersAhead orders_ahead_of(const State& state, DropId drop, const std::vector<Order>& archived) {
    OrdersAhead out;
    if (const auto past = state.waiting_list.past.find(drop); past != state.waiting_list.past.end()) {
        const auto& then = past->second;
        out.wishes = then.wishes, out.units = then.units.n;
        out.ended = then.ended, out.gave_up = then.gave_up, out.missed = then.missed;
    }
    if (const auto it = state.waiting_list.of_drop.find(drop); it != state.waiting_list.of_drop.end())
        for (const auto id : it->second) {
            const auto& wish = state.waiting_list.table.must(id);
            if (!wish.preorder) continue;
            ++out.wishes;
            for (const auto& line : wish.lines) out.units += line.units.n;
            switch (wish.status) {
                case WaitStatus::waiting: ++out.waiting; break;
                case WaitStatus::offered: ++out.offered; break;
                case WaitStatus::over: ++out.ended; break;
                case WaitStatus::lapsed:
                case WaitStatus::left: ++out.gave_up; break;
                case WaitStatus::bought: break;  // told by its order
            }
            if (wish.status == WaitStatus::waiting || wish.status == WaitStatus::offered) {
                const auto& by = wish.lines.front().ship_by;
                ++(by && *by < state.at ? out.missed : out.open);
            }
            if (wish.status == WaitStatus::over && wish.why != WaitEnd::drop_cancelled) ++out.missed;
        }
    const auto add = [&](const Order& order) {
        if (order.drop != drop || !order.ship_by) return;
        ++out.orders;
        if (order.status == OrderStatus::cancelled) return;
        const auto& sent = order.fulfilment == FulfilmentMethod::ship ? order.shipped_at : order.ready_at;
        const auto done = sent ? sent : order.done_at;
        ++(done.value_or(state.at) > *order.ship_by ? out.missed : done ? out.kept : out.open);
    };
    for (const auto& order : archived)
        if (!state.orders.table.find(order.id)) add(order);
    state.orders.table.each(add);
    return out;
}

Figures figures_of(const State& state, const Drop& drop, const std::vector<Order>& archived) {
    Figures figures;
    figures.lines.resize(drop.lines.size());
    const auto first_48h_until = drop.opened_at.value_or(drop.terms.opens_at) + hours(48);
    const auto add = [&](const Order& order) {
        if (order.drop != drop.id) return;
        if (order.status == OrderStatus::cancelled)
            ++figures.cancelled;
        else
            add_order(figures, state, drop, order, first_48h_until);
    };
    for (const auto& order : archived)
        if (!state.orders.table.find(order.id)) add(order);  // what was recalled counts as it is now
    state.orders.table.each(add);
    figures.holds = drop.holds, figures.holds_expired = drop.holds_expired;
    figures.holds_released = drop.holds_released;
    add_demand(figures, state.demand, drop.id);
    for (std::size_t i = 0; i < drop.lines.size(); ++i) {
        auto& at = figures.lines[i];
        at.cap = drop.lines[i].terms.cap.n, at.held = drop.lines[i].held.n, at.sold_out_at = drop.lines[i].sold_out_at;
        figures.cap += at.cap, figures.units_sold += at.sold, figures.units_held += at.held,
            figures.first_48h_units += at.first_48h;
        figures.below_list += at.below_list, figures.below_list_paid += at.below_list_paid,
            figures.below_list_at += at.below_list_at;
        figures.skus += at.sold > 0, figures.first_48h_skus += at.first_48h > 0;
        figures.revenue += at.revenue, figures.revenue_net += at.revenue_net, figures.cost += at.cost;
        figures.cost_known = figures.cost_known && at.cost_known;
    }
    figures.margin = figures.revenue_net - figures.fees - figures.subsidy - figures.cost;
    return figures;
}

}  // namespace dropsmith::measure
