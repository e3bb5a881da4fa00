// SQLite behind our words: values there and back, faults by what they mean.
#include "edge/sqlite/connection.h"

#include <gtest/gtest.h>

#include <sqlite3.h>

namespace dropsmith::sqlite::connection_test {
namespace {

Connection in_memory() { return std::move(Connection::open(":memory:", Open::create)).value(); }

TEST(Connection, ValuesComeBackAsTheyWere) {
    auto db = in_memory();
    ASSERT_TRUE(db.run("CREATE TABLE t (n INTEGER, s TEXT, b BLOB, e TEXT)").ok());
    const Bytes zeros("a\0b\xff", 4);
    auto put = Statement::prepare(db, "INSERT INTO t VALUES (?1, ?2, ?3, ?4)");
    ASSERT_TRUE(put.ok());
    put->bind(1, std::int64_t{-7}).bind_text(2, "wörter").bind_blob(3, zeros).bind_text(4, "");
    ASSERT_TRUE(put->run());
    EXPECT_EQ(db.changes(), 1);
    ASSERT_TRUE(put->bind_null(1).bind_text(2, "x").bind_blob(3, "").bind_text(4, "").run()) << "used again";
    auto get = Statement::prepare(db, "SELECT n, s, b, e FROM t ORDER BY rowid");
    ASSERT_EQ(get->step(), Statement::Step::row);
    EXPECT_EQ(get->number(0), -7);
    EXPECT_EQ(get->text(1), "wörter");
    EXPECT_EQ(get->blob(2), zeros);
    EXPECT_FALSE(get->is_null(3)) << "an empty text is a text";
    ASSERT_EQ(get->step(), Statement::Step::row);
    EXPECT_TRUE(get->is_null(0));
    EXPECT_EQ(get->step(), Statement::Step::done);
    EXPECT_EQ(*db.number("SELECT count(*) FROM t"), 2);
    EXPECT_EQ(*db.number("SELECT 1 WHERE 0"), 0);
}

TEST(Connection, CodesMeanFaults) {
    const std::vector<std::pair<int, FaultKind>> cases{
        {SQLITE_FULL, FaultKind::refused_write},       {SQLITE_BUSY, FaultKind::refused_write},
        {SQLITE_CONSTRAINT, FaultKind::refused_write}, {SQLITE_CONSTRAINT_PRIMARYKEY, FaultKind::refused_write},
        {SQLITE_READONLY, FaultKind::refused_write},   {SQLITE_CORRUPT, FaultKind::corrupt},
        {SQLITE_NOTADB, FaultKind::corrupt},           {SQLITE_IOERR, FaultKind::unknown},
        {SQLITE_IOERR_FSYNC, FaultKind::unknown},      {SQLITE_IOERR_WRITE, FaultKind::unknown},
    };
    for (const auto& [code, kind] : cases) EXPECT_EQ(kind_of(code), kind) << code;
}

TEST(Connection, FaultsSayWhereAndWhat) {
    const auto missing = Connection::open("/nowhere/at/all.db", Open::existing);
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().kind, FaultKind::io);
    EXPECT_NE(missing.error().what.find("/nowhere/at/all.db"), std::string::npos);
    auto db = in_memory();
    EXPECT_FALSE(Statement::prepare(db, "SELECT nothing FROM nowhere").ok());
    EXPECT_FALSE(db.run("this is not SQL").ok());
}

}  // namespace
}  // namespace dropsmith::sqlite::connection_test
