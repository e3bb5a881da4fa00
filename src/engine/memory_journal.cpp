// The journal in memory. Covered by engine/memory_journal_test.cpp.
#include "engine/memory_journal.h"

#include <algorithm>

namespace dropsmith::engine {

Status<Fault> MemoryJournal::append(const StoredBatch& batch, std::span<const VaultWrite> vault) {
    if (refuse_) return fault(FaultKind::refused_write, "this journal was told to refuse writes");
    const auto last = batches_.empty() ? 0 : batches_.back().last;
    if (batch.first != last + 1 || batch.last < batch.first)
        return fault(FaultKind::refused_write,
                     "batch of fact " + std::to_string(batch.first) + " does not follow fact " + std::to_string(last));
    batches_.push_back(batch);
    for (const auto& write : vault) {
        if (write.act == VaultWrite::Act::put)
            vault_[{write.table, write.key}] = write.value;
        else
            vault_.erase({write.table, write.key});
    }
    return Nothing{};
}

Status<Fault> MemoryJournal::read(std::uint64_t from, const std::function<bool(const StoredBatch&)>& visit) const {
    auto it =
        std::partition_point(batches_.begin(), batches_.end(), [&](const auto& batch) { return batch.last < from; });
    while (it != batches_.end() && visit(*it)) ++it;
    return Nothing{};
}

Result<std::uint64_t, Fault> MemoryJournal::head() const {
    return batches_.empty() ? std::uint64_t{0} : batches_.back().last;
}

Status<Fault> MemoryJournal::put_snapshot(const StoredSnapshot& snapshot) {
    auto [it, added] = snapshots_.try_emplace(snapshot.schema, snapshot);
    if (!added && snapshot.seq >= it->second.seq) it->second = snapshot;
    return Nothing{};
}

Result<std::optional<StoredSnapshot>, Fault> MemoryJournal::newest_snapshot(std::string_view schema) const {
    const auto it = snapshots_.find(schema);
    return it == snapshots_.end() ? std::optional<StoredSnapshot>{} : std::optional(it->second);
}

Result<std::optional<Bytes>, Fault> MemoryJournal::vault_get(std::string_view table, ByteView key) const {
    const auto it = vault_.find({std::string(table), Bytes(key)});
    return it == vault_.end() ? std::optional<Bytes>{} : std::optional(it->second);
}

Status<Fault> MemoryJournal::vault_each(std::string_view table,
                                        const std::function<bool(ByteView key, ByteView value)>& visit) const {
    for (auto it = vault_.lower_bound({std::string(table), {}}); it != vault_.end() && it->first.first == table; ++it)
        if (!visit(it->first.second, it->second)) break;
    return Nothing{};
}

}  // namespace dropsmith::engine
