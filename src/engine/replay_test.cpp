// Replay gives the state that was; from a snapshot too; and every break of the chain is found.
#include "engine/replay.h"

#include <gtest/gtest.h>

#include "engine/shop_testing.h"
#include "engine/slices.h"

namespace dropsmith::engine::replay_test {
namespace {

void sell_some(ShopOnTest& shop, int times) {
    for (int i = 0; i < times; ++i) {
        shop.tell(hold_of(1 + i % 3), key_of(static_cast<std::uint8_t>(i)));
        shop.pass(seconds(50));
    }
}

struct Reloaded {
    State state;
    Digest256 hash{};
    Loaded loaded;
    std::optional<Fault> fault;
};

Reloaded reload(const Journal& journal) {
    Reloaded out;
    auto loaded = load(journal, out.state, out.hash);
    if (loaded)
        out.loaded = *loaded;
    else
        out.fault = loaded.error();
    return out;
}

TEST(Replay, GivesTheStateThatWas) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(100);
    sell_some(shop, 40);
    const auto back = reload(journal);
    ASSERT_FALSE(back.fault) << back.fault->what;
    EXPECT_EQ(state_hash(back.state), state_hash(shop.core.state()));
    EXPECT_EQ(back.hash, shop.core.head_hash());
    EXPECT_EQ(back.loaded.replayed, shop.core.state().head);
}

TEST(Replay, ASnapshotSavesTheWayAndChangesNothing) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(100);
    sell_some(shop, 10);
    const auto first = take_snapshot(journal);
    ASSERT_TRUE(first.ok() && first->has_value());
    EXPECT_EQ((*first)->seq, shop.core.state().head);
    EXPECT_FALSE(take_snapshot(journal)->has_value()) << "nothing new";
    sell_some(shop, 10);
    const auto back = reload(journal);
    ASSERT_FALSE(back.fault) << back.fault->what;
    EXPECT_EQ(back.loaded.from_snapshot, (*first)->seq);
    EXPECT_EQ(back.loaded.replayed, shop.core.state().head - (*first)->seq);
    EXPECT_EQ(state_hash(back.state), state_hash(shop.core.state()));
}

TEST(Replay, AnUnreadableSnapshotIsPassedOver) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(100);
    sell_some(shop, 5);
    ASSERT_TRUE(journal.put_snapshot({shop.core.state().head, std::string(slices_schema), {}, "rubbish"}).ok());
    const auto back = reload(journal);
    ASSERT_FALSE(back.fault) << back.fault->what;
    EXPECT_EQ(back.loaded.from_snapshot, 0u);
    EXPECT_EQ(state_hash(back.state), state_hash(shop.core.state()));
}

TEST(Replay, EveryBreakOfTheJournalIsFound) {
    const std::vector<std::pair<std::string, void (*)(std::vector<StoredBatch>&)>> breaks{
        {"a missing batch", [](auto& batches) { batches.erase(batches.begin() + 5); }},
        {"a doubled batch", [](auto& batches) { batches.insert(batches.begin() + 5, batches[5]); }},
        {"two batches exchanged", [](auto& batches) { std::swap(batches[5], batches[6]); }},
        {"a changed batch",
         [](auto& batches) {
             auto batch = std::move(decode_batch(batches[5])).value();
             batch.at = batch.at + Duration{1};
             batches[5] = encode_batch(batch);
         }},
        {"a cut batch", [](auto& batches) { batches[5].bytes.pop_back(); }},
    };
    for (const auto& [name, tamper] : breaks) {
        MemoryJournal journal;
        ShopOnTest shop(journal);
        shop.open_drop(100);
        sell_some(shop, 10);
        tamper(journal.batches());
        const auto back = reload(journal);
        ASSERT_TRUE(back.fault) << name;
        EXPECT_EQ(back.fault->kind, FaultKind::corrupt) << name;
    }
}

}  // namespace
}  // namespace dropsmith::engine::replay_test
