// An order: awaiting_payment -> paid -> ready -> handed_over | shipped -> delivered; cancelled; partly or fully
// refunded. The law: sum of lines - discounts + tax + delivery = total, to the minor unit; refunds never exceed it.
// Every figure that a refund will need (each unit's share of price, discount and tax) is stored when the order is
// placed and never recomputed. Codes 470-499.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/dense.h"
#include "model/fact.h"
#include "model/hold.h"
#include "model/ids.h"

namespace dropsmith {

namespace refusals {
inline constexpr RefusalCode over_refund{470, "over_refund"};            // more units or money than are left to refund
inline constexpr RefusalCode not_paid{471, "not_paid"};
inline constexpr RefusalCode order_archived{472, "order_archived"};      // recall it first
}  // namespace refusals

enum class OrderStatus : std::uint8_t { awaiting_payment, paid, ready, handed_over, shipped, delivered, cancelled };
DROPSMITH_CHOICE(OrderStatus, "awaiting_payment", "paid", "ready", "handed_over", "shipped", "delivered", "cancelled")
enum class RefundState : std::uint8_t { none, partly, fully };
DROPSMITH_CHOICE(RefundState, "none", "partly", "fully")
enum class PaymentMethod : std::uint8_t { manual, pay_at_pickup, bank_transfer, stripe };
DROPSMITH_CHOICE(PaymentMethod, "manual", "pay_at_pickup", "bank_transfer", "stripe")

struct ConfirmHold {
    static constexpr CommandCode code{470};
    HoldId hold;                             // the person comes in by Moment::person
    FulfilmentMethod fulfilment = FulfilmentMethod::pickup;
    PlaceId place;                           // pick-up; none: where the units are held
    std::string delivery;                    // code of a delivery method; "" = the first that fits
    std::string tax_zone;                    // of the destination; "" = the shop's own
    PaymentMethod payment = PaymentMethod::manual;
    bool paid = false;                       // manual: the money is already there
};
struct CancelOrder { static constexpr CommandCode code{471}; OrderId order; std::string reason; };
struct RecordPayment {                       // money that arrived for an order, or late for a hold that has expired
    static constexpr CommandCode code{472};
    OrderId order;
    HoldId hold;                             // late payment: hold given, order none
    Money amount;
    std::string reference_digest;
};
struct RefundLine {
    std::uint32_t line = 0;                  // index in the order
    Quantity units;
    bool restock = true;
};
DROPSMITH_RECORD(RefundLine, line, units, restock)
struct RefundOrder {
    static constexpr CommandCode code{473};
    OrderId order;
    std::vector<RefundLine> lines;           // whole units, by the stored proration
    bool delivery = false;                   // the delivery charge too
    std::string reason;
};
struct ReadyOrder { static constexpr CommandCode code{474}; OrderId order; };
struct HandOverOrder { static constexpr CommandCode code{475}; OrderId order; bool paid_now = false; };
struct ShipOrder { static constexpr CommandCode code{476}; OrderId order; std::string carrier; std::string tracking; };
struct PaymentDue { static constexpr CommandCode code{501}; OrderId order; };  // a due timer: not paid in time
struct DeliverOrder { static constexpr CommandCode code{477}; OrderId order; };

struct OrderLine {
    std::uint32_t line = 0;                  // of the drop
    SkuId sku;
    PlaceId place;
    Quantity units;
    Money unit_price;                        // as shown
    // what the buyer pays for the line: price - discount (+ tax when not included)
    Money gross;
    Money discount;
    Money tax;                               // inside gross
    Rate tax_rate;
    std::string tax_category;
    DecisionId decision;
    std::optional<Money> unit_cost;          // at the time, for the margin
};
DROPSMITH_RECORD(OrderLine, line, sku, place, units, unit_price, gross, discount, tax, tax_rate, tax_category, decision,
                 unit_cost)

struct TaxRow {
    Rate rate;
    Money base;                              // net
    Money amount;
};
DROPSMITH_RECORD(TaxRow, rate, base, amount)

struct OrderPlaced {
    static constexpr FactCode code{470};
    static constexpr std::uint8_t version = 1;
    OrderId order;
    std::uint64_t number = 0;                // for people: 1001, 1002, …
    HoldId hold;
    DropId drop;
    ChannelId channel;
    PersonId person;
    std::uint64_t session = 0;
    bool preorder = false;
    std::vector<OrderLine> lines;
    bool prices_include_tax = true;
    FulfilmentMethod fulfilment = FulfilmentMethod::pickup;
    PlaceId place;
    std::string delivery_code;
    Money delivery_charge;                   // gross
    Money delivery_tax;
    Rate delivery_tax_rate;
    std::vector<TaxRow> tax;                 // by rate, delivery included
    Money total;
    Money payment_fee;                       // expected, for the margin
    PaymentMethod payment = PaymentMethod::manual;
    OrderStatus status = OrderStatus::awaiting_payment;
    Instant hold_expires_at;                 // of the hold: the timer to disarm
    std::optional<Instant> pay_by = {};      // unpaid until then, it is cancelled: the timer to arm
    std::optional<Instant> ship_by = {};     // ordered ahead: what was promised
    std::vector<PersonalPrice> personal = {};  // lines whose price was one's own
};
DROPSMITH_RECORD(OrderPlaced, order, number, hold, drop, channel, person, session, preorder, lines, prices_include_tax,
                 fulfilment, place, delivery_code, delivery_charge, delivery_tax, delivery_tax_rate, tax, total,
                 payment_fee, payment, status, hold_expires_at, pay_by, ship_by, personal)

struct OrderMoved {                          // a transition of the life cycle that moves no stock and no money
    static constexpr FactCode code{471};
    static constexpr std::uint8_t version = 1;
    OrderId order;
    OrderStatus from = OrderStatus::awaiting_payment;
    OrderStatus to = OrderStatus::paid;
    std::string note;
};
DROPSMITH_RECORD(OrderMoved, order, from, to, note)

struct PaymentRecorded {
    static constexpr FactCode code{472};
    static constexpr std::uint8_t version = 1;
    OrderId order;
    HoldId hold;
    Money amount;
    bool late = false;                       // arrived after the hold had expired
    bool give_back = false;                  // the units are gone: the money must go back, a task for staff
    std::string reference_digest;
};
DROPSMITH_RECORD(PaymentRecorded, order, hold, amount, late, give_back, reference_digest)

struct PaymentDeadlineLifted {               // a part of the money is there: a person decides what becomes of it
    static constexpr FactCode code{503};
    static constexpr std::uint8_t version = 1;
    OrderId order;
};
DROPSMITH_RECORD(PaymentDeadlineLifted, order)

struct ReturnedLine {
    std::uint32_t line = 0;                  // of the order
    std::uint32_t drop_line = 0;
    SkuId sku;
    PlaceId place;
    Quantity units;
    Money amount;                            // gross, by the stored proration
    Money tax;                               // inside amount
    bool restock = true;
};
DROPSMITH_RECORD(ReturnedLine, line, drop_line, sku, place, units, amount, tax, restock)

struct OrderCancelled {                      // everything goes back; money that came is refunded in full
    static constexpr FactCode code{473};
    static constexpr std::uint8_t version = 1;
    OrderId order;
    DropId drop;
    PersonId person;
    std::uint64_t session = 0;
    bool preorder = false;
    std::vector<ReturnedLine> lines;
    Money refund;
    std::string reason;
};
DROPSMITH_RECORD(OrderCancelled, order, drop, person, session, preorder, lines, refund, reason)

struct OrderRefunded {
    static constexpr FactCode code{474};
    static constexpr std::uint8_t version = 1;
    RefundId refund;
    OrderId order;
    DropId drop;
    std::vector<ReturnedLine> lines;
    Money delivery;
    Money delivery_tax;
    Money amount;                            // all of it
    std::string reason;
};
DROPSMITH_RECORD(OrderRefunded, refund, order, drop, lines, delivery, delivery_tax, amount, reason)

struct OrderLineState {
    OrderLine terms;
    Quantity refunded_units;
    Money refunded;
    Money refunded_tax;
    Quantity cancelled_units;                // with the order: these are no longer sold
};
DROPSMITH_RECORD(OrderLineState, terms, refunded_units, refunded, refunded_tax, cancelled_units)

// What is left to know of the payment page that an order was paid by, for refunds when it comes back.
struct CardPayment {
    CheckoutId checkout;
    std::string intent;
    Money authorised, captured, refunds_asked, refunded;
    std::vector<std::string> refunds_lost;
    Instant asked_at, hold_expires_at;
};
DROPSMITH_RECORD(CardPayment, checkout, intent, authorised, captured, refunds_asked, refunded, refunds_lost, asked_at,
                 hold_expires_at)

struct Order {
    OrderId id;
    std::uint64_t number = 0;
    HoldId hold;
    DropId drop;
    ChannelId channel;
    PersonId person;
    std::uint64_t session = 0;
    bool preorder = false;
    std::vector<OrderLineState> lines;
    bool prices_include_tax = true;
    FulfilmentMethod fulfilment = FulfilmentMethod::pickup;
    PlaceId place;
    std::string delivery_code;
    Money delivery_charge, delivery_tax;
    Rate delivery_tax_rate;
    bool delivery_refunded = false;
    std::vector<TaxRow> tax;
    Money total, payment_fee, paid, refunded;
    PaymentMethod payment = PaymentMethod::manual;
    OrderStatus status = OrderStatus::awaiting_payment;
    RefundState refund_state = RefundState::none;
    Instant placed_at;
    std::optional<Instant> paid_at, ready_at, done_at, recalled_at;
    std::vector<CardPayment> card;           // while it is put away, when it was paid by a payment page: that one
    std::optional<Instant> pay_by = {};      // unpaid until then, it is cancelled
    std::optional<Instant> ship_by = {}, shipped_at = {};  // ordered ahead: what was promised
    std::vector<PersonalPrice> personal = {};
};
DROPSMITH_RECORD(Order, id, number, hold, drop, channel, person, session, preorder, lines, prices_include_tax,
                 fulfilment, place, delivery_code, delivery_charge, delivery_tax, delivery_tax_rate, delivery_refunded,
                 tax, total, payment_fee, paid, refunded, payment, status, refund_state, placed_at, paid_at, ready_at,
                 done_at, recalled_at, card, pay_by, ship_by, shipped_at, personal)

// An order with nothing left to do leaves the state after a while, whole, and comes back whole when somebody needs it;
// what stands behind its payment goes and comes with it.
struct OrderArchived {
    static constexpr FactCode code{475};
    static constexpr std::uint8_t version = 1;
    Order order;
};
DROPSMITH_RECORD(OrderArchived, order)
struct OrderRecalled {
    static constexpr FactCode code{476};
    static constexpr std::uint8_t version = 1;
    Order order;
};
DROPSMITH_RECORD(OrderRecalled, order)
struct RecallOrder { static constexpr CommandCode code{478}; Order order; };  // as it was archived

inline constexpr Duration order_kept_for = days(90);  // after the last thing that happened to it

// Units of an order that count as sold in its drop: a cancelled one gave back what was not refunded before.
inline Quantity units_sold(const Order& order, const OrderLineState& line) {
    return order.status == OrderStatus::cancelled ? line.terms.units - line.cancelled_units : line.terms.units;
}

struct SoldKey {
    DropId drop;
    std::uint32_t line = 0;
    PlaceId place;
    friend auto operator<=>(const SoldKey&, const SoldKey&) = default;
};

struct Orders {
    Dense<OrderId, Order> table;
    std::map<SoldKey, Quantity> archived;    // units of orders that are put away: the cap's law counts them
    std::uint64_t numbers = 1000;            // the last number given
    std::uint64_t refunds = 0;
    Money late_to_give_back;                 // money that arrived for units that were gone
};

}  // namespace dropsmith
