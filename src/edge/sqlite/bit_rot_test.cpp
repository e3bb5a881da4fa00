// Bits that turn on the disk, one at a time, anywhere in the shop's files: each is found with a message, or was in
// nothing that is used: what starts is then the very shop that was stored, fact by fact and person by person.
// DROPSMITH_FLIPS and DROPSMITH_SEED ask for more (tests/long/bit_rot: 10,000).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "base/environment_testing.h"
#include "base/random.h"
#include "base/sized_testing.h"
#include "edge/sqlite/connection.h"
#include "edge/sqlite/copy.h"
#include "edge/sqlite/sqlite_journal.h"
#include "edge/sqlite/sums.h"
#include "edge/sqlite/witness.h"
#include "engine/person.h"
#include "engine/replay.h"
#include "engine/shop_testing.h"
#include "engine/slices.h"
#include "engine/verify.h"

namespace dropsmith::sqlite::bit_rot_test {
namespace {

namespace fs = std::filesystem;
using Role = SqliteJournal::Role;

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

using Files = std::map<std::string, std::string>;

// What a start gives: everything that is served comes from this.
struct Started {
    std::string trouble;  // "": it started
    Digest256 state{}, head{};
    std::vector<Bytes> batches;
    std::map<Bytes, Bytes> persons;
    bool operator==(const Started&) const = default;
};

Started start_from(const std::string& folder) {
    Started out;
    auto journal = SqliteJournal::open(folder, Role::writer);
    if (!journal) return out.trouble = journal.error().what, out;
    State state;
    if (auto loaded = engine::load(**journal, state, out.head); !loaded)
        return out.trouble = loaded.error().what, out;
    out.state = engine::state_hash(state);
    const auto read = (*journal)->read(1, [&](const auto& batch) { return out.batches.push_back(batch.bytes), true; });
    if (!read) return out.trouble = read.error().what, out;
    const auto persons = (*journal)->vault_each(engine::person_table, [&](ByteView key, ByteView value) {
        return out.persons.emplace(key, value), true;
    });
    if (!persons) return out.trouble = persons.error().what, out;
    return out;
}

// A shop with buyers, persons and a snapshot, its files taken while a part stands in the database and a part in the
// log.
class BitRot : public ::testing::Test {
protected:
    void SetUp() override {
        base_ = fs::temp_directory_path() / ("dropsmith-rot-" + std::to_string(::getpid()));
        fs::create_directories(base_ / "shop");
        auto journal = std::move(SqliteJournal::open(shop(), Role::writer)).value();
        {
            engine::ShopOnTest day(*journal);
            day.open_drop(200);
            for (std::uint8_t i = 1; i <= 40; ++i) sell(day, i);
            ASSERT_TRUE(engine::take_snapshot(*journal).ok());
            auto other = std::move(Connection::open(shop() + "/shop.db", Open::existing)).value();
            ASSERT_TRUE(other.run("PRAGMA wal_checkpoint(TRUNCATE)").ok());
            for (std::uint8_t i = 41; i <= 60; ++i) sell(day, i);
        }
        for (const auto* name : {"shop.db", "shop.db-wal", "snapshots.db", "shop.head"}) {
            good_[name] = bytes_of(fs::path(shop()) / name);
            ASSERT_GT(good_[name].size(), 0u) << name;
        }
        journal.reset();
        honest_ = start_from(put(good_));
        ASSERT_EQ(honest_.trouble, "");
        ASSERT_GT(honest_.persons.size(), 10u);
    }
    void TearDown() override { fs::remove_all(base_); }

    static void sell(engine::ShopOnTest& day, std::uint8_t i) {
        const auto told = day.tell(engine::hold_of(1 + i % 3), engine::key_of(i));
        if (i % 2) return;
        ConfirmHold confirm;
        confirm.hold = told.hold;
        day.tell(confirm, {}, engine::PersonData{"buyer" + std::to_string(i) + "@example.org", "Ada", "1 Long Road"});
    }

    std::string shop() const { return (base_ / "shop").string(); }

    // A fresh folder with these files.
    std::string put(const Files& files) {
        const auto folder = base_ / "copy";
        fs::remove_all(folder);
        fs::create_directories(folder);
        for (const auto& [name, bytes] : files) write_bytes(folder / name, bytes);
        return folder.string();
    }

    // Whether `dropsmith verify` would find it.
    static std::string verdict(const std::string& folder) {
        auto journal = SqliteJournal::open(folder, Role::reader);
        if (!journal) return journal.error().what;
        const auto report = engine::verify(**journal, {}, [&] { return (*journal)->inspect(); });
        for (const auto& law : report.laws)
            if (!law.holds) return law.law + ": " + law.first_breach;
        return {};
    }

    fs::path base_;
    Files good_;
    Started honest_;
};

TEST_F(BitRot, EveryTurnedBitIsFoundOrWasInNothingThatIsUsed) {
    const auto seed = from_environment("DROPSMITH_SEED", 1);
    const auto flips = from_environment("DROPSMITH_FLIPS", sized(160u, 40u));
    std::map<std::string, std::uint64_t> found, unused;
    std::vector<std::string> names;
    for (const auto& [name, bytes] : good_) names.push_back(name);
    for (std::uint64_t i = 0; i < flips; ++i) {
        Random random(seed, i);
        const auto& name = names[i % names.size()];
        auto files = good_;
        auto& bytes = files[name];
        const auto at = random.below(bytes.size()), bit = random.below(8);
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
        const auto where = name + " octet " + std::to_string(at) + " bit " + std::to_string(bit) +
                           ", DROPSMITH_SEED=" + std::to_string(seed);
        const auto started = start_from(put(files));
        if (!started.trouble.empty()) {
            ++found[name];
            continue;
        }
        // It serves: then what it serves is what was stored, whatever verify says.
        ASSERT_TRUE(started.batches == honest_.batches) << started.batches.size() << " batches, " << where;
        ASSERT_TRUE(started == honest_) << where;
        ++(verdict(put(files)).empty() ? unused : found)[name];
    }
    for (const auto& name : names) {
        std::printf("bit rot: %s: %llu found, %llu in nothing that is used\n", name.c_str(),
                    static_cast<unsigned long long>(found[name]), static_cast<unsigned long long>(unused[name]));
        if (name == "shop.db") {
            EXPECT_GT(found[name], flips / 40) << name << ": the alarm never rang";
        }
    }
}

TEST(Sums, AreTheCommonOnes) {  // of every length, and in pieces
    EXPECT_EQ(sum_of("123456789"), 0xCBF43926u);
    EXPECT_EQ(sum_of(""), 0u);
    const std::string text = "the units received are those that are free, held and sold";
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        EXPECT_EQ(sum_of(text.substr(cut), sum_of(text.substr(0, cut))), sum_of(text)) << cut;
    EXPECT_NE(sum_of_vault("person", "ab", "c"), sum_of_vault("person", "a", "bc"));
    EXPECT_NE(sum_of_batch(1, 2, "x"), sum_of_batch(1, 3, "x"));
}

TEST_F(BitRot, AnAcknowledgedBatchThatTheLogLostIsFound) {
    auto files = good_;
    files["shop.db-wal"].resize(files["shop.db-wal"].size() / 2);
    EXPECT_NE(start_from(put(files)).trouble.find("was acknowledged"), std::string::npos);
    EXPECT_NE(verdict(put(files)).find("was acknowledged"), std::string::npos);
    files.erase("shop.head");  // an older shop.db, put there on purpose
    const auto older = start_from(put(files));
    EXPECT_EQ(older.trouble, "");
    EXPECT_LT(older.batches.size(), honest_.batches.size());
}

// Also where nothing else would tell: no witness, the newest batch.
TEST_F(BitRot, ARowWhoseNumbersAreDamagedIsNotSkipped) {
    for (const std::string row : {"(SELECT max(first) FROM batch)", "(SELECT max(first) FROM batch WHERE first < 100)"})
        for (const std::string last : {"0", "-1", "first - 1", "last - 1", "last + 1", "1 << 40"}) {
            auto files = good_;
            files.erase("shop.head");
            const auto folder = put(files);
            {
                auto db = std::move(Connection::open(folder + "/shop.db", Open::existing)).value();
                ASSERT_TRUE(db.run("UPDATE batch SET last = " + last + " WHERE first = " + row).ok());
            }
            EXPECT_FALSE(verdict(folder).empty()) << row << " last " << last;
            EXPECT_NE(start_from(folder).trouble, "") << row << " last " << last;
        }
}

TEST_F(BitRot, TheWitnessMaySayLessAndNeverMore) {
    auto files = good_;
    files["shop.head"] = std::string(32, '\0');
    EXPECT_TRUE(start_from(put(files)) == honest_) << "it says nothing";
    files.erase("shop.head");
    EXPECT_TRUE(start_from(put(files)) == honest_);
    const auto folder = put(good_);
    const auto last = Witness::told(folder);
    EXPECT_GT(last, 100u);
    {
        Witness witness(folder);
        witness.saw(last + 1);
        EXPECT_EQ(Witness::told(folder), last + 1);
        std::fstream torn(Witness::path(folder), std::ios::in | std::ios::out | std::ios::binary);
        torn.seekp(static_cast<std::streamoff>((last + 1) % 2 * 16 + 9)), torn.put('\x55');
    }
    EXPECT_EQ(Witness::told(folder), last) << "a torn record leaves the one before";
}

TEST_F(BitRot, AShopOfLayoutOneIsBroughtUpToDate) {
    const auto folder = put(good_);
    {
        auto db = std::move(Connection::open(folder + "/shop.db", Open::existing)).value();
        ASSERT_TRUE(db.run("ALTER TABLE batch DROP COLUMN sum; ALTER TABLE vault DROP COLUMN sum;"
                           "PRAGMA user_version = 1").ok());
    }
    const auto early = SqliteJournal::open(folder, Role::reader);
    ASSERT_FALSE(early.ok());
    EXPECT_NE(early.error().what.find("start the shop once"), std::string::npos) << early.error().what;
    EXPECT_TRUE(start_from(folder) == honest_);
    EXPECT_EQ(verdict(folder), "");
}

TEST_F(BitRot, ACopyIsOneMomentOfADatabaseThatGoesOn) {
    const auto folder = put(good_);
    auto journal = std::move(SqliteJournal::open(folder, Role::writer)).value();
    fs::create_directories(base_ / "backup");
    const auto to = (base_ / "backup").string();
    ASSERT_TRUE(copy_database(folder + "/shop.db", to + "/shop.db").ok());
    EXPECT_FALSE(copy_database(folder + "/shop.db", to + "/shop.db").ok()) << "nothing is written over";
    EXPECT_EQ(verdict(to), "");
    EXPECT_TRUE(start_from(to) == honest_);
}

}  // namespace
}  // namespace dropsmith::sqlite::bit_rot_test
