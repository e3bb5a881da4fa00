// One SQLite connection and its statements, with faults instead of codes. A connection and its statements belong to
// one thread at a time. Covered by edge/sqlite/connection_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/cbor.h"
#include "base/fault.h"

struct sqlite3;
struct sqlite3_stmt;

namespace dropsmith::sqlite {

enum class Open : std::uint8_t { create, existing, read_only };

// What a code of SQLite means to the shop: rolled back and harmless (disk full, busy), corrupt, or of unknown outcome.
FaultKind kind_of(int code);

class Connection {
public:
    static Result<Connection, Fault> open(const std::string& path, Open mode);

    Status<Fault> run(std::string_view sql);                     // any number of statements, without results
    // the first column of the first row; 0 when there is none
    Result<std::int64_t, Fault> number(std::string_view sql);
    std::int64_t changes() const;                                // rows that the last statement changed
    bool in_transaction() const;
    Fault last_fault(std::string_view doing) const;
    sqlite3* raw() const { return db_.get(); }

private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    std::string path_;
    std::unique_ptr<sqlite3, Close> db_;
};

// A prepared statement: bind from 1, step until not row, reset to use it again. A failed bind shows as a failed step.
class Statement {
public:
    static Result<Statement, Fault> prepare(const Connection& connection, std::string_view sql);

    Statement& bind(int index, std::int64_t n);
    Statement& bind(int index, std::uint64_t n) { return bind(index, static_cast<std::int64_t>(n)); }
    Statement& bind_text(int index, std::string_view text);      // must live until the statement is reset
    Statement& bind_blob(int index, ByteView bytes);             // likewise
    Statement& bind_null(int index);

    enum class Step : std::uint8_t { row, done, failed };
    Step step();
    void reset();

    // One row's worth of work: step, expect no row, reset.
    bool run();

    std::int64_t number(int column) const;
    std::string_view text(int column) const;                     // lives until the next step
    ByteView blob(int column) const;
    bool is_null(int column) const;
    int columns() const;
    int code() const { return code_; }                           // of the last step

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    int code_ = 0;
    int bind_code_ = 0;
};

}  // namespace dropsmith::sqlite
