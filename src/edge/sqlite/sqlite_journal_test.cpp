// shop.db keeps the contract of journals; its own promises: who may write, whose file it is, damaged snapshots, readers
// beside the writer, checkpoints.
#include "edge/sqlite/sqlite_journal.h"

#include <filesystem>

#include "edge/sqlite/connection.h"
#include "tests/contract/journal_contract.h"

namespace dropsmith::sqlite {
namespace {

using engine::StoredBatch;
using engine::VaultWrite;
using engine::contract::batch_of;
using engine::contract::read_all;

struct Folder {
    std::string path;
    Folder() {
        static std::atomic<int> number{0};
        path = (std::filesystem::temp_directory_path() /
                ("dropsmith-journal-" + std::to_string(::getpid()) + "-" + std::to_string(++number)))
                   .string();
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

std::unique_ptr<SqliteJournal> must_open(const std::string& path,
                                         SqliteJournal::Role role = SqliteJournal::Role::writer) {
    auto journal = SqliteJournal::open(path, role);
    EXPECT_TRUE(journal.ok()) << (journal.ok() ? "" : journal.error().what);
    return std::move(journal).value();
}

struct SqliteFixture {
    Folder folder;
    std::unique_ptr<SqliteJournal> journal;
    engine::Journal& make() { return *(journal = must_open(folder.path)); }
    engine::Journal& again() {
        journal.reset();
        return make();
    }
};
TEST(SqliteJournal, AReaderMayNotAppend) {
    Folder folder;
    auto writer = must_open(folder.path);
    ASSERT_TRUE(writer->append(batch_of(1, 1, "a"), {}).ok());
    auto reader = must_open(folder.path, SqliteJournal::Role::reader);
    EXPECT_EQ(reader->append(batch_of(2, 2, "b"), {}).error().kind, FaultKind::refused_write);
    ASSERT_TRUE(writer->append(batch_of(2, 2, "b"), {}).ok());
    EXPECT_EQ(read_all(*reader).size(), 2u) << "a reader sees what the writer has stored since";
}

TEST(SqliteJournal, AFileOfSomebodyElseIsRefused) {
    Folder folder;
    {
        auto db = Connection::open(folder.path + "/shop.db", Open::create);
        ASSERT_TRUE(db->run("PRAGMA application_id = 7; CREATE TABLE t (x)").ok());
    }
    EXPECT_EQ(SqliteJournal::open(folder.path, SqliteJournal::Role::writer).error().kind, FaultKind::corrupt);
}

TEST(SqliteJournal, ANewerLayoutIsRefusedByName) {
    Folder folder;
    must_open(folder.path).reset();
    {
        auto db = Connection::open(folder.path + "/shop.db", Open::existing);
        ASSERT_TRUE(db->run("PRAGMA user_version = 3").ok());
    }
    const auto opened = SqliteJournal::open(folder.path, SqliteJournal::Role::writer);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, FaultKind::too_new);
    EXPECT_NE(opened.error().what.find("newer program"), std::string::npos);
}

TEST(SqliteJournal, ADamagedSnapshotIsPassedOver) {
    Folder folder;
    auto journal = must_open(folder.path);
    ASSERT_TRUE(journal->put_snapshot({3, "1", {}, "older"}).ok());
    ASSERT_TRUE(journal->put_snapshot({4, "1", {}, "newer"}).ok());
    EXPECT_EQ((*journal->newest_snapshot("1"))->state, "newer");
    {
        auto db = Connection::open(folder.path + "/snapshots.db", Open::existing);
        ASSERT_TRUE(db->run("UPDATE snapshot SET state = x'00' WHERE seq = 4").ok());
    }
    EXPECT_EQ((*journal->newest_snapshot("1"))->state, "older");
}

TEST(SqliteJournal, AFullDiskRefusesTheBatchAndTakesItWhenThereIsRoomAgain) {
    Folder folder;
    auto journal = must_open(folder.path);
    ASSERT_TRUE(journal->append(batch_of(1, 1, "a"), {}).ok());
    ASSERT_TRUE(journal->limit_pages(64).ok());
    const auto large = batch_of(2, 2, std::string(1'000'000, 'x'));
    const std::vector<VaultWrite> vault{{VaultWrite::Act::put, "person", "k", "v"}};
    for (const auto& writes : {std::vector<VaultWrite>{}, vault}) {
        const auto refused = journal->append(large, writes);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().kind, FaultKind::refused_write) << refused.error().what;
    }
    EXPECT_EQ(read_all(*journal).size(), 1u);
    ASSERT_TRUE(journal->limit_pages(1'000'000).ok());
    EXPECT_TRUE(journal->append(large, vault).ok());
    EXPECT_EQ(read_all(*journal).size(), 2u);
}

TEST(SqliteJournal, AReserveIsGivenUpWhenTheDiskIsFullAndMadeAgainWhenThereIsPlenty) {
    Folder folder;
    const auto there = [&] { return std::filesystem::exists(folder.path + "/reserve"); };
    auto journal = must_open(folder.path);
    ASSERT_TRUE(there());
    ASSERT_TRUE(journal->append(batch_of(1, 1, "a"), {}).ok());
    ASSERT_TRUE(journal->limit_pages(64).ok());
    EXPECT_FALSE(journal->append(batch_of(2, 2, std::string(1'000'000, 'x')), {}).ok());
    EXPECT_FALSE(there());
    ASSERT_TRUE(journal->append(batch_of(2, 2, "b"), {}).ok());
    EXPECT_FALSE(there()) << "not at once: it would be given up again";
    ASSERT_TRUE(journal->append(batch_of(3, 1'500, "c"), {}).ok());
    EXPECT_TRUE(there());
}

TEST(SqliteJournal, ReadersSeeWholeBatchesWhileTheWriterWritesAndTheLogIsCarriedBack) {
    Folder folder;
    auto journal = must_open(folder.path);
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> wrong{0}, rounds{0};
    std::thread reader([&] {
        while (!stop.load()) {
            std::uint64_t next = 1;
            const auto read = journal->read(1, [&](const StoredBatch& batch) {
                if (batch.first != next || batch.bytes.size() < 20'000) ++wrong;
                next = batch.last + 1;
                return true;
            });
            if (!read) ++wrong;
            ++rounds;
        }
    });
    for (std::uint64_t first = 1; first <= 1'500; ++first)
        ASSERT_TRUE(journal->append(batch_of(first, first, std::string(20'000, 'x')), {}).ok());
    stop = true;
    reader.join();
    EXPECT_EQ(wrong.load(), 0u);
    EXPECT_GT(rounds.load(), 0u);
    EXPECT_GT(journal->checkpoints(), 0u);
    EXPECT_LT(journal->checkpoints(), 20u) << "by growth of the log, not with every commit";
    EXPECT_GT(std::filesystem::file_size(folder.path + "/shop.db"), 1'000'000u) << "batches have left the log";
    EXPECT_LT(std::filesystem::file_size(folder.path + "/shop.db-wal"), 128u << 20)
        << "and the log does not grow for ever";
}

}  // namespace
}  // namespace dropsmith::sqlite

namespace dropsmith::engine::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, JournalContract, sqlite::SqliteFixture);
}  // namespace dropsmith::engine::contract
