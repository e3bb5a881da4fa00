// Payment pages and the outbox. A page is for a hold; money that is kept ready makes the hold an order, and only then
// is it captured. Money that comes when the hold has ended makes an order if the same units can be held again, else it
// is let go and shown. An answer about a task that is gone changes nothing: what is true is asked again. Loop's thread.
// Covered by flow/sell/payment_test.cpp.
#include "flow/sell/payment.h"

#include <algorithm>

#include "flow/sell/checkout.h"
#include "flow/sell/hold_status.h"
#include "flow/sell/late_payment.h"
#include "flow/sell/order.h"
#include "flow/sell/personal_price.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

using namespace refusals;

constexpr std::uint32_t looks_max = 8;
constexpr std::size_t lost_at_once = 32;  // the provider's next event tells of the rest

const PaymentTask* task_of(const State& state, PaymentTaskId id) {
    const auto it = state.payments.tasks.find(id);
    return it == state.payments.tasks.end() ? nullptr : &it->second;
}
Failure<Refusal> no_task() { return refuse(not_found, "nobody waits for this answer any more"); }

ConfirmHold how_of(const Checkout& checkout, HoldId hold) {
    return {hold,           checkout.fulfilment, checkout.place, checkout.delivery, checkout.tax_zone,
            PaymentMethod::stripe, false};
}

std::vector<CheckoutItem> items_of(const State& state, const OrderPlaced& order) {
    std::vector<CheckoutItem> out;
    for (const auto& line : order.lines) {
        const auto& sku = *state.catalogue.find(line.sku);
        auto title = state.catalogue.find(sku.product)->title;
        if (title.empty()) title = sku.terms.sku;
        if (!sku.terms.size.empty()) title += ", " + sku.terms.size;
        if (line.units != Quantity{1}) title = count_of(line.units) + " × " + title;
        out.push_back({std::move(title), line.gross});
    }
    if (order.delivery_charge > Money{0}) out.push_back({"Delivery", order.delivery_charge});
    return out;
}

bool same_wish(const Checkout& known, const BeginCheckout& wish, Money amount) {
    return known.fulfilment == wish.fulfilment && known.place == wish.place && known.delivery == wish.delivery &&
           known.tax_zone == wish.tax_zone && known.amount == amount;
}

// The order that money for an ended hold makes, with the hold that it makes again; nothing when that cannot be.
std::optional<std::pair<Hold, OrderPlaced>> order_after_all(const State& state, const Checkout& checkout,
                                                            const Moment& moment) {
    const auto* ended = state.holds.table.find(checkout.hold);
    if (!ended || ended->status == HoldStatus::confirmed) return std::nullopt;
    if (const auto late = state.holds.late.find(ended->id); late != state.holds.late.end()) return std::nullopt;
    const auto said = state.holds.details.find(ended->id);
    const auto person = said == state.holds.details.end() ? PersonId{} : said->second.person;
    auto hold = held_again(state, *ended, person, moment);
    if (!hold) return std::nullopt;
    auto order = check_out(state, {*hold, how_of(checkout, hold->id), person, moment.at});
    if (!order) return std::nullopt;
    return std::pair{std::move(*hold), std::move(*order)};
}

Verdict money_is_there(const State& state, const Checkout& checkout, const SeePayment& seen, const Moment& moment) {
    PaymentAuthorised fact{checkout.id, seen.intent, seen.authorised, {}, {}, false};
    const auto* hold = state.holds.table.find(checkout.hold);
    const bool live = hold && hold->status == HoldStatus::held;
    if (live && no_longer_held(*hold, moment.at))  // due, and its timer runs with the next batch
        return refuse(wrong_state, "the hold is expiring this moment: ask again");
    const auto fits = [&](const OrderPlaced& order) {
        return order.total > Money{0} && order.total <= seen.authorised;
    };
    if (live) {
        auto order = order_of(state, how_of(checkout, hold->id), moment);
        if (!order || !fits(*order)) return bounded_facts(std::move(fact));
        fact.order = order->order, fact.capture = order->total;
        return bounded_facts(std::move(*order), std::move(fact));
    }
    fact.late = true;
    auto made = order_after_all(state, checkout, moment);
    if (!made || !fits(made->second)) return bounded_facts(std::move(fact));
    auto& [again, order] = *made;
    fact.order = order.order, fact.capture = order.total;
    auto own = personal_again(state, checkout.hold, again, order);
    auto out = bounded_facts(UnitsHeld{again.id, again.drop, again.channel, again.lines, again.expires_at,
                                       again.session, again.pickup_at, again.preorder},
                             std::move(order), std::move(fact));
    if (out && own) out->insert(out->begin(), Fact(std::move(*own)));
    return out;
}

}  // namespace

Verdict handle(const State& state, const BeginCheckout& command, const Moment& moment) {
    const ConfirmHold how{command.hold,     command.fulfilment,    command.place, command.delivery,
                          command.tax_zone, PaymentMethod::stripe, false};
    if (moment.who.kind == ActorKind::buyer && !buyers_may_use(state, PaymentMethod::stripe))
        return refuse(unknown_method, "this shop takes no payments by a payment page");
    const auto order = order_of(state, how, moment);
    if (!order) return Failure<Refusal>{order.error()};
    if (order->total <= Money{0}) return refuse(unknown_method, "there is nothing to pay: confirm the hold");
    const auto* known = state.payments.of_hold(command.hold);
    if (known && !known->hold_over &&
        (known->status == CheckoutStatus::asked || known->status == CheckoutStatus::open) &&
        same_wish(*known, command, order->total))
        return refuse(already_exists, "the payment page for this is there already");
    const auto& hold = state.holds.table.must(command.hold);
    const auto& drop = *state.drops.find(hold.drop);
    CheckoutAsked asked{state.payments.checkouts.next(),
                        hold.id,
                        hold.drop,
                        command.fulfilment,
                        command.place,
                        command.delivery,
                        command.tax_zone,
                        items_of(state, *order),
                        order->total,
                        hold.expires_at,
                        command.base_url + "/#/shop/" + drop.terms.slug};
    HoldDetailed details{hold.id, hold.drop, order->person, command.fulfilment, command.delivery, command.tax_zone};
    return bounded_facts(std::move(details), std::move(asked));
}

Verdict handle(const State& state, const OpenCheckout& command, const Moment&) {
    const auto* task = task_of(state, command.task);
    if (!task || task->kind != PaymentTaskKind::open) return no_task();
    return bounded_facts(CheckoutOpened{task->checkout, task->id, command.session, command.url});
}

std::optional<Refusal> no_news(const State& state, const TakePaymentEvent& command) {
    if (state.payments.events.contains(command.event))
        return refuse(already_exists, "this event was taken before").error;
    const auto* checkout = state.payments.checkouts.find(command.checkout);
    if (!checkout) return refuse(not_found, "the event is not about a payment of this shop").error;
    if (command.refund) {
        if (checkout->refunds_asked > Money{0}) return std::nullopt;
        return refuse(wrong_state, "nothing was given back of it").error;
    }
    const bool open = checkout->status == CheckoutStatus::open;
    const bool over = checkout->status == CheckoutStatus::over && !checkout->session.empty() && !checkout->order;
    if (!open && (command.over || !over)) return refuse(wrong_state, "what it says is known").error;
    return std::nullopt;
}

Verdict handle(const State& state, const TakePaymentEvent& command, const Moment&) {
    if (auto refused = no_news(state, command)) return Failure<Refusal>{std::move(*refused)};
    return facts(PaymentEventTaken{command.event, command.checkout, command.refund});
}

Verdict handle(const State& state, const SeePayment& command, const Moment& moment) {
    const auto* checkout = state.payments.checkouts.find(command.checkout);
    if (!checkout) return refuse(not_found, "no such checkout");
    const auto* task = task_of(state, command.task);
    const bool open = checkout->status == CheckoutStatus::open;
    const bool may_come = open || (checkout->status == CheckoutStatus::over && !checkout->order);
    if (may_come && !command.intent.empty() && command.authorised > Money{0})
        return money_is_there(state, *checkout, command, moment);
    const bool ends = open && command.ended;
    if (!task && !ends) return refuse(wrong_state, "nothing is new");
    return facts(PaymentTaskDone{task ? task->id : PaymentTaskId{}, checkout->id, PaymentTaskKind::look, {}, {}, ends});
}

Verdict handle(const State& state, const FinishPaymentTask& command, const Moment&) {
    const auto* task = task_of(state, command.task);
    if (!task) return no_task();
    PaymentTaskDone done{task->id, task->checkout, task->kind, command.amount, command.provider, false};
    if (task->kind == PaymentTaskKind::expire) done.amount = {};
    if (task->kind == PaymentTaskKind::refund) done.amount = task->amount;
    if (task->kind != PaymentTaskKind::capture) return bounded_facts(std::move(done));
    if (command.amount != task->amount)  // somebody captured another sum elsewhere
        return facts(PaymentTaskFailed{task->id, task->checkout, task->kind, "captured_another_amount"});
    const auto* order = state.orders.table.find(state.payments.checkouts.must(task->checkout).order);
    if (!order || order->status == OrderStatus::cancelled || order->paid_at) return bounded_facts(std::move(done));
    return bounded_facts(std::move(done), PaymentRecorded{order->id, {}, command.amount, false, false, {}});
}

// What is lost was given back before: so an answer that comes while one is being given back waits for it.
Verdict handle(const State& state, const SeeRefunds& command, const Moment& moment) {
    const auto* task = task_of(state, command.task);
    if (!task || task->kind != PaymentTaskKind::look_at_refunds) return no_task();
    const auto& payments = state.payments;
    const auto& checkout = payments.checkouts.must(task->checkout);
    for (auto it = payments.tasks_of.lower_bound({checkout.id, {}});
         it != payments.tasks_of.end() && it->first == checkout.id; ++it)
        if (!command.lost.empty() && payments.tasks.at(it->second).kind == PaymentTaskKind::refund)
            return handle(state, DelayPaymentTask{task->id, "refund_under_way"}, moment);
    auto out = facts(PaymentTaskDone{task->id, checkout.id, task->kind, {}, {}, false});
    auto left = checkout.refunded;
    const auto& known = checkout.refunds_lost;
    for (const auto& lost : command.lost) {
        if (std::find(known.begin(), known.end(), lost.provider) != known.end()) continue;
        if (lost.amount <= Money{0} || lost.amount > left || out.size() > lost_at_once) continue;
        left -= lost.amount;
        out.emplace_back(RefundLost{checkout.id, checkout.order, lost.provider, lost.amount, lost.trouble});
    }
    return out;
}

Verdict handle(const State& state, const DelayPaymentTask& command, const Moment& moment) {
    const auto* task = task_of(state, command.task);
    if (!task) return no_task();
    const auto& checkout = state.payments.checkouts.must(task->checkout);
    const auto tries = task->tries + 1;
    const bool page_for_nobody =
        task->kind == PaymentTaskKind::open && (checkout.hold_over || moment.at >= checkout.hold_expires_at);
    if (page_for_nobody || (task->kind == PaymentTaskKind::look && tries >= looks_max) ||
        moment.at - task->asked_at > payment_tried_for)
        return facts(PaymentTaskFailed{task->id, task->checkout, task->kind, command.trouble});
    // Up to half longer by chance, so that what failed together does not come again together.
    auto wait = std::min(Duration{500 << std::min(tries, 11u)}, minutes(10));
    wait = wait + Duration{static_cast<std::int64_t>(moment.random.below(static_cast<std::uint64_t>(wait.n / 2)))};
    return facts(PaymentTaskDelayed{task->id, tries, moment.at + wait, command.trouble});
}

Verdict handle(const State& state, const FailPaymentTask& command, const Moment&) {
    const auto* task = task_of(state, command.task);
    if (!task) return no_task();
    return facts(PaymentTaskFailed{task->id, task->checkout, task->kind, command.trouble});
}

}  // namespace dropsmith::sell
