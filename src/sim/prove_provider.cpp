// See the header. Covered by sim/prove_test.cpp.
#include "sim/prove_provider.h"

#include <algorithm>
#include <charconv>

#include "flow/sell/payment.h"

namespace dropsmith::sim {

namespace {

constexpr Duration look_every = seconds(20), keys_remembered = hours(24);

// The part of a task's trouble that makes the next key another one.
std::uint64_t turn_of(const PaymentTask& task) {
    const auto colon = task.trouble.find(':');
    std::uint64_t turn = 0;
    if (colon != std::string::npos)
        std::from_chars(task.trouble.data() + colon + 1, task.trouble.data() + task.trouble.size(), turn);
    return turn;
}

std::string trouble(const std::string& word, std::uint64_t turn) {
    return turn == 0 ? word : word + ":" + std::to_string(turn);
}

std::string mark_of(const PaymentTask& task) {
    return std::to_string(task.checkout.n) + "-" + std::to_string(task.refund.n) + "-" +
           std::to_string(task.asked_at.ms) + "-" + std::to_string(task.lost);
}

Money given_back(const auto& backs) {
    Money sum;
    for (const auto& back : backs)
        if (!back.lost) sum += back.amount;
    return sum;
}

}  // namespace

ProveProvider::ProveProvider(Random random, Sights& sights, bool forgets_keys, bool closes_blindly)
    : random_(random), sights_(sights), forgets_keys_(forgets_keys), closes_blindly_(closes_blindly) {
    faults_ = {random_.below(20), random_.below(10), random_.below(20), random_.below(40), random_.below(30),
               random_.below(60), 1 + static_cast<std::int64_t>(random_.below(60'000))};
    if (closes_blindly_) faults_.event_lost = 80;
}

void ProveProvider::mend() {
    faults_ = {}, mended_ = true;
    for (auto& event : events_) event.due = {};
    for (auto& outcome : outcomes_) outcome.due = {};
}

Duration ProveProvider::later(Duration boot, std::int64_t most_ms) {
    return boot + Duration{static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(most_ms)))};
}

// An event of a page may never come, since pages are looked at anyhow; one about a refund comes until it is heard.
void ProveProvider::say(CheckoutId checkout, bool over, bool refund, Duration boot) {
    if (!refund && chance(faults_.event_lost)) return sights_.saw(Sight::event_lost);
    const TakePaymentEvent says{++events_said_, checkout, over, refund};
    events_.push_back({says, later(boot, faults_.late_ms)});
    if (!chance(faults_.event_twice)) return;
    sights_.saw(Sight::event_twice);
    events_.push_back({says, later(boot, 20 * faults_.late_ms)});
}

bool ProveProvider::pay(CheckoutId checkout, Duration boot) {
    let_pages_end(boot);
    const auto it = pages_.find(checkout);
    if (it == pages_.end() || it->second.expired || it->second.intent != Intent::none) return false;
    it->second.intent = Intent::kept;
    say(checkout, false, false, boot);
    if (chance(50)) say(checkout, false, false, boot);  // of the payment, too
    return true;
}

void ProveProvider::let_pages_end(Duration boot) {
    for (auto& [id, page] : pages_) {
        if (page.expired || page.intent != Intent::none || boot < page.ends) continue;
        page.expired = true;
        say(id, true, false, boot);
    }
}

std::vector<ProviderAsk> ProveProvider::tell(const State& state, Instant at, Duration boot) {
    let_pages_end(boot);
    begin_calls(state, at, boot);
    if (!closes_blindly_) look_at_pages(state, boot);
    std::vector<ProviderAsk> out;
    std::erase_if(events_, [&](const Event& event) {
        if (event.due > boot) return false;
        out.push_back({event.says, ActorKind::shop, {}, event.says});
        return true;
    });
    std::erase_if(outcomes_, [&](Outcome& outcome) {
        if (outcome.due > boot) return false;
        out.push_back({std::move(outcome.command), ActorKind::planner, outcome.task, std::nullopt});
        return true;
    });
    state.payments.items.each([&](const OpenItem& item) {  // staff ask again for what the provider refused
        if (item.task && !item.settled_at && (mended_ || chance(10)))
            out.push_back({SettleOpenItem{item.id, {}, true, ""}, ActorKind::shop, {}, std::nullopt});
    });
    for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[random_.below(i)]);
    return out;
}

void ProveProvider::told(const std::vector<ProviderAsk>& asks, Duration boot) {
    for (const auto& ask : asks) {
        const auto& heard = *ask.heard;
        const bool done = heard.settled && heard.stored;
        if (ask.task) {
            under_way_.erase(ask.task);
            if (!done || heard.refusal) pauses_[ask.task] = boot + seconds(1);  // what is true is asked again
        }
        if (ask.event && heard.refusal && heard.refusal->code.word == refusals::already_exists.word)
            sights_.saw(Sight::event_known);
        if (ask.event && (!done || (ask.event->refund && chance(faults_.event_lost))))  // no 200 came back
            events_.push_back({*ask.event, later(boot, 60'000)});
    }
}

void ProveProvider::process_gone() {
    outcomes_.clear(), under_way_.clear(), pauses_.clear();
    for (auto& [id, page] : pages_) page.next_look = {};
}

void ProveProvider::begin_calls(const State& state, Instant at, Duration boot) {
    for (const auto& [id, task] : state.payments.tasks) {
        const auto pause = pauses_.find(id);
        if (under_way_.contains(id) || task.not_before > at || (pause != pauses_.end() && pause->second > boot))
            continue;
        under_way_.insert(id);
        auto command = call(task, state.payments.checkouts.must(task.checkout), at, boot);
        outcomes_.push_back({std::move(command), id, later(boot, chance(10) ? 20 * faults_.late_ms : faults_.late_ms)});
    }
}

void ProveProvider::look_at_pages(const State& state, Duration boot) {
    for (auto& [id, page] : pages_) {
        const auto* checkout = state.payments.checkouts.find(id);
        if (!checkout || checkout->status != CheckoutStatus::open || checkout->hold_over || page.next_look > boot)
            continue;
        page.next_look = boot + look_every;
        if (chance(faults_.unreached)) continue;
        if (page.intent != Intent::none || page.expired) outcomes_.push_back({seen(id, {}, page), {}, boot});
    }
}

SeePayment ProveProvider::seen(CheckoutId checkout, PaymentTaskId task, const Page& page) {
    if (page.intent == Intent::kept || page.intent == Intent::captured)
        return {checkout, task, false, "pay" + std::to_string(checkout.n),
                page.intent == Intent::kept ? page.amount : page.captured};
    return {checkout, task, page.expired || page.intent == Intent::let_go, {}, {}};
}

Command ProveProvider::call(const PaymentTask& task, const Checkout& checkout, Instant at, Duration boot) {
    if (chance(faults_.unreached)) {
        sights_.saw(Sight::call_lost);
        return DelayPaymentTask{task.id, trouble("no_answer", turn_of(task))};
    }
    if (chance(faults_.broken)) return DelayPaymentTask{task.id, trouble("http_500", turn_of(task) + 1)};
    auto done = act(task, checkout, at, boot);
    const bool lost = chance(faults_.answer_lost);
    if (!lost && !(forgets_keys_ && task.kind == PaymentTaskKind::refund && task.tries == 0)) return done;
    sights_.saw(Sight::answer_lost);
    return DelayPaymentTask{task.id, trouble("no_answer", turn_of(task))};
}

Command ProveProvider::act(const PaymentTask& task, const Checkout& checkout, Instant at, Duration boot) {
    if (task.kind == PaymentTaskKind::open) {
        const auto ends = std::clamp(checkout.hold_expires_at + hours(1), checkout.asked_at + minutes(31),
                                     checkout.asked_at + hours(23));
        Page page;
        page.amount = checkout.amount, page.ends = boot + (ends - at);
        pages_.try_emplace(checkout.id, page);  // asked again: the same page
        return OpenCheckout{task.id, name_of(checkout.id), "https://pay.example/" + name_of(checkout.id)};
    }
    auto& page = pages_.at(checkout.id);
    const bool paid = page.intent != Intent::none;
    switch (task.kind) {
        case PaymentTaskKind::look: return seen(checkout.id, task.id, page);
        case PaymentTaskKind::expire:
            if (paid && page.intent != Intent::let_go && !closes_blindly_) return seen(checkout.id, task.id, page);
            page.expired = true;
            return FinishPaymentTask{task.id, {}, name_of(checkout.id)};
        case PaymentTaskKind::capture:
            if (page.intent == Intent::let_go) return FailPaymentTask{task.id, "authorisation_gone"};
            if (page.intent == Intent::kept) page.intent = Intent::captured, page.captured = task.amount;
            return FinishPaymentTask{task.id, page.captured, name_of(checkout.id)};
        case PaymentTaskKind::cancel:
            if (page.intent == Intent::kept) page.intent = Intent::let_go;
            if (page.intent == Intent::captured) sights_.saw(Sight::captured_before_let_go);
            return FinishPaymentTask{task.id, page.captured, name_of(checkout.id)};
        case PaymentTaskKind::refund: return refund(task, page, at, boot);
        default: return look_at_refunds(task, page);
    }
}

Command ProveProvider::refund(const PaymentTask& task, Page& page, Instant at, Duration boot) {
    const auto mark = mark_of(task);
    auto key = mark + trouble("", turn_of(task));
    if (forgets_keys_)
        key += "-" + std::to_string(++keys_made_);
    else if (at - task.asked_at > sell::provider_remembers || turn_of(task) > 0)
        for (std::size_t i = 0; i < page.backs.size(); ++i)
            if (page.backs[i].mark == mark && !page.backs[i].lost)
                return FinishPaymentTask{task.id, task.amount, name_of(task.checkout) + "-" + std::to_string(i)};
    const auto known = keys_.find(key);
    if (known == keys_.end() || known->second.second + keys_remembered <= boot) {
        if (task.amount > page.captured - given_back(page.backs))
            return FailPaymentTask{task.id, "charge_already_refunded"};
        keys_[key] = {page.backs.size(), boot};
        page.backs.push_back({mark, task.amount});
        if (chance(faults_.refund_lost)) {
            page.backs.back().lost = true;
            sights_.saw(Sight::refund_came_back);
            say(task.checkout, false, true, boot + seconds(1));
        }
    }
    return FinishPaymentTask{task.id, task.amount,
                             name_of(task.checkout) + "-" + std::to_string(keys_.at(key).first)};
}

Command ProveProvider::look_at_refunds(const PaymentTask& task, const Page& page) const {
    SeeRefunds out{task.id, {}};
    const auto asked_again = [&](std::size_t i) {  // under another key: the newest says what became of it
        return std::any_of(page.backs.begin() + static_cast<std::ptrdiff_t>(i) + 1, page.backs.end(),
                           [&](const Back& back) { return back.mark == page.backs[i].mark; });
    };
    for (std::size_t i = 0; i < page.backs.size(); ++i)
        if (page.backs[i].lost && !asked_again(i))
            out.lost.push_back(
                {name_of(task.checkout) + "-" + std::to_string(i), page.backs[i].amount, "expired_or_canceled_card"});
    return out;
}

bool ProveProvider::rests(const State& state) const {
    bool open = !state.payments.tasks.empty() || !events_.empty() || !outcomes_.empty();
    state.payments.items.each([&](const OpenItem& item) { open |= item.task && !item.settled_at; });
    for (const auto& [id, page] : pages_) {  // one that has ended by itself needs no closing
        const auto* checkout = state.payments.checkouts.find(id);
        open |= checkout && checkout->status == CheckoutStatus::open && !page.expired;
    }
    return !open;
}

std::string ProveProvider::judge(const State& state) const {
    for (const auto& [id, page] : pages_) {
        const auto name = "payment of " + name_of(id) + ": ";
        if (page.intent == Intent::kept) return name + "money is kept ready, and nobody takes it or lets it go";
        const auto* checkout = state.payments.checkouts.find(id);
        const auto* order = checkout && checkout->order ? state.orders.table.find(checkout->order) : nullptr;
        const bool has_units = order && order->status != OrderStatus::cancelled;
        const auto charged = page.captured - given_back(page.backs);
        if (has_units && !order->paid_at) return name + "its order stands and is not paid";
        const auto due = has_units ? order->paid - order->refunded : Money{};
        if (charged != due)
            return name + "charged " + std::to_string(charged.n) + ", for its units " + std::to_string(due.n);
    }
    return {};
}

}  // namespace dropsmith::sim
