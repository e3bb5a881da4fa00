// Views of orders and refunds. Covered by tests/http/routes.py.
#include <algorithm>

#include "base/creditor_reference.h"
#include "edge/http/views.h"

namespace dropsmith::http {
namespace {

void write_tax(JsonWriter& json, const std::vector<TaxRow>& rows, const Words& words) {
    json.key("tax").array();
    for (const auto& row : rows)
        json.object()
            .key("rate")
            .rate(row.rate.n)
            .key("base")
            .money(row.base.n, words.currency)
            .key("amount")
            .money(row.amount.n, words.currency)
            .end();
    json.end();
}

void write_promise(JsonWriter& json, const State& state, FulfilmentMethod method, PlaceId place,
                   const std::optional<Instant>& ship_by, const Words& words) {
    json.key("promise").object().key("method").text(word_of(method)).key("place");
    place ? json.text(words.ids.show(place)) : json.null();
    const auto* at = state.places.find(place);
    json.key("kind");
    at ? json.text(word_of(at->kind)) : json.null();
    json.key("ship_by");
    ship_by ? json.instant(ship_by->ms) : json.null();
    json.end();
}

void write_order_line(JsonWriter& json, const State& state, const OrderLine& line, std::size_t index,
                      const std::vector<PersonalPrice>& own, const Words& words) {
    json.object()
        .key("line")
        .natural(index)
        .key("sku")
        .text(sku_code(state, line.sku))
        .key("units")
        .integer(line.units.n);
    json.key("unit_price").money(line.unit_price.n, words.currency).key("gross").money(line.gross.n, words.currency);
    json.key("discount").money(line.discount.n, words.currency).key("tax").money(line.tax.n, words.currency);
    json.key("tax_rate").rate(line.tax_rate.n);
    for (const auto& price : own)
        if (price.line == line.line) json.key("personal"), write_personal(json, state, price, words);
}

template <class Lines, class Get>
Money discounts(const Lines& lines, Get get) {
    Money sum;
    for (const auto& line : lines) sum += get(line).discount;
    return sum;
}

}  // namespace

void write_order_total(JsonWriter& json, const State& state, const OrderPlaced& order, const Words& words) {
    json.object().key("lines").array();
    for (std::size_t i = 0; i < order.lines.size(); ++i)
        write_order_line(json, state, order.lines[i], i, order.personal, words), json.end();
    json.end().key("delivery").money(order.delivery_charge.n, words.currency);
    write_tax(json, order.tax, words);
    json.key("prices_include_tax").boolean(order.prices_include_tax).key("total").money(order.total.n, words.currency);
    json.end();
}

void write_placed_order(JsonWriter& json, const State& state, const OrderPlaced& fact, const Words& words) {
    json.object()
        .key("id")
        .text(words.ids.show(fact.order))
        .key("secret")
        .text(words.ids.secret(OrderTag::prefix, fact.order.n));
    json.key("status")
        .text(word_of(fact.status))
        .key("number")
        .natural(fact.number)
        .key("drop")
        .text(words.ids.show(fact.drop));
    json.key("hold").text(words.ids.show(fact.hold)).key("lines").array();
    for (std::size_t i = 0; i < fact.lines.size(); ++i)
        write_order_line(json, state, fact.lines[i], i, fact.personal, words), json.end();
    json.end()
        .key("discount")
        .money(discounts(fact.lines, [](const OrderLine& l) -> const OrderLine& { return l; }).n, words.currency);
    json.key("delivery").money(fact.delivery_charge.n, words.currency);
    write_tax(json, fact.tax, words);
    json.key("prices_include_tax").boolean(fact.prices_include_tax).key("total").money(fact.total.n, words.currency);
    json.key("payment").object().key("method").text(word_of(fact.payment));
    if (fact.payment == PaymentMethod::bank_transfer) json.key("reference").text(creditor_reference(fact.number));
    json.end();
    write_promise(json, state, fact.fulfilment, fact.place, fact.ship_by, words);
    json.key("pay_by");
    fact.pay_by ? json.instant(fact.pay_by->ms) : json.null();
    json.end();
}

Instant due_at(const State& state, const Order& order) {
    if (order.ship_by) return *order.ship_by;
    const auto* drop = state.drops.find(order.drop);
    return drop ? std::max(order.placed_at, drop->terms.closes_at) : order.placed_at;
}

void write_order(JsonWriter& json, const State& state, const Order& order, bool staff, const Words& words) {
    json.object()
        .key("id")
        .text(words.ids.show(order.id))
        .key("status")
        .text(word_of(order.status))
        .key("number")
        .natural(order.number);
    json.key("drop").text(words.ids.show(order.drop)).key("hold").text(words.ids.show(order.hold)).key("lines").array();
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
        const auto& line = order.lines[i];
        write_order_line(json, state, line.terms, i, order.personal, words);
        json.key("refunded_units")
            .integer(line.refunded_units.n)
            .key("refunded")
            .money(line.refunded.n, words.currency);
        if (staff) {
            json.key("place").text(words.ids.show(line.terms.place)).key("unit_cost");
            line.terms.unit_cost ? json.money(line.terms.unit_cost->n, words.currency) : json.null();
        }
        json.end();
    }
    json.end()
        .key("discount")
        .money(discounts(order.lines, [](const OrderLineState& l) -> const OrderLine& { return l.terms; }).n,
               words.currency);
    json.key("delivery").money(order.delivery_charge.n, words.currency);
    write_tax(json, order.tax, words);
    json.key("prices_include_tax").boolean(order.prices_include_tax).key("total").money(order.total.n, words.currency);
    json.key("paid").money(order.paid.n, words.currency).key("refunded").money(order.refunded.n, words.currency);
    json.key("refund_state").text(word_of(order.refund_state)).key("payment");
    write_payment(json, state, order, words);
    write_promise(json, state, order.fulfilment, order.place, order.ship_by, words);
    json.key("placed_at").instant(order.placed_at.ms).key("due_at").instant(due_at(state, order).ms);
    const auto when = [&](std::string_view name, const std::optional<Instant>& at) {
        json.key(name);
        at ? json.instant(at->ms) : json.null();
    };
    when("pay_by", order.pay_by), when("shipped_at", order.shipped_at);
    when("paid_at", order.paid_at), when("ready_at", order.ready_at), when("done_at", order.done_at);
    if (staff) {
        const auto* channel = state.places.find(order.channel);
        json.key("channel")
            .text(channel ? channel->name : "")
            .key("payment_fee")
            .money(order.payment_fee.n, words.currency);
        json.key("preorder").boolean(order.preorder);
    }
    json.end();
}

void write_refund(JsonWriter& json, const State& state, const OrderRefunded& fact, const Words& words) {
    json.object()
        .key("id")
        .text(words.ids.show(fact.refund))
        .key("order")
        .text(words.ids.show(fact.order))
        .key("lines")
        .array();
    for (const auto& line : fact.lines)
        json.object()
            .key("line")
            .natural(line.line)
            .key("sku")
            .text(sku_code(state, line.sku))
            .key("units")
            .integer(line.units.n)
            .key("amount")
            .money(line.amount.n, words.currency)
            .key("tax")
            .money(line.tax.n, words.currency)
            .key("restock")
            .boolean(line.restock)
            .end();
    json.end()
        .key("delivery")
        .money(fact.delivery.n, words.currency)
        .key("amount")
        .money(fact.amount.n, words.currency);
    json.key("reason").text(fact.reason).end();
}

}  // namespace dropsmith::http
