// The core: order of a batch, repeats, twins, refusals, persons, timers, a store that refuses, restarts.
#include "engine/core.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "engine/replay.h"
#include "engine/shop_testing.h"
#include "engine/slices.h"

namespace dropsmith::engine::core_test {
namespace {

const StockRow& vase(const ShopOnTest& shop) { return shop.core.state().stock.rows.at({SkuId{1}, PlaceId{1}}); }

ConfirmHold confirm_of(HoldId hold) {
    ConfirmHold confirm;
    confirm.hold = hold;
    return confirm;
}

TEST(Core, AHoldIsStoredAndAnswered) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(10);
    const auto told = shop.tell(hold_of(2));
    EXPECT_EQ(told.codes, std::vector<std::uint16_t>{UnitsHeld::code.n});
    EXPECT_EQ(told.decided, 1);
    EXPECT_EQ(told.settled, 1);
    EXPECT_TRUE(told.stored);
    EXPECT_EQ(vase(shop).held, Quantity{2});
    EXPECT_EQ(*journal.head(), shop.core.state().head);
}

TEST(Core, ARefusalMakesNoFact) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(1);
    const auto head = shop.core.state().head;
    const auto told = shop.tell(hold_of(2), key_of(1));
    ASSERT_TRUE(told.refusal);
    EXPECT_EQ(told.refusal->code, refusals::insufficient_stock);
    EXPECT_TRUE(told.stored) << "everything before it is durable";
    EXPECT_EQ(shop.core.state().head, head);
    EXPECT_TRUE(shop.tell(hold_of(1), key_of(1)).stored) << "a refusal is not remembered by its key";
}

TEST(Core, ARepeatIsAnsweredFromTheFactsOfTheFirstTime) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(10);
    const auto first = shop.tell(hold_of(2), key_of(1));
    shop.tell(hold_of(3), key_of(2));
    const auto head = shop.core.state().head;
    const auto again = shop.tell(hold_of(2), key_of(1));
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.hold, first.hold);
    EXPECT_EQ(again.first_seq, first.first_seq);
    EXPECT_EQ(shop.core.state().head, head);
    const auto other = shop.tell(hold_of(2), key_of(1, 99));
    ASSERT_TRUE(other.refusal);
    EXPECT_EQ(other.refusal->code, refusals::key_reused);
}

TEST(Core, TwinsInOneBatchHaveOneEffect) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(10);
    std::vector<Ask> asks;
    std::vector<std::shared_ptr<Told>> told;
    for (int i = 0; i < 64; ++i) {
        auto [ask, teller] = told_ask(Command(hold_of(1)));
        ask.key = key_of(1);
        asks.push_back(std::move(ask));
        told.push_back(std::move(teller));
    }
    shop.core.run(asks, shop.now);
    EXPECT_EQ(vase(shop).held, Quantity{1});
    for (std::size_t i = 0; i < told.size(); ++i) {
        EXPECT_EQ(told[i]->hold, told[0]->hold);
        EXPECT_EQ(told[i]->replayed, i > 0);
        EXPECT_TRUE(told[i]->stored);
    }
}

TEST(Core, KeysAreRememberedAcrossARestartAndForgottenAfterADay) {
    MemoryJournal journal;
    HoldId first;
    Instant now;
    {
        ShopOnTest shop(journal);
        shop.open_drop(10);
        first = shop.tell(hold_of(2), key_of(1)).hold;
        now = shop.now;
    }
    ShopOnTest shop(journal);
    shop.now = now + hours(23);
    shop.start();
    EXPECT_EQ(shop.tell(hold_of(2), key_of(1)).hold, first);
    EXPECT_EQ(shop.core.state().keys.oldest_first().size(), 1u);
    shop.now = now + hours(25);
    shop.must(SetTerms{"Later", {}, {}, {}});
    EXPECT_TRUE(shop.core.state().keys.oldest_first().empty());
    EXPECT_EQ(shop.core.state().keys.find(key_of(1).scope), nullptr);
}

TEST(Core, ARepeatLongAfterIsReadFromTheJournal) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(10'000);
    const auto first = shop.tell(hold_of(2), key_of(1));
    const std::string note(60'000, 'n');
    for (int i = 0; i < 200; ++i)  // more than the core keeps at hand
        shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{1}, {}}}, note.substr(0, limits::text_max)});
    EXPECT_EQ(shop.tell(hold_of(2), key_of(1)).hold, first.hold);
}

TEST(Core, DueTimersGoFirstSoNoHoldIsSoldLate) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(2);
    const auto hold = shop.tell(hold_of(2)).hold;
    shop.now = shop.now + minutes(10);
    EXPECT_TRUE(shop.tell(hold_of(2)).stored) << "the first hold ended in the same batch, before";
    EXPECT_EQ(shop.core.state().holds.table.must(hold).status, HoldStatus::expired);
    EXPECT_EQ(vase(shop).held, Quantity{2});
    EXPECT_TRUE(shop.core.next_due().has_value());
}

TEST(Core, ADropOpensClosesAndSettlesByItself) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(2);
    shop.tell(hold_of(1));
    shop.pass(hours(24));
    EXPECT_NE(shop.core.state().drops.drops[0].status, DropStatus::open);
    shop.pass(hours(72));
    EXPECT_EQ(shop.core.state().drops.drops[0].status, DropStatus::settled);
    EXPECT_TRUE(shop.core.next_due().has_value()) << "the hold that ended is still to be forgotten";
    for (int week = 0; week < 3; ++week) shop.pass(hours(8 * 24));
    EXPECT_FALSE(shop.core.next_due().has_value()) << "a settled and tidied shop has nothing left to do";
}

TEST(Core, QuestionsAreAnsweredAtTheEndOfTheBatch) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(10);
    struct Looker final : Caller {
        Quantity* seen;
        explicit Looker(Quantity* out) : seen(out) {}
        void decided(const Answer& answer) override { *seen = answer.state.stock.rows.at({SkuId{1}, PlaceId{1}}).held; }
        void settled(const Fault*) override {}
    };
    Quantity seen;
    std::vector<Ask> asks(2);
    asks[0].caller = std::make_unique<Looker>(&seen);
    asks[1].command.emplace(hold_of(4));
    shop.core.run(asks, shop.now);
    EXPECT_EQ(seen, Quantity{4}) << "one reads one's own writes";
}

TEST(Core, PersonsGoToTheVaultAndOnlyTheirIdIntoFacts) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(10);
    const auto one = shop.tell(hold_of(1)).hold, two = shop.tell(hold_of(1)).hold, three = shop.tell(hold_of(1)).hold;
    const auto ada = shop.tell(confirm_of(one), {}, PersonData{"Ada@example.org", "Ada", "1 Road"});
    ASSERT_FALSE(ada.refusal) << ada.refusal->detail;
    const auto same = shop.tell(confirm_of(two), {}, PersonData{"ada@EXAMPLE.org", "", ""});
    const auto refused = shop.tell(confirm_of(HoldId{99}), {}, PersonData{"bob@example.org", "Bob", ""});
    EXPECT_EQ(ada.person, same.person);
    EXPECT_EQ(shop.core.state().orders.table.must(ada.order).person, ada.person);
    EXPECT_EQ((*read_person(journal, ada.person))->name, "Ada") << "an empty name does not erase what was given before";
    ASSERT_TRUE(refused.refusal);
    EXPECT_FALSE((*read_person(journal, refused.person)).has_value()) << "a refusal stores nothing";
    for (const auto& batch : journal.batches()) {
        EXPECT_EQ(batch.bytes.find("Ada"), std::string::npos);
        EXPECT_EQ(batch.bytes.find("ada@"), std::string::npos);
    }
    ShopOnTest again(journal);
    again.now = shop.now;
    again.start();
    EXPECT_EQ(again.tell(confirm_of(three), {}, PersonData{"ada@example.org", "", ""}).person, ada.person);
}

TEST(Core, ARefusedWriteUndoesTheBatchAndHealsByItself) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(10);
    shop.tell(hold_of(1), key_of(1));
    const auto before = state_hash(shop.core.state());
    journal.refuse_writes(true);
    const auto failed = shop.tell(hold_of(2), key_of(2));
    EXPECT_FALSE(failed.stored);
    EXPECT_EQ(failed.fault, FaultKind::refused_write);
    EXPECT_EQ(state_hash(shop.core.state()), before) << "memory is not ahead of the disk";
    EXPECT_TRUE(shop.core.read_only());
    const auto early = shop.tell(hold_of(2), key_of(2));
    EXPECT_EQ(early.decided, 0);
    EXPECT_EQ(early.fault, FaultKind::refused_write);
    EXPECT_TRUE(shop.tell(std::nullopt).stored) << "questions are answered all the while";
    journal.refuse_writes(false);
    const auto after = shop.tell(hold_of(2), key_of(2));
    EXPECT_TRUE(after.stored);
    EXPECT_FALSE(after.replayed);
    EXPECT_FALSE(shop.core.read_only());
    EXPECT_EQ(vase(shop).held, Quantity{3});
    State replayed;
    Digest256 hash;
    ASSERT_TRUE(load(journal, replayed, hash).ok());
    EXPECT_EQ(state_hash(replayed), state_hash(shop.core.state()));
}

TEST(Core, AStoreThatIsFullFromTheFirstMomentOpensLater) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.start();
    journal.refuse_writes(true);
    EXPECT_FALSE(shop.tell(OpenShop{"Test", "GBP", "Europe/London"}).stored);
    journal.refuse_writes(false);
    EXPECT_TRUE(shop.tell(OpenShop{"Test", "GBP", "Europe/London"}).stored);
}

class LosingJournal final : public Journal {
public:
    Status<Fault> append(const StoredBatch&, std::span<const VaultWrite>) override {
        return fault(FaultKind::unknown, "the disk did not say");
    }
    Status<Fault> read(std::uint64_t, const std::function<bool(const StoredBatch&)>&) const override {
        return Nothing{};
    }
    Result<std::uint64_t, Fault> head() const override { return std::uint64_t{0}; }
    Status<Fault> put_snapshot(const StoredSnapshot&) override { return Nothing{}; }
    Result<std::optional<StoredSnapshot>, Fault> newest_snapshot(std::string_view) const override {
        return std::optional<StoredSnapshot>{};
    }
    Result<std::optional<Bytes>, Fault> vault_get(std::string_view, ByteView) const override {
        return std::optional<Bytes>{};
    }
    Status<Fault> vault_each(std::string_view, const std::function<bool(ByteView, ByteView)>&) const override {
        return Nothing{};
    }
};

TEST(CoreDeathTest, AWriteOfUnknownOutcomeEndsTheProcess) {
    LosingJournal journal;
    ShopOnTest shop(journal);
    shop.start();
    EXPECT_DEATH(shop.tell(OpenShop{"Test", "GBP", "Europe/London"}), "the disk did not say");
}

TEST(Core, RefusalsAreFoldedIntoOneFactASecond) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(1);
    shop.tell(hold_of(1));
    const auto head = shop.core.state().head;
    for (int i = 0; i < 500; ++i) shop.tell(hold_of(1));
    EXPECT_EQ(shop.core.state().head, head);
    EXPECT_EQ(shop.core.next_due(), shop.now + seconds(1));
    shop.pass(seconds(1));
    EXPECT_EQ(shop.core.state().head, head + 1);
    EXPECT_EQ(shop.core.state().drops.refused.at({DropId{1}, refusals::sold_out.number}), 500u);
}

TEST(Core, ACommandMayBeBuiltWhereTheStateCanBeRead) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(5);
    auto [ask, told] = told_ask(std::nullopt);
    ask.build = [](const State& state, const Moment&) -> Result<Command, Refusal> {
        return Command(hold_of(state.stock.rows.begin()->second.free.n));
    };
    shop.core.run({&ask, 1}, shop.now);
    EXPECT_EQ(vase(shop).held, Quantity{5});
    auto [second, refused] = told_ask(std::nullopt);
    second.build = [](const State&, const Moment&) -> Result<Command, Refusal> {
        return refuse(refusals::not_found, "no such drop");
    };
    shop.core.run({&second, 1}, shop.now);
    ASSERT_TRUE(refused->refusal);
    EXPECT_EQ(refused->refusal->code, refusals::not_found);
}

TEST(Core, TheSameSeedAndAsksGiveTheSameBytes) {
    const auto run = [] {
        MemoryJournal journal;
        ShopOnTest shop(journal, 42);
        shop.open_drop(50);
        for (int i = 0; i < 30; ++i) {
            const auto hold = shop.tell(hold_of(1 + i % 3)).hold;
            if (i % 2) shop.tell(confirm_of(hold), {}, PersonData{std::to_string(i) + "@example.org", "", ""});
            shop.pass(minutes(i % 4));
        }
        return shop.core.head_hash();
    };
    EXPECT_EQ(run(), run());
}

TEST(Core, EveryStartIsANewWriter) {
    MemoryJournal journal;
    std::uint64_t epoch = 0;
    Instant now;
    {
        ShopOnTest shop(journal);
        shop.open_drop(1);
        epoch = shop.core.state().shop.epoch;
        now = shop.now;
    }
    ShopOnTest shop(journal);
    shop.now = now - hours(1);  // the machine's clock went back
    shop.start();
    EXPECT_EQ(shop.core.state().shop.epoch, epoch + 1);
    EXPECT_GE(shop.core.state().at, now) << "at never goes back";
}

TEST(Core, AnErasedPersonLeavesTheVaultAndIsSomebodyNewNextTime) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(10);
    const auto buy = [&] {
        ConfirmHold confirm;
        confirm.hold = shop.tell(hold_of(1)).hold;
        return shop.tell(Command(confirm), {}, PersonData{"ada@example.org", "Ada", "1 Road"});
    };
    const auto before = buy().person;
    const auto row = *journal.vault_get(person_table, person_key(before));
    ASSERT_TRUE(row);
    shop.must(ErasePerson{before, "asked"});
    EXPECT_FALSE(*read_person(journal, before));
    EXPECT_EQ(shop.core.state().orders.table.find(OrderId{1})->person, before) << "a number that means nothing";
    EXPECT_EQ(shop.tell(Command(ErasePerson{before, "again"})).refusal->code, refusals::wrong_state);
    EXPECT_NE(buy().person, before);

    // a copy of the vault from before the erasure, under the journal from after it
    MemoryJournal restored;
    ASSERT_TRUE(journal.read(1, [&](const StoredBatch& batch) {
        const VaultWrite old{VaultWrite::Act::put, std::string(person_table), person_key(before), *row};
        const std::span<const VaultWrite> vault(&old, batch.first == 1 ? 1 : 0);
        return restored.append(batch, vault).ok();
    }));
    ASSERT_TRUE(*read_person(restored, before));
    ShopOnTest again(restored);
    again.now = shop.now;
    again.start();
    EXPECT_FALSE(*read_person(restored, before)) << "the fact is applied to whatever vault there is";
}

}  // namespace
}  // namespace dropsmith::engine::core_test
