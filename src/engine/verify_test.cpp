// verify holds on an honest journal; and each law is first proven to ring on a journal that was changed so that only
// it breaks: the changed journals are chained anew, so the chain alone would not tell.
#include "engine/verify.h"

#include <gtest/gtest.h>

#include "engine/replay.h"
#include "engine/shop_testing.h"
#include "engine/slices.h"

namespace dropsmith::engine::verify_test {
namespace {

const LawResult& law_of(const VerifyReport& report, std::string_view words) {
    for (const auto& law : report.laws)
        if (law.law.find(words) != std::string::npos) return law;
    ADD_FAILURE() << "no law of " << words;
    return report.laws.front();
}

// Changes the first fact of its kind and chains everything anew.
template <class F, class Edit>
void change(MemoryJournal& journal, Edit edit) {
    Digest256 previous{};
    bool changed = false;
    for (auto& stored : journal.batches()) {
        auto batch = std::move(decode_batch(stored)).value();
        batch.previous = previous;
        for (auto& entry : batch.entries)
            for (auto& fact : entry.facts) {
                if (changed || !fact.as<F>()) continue;
                F copy = *fact.as<F>();
                edit(copy);
                fact = Fact(std::move(copy));
                changed = true;
            }
        stored = encode_batch(batch);
        previous = chain(previous, stored.bytes);
    }
    ASSERT_TRUE(changed);
}

struct Day {
    MemoryJournal journal;
    ShopOnTest shop{journal};
    Day() {
        shop.open_drop(40);
        sell_and_cancel(shop);
        shop.pass(hours(1));
    }
};

TEST(Verify, AnHonestJournalHolds) {
    Day day;
    ASSERT_TRUE(take_snapshot(day.journal).ok());
    const auto report = verify(day.journal);
    for (const auto& law : report.laws) EXPECT_TRUE(law.holds) << law.law << ": " << law.first_breach;
    EXPECT_TRUE(report.holds());
    EXPECT_EQ(report.facts, day.shop.core.state().head);
    EXPECT_EQ(report.state_hash, state_hash(day.shop.core.state()));
    EXPECT_EQ(report.head_hash, day.shop.core.head_hash());
    for (const auto* words : {"chain", "replay", "stock", "caps", "money", "bands", "decided", "idempotency"})
        EXPECT_GT(law_of(report, words).checked, 0u) << words << ": a law that looked at nothing proves nothing";
}

// No price is served below the floor, so where costs have lifted it over every band the floor itself is asked.
TEST(Verify, AFloorOverEveryBandIsNoBreach) {
    MemoryJournal journal;
    ShopOnTest shop{journal};
    shop.start();
    shop.must(OpenShop{"Test", "GBP", "Europe/London"});
    shop.must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
    shop.must(AddProduct{"Vase", "", "", "standard", {{"VASE-S", "", Money{1'000}, false, Money{2'990}, 0, ""}}});
    shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{90}, Money{1'000}}}, ""});
    auto terms = shop.terms(40);
    terms.lines[0].min_margin = Rate{200'000};
    shop.must(DraftDrop{terms});
    shop.must(ScheduleDrop{DropId{1}});
    shop.pass(minutes(1));
    shop.must(OverridePrice{{DropId{1}, 0, ChannelId{1}}, Money{2'800}, shop.now + hours(1), "a promise"});
    ChangeProduct dearer;
    dearer.product = ProductId{1};
    dearer.skus = {{"VASE-S", "", Money{4'000}, false, Money{2'990}, 0, ""}};
    shop.must(dearer);
    shop.pass(hours(2));
    shop.must(KillPrices{DropId{1}, "the cost feed"});
    shop.must(UndoKill{DropId{1}, "it was right"});
    const auto& line = shop.core.state().prices.lines.at({DropId{1}, 0, ChannelId{1}});
    EXPECT_EQ(line.kind, DecisionKind::kill_undone);
    EXPECT_GT(line.price, Money{4'000});
    const auto report = verify(journal);
    for (const auto& law : report.laws) EXPECT_TRUE(law.holds) << law.law << ": " << law.first_breach;
}

// A channel's prices are judged by its own bands and floor: prices outside the line's are lawful there, and prices
// outside its own are not, though the line has them.
TEST(Verify, BandsOfAChannelRing) {
    MemoryJournal journal;
    ShopOnTest shop{journal};
    shop.start();
    shop.must(OpenShop{"Test", "GBP", "Europe/London"});
    shop.must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
    shop.must(AddChannel{"trade", ChannelMode::own, false, {}});
    shop.must(AddProduct{"Vase", "", "", "standard", {{"VASE-S", "", Money{1'000}, false, Money{2'990}, 0, ""}}});
    shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{40}, Money{1'000}}}, ""});
    auto terms = shop.terms(40);
    terms.channels = {ChannelId{1}, ChannelId{2}};
    terms.lines[0].channels = {{ChannelId{2}, {Money{1'600}, Money{1'900}}, Money{1'900}, Money{1'500}}};
    shop.must(DraftDrop{terms});
    shop.must(ScheduleDrop{DropId{1}});
    shop.pass(minutes(1));
    EXPECT_EQ(shop.core.state().prices.lines.at({DropId{1}, 0, ChannelId{2}}).price, Money{1'900});
    shop.must(KillPrices{DropId{1}, "stop"});
    const auto report = verify(journal);
    for (const auto& law : report.laws) EXPECT_TRUE(law.holds) << law.law << ": " << law.first_breach;
    change<DropDrafted>(journal, [](auto& fact) { fact.terms.lines[0].channels.clear(); });
    EXPECT_FALSE(law_of(verify(journal), "bands").holds) << "19.00 is none of the line's prices";
    change<DropDrafted>(journal, [](auto& fact) {
        fact.terms.lines[0].channels = {{ChannelId{2}, {Money{1'900}}, Money{1'900}, Money{1'901}}};
    });
    EXPECT_FALSE(law_of(verify(journal), "bands").holds) << "19.00 is below the channel's floor";
}

TEST(Verify, AnEmptyJournalHolds) { EXPECT_TRUE(verify(MemoryJournal{}).holds()); }

TEST(Verify, TheChainRings) {
    Day day;
    auto& bytes = day.journal.batches()[4].bytes;
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    const auto report = verify(day.journal);
    EXPECT_FALSE(law_of(report, "chain").holds);
    EXPECT_FALSE(report.holds());
}

TEST(Verify, StockRings) {
    Day day;
    change<StockReceived>(day.journal, [](auto& fact) { fact.lines[0].units = Quantity{1}; });
    const auto report = verify(day.journal);
    EXPECT_TRUE(law_of(report, "chain").holds) << law_of(report, "chain").first_breach;
    EXPECT_FALSE(law_of(report, "stock").holds);
    EXPECT_NE(law_of(report, "stock").first_breach.find("fact "), std::string::npos);
}

TEST(Verify, CapsRing) {
    Day day;
    change<DropDrafted>(day.journal, [](auto& fact) { fact.terms.lines[0].cap = Quantity{2}; });
    EXPECT_FALSE(law_of(verify(day.journal), "caps").holds);
}

TEST(Verify, MoneyRings) {
    Day day;
    change<OrderPlaced>(day.journal, [](auto& fact) { fact.total += Money{1}; });
    EXPECT_FALSE(law_of(verify(day.journal), "money").holds);
}

TEST(Verify, PricesRing) {
    for (const auto price : {Money{1'999}, Money{2'989}, Money{2'991}}) {
        Day day;
        change<PriceSet>(day.journal, [&](auto& fact) { fact.price = price; });
        EXPECT_FALSE(law_of(verify(day.journal), "bands").holds) << price.n;
    }
}

TEST(Verify, HeldPricesRing) {
    Day day;
    change<UnitsHeld>(day.journal, [](auto& fact) { fact.lines[0].unit_price = Money{2'990 - 1}; });
    EXPECT_FALSE(law_of(verify(day.journal), "decided").holds);
}

// Money that comes late pays the price that was held, whatever is asked by now; another one rings.
TEST(Verify, WhatIsHeldAgainForLateMoneyIsHeldAtItsOldPrice) {
    Day day;
    auto& shop = day.shop;
    const auto hold = shop.must(hold_of(2)).hold;
    shop.must(OverridePrice{{DropId{1}, 0, ChannelId{1}}, Money{2'490}, shop.now + hours(9), "a try"});
    shop.pass(hours(1));
    RecordPayment money;
    money.hold = hold, money.amount = Money{2 * 2'990}, money.reference_digest = "late";
    ASSERT_TRUE(shop.must(money).order);
    EXPECT_TRUE(law_of(verify(day.journal), "decided").holds) << law_of(verify(day.journal), "decided").first_breach;

    change<PaymentRecorded>(day.journal, [](auto& fact) { fact.late = false; });
    EXPECT_FALSE(law_of(verify(day.journal), "decided").holds) << "a hold that nothing explains";
}

TEST(Verify, KeysRing) {
    Day day;
    Digest256 previous{};
    std::optional<KeyUse> first;
    for (auto& stored : day.journal.batches()) {
        auto batch = std::move(decode_batch(stored)).value();
        batch.previous = previous;
        for (auto& entry : batch.entries) {
            if (entry.key && first) entry.key = first;
            if (entry.key) first = entry.key;
        }
        stored = encode_batch(batch);
        previous = chain(previous, stored.bytes);
    }
    EXPECT_FALSE(law_of(verify(day.journal), "idempotency").holds);
}

TEST(Verify, SnapshotsRing) {
    Day day;
    StoredSnapshot lie{day.shop.core.state().head, std::string(slices_schema), day.shop.core.head_hash(), {}};
    State other;
    write_slices(lie.state, other);
    ASSERT_TRUE(day.journal.put_snapshot(lie).ok());
    EXPECT_FALSE(law_of(verify(day.journal), "replay").holds);
}

}  // namespace
}  // namespace dropsmith::engine::verify_test
