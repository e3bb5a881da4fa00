// See the header. Linear in the state. Covered by flow/sell/laws_test.cpp.
#include "flow/sell/laws.h"

#include <algorithm>
#include <map>

namespace dropsmith::sell {
namespace {

std::string text(std::string_view what, std::uint64_t id) { return std::string(what) + " " + std::to_string(id); }
std::string figures(std::string_view a, std::int64_t x, std::string_view b, std::int64_t y) {
    return ": " + std::string(a) + " " + std::to_string(x) + ", " + std::string(b) + " " + std::to_string(y);
}

struct Use {
    Quantity held, sold;
};
using LinePlace = std::tuple<DropId, std::uint32_t, PlaceId>;

// What live holds and orders that were not cancelled say, by drop, line and place.
std::map<LinePlace, Use> uses(const State& state) {
    std::map<LinePlace, Use> out;
    state.holds.table.each([&](const Hold& hold) {
        if (hold.status != HoldStatus::held) return;
        for (const auto& line : hold.lines) out[{hold.drop, line.line, line.place}].held += line.units;
    });
    state.orders.table.each([&](const Order& order) {
        for (const auto& line : order.lines)
            out[{order.drop, line.terms.line, line.terms.place}].sold += units_sold(order, line);
    });
    for (const auto& [key, units] : state.orders.archived) out[{key.drop, key.line, key.place}].sold += units;
    return out;
}

bool negative(const StockRow& r) {
    const auto least = std::min(
        {r.received, r.returned, r.moved_in, r.short_units, r.free, r.held, r.sold, r.moved_out, r.written_off});
    return least < Quantity{0};
}

std::string line_breach(const DropLine& line, DropId drop, std::uint32_t index, const std::map<LinePlace, Use>& used) {
    const auto at = text("drop", drop.n) + text(" line", index);
    if (std::min({line.held, line.sold, line.preorder_held, line.preorder_sold, line.refunded}) < Quantity{0})
        return at + ": negative units";
    if (line.held + line.sold > line.terms.cap)
        return at + figures("held + sold", (line.held + line.sold).n, "cap", line.terms.cap.n);
    Use sum;
    for (const auto& use : line.places) {
        sum.held += use.held, sum.sold += use.sold;
        const auto it = used.find({drop, index, use.place});
        const auto told = it == used.end() ? Use{} : it->second;
        const auto where = at + text(" place", use.place.n);
        if (use.held + use.sold > use.allotted)
            return where + figures("held + sold", (use.held + use.sold).n, "allotted", use.allotted.n);
        if (use.held != told.held) return where + figures("held", use.held.n, "by its holds", told.held.n);
        if (use.sold != told.sold) return where + figures("sold", use.sold.n, "by its orders", told.sold.n);
    }
    if (sum.held != line.held) return at + figures("held", line.held.n, "by place", sum.held.n);
    if (sum.sold != line.sold) return at + figures("sold", line.sold.n, "by place", sum.sold.n);
    return {};
}

std::string order_breach(const Order& order) {
    const auto at = text("order", order.number);
    Money total = order.delivery_charge, refunded, tax = order.delivery_tax, rows;
    for (const auto& line : order.lines) {
        total += line.terms.gross;
        refunded += line.refunded;
        tax += line.terms.tax;
        const auto plain = line.terms.unit_price * line.terms.units - line.terms.discount;
        const auto gross = order.prices_include_tax ? plain : plain + line.terms.tax;
        if (line.terms.gross != gross)
            return at + figures("line's gross", line.terms.gross.n, "price, discount and tax", gross.n);
        if (line.refunded_units > line.terms.units || line.refunded > line.terms.gross ||
            line.refunded_tax > line.terms.tax)
            return at + figures("units refunded", line.refunded_units.n, "of", line.terms.units.n);
    }
    if (total != order.total) return at + figures("lines and delivery", total.n, "total", order.total.n);
    for (const auto& row : order.tax) rows += row.amount;
    if (rows != tax) return at + figures("tax rows", rows.n, "tax of lines and delivery", tax.n);
    if (order.refunded > order.paid) return at + figures("refunded", order.refunded.n, "paid", order.paid.n);
    if (order.paid != Money{0} && order.paid != order.total)
        return at + figures("paid", order.paid.n, "total", order.total.n);
    if (refunded > order.refunded) return at + figures("refunded by lines", refunded.n, "in all", order.refunded.n);
    return {};
}

// What went into bundles and out of them adds up over all places, for a bundle as for a component: what moves between
// places cancels out.
std::string bundle_breach(const State& state) {
    std::map<SkuId, Quantity> moved;
    for (const auto& [key, row] : state.stock.rows) moved[key.sku] += row.moved_in - row.moved_out;
    for (const auto& [key, units] : state.stock.bundled)
        moved[key.second] += key.first == key.second ? -units : units;
    for (const auto& [sku, units] : moved)
        if (units != Quantity{0}) return text("SKU", sku.n) + figures(": moved in and out", units.n, "bundles", 0);
    return {};
}

}  // namespace

Law stock_law(const State& state) {
    Law law;
    std::map<StockKey, Quantity> held;
    state.holds.table.each([&](const Hold& hold) {
        if (hold.status != HoldStatus::held) return;
        for (const auto& line : hold.lines) held[{line.sku, line.place}] += line.units;
    });
    for (const auto& [key, row] : state.stock.rows) {
        ++law.checked;
        const auto in = row.received + row.returned + row.moved_in + row.short_units;
        const auto out = row.free + row.held + row.sold + row.moved_out + row.written_off;
        const auto at = text("SKU", key.sku.n) + text(" at place", key.place.n);
        const auto told = held.contains(key) ? held[key] : Quantity{0};
        if (in != out)
            law.breach = at + figures("in", in.n, "out", out.n);
        else if (negative(row))
            law.breach = at + ": negative units";
        else if (row.held != told)
            law.breach = at + figures("held", row.held.n, "by its holds", told.n);
        if (!law.holds()) return law;
    }
    law.breach = bundle_breach(state);
    return law;
}

Law cap_law(const State& state) {
    Law law;
    const auto used = uses(state);
    for (const auto& drop : state.drops.drops) {
        for (std::uint32_t i = 0; i < drop.lines.size(); ++i) {
            ++law.checked;
            law.breach = line_breach(drop.lines[i], drop.id, i, used);
            if (!law.holds()) return law;
        }
    }
    return law;
}

Law order_law(const State& state) {
    Law law;
    state.orders.table.each([&](const Order& order) {
        if (!law.holds()) return;
        ++law.checked;
        law.breach = order_breach(order);
    });
    return law;
}

}  // namespace dropsmith::sell
