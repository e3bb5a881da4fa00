// A replica sees what the core has stored, also what came after the first question, and can be let go and asked again.
#include "engine/replica.h"

#include <gtest/gtest.h>

#include "engine/shop_testing.h"
#include "engine/slices.h"

namespace dropsmith::engine::replica_test {
namespace {

Digest256 seen_by(Replica& replica) {
    Digest256 seen{};
    EXPECT_TRUE(replica.ask([&](const State& state) { seen = state_hash(state); }).ok());
    return seen;
}

TEST(Replica, IsTheStateAtEveryQuestion) {
    MemoryJournal journal;
    ShopOnTest shop(journal);
    shop.open_drop(100);
    Replica replica(journal);
    EXPECT_TRUE(replica.resting());
    EXPECT_EQ(seen_by(replica), state_hash(shop.core.state()));
    for (std::uint8_t i = 0; i < 5; ++i) {
        shop.tell(hold_of(1 + i), key_of(i));
        EXPECT_EQ(seen_by(replica), state_hash(shop.core.state())) << "hold " << int(i);
    }
    EXPECT_EQ(seen_by(replica), state_hash(shop.core.state())) << "nothing new";
    replica.rest(std::chrono::hours(1));
    EXPECT_FALSE(replica.resting());
    replica.rest(std::chrono::seconds(0));
    EXPECT_TRUE(replica.resting());
    EXPECT_EQ(seen_by(replica), state_hash(shop.core.state()));
}

TEST(Replica, ABrokenJournalIsSaidAndAskedAnewNextTime) {
    MemoryJournal good;
    ShopOnTest shop(good);
    shop.open_drop(10);
    struct Cut final : Journal {
        const Journal& under;
        bool broken = true;
        explicit Cut(const Journal& journal) : under(journal) {}
        Status<Fault> append(const StoredBatch&, std::span<const VaultWrite>) override { return Nothing{}; }
        Status<Fault> read(std::uint64_t from, const std::function<bool(const StoredBatch&)>& visit) const override {
            return under.read(from, [&](const StoredBatch& stored) {
                auto copy = stored;
                if (broken && stored.first > 3) copy.bytes.back() ^= 1;
                return visit(copy);
            });
        }
        Result<std::uint64_t, Fault> head() const override { return under.head(); }
        Status<Fault> put_snapshot(const StoredSnapshot&) override { return Nothing{}; }
        Result<std::optional<StoredSnapshot>, Fault> newest_snapshot(std::string_view schema) const override {
            return under.newest_snapshot(schema);
        }
        Result<std::optional<Bytes>, Fault> vault_get(std::string_view table, ByteView key) const override {
            return under.vault_get(table, key);
        }
        Status<Fault> vault_each(std::string_view table,
                                 const std::function<bool(ByteView, ByteView)>& visit) const override {
            return under.vault_each(table, visit);
        }
    } cut(good);
    Replica replica(cut);
    EXPECT_FALSE(replica.ask([](const State&) { FAIL() << "nothing to see"; }).ok());
    cut.broken = false;
    EXPECT_EQ(seen_by(replica), state_hash(shop.core.state()));
}

}  // namespace
}  // namespace dropsmith::engine::replica_test
