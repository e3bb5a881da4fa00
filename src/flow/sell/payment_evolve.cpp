// What facts do to payments. Tasks are asked for here, by whatever fact needs them, so that no way past a rule (an
// order cancelled by staff, a hold that its buyer released) can forget one. Loop's thread, and replay. Covered by
// flow/sell/payment_test.cpp, flow/sell/transfer_test.cpp.
#include "flow/sell/payment.h"

#include "base/check.h"

namespace dropsmith::sell {
namespace {

constexpr Duration events_kept_for = days(30);  // the provider repeats one for three days

void ask(Payments& payments, const Checkout& checkout, PaymentTaskKind kind, Instant at, Money amount = {},
         RefundId refund = {}) {
    PaymentTask task;
    task.id = PaymentTaskId{++payments.task_count};
    task.kind = kind, task.checkout = checkout.id, task.refund = refund, task.amount = amount;
    task.asked_at = task.not_before = at;
    payments.add_task(std::move(task));
    ++payments.changes;
}

void drop_tasks(Payments& payments, CheckoutId checkout, std::optional<PaymentTaskKind> kind = std::nullopt) {
    ++payments.changes;
    for (auto it = payments.tasks_of.lower_bound({checkout, {}});
         it != payments.tasks_of.end() && it->first == checkout;) {
        const auto id = it->second;
        ++it;
        if (!kind || payments.tasks.at(id).kind == *kind) payments.drop_task(id);
    }
}

OpenItem& open_item(Payments& payments, OpenItemKind kind, Money amount, Instant at) {
    OpenItem item;
    item.id = payments.items.next(), item.kind = kind, item.amount = amount, item.at = at;
    const auto id = item.id;
    return payments.items.add(id, std::move(item));
}

void settle(Payments& payments, OpenItemId id, Instant at, std::string note) {
    auto* item = payments.items.find(id);
    if (!item || item->settled_at) return;
    item->settled_at = at, item->note = std::move(note);
}

// No page is needed any more.
void close(Payments& payments, Checkout& checkout, Instant at) {
    if (checkout.hold_over) return;
    checkout.hold_over = true;
    if (checkout.status == CheckoutStatus::open) ask(payments, checkout, PaymentTaskKind::expire, at);
}

void forget_page(Checkout& checkout) {
    checkout.items.clear();
    checkout.url.clear(), checkout.return_url.clear();
}

Checkout* checkout_of(Payments& payments, OrderId order) {
    const auto it = payments.by_order.find(order);
    return it == payments.by_order.end() ? nullptr : payments.checkouts.find(it->second);
}

void pay_back(Payments& payments, OrderId order, Money amount, Instant at) {
    if (amount > Money{0}) open_item(payments, OpenItemKind::pay_back, amount, at).order = order;
}

void give_back(Payments& payments, Checkout& checkout, Money amount, RefundId refund, Instant at) {
    checkout.refunds_asked += amount;
    ask(payments, checkout, PaymentTaskKind::refund, at, amount, refund);
}

std::optional<OpenItemKind> item_of(TransferOutcome outcome) {
    switch (outcome) {
        case TransferOutcome::over: return OpenItemKind::overpaid;
        case TransferOutcome::again: return OpenItemKind::paid_again;
        case TransferOutcome::cancelled: return OpenItemKind::order_cancelled;
        case TransferOutcome::unknown: return OpenItemKind::unknown_reference;
        default: return std::nullopt;
    }
}

}  // namespace

void evolve(Payments& payments, const PaymentTermsSet& fact, const Stamp&) {
    payments.bank = fact.bank, payments.ways = fact.ways;
}

void evolve(Payments& payments, const TransferTaken& fact, const Stamp& stamp) {
    if (fact.digest != 0) payments.transfers_seen.insert(fact.digest);
    if (const auto kind = item_of(fact.outcome)) {
        auto& item = open_item(payments, *kind, fact.open, stamp.at);
        item.order = fact.order, item.reference = fact.reference, item.source = fact.source;
    }
    const auto expected = payments.transfers.find(fact.order);
    if (expected == payments.transfers.end()) return;
    auto& [total, received, underpaid, paid] = expected->second;
    if (fact.outcome == TransferOutcome::part || fact.outcome == TransferOutcome::paid ||
        fact.outcome == TransferOutcome::over)
        received += fact.amount;
    if (fact.outcome != TransferOutcome::part) return;
    if (auto* item = payments.items.find(underpaid); item && !item->settled_at) {
        item->amount = fact.open;
        return;
    }
    auto& item = open_item(payments, OpenItemKind::underpaid, fact.open, stamp.at);
    item.order = fact.order, item.reference = fact.reference, item.source = fact.source;
    underpaid = item.id;
}

void evolve(Payments& payments, const OpenItemSettled& fact, const Stamp& stamp) {
    auto& item = payments.items.must(fact.item);
    settle(payments, fact.item, stamp.at, fact.note);
    if (!fact.retry || !item.task || !payments.checkouts.find(item.task->checkout)) return;
    auto task = *item.task;  // its keys stay: they go by when it was first asked
    task.id = PaymentTaskId{++payments.task_count};
    task.tries = 0, task.not_before = stamp.at;
    payments.add_task(std::move(task));
    ++payments.changes;
}

void evolve(Payments& payments, const CheckoutAsked& fact, const Stamp& stamp) {
    if (const auto before = payments.by_hold.find(fact.hold); before != payments.by_hold.end())
        if (auto* known = payments.checkouts.find(before->second)) close(payments, *known, stamp.at);
    Checkout checkout;
    checkout.id = fact.checkout, checkout.hold = fact.hold, checkout.drop = fact.drop;
    checkout.fulfilment = fact.fulfilment, checkout.place = fact.place;
    checkout.delivery = fact.delivery, checkout.tax_zone = fact.tax_zone;
    checkout.items = fact.items, checkout.amount = fact.amount;
    checkout.asked_at = stamp.at, checkout.hold_expires_at = fact.hold_expires_at;
    checkout.return_url = fact.return_url;
    const auto& added = payments.checkouts.add(fact.checkout, std::move(checkout));
    payments.index(added);
    ask(payments, added, PaymentTaskKind::open, stamp.at);
}

void evolve(Payments& payments, const CheckoutOpened& fact, const Stamp& stamp) {
    auto& checkout = payments.checkouts.must(fact.checkout);
    payments.drop_task(fact.task);
    checkout.status = CheckoutStatus::open;
    checkout.session = fact.session, checkout.url = fact.url;
    ++payments.changes;
    if (checkout.hold_over) ask(payments, checkout, PaymentTaskKind::expire, stamp.at);
}

void evolve(Payments& payments, const PaymentEventTaken& fact, const Stamp& stamp) {
    payments.events[fact.event] = stamp.at;
    const auto& checkout = payments.checkouts.must(fact.checkout);
    const auto look = fact.refund ? PaymentTaskKind::look_at_refunds : PaymentTaskKind::look;
    drop_tasks(payments, checkout.id, look);  // one that is under way may have looked too early
    ask(payments, checkout, look, stamp.at);
}

void evolve(Payments& payments, const PaymentAuthorised& fact, const Stamp& stamp) {
    auto& checkout = payments.checkouts.must(fact.checkout);
    drop_tasks(payments, checkout.id);
    checkout.intent = fact.intent, checkout.authorised = fact.authorised;
    checkout.order = fact.order;
    forget_page(checkout);
    if (fact.order) {
        checkout.status = CheckoutStatus::authorised;
        payments.index(checkout);
        return ask(payments, checkout, PaymentTaskKind::capture, stamp.at, fact.capture);
    }
    checkout.status = CheckoutStatus::refused;
    open_item(payments, OpenItemKind::late_money, fact.authorised, stamp.at).checkout = checkout.id;
    ask(payments, checkout, PaymentTaskKind::cancel, stamp.at);
}

void evolve(Payments& payments, const PaymentTaskDone& fact, const Stamp& stamp) {
    auto& checkout = payments.checkouts.must(fact.checkout);
    payments.drop_task(fact.task);
    ++payments.changes;
    const bool open = checkout.status == CheckoutStatus::open;
    switch (fact.kind) {
        case PaymentTaskKind::open: break;
        case PaymentTaskKind::look:
            if (!fact.ended) break;
            drop_tasks(payments, checkout.id);
            if (open) checkout.status = CheckoutStatus::over, forget_page(checkout);
            break;
        case PaymentTaskKind::expire:
            if (open) checkout.status = CheckoutStatus::over, forget_page(checkout);
            break;
        case PaymentTaskKind::capture:
            checkout.status = CheckoutStatus::paid, checkout.captured = fact.amount;
            checkout.session.clear();
            if (checkout.order_cancelled) give_back(payments, checkout, fact.amount, {}, stamp.at);
            break;
        case PaymentTaskKind::cancel:
            checkout.captured = fact.amount;  // somebody was faster: then it goes back
            if (fact.amount > Money{0}) give_back(payments, checkout, fact.amount, {}, stamp.at);
            if (checkout.status == CheckoutStatus::authorised) checkout.status = CheckoutStatus::over;
            break;
        case PaymentTaskKind::refund: checkout.refunded += fact.amount; break;
        case PaymentTaskKind::look_at_refunds: break;
    }
}

void evolve(Payments& payments, const PaymentTaskDelayed& fact, const Stamp&) {
    const auto it = payments.tasks.find(fact.task);
    CHECK_BECAUSE(it != payments.tasks.end(), "a task is put off that is not there");
    it->second.tries = fact.tries, it->second.not_before = fact.not_before, it->second.trouble = fact.trouble;
    ++payments.changes;
}

void evolve(Payments& payments, const PaymentTaskFailed& fact, const Stamp& stamp) {
    auto& checkout = payments.checkouts.must(fact.checkout);
    const auto it = payments.tasks.find(fact.task);
    CHECK_BECAUSE(it != payments.tasks.end(), "a task fails that is not there");
    auto task = it->second;
    payments.drop_task(fact.task);
    ++payments.changes;
    task.trouble = fact.trouble;
    switch (fact.kind) {
        case PaymentTaskKind::open:
            checkout.status = CheckoutStatus::failed, checkout.trouble = fact.trouble;
            return forget_page(checkout);
        case PaymentTaskKind::look: return;    // the next event or the worker's own round looks again
        case PaymentTaskKind::look_at_refunds: break;  // nobody would look again: a person shall
        case PaymentTaskKind::expire: return;  // the page ends by itself, and money that comes is seen
        default: break;
    }
    checkout.trouble = fact.trouble;
    auto& item = open_item(payments, OpenItemKind::task_failed, task.amount, stamp.at);
    item.order = checkout.order, item.checkout = checkout.id, item.trouble = fact.trouble, item.task = task;
}

// What is to be asked instead has a key of its own: under the old one the provider only repeats that it failed.
void evolve(Payments& payments, const RefundLost& fact, const Stamp& stamp) {
    auto& checkout = payments.checkouts.must(fact.checkout);
    checkout.refunded -= fact.amount;
    checkout.refunds_lost.push_back(fact.provider);
    auto& item = open_item(payments, OpenItemKind::refund_failed, fact.amount, stamp.at);
    item.order = fact.order, item.checkout = checkout.id, item.source = fact.provider, item.trouble = fact.trouble;
    PaymentTask again;
    again.kind = PaymentTaskKind::refund, again.checkout = checkout.id, again.amount = fact.amount;
    again.asked_at = stamp.at, again.lost = static_cast<std::uint32_t>(checkout.refunds_lost.size());
    item.task = std::move(again);
}

void evolve(Payments& payments, const HoldEnded& fact, const Stamp& stamp) {
    const auto it = payments.by_hold.find(fact.hold);
    if (it == payments.by_hold.end()) return;
    if (auto* checkout = payments.checkouts.find(it->second)) close(payments, *checkout, stamp.at);
}

void evolve(Payments& payments, const OrderPlaced& fact, const Stamp& stamp) {
    if (fact.payment == PaymentMethod::bank_transfer)
        payments.transfers[fact.order] = {fact.total, {}, {}, fact.status != OrderStatus::awaiting_payment};
    if (fact.payment == PaymentMethod::stripe) return;  // PaymentAuthorised stands beside it
    const auto it = payments.by_hold.find(fact.hold);
    if (it == payments.by_hold.end()) return;
    if (auto* checkout = payments.checkouts.find(it->second)) close(payments, *checkout, stamp.at);
}

void evolve(Payments& payments, const PaymentRecorded& fact, const Stamp& stamp) {
    const auto it = payments.transfers.find(fact.order);
    if (it == payments.transfers.end() || fact.give_back) return;
    it->second.paid = true;
    settle(payments, it->second.underpaid, stamp.at, "the rest has come");
}

void evolve(Payments& payments, const OrderCancelled& fact, const Stamp& stamp) {
    if (const auto it = payments.transfers.find(fact.order); it != payments.transfers.end()) {
        const auto& [total, received, underpaid, paid] = it->second;
        settle(payments, underpaid, stamp.at, "the order was cancelled");
        pay_back(payments, fact.order, paid ? fact.refund : received, stamp.at);
    }
    auto* checkout = checkout_of(payments, fact.order);
    if (!checkout) return;
    if (checkout->status == CheckoutStatus::authorised) {  // a capture under way is found out by the cancelling
        checkout->order_cancelled = true;
        drop_tasks(payments, checkout->id, PaymentTaskKind::capture);
        for (auto id = payments.items.first(); id < payments.items.next(); ++id.n)  // nor is it asked for again
            if (const auto* item = payments.items.find(id);
                item && item->checkout == checkout->id && item->task && item->task->kind == PaymentTaskKind::capture)
                settle(payments, id, stamp.at, "the order was cancelled");
        ask(payments, *checkout, PaymentTaskKind::cancel, stamp.at);
    } else if (checkout->status == CheckoutStatus::paid && fact.refund > Money{0}) {
        give_back(payments, *checkout, fact.refund, {}, stamp.at);
    }
}

void evolve(Payments& payments, const OrderRefunded& fact, const Stamp& stamp) {
    if (payments.transfers.contains(fact.order)) pay_back(payments, fact.order, fact.amount, stamp.at);
    if (auto* checkout = checkout_of(payments, fact.order);
        checkout && checkout->status == CheckoutStatus::paid && fact.amount > Money{0})
        give_back(payments, *checkout, fact.amount, fact.refund, stamp.at);
}

void evolve(Payments& payments, const OrderArchived& fact, const Stamp&) {
    payments.transfers.erase(fact.order.id);
    for (const auto& card : fact.order.card) {
        payments.checkouts.forget(card.checkout);
        payments.by_order.erase(fact.order.id);
    }
}

void evolve(Payments& payments, const OrderRecalled& fact, const Stamp&) {
    const auto& order = fact.order;
    for (const auto& card : order.card) {
        Checkout checkout;
        checkout.hold = order.hold, checkout.drop = order.drop, checkout.order = order.id;
        checkout.status = card.captured > Money{0} ? CheckoutStatus::paid : CheckoutStatus::over;
        checkout.fulfilment = order.fulfilment, checkout.place = order.place;
        checkout.asked_at = card.asked_at, checkout.hold_expires_at = card.hold_expires_at;
        checkout.amount = order.total, checkout.hold_over = true, checkout.intent = card.intent;
        checkout.authorised = card.authorised, checkout.captured = card.captured;
        checkout.refunds_asked = card.refunds_asked, checkout.refunded = card.refunded;
        checkout.refunds_lost = card.refunds_lost;
        checkout.order_cancelled = order.status == OrderStatus::cancelled;
        payments.checkouts.restore(card.checkout, std::move(checkout));
        payments.by_order[order.id] = card.checkout;
    }
    if (order.payment != PaymentMethod::bank_transfer) return;
    payments.transfers[order.id] = {order.total, order.paid, {}, order.paid_at.has_value()};
}

// Pages of holds that are forgotten go with them; what was paid goes with its order, and money that came for nothing
// and went back stays as long as an order would.
void evolve(Payments& payments, const ShopTidied& fact, const Stamp& stamp) {
    for (auto it = payments.by_hold.begin(); it != payments.by_hold.end() && it->first < fact.holds_below;) {
        const auto* checkout = payments.checkouts.find(it->second);
        if (checkout && checkout->hold_expires_at > fact.holds_before) {
            ++it;
            continue;
        }
        it = payments.by_hold.erase(it);
    }
    for (auto id = payments.checkouts.first(); id < payments.checkouts.next(); ++id.n) {
        const auto* checkout = payments.checkouts.find(id);
        if (!checkout) continue;
        if (checkout->hold_expires_at > fact.holds_before) break;  // the later ones too, but for a few: next time
        const auto task = payments.tasks_of.lower_bound({id, {}});
        const bool busy = task != payments.tasks_of.end() && task->first == id;
        const bool went_back = checkout->captured == checkout->refunded &&
                               (checkout->captured == Money{0} ||
                                checkout->hold_expires_at + order_kept_for <= stamp.at);
        if (!busy && !checkout->order && went_back) payments.checkouts.forget(id);
    }
    for (auto id = payments.items.first(); id < payments.items.next(); ++id.n) {
        const auto* item = payments.items.find(id);
        if (item && item->settled_at && *item->settled_at <= fact.holds_before) payments.items.forget(id);
    }
    std::erase_if(payments.events, [&](const auto& event) { return event.second + events_kept_for <= stamp.at; });
}

std::vector<CardPayment> card_of(const Payments& payments, OrderId order) {
    const auto* checkout = payments.of_order(order);
    if (!checkout || checkout->order != order) return {};
    return {{checkout->id, checkout->intent, checkout->authorised, checkout->captured, checkout->refunds_asked,
             checkout->refunded, checkout->refunds_lost, checkout->asked_at, checkout->hold_expires_at}};
}

bool card_rests(const Payments& payments, OrderId order) {
    const auto* checkout = payments.of_order(order);
    if (!checkout) return true;
    const auto task = payments.tasks_of.lower_bound({checkout->id, {}});
    if (task != payments.tasks_of.end() && task->first == checkout->id) return false;
    bool open = false;
    payments.items.each([&](const OpenItem& item) { open |= item.checkout == checkout->id && !item.settled_at; });
    return !open;
}

}  // namespace dropsmith::sell
