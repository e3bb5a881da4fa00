// A small shop on any journal for the tests beside and above the engine: one product with one SKU, one place, one
// drop. Tests only.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/core.h"
#include "engine/memory_journal.h"

namespace dropsmith::engine {

inline const std::string testing_key(32, 'k');

// What a caller was told.
struct Told {
    int decided = 0, settled = 0;
    bool stored = false, replayed = false;
    std::optional<Refusal> refusal;
    std::vector<std::uint16_t> codes;                // of the facts
    std::uint64_t first_seq = 0;
    HoldId hold;                                     // of a UnitsHeld among the facts
    OrderId order;                                   // of an OrderPlaced
    PersonId person;
    std::optional<FaultKind> fault;
};

class Teller final : public Caller {
public:
    explicit Teller(std::shared_ptr<Told> told) : told_(std::move(told)) {}
    void decided(const Answer& answer) override {
        auto& told = *told_;
        ++told.decided;
        told.replayed = answer.replayed;
        told.first_seq = answer.first_seq;
        told.person = answer.person;
        if (answer.refusal) told.refusal = *answer.refusal;
        if (!answer.facts) return;
        for (const auto& fact : *answer.facts) {
            told.codes.push_back(fact.code());
            if (const auto* held = fact.as<UnitsHeld>()) told.hold = held->hold;
            if (const auto* placed = fact.as<OrderPlaced>()) told.order = placed->order;
        }
    }
    void settled(const Fault* fault) override {
        ++told_->settled;
        told_->stored = fault == nullptr;
        if (fault) told_->fault = fault->kind;
    }

private:
    std::shared_ptr<Told> told_;
};

inline std::pair<Ask, std::shared_ptr<Told>> told_ask(std::optional<Command> command) {
    auto told = std::make_shared<Told>();
    Ask ask;
    ask.command = std::move(command);
    ask.who = {ActorKind::shop, {}};  // no grant limits it
    ask.caller = std::make_unique<Teller>(told);
    return {std::move(ask), std::move(told)};
}

inline KeyUse key_of(std::uint8_t number, std::uint64_t body = 1) {
    KeyUse key;
    key.scope.fill(number);
    key.body = body;
    return key;
}

inline PlaceHold hold_of(std::int64_t units, std::uint64_t session = 0) {
    PlaceHold hold;
    hold.drop = DropId{1};
    hold.channel = ChannelId{1};
    hold.lines = {{SkuId{1}, Quantity{units}, {}}};
    hold.session = session;
    return hold;
}

class ShopOnTest {
public:
    explicit ShopOnTest(Journal& journal, std::uint64_t seed = 7) : core(journal, {testing_key, seed}) {}

    void start() {
        const auto report = core.start(now);
        ASSERT_TRUE(report.ok()) << (report.ok() ? "" : report.error().what);
    }

    Told tell(std::optional<Command> command, std::optional<KeyUse> key = {}, std::optional<PersonData> person = {}) {
        auto [ask, told] = told_ask(std::move(command));
        ask.key = key;
        ask.person = std::move(person);
        core.run({&ask, 1}, now);
        return *told;
    }

    // A command that must have an effect.
    Told must(Command command) {
        auto told = tell(std::move(command));
        EXPECT_FALSE(told.refusal.has_value()) << told.refusal->code.word << ": " << told.refusal->detail;
        EXPECT_TRUE(told.stored);
        return told;
    }

    void pass(Duration time) {
        now = now + time;
        core.run({}, now);
    }

    // Opens the shop with `units` in stock and a drop that is open now and closes a day later.
    void open_drop(std::int64_t units) {
        start();
        must(OpenShop{"Test", "GBP", "Europe/London"});
        must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
        must(AddProduct{"Vase", "", "", "standard", {{"VASE-S", "", Money{1'000}, false, Money{2'990}, 0, ""}}});
        must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{units}, Money{1'000}}}, ""});
        must(DraftDrop{terms(units)});
        must(ScheduleDrop{DropId{1}});
        pass(minutes(1));
        ASSERT_EQ(core.state().drops.drops.at(0).status, DropStatus::open);
    }

    DropTerms terms(std::int64_t units) const {
        LineTerms line;
        line.sku = SkuId{1};
        line.cap = Quantity{units};
        line.bands = {Money{2'990}};
        line.floor = Money{2'000};
        line.list_price = Money{2'990};
        DropTerms terms;
        terms.slug = "winter";
        terms.title = "Winter";
        terms.opens_at = now + minutes(1);
        terms.closes_at = now + hours(24);
        terms.channels = {ChannelId{1}};
        terms.lines = {line};
        return terms;
    }

    Instant now{1'800'000'000'000};
    Core core;
};

// A few minutes of the open drop: eight holds, one released, three bought, the rest run out, an order cancelled.
inline void sell_and_cancel(ShopOnTest& shop) {
    for (std::uint8_t i = 1; i <= 8; ++i) shop.tell(hold_of(1 + i % 3), key_of(i));
    shop.tell(ReleaseHold{HoldId{1}});
    for (const std::uint64_t hold : {2u, 3u, 4u}) {
        ConfirmHold confirm;
        confirm.hold = HoldId{hold};
        shop.tell(confirm, {}, PersonData{std::to_string(hold) + "@example.org", "", ""});
    }
    shop.pass(minutes(11));
    CancelOrder cancel;
    cancel.order = OrderId{2};
    cancel.reason = "changed mind";
    shop.tell(cancel);
}

}  // namespace dropsmith::engine
