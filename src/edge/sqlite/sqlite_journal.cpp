// shop.db and snapshots.db behind the Journal interface. Covered by edge/sqlite/sqlite_journal_test.cpp.
#include "edge/sqlite/sqlite_journal.h"

#include <sqlite3.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "edge/sqlite/checkpointer.h"
#include "edge/sqlite/connection.h"
#include "edge/sqlite/journal.sql.h"
#include "edge/sqlite/reserve.h"
#include "edge/sqlite/snapshots.sql.h"
#include "edge/sqlite/sums.h"
#include "edge/sqlite/witness.h"

namespace dropsmith::sqlite {

using engine::StoredBatch;
using engine::StoredSnapshot;
using engine::VaultWrite;

namespace {

constexpr std::int64_t application_id = 1146244944;  // "DROP"
constexpr std::int64_t user_version = 2;
constexpr std::uint64_t reserve_again_after = 1'000;  // facts stored since the disk was full

ByteView view(const Digest256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

Failure<Fault> damaged(const std::string& path, const std::string& what) {
    return fault(FaultKind::corrupt, path + ": " + what +
                                         " is not what was written (its check sum does not fit): the disk is failing; "
                                         "restore the folder from a backup");
}

// Of a row (first, last, bytes, sum) under the cursor.
bool sum_fits(const Statement& row, std::uint64_t first, std::uint64_t last, ByteView bytes) {
    return row.is_null(3) || row.number(3) == sum_of_batch(first, last, bytes);
}

// The last fact of the newest row; a damaged row must not say how far the journal goes.
Result<std::uint64_t, Fault> last_fact(Statement& head, const Connection& db, const std::string& path) {
    std::uint64_t first = 0, last = 0;
    bool fits = true;
    const auto step = head.step();
    if (step == Statement::Step::row) {
        first = static_cast<std::uint64_t>(head.number(0)), last = static_cast<std::uint64_t>(head.number(1));
        fits = sum_fits(head, first, last, head.blob(2));
    }
    head.reset();
    if (step == Statement::Step::failed) return Failure{db.last_fault("read the last fact")};
    if (!fits) return damaged(path, "the batch of fact " + std::to_string(first));
    return last;
}

struct Writer {
    Connection db;
    Statement begin, commit, rollback, append_batch, put_vault, erase_vault, head;

    static Result<Writer, Fault> make(Connection db) {
        std::vector<Statement> made;
        for (auto sql : {sql::journal::begin, sql::journal::commit, sql::journal::rollback, sql::journal::append_batch,
                         sql::journal::put_vault, sql::journal::erase_vault, sql::journal::head}) {
            auto statement = Statement::prepare(db, sql);
            if (!statement) return Failure{statement.error()};
            made.push_back(std::move(statement).value());
        }
        return Writer{std::move(db),      std::move(made[0]), std::move(made[1]), std::move(made[2]),
                      std::move(made[3]), std::move(made[4]), std::move(made[5]), std::move(made[6])};
    }
};

struct Reader {
    Connection db;
    Statement head, read_from, get_vault, each_vault;
};

Result<Reader, Fault> open_reader(const std::string& path) {
    auto db = Connection::open(path, Open::existing);  // not read_only: a reader may have to make the -shm file anew
    if (!db) return Failure{db.error()};
    if (auto set = db->run(sql::journal::reader_settings); !set) return Failure{set.error()};
    std::vector<Statement> made;
    for (auto sql : {sql::journal::head, sql::journal::read_from, sql::journal::get_vault, sql::journal::each_vault}) {
        auto statement = Statement::prepare(*db, sql);
        if (!statement) return Failure{statement.error()};
        made.push_back(std::move(statement).value());
    }
    return Reader{std::move(*db), std::move(made[0]), std::move(made[1]), std::move(made[2]), std::move(made[3])};
}

Status<Fault> check_identity(Connection& db, const std::string& path) {
    auto id = db.number(sql::journal::application_id);
    if (!id) return Failure{id.error()};
    auto version = db.number(sql::journal::user_version);
    if (!version) return Failure{version.error()};
    if (*id == 0 && *version == 0) return Nothing{};  // fresh
    if (*id != application_id) return fault(FaultKind::corrupt, path + " is not a shop of Dropsmith");
    if (*version > user_version)
        return fault(FaultKind::too_new, path + " has layout " + std::to_string(*version) + ", this program reads " +
                                             std::to_string(user_version) + ": use the newer program that wrote it");
    return Nothing{};
}

// Layout 1 had no sums: rows of that time stay without. Only the writer brings a file up to date.
Status<Fault> bring_up_to_date(Connection& db, const std::string& path, bool writer) {
    auto version = db.number(sql::journal::user_version);
    if (!version) return Failure{version.error()};
    if (*version != 1) return Nothing{};
    if (writer) return db.run(sql::journal::from_layout_1);
    return fault(FaultKind::io, path + " has layout 1, this program reads " + std::to_string(user_version) +
                                    ": start the shop once with this program, which brings it up to date");
}

// What was acknowledged and is not there.
Status<Fault> check_witness(const std::string& folder, std::uint64_t told, std::uint64_t head) {
    if (told <= head) return Nothing{};
    return fault(FaultKind::corrupt,
                 folder + "/shop.db ends with fact " + std::to_string(head) + ", but fact " + std::to_string(told) +
                     " was acknowledged: its newest part is damaged or gone (shop.db-wal?). Restore the folder from a "
                     "backup; if an older shop.db was put here on purpose, delete " +
                     Witness::path(folder));
}

}  // namespace

struct SqliteJournal::Inside {
    std::string folder, shop_path, snapshots_path;
    std::unique_ptr<Witness> witness;                // of the writer
    std::optional<Writer> writer;
    std::uint64_t last = 0;                          // of the writer
    std::unique_ptr<Checkpointer> checkpointer;
    std::optional<Reserve> reserve;                  // of the writer
    std::uint64_t reserve_wanted_at = 0;             // the fact from which on it is tried again
    std::mutex mutex;                                // guards idle
    std::vector<Reader> idle;                        // readers that nobody uses just now

    template <class Use>
    auto with_reader(Use use) -> decltype(use(std::declval<Reader&>())) {
        std::optional<Reader> reader;
        {
            std::scoped_lock lock(mutex);
            if (!idle.empty()) {
                reader.emplace(std::move(idle.back()));
                idle.pop_back();
            }
        }
        if (!reader) {
            auto opened = open_reader(shop_path);
            if (!opened) return Failure{opened.error()};
            reader.emplace(std::move(opened).value());
        }
        auto result = use(*reader);
        std::scoped_lock lock(mutex);
        idle.push_back(std::move(*reader));
        return result;
    }

    bool insert(const StoredBatch& batch) {
        auto& row = writer->append_batch.bind(1, batch.first).bind(2, batch.last).bind_blob(3, batch.bytes);
        return row.bind(4, sum_of_batch(batch.first, batch.last, batch.bytes)).run();
    }

    bool write_all(const StoredBatch& batch, std::span<const VaultWrite> vault) {
        if (vault.empty()) return insert(batch);     // one statement is a transaction by itself
        if (!writer->begin.run() || !insert(batch)) return false;
        for (const auto& write : vault) {
            auto& statement = write.act == VaultWrite::Act::put ? writer->put_vault : writer->erase_vault;
            statement.bind_text(1, write.table).bind_blob(2, write.key);
            if (write.act == VaultWrite::Act::put)
                statement.bind_blob(3, write.value).bind(4, sum_of_vault(write.table, write.key, write.value));
            if (!statement.run()) return false;
        }
        return writer->commit.run();
    }

    // The write failed: undo it, and tell whether it is certain that nothing of it is stored.
    Fault after_failure(const StoredBatch& batch) {
        auto why = writer->db.last_fault("append the batch of fact " + std::to_string(batch.first));
        if (writer->db.in_transaction()) writer->rollback.run();
        if (why.kind != FaultKind::refused_write) {
            why.kind = FaultKind::unknown;
            return why;
        }
        // The log may be what fills the disk: carried back it takes far less room, and the reserve gives room to do so.
        reserve->give_up();
        reserve_wanted_at = last + reserve_again_after;
        checkpointer->truncate();
        const auto head = last_fact(writer->head, writer->db, shop_path);
        if (!head || *head != last || writer->db.in_transaction()) why.kind = FaultKind::unknown;
        return why;
    }
};

SqliteJournal::SqliteJournal(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>, Fault> SqliteJournal::open(const std::string& folder, Role role) {
    auto inside = std::make_unique<Inside>();
    inside->folder = folder;
    inside->shop_path = folder + "/shop.db";
    inside->snapshots_path = folder + "/snapshots.db";
    auto db = Connection::open(inside->shop_path, role == Role::writer ? Open::create : Open::existing);
    if (!db) return Failure{db.error()};
    if (auto same = check_identity(*db, inside->shop_path); !same) return Failure{same.error()};
    if (auto done = bring_up_to_date(*db, inside->shop_path, role == Role::writer); !done) return Failure{done.error()};
    if (role == Role::reader) return std::make_unique<SqliteJournal>(std::move(inside));
    if (auto set = db->run(sql::journal::writer_settings); !set) return Failure{set.error()};
    if (auto made = db->run(sql::journal::schema); !made) return Failure{made.error()};
    auto writer = Writer::make(std::move(*db));
    if (!writer) return Failure{writer.error()};
    auto last = last_fact(writer->head, writer->db, inside->shop_path);
    if (!last) return Failure{last.error()};
    if (auto all = check_witness(folder, Witness::told(folder), *last); !all) return Failure{all.error()};
    inside->last = *last;
    inside->witness = std::make_unique<Witness>(folder);
    inside->writer.emplace(std::move(writer).value());
    inside->reserve.emplace(folder);
    auto other = Connection::open(inside->shop_path, Open::existing);
    if (!other) return Failure{other.error()};
    inside->checkpointer = std::make_unique<Checkpointer>(std::move(other).value());
    sqlite3_wal_hook(
        inside->writer->db.raw(),
        [](void* checkpointer, sqlite3*, const char*, int pages) {
            static_cast<Checkpointer*>(checkpointer)->grown(pages);
            return SQLITE_OK;
        },
        inside->checkpointer.get());
    return std::make_unique<SqliteJournal>(std::move(inside));
}

Status<Fault> SqliteJournal::append(const StoredBatch& batch, std::span<const VaultWrite> vault) {
    if (!inside_->writer) return fault(FaultKind::refused_write, inside_->shop_path + " was opened for reading");
    if (batch.first != inside_->last + 1 || batch.last < batch.first)
        return fault(FaultKind::refused_write, inside_->shop_path + ": batch of fact " + std::to_string(batch.first) +
                                                   " does not follow fact " + std::to_string(inside_->last));
    if (!inside_->write_all(batch, vault)) return Failure{inside_->after_failure(batch)};
    inside_->last = batch.last;
    inside_->witness->saw(batch.last);
    if (!inside_->reserve->there() && batch.last >= inside_->reserve_wanted_at) {
        inside_->reserve->make_when_plenty();
        inside_->reserve_wanted_at = batch.last + reserve_again_after;
    }
    if (std::any_of(vault.begin(), vault.end(), [](const auto& w) { return w.act == VaultWrite::Act::erase; }))
        inside_->checkpointer->truncate();
    return Nothing{};
}

Status<Fault> SqliteJournal::read(std::uint64_t from,
                                  const std::function<bool(const StoredBatch&)>& visit) const {
    return inside_->with_reader([&](Reader& reader) -> Status<Fault> {
        reader.read_from.bind(1, from);
        std::uint64_t next = 0;  // the fact that the next row begins with; 0: any up to `from`
        auto step = reader.read_from.step();
        for (; step == Statement::Step::row; step = reader.read_from.step()) {
            const StoredBatch batch{static_cast<std::uint64_t>(reader.read_from.number(0)),
                                    static_cast<std::uint64_t>(reader.read_from.number(1)),
                                    Bytes(reader.read_from.blob(2))};
            const bool fits = sum_fits(reader.read_from, batch.first, batch.last, batch.bytes);
            const bool follows = next ? batch.first == next : batch.first <= std::max<std::uint64_t>(from, 1);
            next = batch.last + 1;
            if (!fits || !follows) {
                reader.read_from.reset();
                return damaged(inside_->shop_path, "the batch of fact " + std::to_string(batch.first));
            }
            if (batch.last < from) continue;  // only now: a damaged `last` must not hide its row
            if (!visit(batch)) break;
        }
        const bool failed = step == Statement::Step::failed;
        auto why = failed ? reader.db.last_fault("read the journal") : Fault{};
        reader.read_from.reset();
        if (failed) return Failure{std::move(why)};
        return Nothing{};
    });
}

Result<std::uint64_t, Fault> SqliteJournal::head() const {
    return inside_->with_reader(
        [&](Reader& reader) { return last_fact(reader.head, reader.db, inside_->shop_path); });
}

Status<Fault> SqliteJournal::put_snapshot(const StoredSnapshot& snapshot) {
    auto db = Connection::open(inside_->snapshots_path, Open::create);
    if (!db) return Failure{db.error()};
    if (auto set = db->run(sql::snapshots::settings); !set) return set;
    if (auto made = db->run(sql::snapshots::schema); !made) return made;
    auto put = Statement::prepare(*db, sql::snapshots::put);
    if (!put) return Failure{put.error()};
    const auto digest = blake2b(snapshot.state, view(snapshot.journal_hash));
    put->bind_text(1, snapshot.schema).bind(2, snapshot.seq).bind_blob(3, view(snapshot.journal_hash));
    if (!put->bind_blob(4, view(digest)).bind_blob(5, snapshot.state).run())
        return Failure{db->last_fault("store a snapshot")};
    auto forget = Statement::prepare(*db, sql::snapshots::forget_old);
    if (!forget) return Failure{forget.error()};
    if (!forget->bind_text(1, snapshot.schema).run()) return Failure{db->last_fault("forget old snapshots")};
    return Nothing{};
}

// Snapshots are a convenience: one that is damaged is passed over, and so is the whole file.
Result<std::optional<StoredSnapshot>, Fault> SqliteJournal::newest_snapshot(std::string_view schema) const {
    const std::optional<StoredSnapshot> none;
    auto db = Connection::open(inside_->snapshots_path, Open::read_only);
    if (!db) return none;
    auto newest = Statement::prepare(*db, sql::snapshots::newest);
    if (!newest) return none;
    newest->bind_text(1, schema);
    while (newest->step() == Statement::Step::row) {
        StoredSnapshot snapshot{static_cast<std::uint64_t>(newest->number(0)), std::string(schema), {}, {}};
        snapshot.state = newest->blob(3);
        const auto journal_hash = newest->blob(1);
        if (journal_hash.size() != snapshot.journal_hash.size()) continue;
        if (newest->blob(2) != view(blake2b(snapshot.state, journal_hash))) continue;
        std::copy_n(journal_hash.begin(), journal_hash.size(), snapshot.journal_hash.begin());
        return std::optional(std::move(snapshot));
    }
    return none;
}

Result<std::optional<Bytes>, Fault> SqliteJournal::vault_get(std::string_view table, ByteView key) const {
    return inside_->with_reader([&](Reader& reader) -> Result<std::optional<Bytes>, Fault> {
        reader.get_vault.bind_text(1, table).bind_blob(2, key);
        const auto step = reader.get_vault.step();
        std::optional<Bytes> value;
        bool fits = true;
        if (step == Statement::Step::row) {
            value = Bytes(reader.get_vault.blob(0));
            fits = reader.get_vault.is_null(1) || reader.get_vault.number(1) == sum_of_vault(table, key, *value);
        }
        reader.get_vault.reset();
        if (step == Statement::Step::failed) return Failure{reader.db.last_fault("read the vault")};
        if (!fits) return damaged(inside_->shop_path, "a row of the vault");
        return value;
    });
}

Status<Fault> SqliteJournal::vault_each(std::string_view table,
                                        const std::function<bool(ByteView key, ByteView value)>& visit) const {
    return inside_->with_reader([&](Reader& reader) -> Status<Fault> {
        reader.each_vault.bind_text(1, table);
        auto step = reader.each_vault.step();
        for (; step == Statement::Step::row; step = reader.each_vault.step()) {
            const auto key = reader.each_vault.blob(0), value = reader.each_vault.blob(1);
            if (!reader.each_vault.is_null(2) && reader.each_vault.number(2) != sum_of_vault(table, key, value)) {
                reader.each_vault.reset();
                return damaged(inside_->shop_path, "a row of the vault");
            }
            if (!visit(key, value)) break;
        }
        const bool failed = step == Statement::Step::failed;
        auto why = failed ? reader.db.last_fault("read the vault") : Fault{};
        reader.each_vault.reset();
        if (failed) return Failure{std::move(why)};
        return Nothing{};
    });
}

// A connection of its own: what was read before must not answer from memory.
Status<Fault> SqliteJournal::inspect() const {
    const auto told = Witness::told(inside_->folder);  // before the head: a running shop goes on
    auto head_now = head();
    if (!head_now) return Failure{head_now.error()};
    if (auto all = check_witness(inside_->folder, told, *head_now); !all) return all;
    auto db = Connection::open(inside_->shop_path, Open::existing);
    if (!db) return Failure{db.error()};
    if (auto set = db->run(sql::journal::reader_settings); !set) return set;
    auto structure = Statement::prepare(*db, sql::journal::structure);
    if (!structure) return Failure{structure.error()};
    if (structure->step() != Statement::Step::row || structure->text(0) != "ok")
        return fault(FaultKind::corrupt, inside_->shop_path + ": the file's structure is damaged: " +
                                             std::string(structure->columns() ? structure->text(0) : "") +
                                             "; restore the folder from a backup");
    auto vault = Statement::prepare(*db, sql::journal::whole_vault);
    if (!vault) return Failure{vault.error()};
    auto step = vault->step();
    for (; step == Statement::Step::row; step = vault->step())
        if (!vault->is_null(3) && vault->number(3) != sum_of_vault(vault->text(0), vault->blob(1), vault->blob(2)))
            return damaged(inside_->shop_path, "a row of the vault");
    if (step == Statement::Step::failed) return Failure{db->last_fault("read the vault")};
    return Nothing{};
}

Status<Fault> SqliteJournal::limit_pages(std::int64_t pages) {
    auto set = inside_->writer->db.number(std::string(sql::journal::limit_pages) + std::to_string(pages));
    if (!set) return Failure{set.error()};
    return Nothing{};
}

std::uint64_t SqliteJournal::checkpoints() const {
    return inside_->checkpointer ? inside_->checkpointer->done() : 0;
}

}  // namespace dropsmith::sqlite
