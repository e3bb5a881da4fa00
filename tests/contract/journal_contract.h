// What every journal must do, whatever it is made of: one typed test suite, run against the stores beside their own
// tests. A store gives a Fixture with make() (empty), again() (the same store opened anew, as after a restart) and the
// tests do the rest. One writer; readers in other threads.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/journal.h"

namespace dropsmith::engine::contract {

inline StoredBatch batch_of(std::uint64_t first, std::uint64_t last, std::string_view text) {
    return {first, last, Bytes("batch ") + Bytes(text) + Bytes(3, '\0') + "\xff"};
}

inline std::vector<StoredBatch> read_all(const Journal& journal, std::uint64_t from = 1) {
    std::vector<StoredBatch> out;
    const auto status = journal.read(from, [&](const StoredBatch& batch) { return out.push_back(batch), true; });
    EXPECT_TRUE(status.ok());
    return out;
}

template <class Fixture>
class JournalContract : public testing::Test {
protected:
    Fixture fixture;
};
TYPED_TEST_SUITE_P(JournalContract);

TYPED_TEST_P(JournalContract, EmptyHasNoHeadAndNothingToRead) {
    auto& journal = this->fixture.make();
    EXPECT_EQ(*journal.head(), 0u);
    EXPECT_TRUE(read_all(journal).empty());
    EXPECT_FALSE(journal.newest_snapshot("1")->has_value());
}

TYPED_TEST_P(JournalContract, ReadsBackEveryByteInOrderAlsoAfterARestart) {
    auto* journal = &this->fixture.make();
    ASSERT_TRUE(journal->append(batch_of(1, 1, "a"), {}).ok());
    ASSERT_TRUE(journal->append(batch_of(2, 9, "b"), {}).ok());
    ASSERT_TRUE(journal->append(batch_of(10, 12, std::string(100'000, 'c')), {}).ok());
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(*journal->head(), 12u);
        const auto all = read_all(*journal);
        ASSERT_EQ(all.size(), 3u);
        EXPECT_EQ(all[0].bytes, batch_of(1, 1, "a").bytes);
        EXPECT_EQ(all[1].first, 2u);
        EXPECT_EQ(all[1].last, 9u);
        EXPECT_EQ(all[2].bytes, batch_of(10, 12, std::string(100'000, 'c')).bytes);
        journal = &this->fixture.again();
    }
}

TYPED_TEST_P(JournalContract, ReadsFromTheBatchThatHoldsTheFact) {
    auto& journal = this->fixture.make();
    ASSERT_TRUE(journal.append(batch_of(1, 3, "a"), {}).ok());
    ASSERT_TRUE(journal.append(batch_of(4, 4, "b"), {}).ok());
    ASSERT_TRUE(journal.append(batch_of(5, 8, "c"), {}).ok());
    const std::vector<std::pair<std::uint64_t, std::size_t>> cases{{0, 3}, {1, 3}, {3, 3}, {4, 2},
                                                                   {5, 1}, {8, 1}, {9, 0}};
    for (const auto& [from, batches] : cases) EXPECT_EQ(read_all(journal, from).size(), batches) << "from " << from;
    std::size_t visited = 0;
    ASSERT_TRUE(journal.read(1, [&](const StoredBatch&) { return ++visited < 2; }).ok());
    EXPECT_EQ(visited, 2u) << "visit said that it had enough";
}

TYPED_TEST_P(JournalContract, ABatchThatDoesNotFollowIsRefusedAndNothingOfItStays) {
    auto& journal = this->fixture.make();
    ASSERT_TRUE(journal.append(batch_of(1, 2, "a"), {}).ok());
    const std::vector<VaultWrite> vault{{VaultWrite::Act::put, "person", "key", "value"}};
    for (const auto& wrong :
         {batch_of(1, 2, "again"), batch_of(2, 3, "overlap"), batch_of(4, 5, "gap"), batch_of(3, 2, "-")}) {
        const auto status = journal.append(wrong, vault);
        ASSERT_FALSE(status.ok());
        EXPECT_EQ(status.error().kind, FaultKind::refused_write);
    }
    EXPECT_EQ(read_all(journal).size(), 1u);
    EXPECT_FALSE(journal.vault_get("person", "key")->has_value());
    EXPECT_TRUE(journal.append(batch_of(3, 3, "b"), {}).ok()) << "a refusal leaves the journal usable";
}

TYPED_TEST_P(JournalContract, TheVaultIsWrittenWithTheBatch) {
    auto* journal = &this->fixture.make();
    const Bytes zero("k\0y", 3);
    ASSERT_TRUE(journal
                    ->append(batch_of(1, 1, "a"), std::vector<VaultWrite>{{VaultWrite::Act::put, "person", "b", "1"},
                                                                          {VaultWrite::Act::put, "person", zero, "2"},
                                                                          {VaultWrite::Act::put, "secret", "b", "3"}})
                    .ok());
    ASSERT_TRUE(journal
                    ->append(batch_of(2, 2, "b"), std::vector<VaultWrite>{{VaultWrite::Act::put, "person", "b", "4"},
                                                                          {VaultWrite::Act::erase, "secret", "b", ""}})
                    .ok());
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(*journal->vault_get("person", "b"), std::optional<Bytes>("4"));
        EXPECT_EQ(*journal->vault_get("person", zero), std::optional<Bytes>("2"));
        EXPECT_FALSE(journal->vault_get("secret", "b")->has_value());
        std::vector<Bytes> seen;
        ASSERT_TRUE(
            journal->vault_each("person", [&](ByteView key, ByteView) { return seen.emplace_back(key), true; }).ok());
        EXPECT_EQ(seen, (std::vector<Bytes>{"b", zero})) << "each key once, in order";
        journal = &this->fixture.again();
    }
}

TYPED_TEST_P(JournalContract, TheNewestSnapshotOfASchemaComesBack) {
    auto* journal = &this->fixture.make();
    for (const std::uint64_t seq : {5u, 9u, 7u}) {
        StoredSnapshot snapshot{seq, "1", {}, Bytes(2'000, static_cast<char>(seq))};
        snapshot.journal_hash[0] = static_cast<std::uint8_t>(seq);
        ASSERT_TRUE(journal->put_snapshot(snapshot).ok());
    }
    for (int round = 0; round < 2; ++round) {
        const auto newest = journal->newest_snapshot("1");
        ASSERT_TRUE(newest.ok() && newest->has_value());
        EXPECT_EQ((*newest)->seq, 9u);
        EXPECT_EQ((*newest)->state, Bytes(2'000, 9));
        EXPECT_EQ((*newest)->journal_hash[0], 9);
        EXPECT_FALSE(journal->newest_snapshot("2")->has_value());
        journal = &this->fixture.again();
    }
}

REGISTER_TYPED_TEST_SUITE_P(JournalContract, EmptyHasNoHeadAndNothingToRead, ReadsBackEveryByteInOrderAlsoAfterARestart,
                            ReadsFromTheBatchThatHoldsTheFact, ABatchThatDoesNotFollowIsRefusedAndNothingOfItStays,
                            TheVaultIsWrittenWithTheBatch, TheNewestSnapshotOfASchemaComesBack);

}  // namespace dropsmith::engine::contract
