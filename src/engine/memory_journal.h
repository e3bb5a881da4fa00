// A journal in memory: for tests, rehearsals and benchmarks, and the judge of the stores in the contract test. It can
// be told to refuse writes or to lose their outcome, as a full or broken disk would. One writer; readers only while
// nobody appends. Covered by engine/memory_journal_test.cpp through tests/contract/journal_contract.h.
#pragma once

#include <map>
#include <utility>

#include "engine/journal.h"

namespace dropsmith::engine {

class MemoryJournal final : public Journal {
public:
    Status<Fault> append(const StoredBatch& batch, std::span<const VaultWrite> vault) override;
    Status<Fault> read(std::uint64_t from, const std::function<bool(const StoredBatch&)>& visit) const override;
    Result<std::uint64_t, Fault> head() const override;
    Status<Fault> put_snapshot(const StoredSnapshot& snapshot) override;
    Result<std::optional<StoredSnapshot>, Fault> newest_snapshot(std::string_view schema) const override;
    Result<std::optional<Bytes>, Fault> vault_get(std::string_view table, ByteView key) const override;
    Status<Fault> vault_each(std::string_view table,
                             const std::function<bool(ByteView key, ByteView value)>& visit) const override;

    void refuse_writes(bool refuse) { refuse_ = refuse; }          // as a full disk
    std::vector<StoredBatch>& batches() { return batches_; }       // to tamper with, in tests

private:
    std::vector<StoredBatch> batches_;
    std::map<std::string, StoredSnapshot, std::less<>> snapshots_;  // newest by schema
    std::map<std::pair<std::string, Bytes>, Bytes> vault_;
    bool refuse_ = false;
};

}  // namespace dropsmith::engine
