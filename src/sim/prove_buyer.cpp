// Covered by sim/prove_test.cpp.
#include "sim/prove_buyer.h"

#include <algorithm>

namespace dropsmith::sim {

ProveBuyer::ProveBuyer(std::uint64_t number, Random random, const ProveSetting& setting)
    : number_(number), random_(random), skus_(setting.skus), ahead_(setting.ahead),
      later_(setting.later()), by_page_(setting.provider) {
    if (setting.passes > 0 && chance(60)) pass_ = PassId{1 + number % setting.passes};
    if (setting.room && chance(85)) step_ = Step::enter;
    think(Duration{0}, 600'000);
}

void ProveBuyer::think(Duration boot, std::int64_t ms_max) {
    not_before_ = boot + Duration{static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(ms_max)))};
}

Wish ProveBuyer::make(std::function<Command()> command) {
    KeyUse key;
    auto mixed = number_ << 20 | ++keys_;
    key.scope.fill(0);
    for (std::size_t i = 0; i < 8; ++i) key.scope[i] = static_cast<std::uint8_t>(mixed >> (8 * i));
    key.body = 1 + keys_;
    return {std::move(command), key, std::nullopt, ActorKind::buyer, 0};
}

// Its turn, another's, or none.
std::optional<Admission> ProveBuyer::shown() {
    if (forges_) return Admission{DropId{1}, 1 + number_, 1, Instant{INT64_MAX}};
    if (!admission_ || chance(5)) return std::nullopt;
    auto out = *admission_;
    if (chance(5)) ++out.session;
    return out;
}

bool ProveBuyer::wants_something(Duration boot) {
    if (wish_) return true;
    if (step_ == Step::done || (!hurried_ && boot < not_before_)) return false;
    if (step_ == Step::decide) decide(boot);
    if (step_ == Step::after) after();
    if (!hurried_ && boot < not_before_) return false;
    switch (step_) {
        case Step::enter: {
            wish_ = make([ask = EnterRoom{DropId{1}, 1 + number_}] { return Command(ask); });
            wish_->session = 1 + number_;
            wish_->person = engine::PersonData{std::to_string(number_ / 2) + "@example.org", "", ""};
            break;
        }
        case Step::hold: {
            PlaceHold ask;
            ask.drop = DropId{1}, ask.channel = ChannelId{1}, ask.session = 1 + number_;
            for (auto n = 1 + random_.below(2); n > 0; --n)
                ask.lines.push_back({SkuId{1 + random_.below(skus_)},
                                     Quantity{1 + static_cast<std::int64_t>(random_.below(3))}, {}});
            wanted_ = ask.lines, ask.admission = shown();
            if (chance(80)) ask.pass = pass_;
            wish_ = make([ask] { return Command(ask); });
            break;
        }
        case Step::join: {
            JoinWaitingList ask;
            ask.drop = DropId{1}, ask.channel = ChannelId{1}, ask.session = 1 + number_, ask.lines = wanted_;
            ask.preorder = ahead_ && chance(65), ask.admission = shown();
            wish_ = make([ask] { return Command(ask); });
            break;
        }
        case Step::leave: wish_ = make([entry = entry_] { return Command(LeaveWaitingList{entry}); }); break;
        case Step::reduce: {
            ReduceHold ask{hold_, {}};
            for (const auto& line : lines_) {
                auto same = std::find_if(ask.lines.begin(), ask.lines.end(),
                                         [&](const auto& wanted) { return wanted.sku == line.sku; });
                if (same == ask.lines.end()) ask.lines.push_back({line.sku, Quantity{1}, {}});
            }
            wish_ = make([ask] { return Command(ask); });
            break;
        }
        case Step::release: wish_ = make([hold = hold_] { return Command(ReleaseHold{hold}); }); break;
        case Step::confirm: {
            ConfirmHold ask;
            ask.hold = hold_, ask.paid = chance(50);
            wish_ = make([ask] { return Command(ask); });
            // a few people share an address each, so that limits by person matter
            wish_->person = engine::PersonData{std::to_string(number_ / 2) + "@example.org", "", ""};
            break;
        }
        case Step::page: {
            BeginCheckout ask;
            ask.hold = hold_, ask.base_url = "https://proof.example";
            wish_ = make([ask] { return Command(ask); });
            wish_->person = engine::PersonData{std::to_string(number_ / 2) + "@example.org", "", ""};
            break;
        }
        case Step::late_money: {
            RecordPayment ask;
            ask.hold = hold_;
            for (const auto& line : lines_) ask.amount += line.unit_price * line.units;
            ask.reference_digest = std::to_string(number_);
            wish_ = make([ask] { return Command(ask); });
            wish_->who = ActorKind::shop;
            break;
        }
        case Step::cancel:
            wish_ = make([order = order_] { return Command(CancelOrder{order, "changed mind"}); });
            break;
        case Step::refund: {
            const RefundOrder ask{order_, {{0, Quantity{1}, true}}, false, "chipped"};
            wish_ = make([ask] { return Command(ask); });
            wish_->who = ActorKind::shop;
            break;
        }
        default: break;
    }
    return wish_.has_value();
}

void ProveBuyer::decide(Duration boot) {
    const auto dice = random_.below(100);
    step_ = dice < 10 ? Step::release : dice < 20 ? Step::reduce : dice < 35 ? Step::done : Step::confirm;
    if (step_ == Step::confirm && by_page_ && chance(65)) step_ = Step::page;
    if (step_ == Step::confirm && chance(25) && !hurried_) {  // thinks until the hold may have gone
        think(boot, 1'500'000);
    }
}

void ProveBuyer::after() {
    const auto dice = random_.below(100);
    const std::uint64_t more = by_page_ ? 20 : 0;  // of what came by a provider more is given back
    step_ = dice < 20 ? Step::cancel : dice < 40 + more ? Step::refund : Step::done;
}

void ProveBuyer::refused(Step was, const Refusal& refusal, Duration boot) {
    const auto word = refusal.code.word;
    const bool gone = word == refusals::sold_out.word || word == refusals::insufficient_stock.word;
    if (word == refusals::pass_used_up.word || word == refusals::pass_not_valid.word) {
        if (chance(50)) pass_ = {};
        return think(boot, 60'000);
    }
    const bool no_turn = word == refusals::not_admitted.word;
    if (no_turn && chance(80)) return step_ = forges_ ? Step::hold : Step::enter, think(boot, 20'000);
    if (was == Step::enter) return step_ = chance(50) ? Step::enter : Step::hold, think(boot, 60'000);
    const bool shut = word == refusals::drop_not_open.word;
    if (was == Step::hold && (gone || (shut && ahead_)) && chance(50)) return step_ = Step::join, think(boot, 60'000);
    if (was == Step::join && chance(50)) return step_ = Step::hold, think(boot, 60'000);
    // tries again, with another basket
    if (was == Step::hold && chance(shut && later_ ? 90 : 60)) return step_ = Step::hold, think(boot, 120'000);
    const bool expired = word == refusals::hold_expired.word;
    step_ = was == Step::confirm && expired && chance(60) ? Step::late_money : Step::done;
    think(boot, 60'000);
}

void ProveBuyer::hear(const Heard& heard, Duration boot) {
    last_ = std::move(wish_);
    wish_.reset();
    const auto was = step_;
    if (heard.refusal) return refused(was, *heard.refusal, boot);
    if (heard.hold) hold_ = heard.hold, lines_ = heard.lines;
    if (heard.order) order_ = heard.order;
    if (heard.entry) entry_ = heard.entry;
    if (heard.number != 0) number_in_room_ = heard.number;
    switch (was) {
        case Step::enter: step_ = Step::queue; break;
        case Step::hold: step_ = Step::decide; break;
        case Step::reduce: step_ = by_page_ && chance(65) ? Step::page : Step::confirm; break;
        case Step::join: step_ = Step::wait; break;
        case Step::confirm: step_ = Step::after; break;
        case Step::page: step_ = Step::pay; break;
        default: step_ = Step::done;
    }
    think(boot, 120'000);
    if (was == Step::reduce) lines_.clear();
}

void ProveBuyer::sees(const Room* room, const DropTerms& terms, Duration boot) {
    if (room && !room->over) {
        const auto rank = room->rank_of(number_in_room_);
        const auto let_in = rank ? room->admitted_at(*rank) : std::nullopt;
        if (!let_in) return;
        admission_ = {DropId{1}, 1 + number_, number_in_room_, *let_in + terms.room->admission_for};
    }
    step_ = Step::hold;
    think(boot, 60'000);
}

// It may think until the hold is gone and the page still stands; one in ten wants less after all, and a page for that.
bool ProveBuyer::sees(const Checkout* page, Duration boot) {
    if (!page) return step_ = Step::done, false;
    if (page->order) return order_ = page->order, step_ = Step::after, think(boot, 120'000), false;
    const bool open = page->status == CheckoutStatus::open;
    if (step_ == Step::paid) {
        if (!open) step_ = Step::done;  // it went back
        return false;
    }
    const bool shown = !pages_.empty() && pages_.back() == page->id;
    if (open && !shown) pages_.push_back(page->id), think(boot, chance(20) ? 3'000'000 : 20'000);
    if (pages_.empty() || pages_.back() != page->id) {
        if (page->status != CheckoutStatus::asked) step_ = Step::done;
        return false;
    }
    if (boot < not_before_) return false;
    if (open && pages_.size() == 1 && chance(10)) return step_ = Step::reduce, false;
    if (chance(10)) return step_ = Step::done, false;
    return step_ = Step::paid, true;
}

void ProveBuyer::sees(const WaitEntry* entry, const Hold* offer, Duration boot) {
    if (!entry || (entry->status != WaitStatus::waiting && entry->status != WaitStatus::offered))
        return void(step_ = Step::done);
    const bool tired = (hurried_ || boot >= not_before_) && random_.below(1'000) < (entry->preorder ? 4 : 20);
    if (tired) return void(step_ = Step::leave);
    if (!offer) return;
    hold_ = offer->id, lines_ = offer->lines, step_ = Step::decide;
    think(boot, 900'000);  // the offer may have gone by then
}

}  // namespace dropsmith::sim
