// SQLite behind connection.h. Covered by edge/sqlite/connection_test.cpp.
#include "edge/sqlite/connection.h"

#include <sqlite3.h>

#include <limits>

namespace dropsmith::sqlite {

namespace {
constexpr int busy_ms = 10'000;
}

FaultKind kind_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_FULL:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_NOMEM:
        case SQLITE_READONLY:
        case SQLITE_TOOBIG:
        case SQLITE_CONSTRAINT: return FaultKind::refused_write;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return FaultKind::corrupt;
        default: return FaultKind::unknown;
    }
}

void Connection::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }
void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<Connection, Fault> Connection::open(const std::string& path, Open mode) {
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (mode == Open::create     ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                       : mode == Open::existing ? SQLITE_OPEN_READWRITE
                                                : SQLITE_OPEN_READONLY);
    Connection connection;
    connection.path_ = path;
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
    connection.db_.reset(db);
    if (code != SQLITE_OK) {
        auto why = connection.last_fault("open");
        if (why.kind == FaultKind::unknown) why.kind = FaultKind::io;  // nothing was written
        return Failure{std::move(why)};
    }
    sqlite3_busy_timeout(db, busy_ms);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    return connection;
}

Status<Fault> Connection::run(std::string_view sql) {
    const std::string text(sql);
    if (sqlite3_exec(db_.get(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return Failure{last_fault("run a statement")};
    return Nothing{};
}

Result<std::int64_t, Fault> Connection::number(std::string_view sql) {
    auto statement = Statement::prepare(*this, sql);
    if (!statement) return Failure{statement.error()};
    switch (statement->step()) {
        case Statement::Step::row: return statement->number(0);
        case Statement::Step::done: return std::int64_t{0};
        default: return Failure{last_fault("read a number")};
    }
}

std::int64_t Connection::changes() const { return sqlite3_changes64(db_.get()); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }

Fault Connection::last_fault(std::string_view doing) const {
    const int code = db_ ? sqlite3_extended_errcode(db_.get()) : SQLITE_NOMEM;
    const char* message = db_ ? sqlite3_errmsg(db_.get()) : "no memory";
    return {kind_of(code), path_ + ": could not " + std::string(doing) + ": " + message + " (SQLite code " +
                               std::to_string(code) + ")"};
}

Result<Statement, Fault> Statement::prepare(const Connection& connection, std::string_view sql) {
    Statement out;
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(connection.raw(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    out.statement_.reset(statement);
    if (code != SQLITE_OK) return Failure{connection.last_fault("prepare a statement")};
    CHECK_BECAUSE(statement, "an empty SQL statement");
    return out;
}

Statement& Statement::bind(int index, std::int64_t n) {
    bind_code_ |= sqlite3_bind_int64(statement_.get(), index, n);
    return *this;
}

Statement& Statement::bind_text(int index, std::string_view text) {
    bind_code_ |= sqlite3_bind_text64(statement_.get(), index, text.empty() ? "" : text.data(), text.size(),
                                      SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind_blob(int index, ByteView bytes) {
    bind_code_ |=
        sqlite3_bind_blob64(statement_.get(), index, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
    return *this;
}

Statement& Statement::bind_null(int index) {
    bind_code_ |= sqlite3_bind_null(statement_.get(), index);
    return *this;
}

Statement::Step Statement::step() {
    CHECK_BECAUSE(bind_code_ == SQLITE_OK, "a parameter of an SQL statement could not be bound");
    code_ = sqlite3_step(statement_.get());
    return code_ == SQLITE_ROW ? Step::row : code_ == SQLITE_DONE ? Step::done : Step::failed;
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
}

bool Statement::run() {
    const bool done = step() == Step::done;
    reset();
    return done;
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string_view Statement::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

ByteView Statement::blob(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

int Statement::columns() const { return sqlite3_column_count(statement_.get()); }

}  // namespace dropsmith::sqlite
