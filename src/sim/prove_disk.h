// A disk for the prover, under the engine's Journal: a file of records in 512-octet sectors, of which only what was
// synced is sure to survive. At a power cut each sector that was written since lives or dies by chance, and opening it
// again keeps the records whose checksum holds. It can be full for a while, be slow, or lose its power before, inside
// or after any write. What the SQLite journal does with a real disk is proven by tests/crash; this proves the engine
// over any store that keeps the contract. One thread. Covered by sim/prove_test.cpp.
#pragma once

#include <map>

#include "base/clock.h"
#include "base/random.h"
#include "engine/journal.h"
#include "sim/prove_sights.h"

namespace dropsmith::sim {

struct DiskFaults {                    // in a million writes
    std::uint64_t cut = 0, full = 0, slow = 0;
    bool lies = false;                 // planted bug: says that it is durable before it is
};

class ProveDisk final : public engine::Journal {
  public:
    ProveDisk(Random random, ManualClock& clock, Sights& sights) : random_(random), clock_(clock), sights_(sights) {}

    DiskFaults faults;
    bool is_cut() const { return cut_; }     // the process that writes to it must be gone by now
    bool is_full() const { return full_for_ > 0; }
    void drain() { full_for_ = 0; }
    void cut_power();                        // at any time; then open again
    void open();

    Status<Fault> append(const engine::StoredBatch& batch, std::span<const engine::VaultWrite> vault) override;
    Status<Fault> read(std::uint64_t from,
                       const std::function<bool(const engine::StoredBatch&)>& visit) const override;
    Result<std::uint64_t, Fault> head() const override;
    Status<Fault> put_snapshot(const engine::StoredSnapshot& snapshot) override;
    Result<std::optional<engine::StoredSnapshot>, Fault> newest_snapshot(std::string_view schema) const override;
    Result<std::optional<Bytes>, Fault> vault_get(std::string_view table, ByteView key) const override;
    Status<Fault> vault_each(std::string_view table,
                             const std::function<bool(ByteView key, ByteView value)>& visit) const override;

  private:
    bool take_record(ByteView& in);
    Random random_;
    ManualClock& clock_;
    Sights& sights_;
    Bytes file_;
    std::size_t synced_ = 0;
    bool cut_ = false;
    std::uint64_t full_for_ = 0;             // writes that will still be refused
    std::vector<engine::StoredBatch> batches_;
    std::map<std::pair<std::string, Bytes>, Bytes> vault_;
    std::optional<engine::StoredSnapshot> snapshot_;
};

}  // namespace dropsmith::sim
