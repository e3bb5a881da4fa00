// Payments: how money comes and goes back. Bank transfers are matched by an order's reference; Stripe is asked by an
// outbox that facts keep: what is to be asked outside stands here as a task from the fact that asks for it until the
// fact that says what came of it, so that a crash in between neither loses nor doubles a charge. Nothing here calls
// anybody: a worker in the edge does, and its answers come back as commands. What needs a person is an open item.
// Codes 480-490. Covered by flow/sell/payment_test.cpp, flow/sell/transfer_test.cpp, tests/payments/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/dense.h"
#include "model/fact.h"
#include "model/hold.h"
#include "model/ids.h"
#include "model/order.h"

namespace dropsmith {

struct BankAccount {                         // where transfers go to; all empty: none are taken
    std::string holder;
    std::string iban;                        // ISO 13616, without spaces
    std::string bic;                         // may be empty
};
DROPSMITH_RECORD(BankAccount, holder, iban, bic)

struct PaymentWays {                         // what buyers may choose, and how long unpaid units are kept for them
    // Not chosen: pay at pick-up, transfer and payment page where they are set up, and manual, which no page offers.
    bool chosen = false;
    std::vector<PaymentMethod> methods;
    Duration manual_within = hours(72);      // after a buyer's order; 0: for ever. Staff's own orders have no end.
    Duration transfer_within = hours(72);    // after the order
    Duration pickup_within = days(7);        // the window to pick up: after the drop closes, or the order if later
};
DROPSMITH_RECORD(PaymentWays, chosen, methods, manual_within, transfer_within, pickup_within)

// asked: the payment page is being made; authorised: the money is kept ready and an order stands; over: ended without
// money; refused: money came when the units were gone, and was let go again; failed: the provider said no
enum class CheckoutStatus : std::uint8_t { asked, open, authorised, paid, over, refused, failed };
DROPSMITH_CHOICE(CheckoutStatus, "asked", "open", "authorised", "paid", "over", "refused", "failed")

// look_at_refunds: whether money that was given back has come back to the shop
enum class PaymentTaskKind : std::uint8_t { open, look, expire, capture, cancel, refund, look_at_refunds };
DROPSMITH_CHOICE(PaymentTaskKind, "open", "look", "expire", "capture", "cancel", "refund", "look_at_refunds")

// What became of a line of a bank's statement.
enum class TransferOutcome : std::uint8_t { paid, part, over, again, cancelled, unknown, known };
DROPSMITH_CHOICE(TransferOutcome, "paid", "part", "over", "again", "cancelled", "unknown", "known")

enum class OpenItemKind : std::uint8_t {
    unknown_reference, underpaid, overpaid, paid_again, order_cancelled, pay_back, late_money, task_failed,
    refund_failed
};
DROPSMITH_CHOICE(OpenItemKind, "unknown_reference", "underpaid", "overpaid", "paid_again", "order_cancelled",
                 "pay_back", "late_money", "task_failed", "refund_failed")

// --- commands
struct SetPaymentTerms {
    static constexpr CommandCode code{480};
    std::optional<BankAccount> bank;         // absent: as it was
    std::optional<PaymentWays> ways = {};
};
struct Transfer {                            // one credit of a statement
    std::uint64_t digest = 0;                // of what makes it that line; the same is taken once
    std::string booked_on;                   // 2026-11-22
    Money amount;
    std::string reference;                   // RF…, checked; "" = none was found
    std::uint64_t number = 0;                // the order's, from the reference; 0 = none
    std::string source;                      // where staff find it: the bank's own id, or the row
};
struct TakeTransfers {
    static constexpr CommandCode code{481};
    std::vector<Transfer> lines;
};
struct SettleOpenItem {
    static constexpr CommandCode code{482};
    OpenItemId item;
    OrderId order;                           // unknown_reference: it was for this order
    bool retry = false;                      // task_failed: ask once more
    std::string note;
};
struct BeginCheckout {                       // the person comes in by Moment::person
    static constexpr CommandCode code{483};
    HoldId hold;
    FulfilmentMethod fulfilment = FulfilmentMethod::pickup;
    PlaceId place;
    std::string delivery;
    std::string tax_zone;
    std::string base_url;                    // of the page to come back to
};
struct OpenCheckout {                        // outcome of the task `open`
    static constexpr CommandCode code{484};
    PaymentTaskId task;
    std::string session;                     // the provider's id
    std::string url;
};
struct TakePaymentEvent {                    // the provider says that something happened: a reason to look, no more
    static constexpr CommandCode code{485};
    std::uint64_t event = 0;                 // digest of its id
    CheckoutId checkout;
    bool over = false;                       // it says that nothing will come
    bool refund = false;                     // it is about money that was given back
};
struct SeePayment {                          // what the provider says when it is asked
    static constexpr CommandCode code{486};
    CheckoutId checkout;
    PaymentTaskId task;                      // none: nobody had asked for it
    bool ended = false;                      // the page is gone and no money came
    std::string intent;                      // the payment, when money is there
    Money authorised;
};
struct FinishPaymentTask {                   // capture, cancel, expire, refund: done
    static constexpr CommandCode code{487};
    PaymentTaskId task;
    Money amount;                            // captured or given back; cancel: that had been captured before
    std::string provider;                    // the provider's id of it
};
struct DelayPaymentTask {                    // no answer, or "later"
    static constexpr CommandCode code{488};
    PaymentTaskId task;
    std::string trouble;                     // the provider's code, never its prose
};
struct FailPaymentTask {                     // a definite no
    static constexpr CommandCode code{489};
    PaymentTaskId task;
    std::string trouble;
};
struct LostRefund {                          // one that the provider could not carry out after all
    std::string provider;                    // its id there
    Money amount;
    std::string trouble;
};
struct SeeRefunds {                          // outcome of look_at_refunds: those of ours that failed, all of them
    static constexpr CommandCode code{490};
    PaymentTaskId task;
    std::vector<LostRefund> lost;
};

// --- facts
struct PaymentTermsSet {
    static constexpr FactCode code{480};
    static constexpr std::uint8_t version = 1;
    BankAccount bank;
    PaymentWays ways = {};
};
DROPSMITH_RECORD(PaymentTermsSet, bank, ways)

struct TransferTaken {                       // stands before the PaymentRecorded that it makes, when it makes one
    static constexpr FactCode code{481};
    static constexpr std::uint8_t version = 1;
    std::uint64_t digest = 0;                // 0: an open item that was assigned
    std::string booked_on;
    Money amount;
    std::string reference;
    std::string source;
    OrderId order;
    TransferOutcome outcome = TransferOutcome::unknown;
    Money open;                              // what is left to look at: missing, too much, or all of it
};
DROPSMITH_RECORD(TransferTaken, digest, booked_on, amount, reference, source, order, outcome, open)

struct OpenItemSettled {
    static constexpr FactCode code{482};
    static constexpr std::uint8_t version = 1;
    OpenItemId item;
    OrderId order;
    bool retry = false;
    std::string note;
};
DROPSMITH_RECORD(OpenItemSettled, item, order, retry, note)

struct CheckoutItem {                        // a row of the payment page
    std::string title;
    Money amount;
};
DROPSMITH_RECORD(CheckoutItem, title, amount)

struct CheckoutAsked {                       // asks for a payment page
    static constexpr FactCode code{483};
    static constexpr std::uint8_t version = 1;
    CheckoutId checkout;
    HoldId hold;
    DropId drop;
    FulfilmentMethod fulfilment = FulfilmentMethod::pickup;
    PlaceId place;
    std::string delivery;
    std::string tax_zone;
    std::vector<CheckoutItem> items;
    Money amount;
    Instant hold_expires_at;
    std::string return_url;
};
DROPSMITH_RECORD(CheckoutAsked, checkout, hold, drop, fulfilment, place, delivery, tax_zone, items, amount,
                 hold_expires_at, return_url)

struct CheckoutOpened {
    static constexpr FactCode code{484};
    static constexpr std::uint8_t version = 1;
    CheckoutId checkout;
    PaymentTaskId task;
    std::string session;
    std::string url;
};
DROPSMITH_RECORD(CheckoutOpened, checkout, task, session, url)

struct PaymentEventTaken {                   // asks for a look
    static constexpr FactCode code{485};
    static constexpr std::uint8_t version = 1;
    std::uint64_t event = 0;
    CheckoutId checkout;
    bool refund = false;
};
DROPSMITH_RECORD(PaymentEventTaken, event, checkout, refund)

// The money is kept ready. With an order (placed in the same breath): asks for its capture. Without: asks that it be
// let go, since the units could not be held again.
struct PaymentAuthorised {
    static constexpr FactCode code{486};
    static constexpr std::uint8_t version = 1;
    CheckoutId checkout;
    std::string intent;
    Money authorised;
    OrderId order;
    Money capture;                           // the order's total; never more than was authorised
    bool late = false;                       // the hold had ended before
};
DROPSMITH_RECORD(PaymentAuthorised, checkout, intent, authorised, order, capture, late)

struct PaymentTaskDone {
    static constexpr FactCode code{487};
    static constexpr std::uint8_t version = 1;
    PaymentTaskId task;
    CheckoutId checkout;
    PaymentTaskKind kind = PaymentTaskKind::look;
    Money amount;
    std::string provider;
    bool ended = false;                      // look: the page is gone and no money came
};
DROPSMITH_RECORD(PaymentTaskDone, task, checkout, kind, amount, provider, ended)

struct PaymentTaskDelayed {
    static constexpr FactCode code{488};
    static constexpr std::uint8_t version = 1;
    PaymentTaskId task;
    std::uint32_t tries = 0;
    Instant not_before;
    std::string trouble;
};
DROPSMITH_RECORD(PaymentTaskDelayed, task, tries, not_before, trouble)

struct PaymentTaskFailed {
    static constexpr FactCode code{489};
    static constexpr std::uint8_t version = 1;
    PaymentTaskId task;
    CheckoutId checkout;
    PaymentTaskKind kind = PaymentTaskKind::open;
    std::string trouble;
};
DROPSMITH_RECORD(PaymentTaskFailed, task, checkout, kind, trouble)

struct RefundLost {                          // the buyer did not get it: the money is with the shop again
    static constexpr FactCode code{490};
    static constexpr std::uint8_t version = 1;
    CheckoutId checkout;
    OrderId order;
    std::string provider;
    Money amount;
    std::string trouble;
};
DROPSMITH_RECORD(RefundLost, checkout, order, provider, amount, trouble)

// --- slice
struct Checkout {
    CheckoutId id;
    HoldId hold;
    DropId drop;
    CheckoutStatus status = CheckoutStatus::asked;
    FulfilmentMethod fulfilment = FulfilmentMethod::pickup;
    PlaceId place;
    std::string delivery;
    std::string tax_zone;
    std::vector<CheckoutItem> items;         // until it is over
    Money amount;
    Instant asked_at, hold_expires_at;
    std::string return_url, session, url;    // until it is over
    bool hold_over = false;                  // its page must close
    std::string intent;
    OrderId order;
    bool order_cancelled = false;
    Money authorised, captured, refunds_asked, refunded;
    std::string trouble;
    std::vector<std::string> refunds_lost;   // ids at the provider
};
DROPSMITH_RECORD(Checkout, id, hold, drop, status, fulfilment, place, delivery, tax_zone, items, amount, asked_at,
                 hold_expires_at, return_url, session, url, hold_over, intent, order, order_cancelled, authorised,
                 captured, refunds_asked, refunded, trouble, refunds_lost)

struct PaymentTask {
    PaymentTaskId id;
    PaymentTaskKind kind = PaymentTaskKind::open;
    CheckoutId checkout;
    RefundId refund;                         // refund: of which; none: all of a cancelled order
    Money amount;                            // capture, refund
    Instant asked_at;
    std::uint32_t tries = 0;
    Instant not_before;
    std::string trouble;                     // of the last try
    std::uint32_t lost = 0;                  // refund: takes the place of the n-th that was lost
};
DROPSMITH_RECORD(PaymentTask, id, kind, checkout, refund, amount, asked_at, tries, not_before, trouble, lost)

struct OpenItem {
    OpenItemId id;
    OpenItemKind kind = OpenItemKind::unknown_reference;
    Money amount;
    OrderId order;
    CheckoutId checkout;
    std::string reference, source, trouble;
    std::optional<PaymentTask> task;         // task_failed: what to ask again
    Instant at;
    std::optional<Instant> settled_at;
    std::string note;
};
DROPSMITH_RECORD(OpenItem, id, kind, amount, order, checkout, reference, source, trouble, task, at, settled_at, note)

struct ExpectedTransfer {                    // of an order that is paid by transfer
    Money total, received;
    OpenItemId underpaid;
    bool paid = false;
};
DROPSMITH_RECORD(ExpectedTransfer, total, received, underpaid, paid)

struct Payments {
    BankAccount bank;
    PaymentWays ways;
    Dense<CheckoutId, Checkout> checkouts;
    std::map<PaymentTaskId, PaymentTask> tasks;
    std::uint64_t task_count = 0;
    Dense<OpenItemId, OpenItem> items;
    std::map<OrderId, ExpectedTransfer> transfers;
    std::set<std::uint64_t> transfers_seen;
    std::map<std::uint64_t, Instant> events;  // digests of ids that were taken
    // Derived: the last checkout of a hold, the one of an order, the tasks of one; how often any of it changed, for
    // those who work on tasks.
    std::map<HoldId, CheckoutId> by_hold;
    std::map<OrderId, CheckoutId> by_order;
    std::set<std::pair<CheckoutId, PaymentTaskId>> tasks_of;
    std::uint64_t changes = 0;

    void index(const Checkout& checkout) {
        by_hold[checkout.hold] = checkout.id;
        if (checkout.order) by_order[checkout.order] = checkout.id;
    }
    void add_task(PaymentTask task) {
        tasks_of.emplace(task.checkout, task.id);
        tasks.insert_or_assign(task.id, std::move(task));
    }
    void drop_task(PaymentTaskId id) {
        const auto it = tasks.find(id);
        if (it == tasks.end()) return;
        tasks_of.erase({it->second.checkout, id});
        tasks.erase(it);
    }
    const Checkout* of_hold(HoldId hold) const {
        const auto it = by_hold.find(hold);
        return it == by_hold.end() ? nullptr : checkouts.find(it->second);
    }
    const Checkout* of_order(OrderId order) const {
        const auto it = by_order.find(order);
        return it == by_order.end() ? nullptr : checkouts.find(it->second);
    }
};

}  // namespace dropsmith
