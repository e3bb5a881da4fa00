// A shop in memory for tests of the rules: asks a command, evolves the facts of its answer, and nothing else. Prices
// are set by hand here, because setting them is decide's. For tests only.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "flow/sell/access.h"
#include "flow/sell/catalogue.h"
#include "flow/sell/drop.h"
#include "flow/sell/hold.h"
#include "flow/sell/order.h"
#include "flow/sell/pass.h"
#include "flow/sell/payment.h"
#include "flow/sell/room.h"
#include "flow/sell/shop.h"
#include "flow/sell/stock.h"
#include "flow/sell/subscriber.h"
#include "flow/sell/tidy.h"
#include "flow/sell/substitute.h"
#include "flow/sell/timers.h"
#include "flow/sell/waiting_list.h"
#include "model/vocabulary.h"

namespace dropsmith::sell {

template <class Slice, class F>
void evolve_one(Slice& slice, const F& fact, const Stamp& stamp) {
    if constexpr (requires { evolve(slice, fact, stamp); }) evolve(slice, fact, stamp);
}

template <class F>
bool evolve_if(State& s, const Fact& erased, const Stamp& stamp) {
    const auto* fact = erased.as<F>();
    if (!fact) return false;
    evolve_one(s.shop, *fact, stamp), evolve_one(s.access, *fact, stamp), evolve_one(s.catalogue, *fact, stamp);
    evolve_one(s.places, *fact, stamp), evolve_one(s.stock, *fact, stamp), evolve_one(s.drops, *fact, stamp);
    evolve_one(s.holds, *fact, stamp), evolve_one(s.orders, *fact, stamp), evolve_one(s.timers, *fact, stamp);
    evolve_one(s.subscribers, *fact, stamp);
    evolve_one(s.rooms, *fact, stamp), evolve_one(s.waiting_list, *fact, stamp), evolve_one(s.passes, *fact, stamp);
    evolve_one(s.substitutes, *fact, stamp), evolve_one(s.payments, *fact, stamp);
    return true;
}

template <class... F>
void evolve_any(State& state, const Fact& fact, const Stamp& stamp, Vocabulary<F...>) {
    const bool known = (evolve_if<F>(state, fact, stamp) || ...);
    CHECK_BECAUSE(known, "a fact outside the vocabulary");
}

class TestShop {
  public:
    State state;
    Instant now{1'000'000'000'000};
    Random random{1};
    Actor who;
    PersonId person;
    std::function<void(const Fact&)> seen;  // each fact, before it is applied

    explicit TestShop(std::string currency = "GBP", bool prices_include_tax = true) {
        must(OpenShop{"Test", std::move(currency), "UTC", prices_include_tax, true, 1, 1});
        must(AddPlace{"Here", PlaceKind::store, "UTC", {}});
    }

    Moment moment() { return {now, who, random, person}; }
    void take(const Fact& fact) {
        if (seen) seen(fact);
        evolve_any(state, fact, {now, ++state.head, who}, AllFacts{});
    }

    template <class C>
    Verdict ask(const C& command) {
        auto verdict = handle(state, command, moment());
        if (verdict)
            for (const auto& fact : *verdict) take(fact);
        return verdict;
    }
    template <class C>
    Facts must(const C& command) {
        auto verdict = ask(command);
        CHECK_BECAUSE(verdict.ok(), verdict.error().detail.c_str());
        return std::move(*verdict);
    }
    // "" when it was done, else the refusal's word.
    template <class C>
    std::string word(const C& command) {
        const auto verdict = ask(command);
        return verdict ? std::string{} : std::string(verdict.error().code.word);
    }

    SkuId sku(const std::string& code, const std::string& category = "standard") {
        SkuTerms terms;
        terms.sku = code, terms.unit_cost = Money{100}, terms.list_price = Money{1000};
        must(AddProduct{code, "", "", category, {terms}});
        return state.catalogue.find(code)->id;
    }
    PlaceId place(const std::string& name) {
        must(AddPlace{name, PlaceKind::hub, "UTC", {}});
        return state.places.places.back().id;
    }
    void receive(SkuId sku, std::int64_t units, PlaceId place = PlaceId{1}) {
        must(ReceiveStock{place, {{sku, Quantity{units}, {}}}, ""});
    }

    static LineTerms line(SkuId sku, std::int64_t cap, std::int64_t price = 1000) {
        LineTerms terms;
        terms.sku = sku, terms.cap = Quantity{cap}, terms.list_price = Money{price}, terms.bands = {Money{price}};
        return terms;
    }
    DropTerms terms(std::vector<LineTerms> lines) {
        DropTerms out;
        out.slug = "drop-" + std::to_string(state.drops.drops.size() + 1);
        out.title = "A drop";
        out.opens_at = now + hours(1), out.closes_at = now + hours(25);
        out.channels = {ChannelId{1}};
        out.lines = std::move(lines);
        return out;
    }
    DropId draft(std::vector<LineTerms> lines) {
        must(DraftDrop{terms(std::move(lines))});
        return state.drops.drops.back().id;
    }
    void set_price(DropId drop, std::uint32_t line, Money price) {
        auto& standing = state.prices.lines[{drop, line, ChannelId{1}}];
        standing.price = price;
        standing.decision = DecisionId{++state.prices.decisions};
    }
    DropId scheduled(std::vector<LineTerms> lines) {
        const auto id = draft(std::move(lines));
        const auto& drop = *state.drops.find(id);
        for (std::uint32_t i = 0; i < drop.lines.size(); ++i) set_price(id, i, drop.lines[i].terms.list_price);
        take(DropScheduled{id, drop.terms.opens_at, drop.terms.closes_at, drop.terms.preorder_release});
        if (drop.terms.room) take(commit_room(id, drop.terms, "", moment()));
        return id;
    }
    DropId opened(std::vector<LineTerms> lines) {
        const auto id = scheduled(std::move(lines));
        run_to(state.drops.find(id)->terms.opens_at);
        return id;
    }

    // Moves the clock and lets every timer that is due run, in order.
    void run_to(Instant at) {
        now = at;
        while (!state.timers.due.empty() && state.timers.due.begin()->due <= now) {
            const auto timer = *state.timers.due.begin();
            switch (timer.kind) {
                case TimerKind::release_reserve:
                    must(ReleaseReserveDue{DropId{timer.id}});
                    break;
                case TimerKind::open_drop:
                    must(OpenDue{DropId{timer.id}});
                    break;
                case TimerKind::close_drop:
                    must(CloseDue{DropId{timer.id}});
                    break;
                case TimerKind::settle_drop:
                    must(SettleDue{DropId{timer.id}});
                    break;
                case TimerKind::hold:
                    must(HoldDue{HoldId{timer.id}});
                    break;
                case TimerKind::tidy:
                    must(TidyDue{});
                    break;
                case TimerKind::draw_room:
                    must(DrawRoomDue{DropId{timer.id}});
                    break;
                case TimerKind::admit:
                    must(AdmitDue{DropId{timer.id}});
                    break;
                case TimerKind::offers:
                    must(OffersDue{DropId{timer.id}});
                    break;
                case TimerKind::preorders:
                    must(PreordersDue{DropId{timer.id}});
                    break;
                case TimerKind::payment:
                    must(PaymentDue{OrderId{timer.id}});
                    break;
                default:
                    CHECK_BECAUSE(false, "no prices' timers here");
            }
            CHECK_BECAUSE(!state.timers.due.contains(timer), "a timer ran and is still armed");
        }
    }

    static PlaceHold wish(DropId drop, SkuId sku, std::int64_t units, std::uint64_t session = 0) {
        return {drop, ChannelId{1}, {{sku, Quantity{units}, {}}}, {}, session, {}};
    }
    HoldId hold(DropId drop, SkuId sku, std::int64_t units, std::uint64_t session = 0) {
        must(wish(drop, sku, units, session));
        return HoldId{state.holds.table.next().n - 1};
    }
    OrderId confirm(HoldId hold, bool paid = true) {
        ConfirmHold command;
        command.hold = hold, command.paid = paid;
        must(command);
        return OrderId{state.orders.table.next().n - 1};
    }
    const Drop& drop(DropId id) const { return *state.drops.find(id); }
    const Order& order(OrderId id) const { return state.orders.table.must(id); }
    const Hold& hold(HoldId id) const { return state.holds.table.must(id); }
    const StockRow& row(SkuId sku, PlaceId place = PlaceId{1}) const { return *state.stock.find(sku, place); }
};

}  // namespace dropsmith::sell
