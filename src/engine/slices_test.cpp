// The state there and back by bytes; equal states have equal hashes; whatever is damaged is not read.
#include "engine/slices.h"

#include <gtest/gtest.h>

#include "engine/shop_testing.h"

namespace dropsmith::engine::slices_test {
namespace {

Hold a_hold(std::uint64_t id) {
    Hold hold;
    hold.id = HoldId{id};
    return hold;
}

void busy_shop(ShopOnTest& shop) {
    shop.open_drop(50);
    for (int i = 1; i <= 6; ++i) shop.tell(hold_of(i), key_of(static_cast<std::uint8_t>(i)));
    shop.tell(ReleaseHold{HoldId{2}});
    ConfirmHold confirm;
    confirm.hold = HoldId{3};
    shop.tell(confirm, {}, PersonData{"a@example.org", "A", ""});
    shop.tell(BeginImport{"orders.csv", std::string(64, 'a'), "shopify"});
    shop.tell(FoldDemand{
        1, 2, std::string(64, 'b'), {{{29'000'000, DropId{1}, SkuId{1}, {}, ChannelId{1}, Signal::page_viewed}, 4}}});
}

TEST(Slices, ComeBackAsTheyWere) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    busy_shop(shop);
    Bytes bytes;
    write_slices(bytes, shop.core.state());
    State back;
    ASSERT_TRUE(read_slices(bytes, back));
    EXPECT_EQ(state_hash(back), state_hash(shop.core.state()));
    EXPECT_EQ(back.head, shop.core.state().head);
    EXPECT_EQ(back.catalogue.by_code, shop.core.state().catalogue.by_code) << "derived indexes are rebuilt";
    EXPECT_EQ(back.drops.by_slug, shop.core.state().drops.by_slug);
    EXPECT_EQ(back.timers.armed, shop.core.state().timers.armed);
    EXPECT_EQ(back.keys.oldest_first().size(), shop.core.state().keys.oldest_first().size());
    Bytes again;
    write_slices(again, back);
    EXPECT_EQ(again, bytes);
}

TEST(Slices, TheHashIsOverTheSameBytes) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    busy_shop(shop);
    Bytes bytes;
    write_slices(bytes, shop.core.state());
    EXPECT_EQ(state_hash(shop.core.state()), blake2b(bytes));
}

TEST(Slices, EverySliceIsInTheHash) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    busy_shop(shop);
    Bytes bytes;
    write_slices(bytes, shop.core.state());
    const std::vector<void (*)(State&)> changes{
        [](State& s) { s.at = s.at + Duration{1}; },
        [](State& s) { ++s.head; },
        [](State& s) { ++s.shop.epoch; },
        [](State& s) { s.access.grants.emplace_back(); },
        [](State& s) { s.catalogue.skus[0].terms.gtin = "1"; },
        [](State& s) { s.places.places[0].name += "x"; },
        [](State& s) { s.stock.rows.begin()->second.free += Quantity{1}; },
        [](State& s) { s.stock.reported.insert(4); },
        [](State& s) { s.drops.drops[0].lines[0].held += Quantity{1}; },
        [](State& s) { s.drops.refused[{DropId{1}, 450}] = 3; },
        [](State& s) { s.drops.taken[{DropId{1}, 0, 5}] = Quantity{1}; },
        [](State& s) { s.prices.lines.begin()->second.price += Money{1}; },
        [](State& s) { s.holds.table.must(HoldId{1}).status = HoldStatus::expired; },
        [](State& s) { s.orders.table.must(OrderId{1}).number = 2; },
        [](State& s) { ++s.orders.refunds; },
        [](State& s) { s.rooms.rooms[DropId{1}].upto = 1; },
        [](State& s) { s.waiting_list.table.add(WaitId{1}, {}).id = WaitId{1}; },
        [](State& s) { s.passes.table.add(PassId{1}, {}).id = PassId{1}; },
        [](State& s) { s.passes.live[HoldId{1}] = PassId{1}; },
        [](State& s) { s.substitutes.uses[{DropId{1}, SkuId{1}, SkuId{2}}].holds = 1; },
        [](State& s) { s.waiting_list.past[DropId{1}].wishes = 1; },
        [](State& s) { s.substitutes.live[{HoldId{1}, 0}].units = Quantity{1}; },
        [](State& s) { s.demand.minutes.begin()->second += 1; },
        [](State& s) { s.history.keys[1] = ImportId{1}; },
        [](State& s) { s.history.orders[1] = ImportId{1}; },
        [](State& s) { s.history.customers[1] = ImportId{1}; },
        [](State& s) { s.history.hours[{1, 2}].by = ImportId{1}; },
        [](State& s) { s.history.hours[{1, 2}].staged.units = 1; },
        [](State& s) { s.demand.hours[s.demand.minutes.begin()->first] = 1; },
        [](State& s) { s.demand.days[s.demand.minutes.begin()->first] = 1; },
        [](State& s) { s.holds.details[HoldId{1}].person = PersonId{1}; },
        [](State& s) { s.holds.late[HoldId{1}].order = OrderId{1}; },
        [](State& s) { s.orders.archived[{DropId{1}, 0, PlaceId{1}}] = Quantity{1}; },
        [](State& s) { s.subscribers.table.add(SubscriberId{1}, {SubscriberId{1}, DropId{1}, PersonId{1}, {}, {}}); },
        [](State& s) { s.access.erased.push_back(PersonId{1}); },
        [](State& s) { s.timers.due.erase(*s.timers.due.begin()); },
        [](State& s) { s.keys.forget_oldest(); },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        State changed;
        ASSERT_TRUE(read_slices(bytes, changed));
        changes[i](changed);
        EXPECT_NE(state_hash(changed), blake2b(bytes)) << "change " << i;
    }
}

TEST(Slices, DamagedBytesAreNotRead) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    busy_shop(shop);
    Bytes bytes;
    write_slices(bytes, shop.core.state());
    for (std::size_t n = 0; n < bytes.size(); n += 7) {
        State state;
        EXPECT_FALSE(read_slices(ByteView(bytes).substr(0, n), state)) << "cut to " << n;
    }
    State state;
    EXPECT_FALSE(read_slices(bytes + "x", state));
}

TEST(Slices, ATableKeepsItsNextIdWhenItsLastRecordsAreGone) {
    State state;
    for (std::uint64_t i = 1; i <= 4; ++i) state.holds.table.add(HoldId{i}, a_hold(i));
    for (const std::uint64_t gone : {1u, 3u, 4u}) state.holds.table.forget(HoldId{gone});
    Bytes bytes;
    write_slices(bytes, state);
    State back;
    ASSERT_TRUE(read_slices(bytes, back));
    EXPECT_EQ(back.holds.table.next(), HoldId{5});
    EXPECT_EQ(back.holds.table.size(), 1u);
    EXPECT_NE(back.holds.table.find(HoldId{2}), nullptr);
    EXPECT_EQ(back.holds.table.find(HoldId{1}), nullptr);
}

TEST(Slices, AFewThatStayedWhileAllAroundThemWentComeBack) {
    State state;
    for (std::uint64_t i = 1; i <= 20'000; ++i) state.holds.table.add(HoldId{i}, a_hold(i));
    for (std::uint64_t i = 1; i <= 19'000; ++i)
        if (i % 4'000 != 0) state.holds.table.forget(HoldId{i});
    Bytes bytes;
    write_slices(bytes, state);
    State back;
    ASSERT_TRUE(read_slices(bytes, back));
    EXPECT_EQ(back.holds.table.size(), state.holds.table.size());
    EXPECT_EQ(back.holds.table.next(), HoldId{20'001});
    EXPECT_NE(back.holds.table.find(HoldId{4'000}), nullptr);
    EXPECT_EQ(state_hash(back), state_hash(state));
    for (std::uint64_t i = 19'001; i <= 20'000; ++i) state.holds.table.forget(HoldId{i});
    bytes.clear();
    write_slices(bytes, state);
    State few;
    ASSERT_TRUE(read_slices(bytes, few));
    EXPECT_EQ(few.holds.table.size(), 4u);
    EXPECT_EQ(few.holds.table.next(), HoldId{20'001});
    EXPECT_EQ(few.holds.table.first(), HoldId{4'000});
    EXPECT_EQ(state_hash(few), state_hash(state));
}

}  // namespace
}  // namespace dropsmith::engine::slices_test
