// The journal in SQLite: shop.db (batches, one blob a row keyed by its first fact, and the vault; WAL, synchronous
// FULL) and snapshots.db. Invariant: append is one transaction, durable when it returns. append: one thread, the
// loop's. Everything else: any thread, through connections of their own. Checkpoints run on a thread of their own.
// Covered by edge/sqlite/sqlite_journal_test.cpp through tests/contract/journal_contract.h.
#pragma once

#include <memory>
#include <string>

#include "engine/journal.h"

namespace dropsmith::sqlite {

class SqliteJournal final : public engine::Journal {
    struct Inside;

public:
    // reader: for a child process beside the running shop (snapshots, verify of a copy): append is refused.
    enum class Role : std::uint8_t { writer, reader };
    // folder exists and, for a writer, is locked by this process (edge/files/data_folder.h).
    static Result<std::unique_ptr<SqliteJournal>, Fault> open(const std::string& folder, Role role);
    explicit SqliteJournal(std::unique_ptr<Inside> inside);
    ~SqliteJournal() override;

    Status<Fault> append(const engine::StoredBatch& batch, std::span<const engine::VaultWrite> vault) override;
    Status<Fault> read(std::uint64_t from,
                       const std::function<bool(const engine::StoredBatch&)>& visit) const override;
    Result<std::uint64_t, Fault> head() const override;
    Status<Fault> put_snapshot(const engine::StoredSnapshot& snapshot) override;
    Result<std::optional<engine::StoredSnapshot>, Fault> newest_snapshot(std::string_view schema) const override;
    Result<std::optional<Bytes>, Fault> vault_get(std::string_view table, ByteView key) const override;
    Status<Fault> vault_each(std::string_view table,
                             const std::function<bool(ByteView key, ByteView value)>& visit) const override;

    // For verify: the file's structure, the vault, and that nothing acknowledged is gone.
    Status<Fault> inspect() const;

    std::uint64_t checkpoints() const;               // done so far, for metrics
    // The most pages that shop.db may have: a quota for hosts that share a disk, and how tests fill it. Not below what
    // is there.
    Status<Fault> limit_pages(std::int64_t pages);

private:
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::sqlite
