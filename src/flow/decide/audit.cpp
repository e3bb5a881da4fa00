// The velocity audit. Covered by flow/decide/audit_test.cpp.
#include "flow/decide/audit.h"

#include <algorithm>
#include <map>

#include "base/csv.h"
#include "base/json.h"
#include "base/text.h"

namespace dropsmith::decide {
namespace {

struct Sum {
    std::int64_t units = 0, returns = 0, first_ms = 0;
    Money revenue;
    void sell(std::int64_t sold, Money for_money, std::int64_t at_ms) {
        if (sold <= 0) return;
        first_ms = units == 0 ? at_ms : std::min(first_ms, at_ms);
        units += sold, revenue += for_money;
    }
};

struct Window {
    std::int64_t since_ms, until_ms;
    bool has(std::int64_t at_ms) const { return at_ms >= since_ms && at_ms < until_ms; }
};

void add_history(const History& history, const Window& window, std::map<SkuId, Sum>& sums) {
    for (const auto& [key, row] : history.hours) {
        const auto at_ms = key.second * hour_ms;
        const auto hour = history.shown(row);
        if (!window.has(at_ms) || is_nothing(hour)) continue;
        auto& sum = sums[SkuId{key.first}];
        sum.sell(hour.units, hour.revenue, at_ms);
        sum.returns += hour.returned;
    }
}

void add_orders(const Orders& orders, const Window& window, std::map<SkuId, Sum>& sums) {
    orders.table.each([&](const Order& order) {
        if (order.status == OrderStatus::cancelled || !window.has(order.placed_at.ms)) return;
        for (const auto& line : order.lines) {
            auto& sum = sums[line.terms.sku];
            sum.sell(line.terms.units.n, line.terms.unit_price * line.terms.units, order.placed_at.ms);
            sum.returns += line.refunded_units.n;
        }
    });
}

// The first sale and the end of the day of the last one, where the caller left the window open.
Window window_of(const State& state, const AuditAsk& ask) {
    std::optional<std::int64_t> first, last;
    const auto see = [&](std::int64_t at_ms) {
        first = std::min(first.value_or(at_ms), at_ms), last = std::max(last.value_or(at_ms), at_ms);
    };
    if (!ask.since || !ask.until) {
        for (const auto& [key, hour] : state.history.hours)
            if (state.history.shown(hour).units > 0) see(key.second * hour_ms);
        state.orders.table.each([&](const Order& order) { see(order.placed_at.ms); });
    }
    const auto end_of_day = [](std::int64_t ms) { return (ms / day_ms + 1) * day_ms; };
    Window window{first.value_or(state.at.ms), last ? end_of_day(*last) : state.at.ms};
    if (ask.since) window.since_ms = ask.since->ms;
    if (ask.until) window.until_ms = ask.until->ms;
    return window;
}

bool faster(const Velocity& a, const Velocity& b) {
    if (a.per_day_e4 != b.per_day_e4) return a.per_day_e4 > b.per_day_e4;
    if (a.units != b.units) return a.units > b.units;
    if (a.revenue != b.revenue) return a.revenue > b.revenue;
    return a.code < b.code;
}

void classify(std::vector<Velocity>& rows) {
    std::vector<Velocity*> by_revenue;
    Money all;
    for (auto& row : rows) by_revenue.push_back(&row), all += row.revenue;
    std::sort(by_revenue.begin(), by_revenue.end(), [](const Velocity* a, const Velocity* b) {
        return a->revenue != b->revenue ? a->revenue > b->revenue : a->code < b->code;
    });
    Money before;
    for (auto* row : by_revenue) {
        const auto share = all > Money{} ? static_cast<__int128>(before.n) * 100 / all.n : 0;
        row->abc = share < 80 ? 'A' : share < 95 ? 'B' : 'C';
        before += row->revenue;
    }
}

}  // namespace

Audit audit_velocity(const State& state, const AuditAsk& ask) {
    const auto window = window_of(state, ask);
    std::map<SkuId, Sum> sums;
    add_history(state.history, window, sums);
    add_orders(state.orders, window, sums);
    Audit audit{Instant{window.since_ms}, Instant{window.until_ms}, 0, {}};
    for (const auto& [id, sum] : sums) {
        const auto* sku = state.catalogue.find(id);
        if (!sku || sum.units <= 0) continue;
        const auto* product = state.catalogue.find(sku->product);
        Velocity row{id,  sku->terms.sku, product ? product->title : "", sum.units, sum.returns, 0, 0, sum.revenue,
                     'C', false};
        row.days_on_sale =
            std::max<std::int64_t>(1, (window.until_ms - sum.first_ms / day_ms * day_ms + day_ms - 1) / day_ms);
        row.per_day_e4 = checked(try_mul_div_round(sum.units, 10'000, row.days_on_sale));
        audit.rows.push_back(std::move(row));
    }
    std::sort(audit.rows.begin(), audit.rows.end(), faster);
    classify(audit.rows);
    const auto pick = checked(
        try_mul_div_ceil(static_cast<std::int64_t>(audit.rows.size()), std::max<std::int64_t>(0, ask.top.n), whole.n));
    for (auto& row : audit.rows) {
        if (audit.picked == static_cast<std::uint64_t>(pick)) break;
        row.picked = !row.mostly_returned();
        audit.picked += row.picked;
    }
    return audit;
}

std::string audit_json(const Audit& audit, std::string_view currency) {
    std::string out;
    JsonWriter json(out);
    json.object().key("since").instant(audit.since.ms).key("until").instant(audit.until.ms);
    json.key("skus")
        .natural(audit.rows.size())
        .key("picked")
        .natural(audit.picked)
        .key("definition")
        .text("velocity/1");
    json.key("data").array();
    for (const auto& row : audit.rows) {
        json.object().key("sku").text(row.code).key("title").text(row.title).key("units").integer(row.units);
        json.key("revenue").money(row.revenue.n, currency).key("days_on_sale").integer(row.days_on_sale);
        json.key("velocity_per_day").real_text(format_decimal(row.per_day_e4, 4)).key("returns").integer(row.returns);
        json.key("class").text({&row.abc, 1}).key("picked").boolean(row.picked).end();
    }
    json.end().end();
    return out;
}

std::string audit_csv(const Audit& audit, std::string_view currency) {
    std::string out = "sku,title,units,revenue,currency,days_on_sale,velocity_per_day,returns,class,picked\r\n";
    for (const auto& row : audit.rows) {
        const auto field = [&out](std::string_view text, char after = ',') {
            write_csv_field(out, text), out += after;
        };
        field(row.code), field(row.title), field(std::to_string(row.units));
        field(format_decimal(row.revenue.n, std::max(0, currency_places(currency)))), field(currency);
        field(std::to_string(row.days_on_sale)), field(format_decimal(row.per_day_e4, 4)),
            field(std::to_string(row.returns));
        field({&row.abc, 1}), out += row.picked ? "yes\r\n" : "no\r\n";
    }
    return out;
}

}  // namespace dropsmith::decide
