// Records: {varint length of the rest, first, last, batch, count of vault writes, each}, then a digest of 8 octets.
// Covered by sim/prove_test.cpp.
#include "sim/prove_disk.h"

#include <algorithm>

#include "base/digest.h"

namespace dropsmith::sim {

namespace {

constexpr std::size_t sector = 512;
constexpr std::size_t digest_octets = 8;

void put_text(Bytes& out, ByteView text) {
    encode_varint(out, text.size());
    out += text;
}

bool take_text(ByteView& in, Bytes& out) {
    std::uint64_t n = 0;
    if (!decode_varint(in, n) || n > in.size()) return false;
    out.assign(in.substr(0, n));
    in.remove_prefix(n);
    return true;
}

Bytes digest_of(ByteView bytes) {
    const auto digest = blake2b(bytes);
    return {reinterpret_cast<const char*>(digest.data()), digest_octets};
}

}  // namespace

Status<Fault> ProveDisk::append(const engine::StoredBatch& batch, std::span<const engine::VaultWrite> vault) {
    if (cut_) return fault(FaultKind::unknown, "the power is gone");
    if (random_.chance_ppm(faults.slow)) {
        const bool stalls = random_.below(10) == 0;
        clock_.advance(stalls ? seconds(5) : Duration{2 + static_cast<std::int64_t>(random_.below(18))});
        sights_.saw(stalls ? Sight::stalled_disk : Sight::slow_disk);
    }
    if (full_for_ == 0 && random_.chance_ppm(faults.full)) full_for_ = 1 + random_.below(20);
    if (full_for_ > 0) {
        --full_for_;
        sights_.saw(Sight::disk_full);
        return fault(FaultKind::refused_write, "no space left on the prover's disk");
    }
    Bytes record;
    encode_varint(record, batch.first), encode_varint(record, batch.last);
    put_text(record, batch.bytes);
    encode_varint(record, vault.size());
    for (const auto& write : vault) {
        encode_varint(record, static_cast<std::uint64_t>(write.act));
        put_text(record, write.table), put_text(record, write.key), put_text(record, write.value);
    }
    const bool cut = random_.chance_ppm(faults.cut);
    const auto when = cut ? random_.below(3) : 3;
    if (when > 0) {
        put_text(file_, record);
        file_ += digest_of(record);
    }
    if (when > 1 && !(faults.lies && random_.below(2) == 0)) synced_ = file_.size();
    if (cut) {
        sights_.saw(when == 0 ? Sight::cut_before_write : when == 1 ? Sight::cut_in_write : Sight::cut_after_sync);
        cut_ = true;
        return fault(FaultKind::unknown, "the power went during a write");
    }
    batches_.push_back(batch);
    for (const auto& write : vault) {
        if (write.act == engine::VaultWrite::Act::put)
            vault_[{write.table, write.key}] = write.value;
        else
            vault_.erase({write.table, write.key});
    }
    return Nothing{};
}

void ProveDisk::cut_power() {
    const auto unsynced = file_.size() - synced_;
    auto at = synced_;
    bool lost = false, kept = false;
    for (auto end = at; at < file_.size(); at = end) {
        end = std::min(file_.size(), (at / sector + 1) * sector);
        if (random_.below(2) == 0) {
            std::fill(file_.begin() + static_cast<std::ptrdiff_t>(at), file_.begin() + static_cast<std::ptrdiff_t>(end),
                      '\0');
            lost = true;
        } else {
            kept = true;
        }
    }
    if (unsynced > 0) sights_.saw(lost && kept ? Sight::torn_sector : lost ? Sight::unsynced_lost
                                                                           : Sight::unsynced_survived);
    cut_ = true;
}

bool ProveDisk::take_record(ByteView& in) {
    Bytes record;
    if (!take_text(in, record) || in.size() < digest_octets || in.substr(0, digest_octets) != digest_of(record))
        return false;
    in.remove_prefix(digest_octets);
    ByteView rest = record;
    engine::StoredBatch batch;
    std::uint64_t writes = 0;
    if (!decode_varint(rest, batch.first) || !decode_varint(rest, batch.last) || !take_text(rest, batch.bytes) ||
        !decode_varint(rest, writes))
        return false;
    for (; writes > 0; --writes) {
        std::uint64_t act = 0;
        Bytes table, key, value;
        if (!decode_varint(rest, act) || !take_text(rest, table) || !take_text(rest, key) || !take_text(rest, value))
            return false;
        if (act == static_cast<std::uint64_t>(engine::VaultWrite::Act::put))
            vault_[{table, key}] = value;
        else
            vault_.erase({table, key});
    }
    batches_.push_back(std::move(batch));
    return true;
}

void ProveDisk::open() {
    batches_.clear(), vault_.clear();
    ByteView in = file_;
    std::size_t whole = 0;
    while (!in.empty() && take_record(in)) whole = file_.size() - in.size();
    file_.resize(whole);
    synced_ = whole;
    cut_ = false;
    full_for_ = 0;
}

Status<Fault> ProveDisk::read(std::uint64_t from,
                              const std::function<bool(const engine::StoredBatch&)>& visit) const {
    auto it =
        std::partition_point(batches_.begin(), batches_.end(), [&](const auto& batch) { return batch.last < from; });
    while (it != batches_.end() && visit(*it)) ++it;
    return Nothing{};
}

Result<std::uint64_t, Fault> ProveDisk::head() const {
    return batches_.empty() ? std::uint64_t{0} : batches_.back().last;
}

Status<Fault> ProveDisk::put_snapshot(const engine::StoredSnapshot& snapshot) {
    snapshot_ = snapshot;
    return Nothing{};
}

Result<std::optional<engine::StoredSnapshot>, Fault> ProveDisk::newest_snapshot(std::string_view schema) const {
    return snapshot_ && snapshot_->schema == schema ? snapshot_ : std::nullopt;
}

Result<std::optional<Bytes>, Fault> ProveDisk::vault_get(std::string_view table, ByteView key) const {
    const auto it = vault_.find({std::string(table), Bytes(key)});
    return it == vault_.end() ? std::optional<Bytes>{} : std::optional(it->second);
}

Status<Fault> ProveDisk::vault_each(std::string_view table,
                                    const std::function<bool(ByteView key, ByteView value)>& visit) const {
    for (auto it = vault_.lower_bound({std::string(table), {}}); it != vault_.end() && it->first.first == table; ++it)
        if (!visit(it->first.second, it->second)) break;
    return Nothing{};
}

}  // namespace dropsmith::sim
