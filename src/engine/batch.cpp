// Encoding and decoding of batches; the layout stands in docs/formats/journal.md. Pure. Covered by
// engine/batch_test.cpp.
#include "engine/batch.h"

#include <string>
#include <utility>

#include "base/limits.h"

namespace dropsmith::engine {

namespace {

constexpr std::size_t scope_bytes = std::tuple_size_v<decltype(KeyUse::scope)>;

bool take(ByteView& in, void* out, std::size_t n) {
    if (in.size() < n) return false;
    __builtin_memcpy(out, in.data(), n);
    in.remove_prefix(n);
    return true;
}

void put(Bytes& out, const void* bytes, std::size_t n) { out.append(static_cast<const char*>(bytes), n); }

void put_u64(Bytes& out, std::uint64_t n) {
    for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(n >> shift & 0xFF));
}

bool take_u64(ByteView& in, std::uint64_t& n) {
    std::uint8_t bytes[8];
    if (!take(in, bytes, sizeof bytes)) return false;
    n = 0;
    for (int i = 7; i >= 0; --i) n = n << 8 | bytes[i];
    return true;
}

void encode_entry(Bytes& out, const Entry& entry) {
    CHECK_BECAUSE(!entry.facts.empty(), "an entry without facts");
    encode_cbor(out, {&type_of<Actor>(), &entry.who});
    out.push_back(entry.key ? 1 : 0);
    if (entry.key) {
        put(out, entry.key->scope.data(), scope_bytes);
        put_u64(out, entry.key->body);
    }
    encode_varint(out, entry.facts.size());
    for (const auto& fact : entry.facts) encode_fact(out, fact);
}

}  // namespace

std::uint64_t Batch::last() const {
    std::uint64_t count = 0;
    for (const auto& entry : entries) count += entry.facts.size();
    return first + count - 1;
}

void encode_fact(Bytes& out, const Fact& fact) {
    const auto* info = fact_info(fact.code());
    CHECK_BECAUSE(info, "a fact outside the vocabulary");
    const auto before = out.size();
    encode_varint(out, info->code);
    encode_varint(out, info->version);
    encode_cbor(out, {info->type, fact.object()});
    CHECK_BECAUSE(out.size() - before <= limits::fact_bytes_max,
                  "a fact longer than limits::fact_bytes_max: a rule must bound it");
}

StoredBatch encode_batch(const Batch& batch) {
    CHECK_BECAUSE(batch.at.ms >= 0, "a batch before 1970");
    StoredBatch stored{batch.first, batch.last(), {}};
    auto& out = stored.bytes;
    out.reserve(64 + 192 * (stored.last - stored.first + 1));
    encode_varint(out, journal_schema);
    encode_varint(out, batch.first);
    encode_varint(out, stored.last - stored.first + 1);
    encode_varint(out, static_cast<std::uint64_t>(batch.at.ms));
    encode_varint(out, batch.epoch);
    put(out, batch.previous.data(), batch.previous.size());
    encode_varint(out, batch.entries.size());
    for (const auto& entry : batch.entries) encode_entry(out, entry);
    return stored;
}

Digest256 chain(const Digest256& previous, ByteView bytes) {
    return Blake2b().add({reinterpret_cast<const char*>(previous.data()), previous.size()}).add(bytes).finish();
}

BatchWalk::BatchWalk(const StoredBatch& stored, FactScratch& scratch)
    : stored_(stored), scratch_(scratch), rest_(stored.bytes) {
    read_header();
}

bool BatchWalk::wrong(FaultKind kind, std::string what) {
    fault_ = Fault{kind, "journal, batch of fact " + std::to_string(stored_.first) + ": " + std::move(what)};
    entries_left_ = facts_left_ = 0;
    return false;
}

void BatchWalk::read_header() {
    std::uint64_t schema = 0, at = 0;
    if (!decode_varint(rest_, schema)) return void(wrong(FaultKind::corrupt, "the header is cut off"));
    if (schema != journal_schema)
        return void(wrong(schema > journal_schema ? FaultKind::too_new : FaultKind::corrupt,
                          "schema " + std::to_string(schema) + ", this program reads " +
                              std::to_string(journal_schema) +
                              ": open it with the program that wrote it, or a newer one"));
    if (!decode_varint(rest_, header_.first) || !decode_varint(rest_, header_.facts) || !decode_varint(rest_, at) ||
        !decode_varint(rest_, header_.epoch) || !take(rest_, header_.previous.data(), header_.previous.size()) ||
        !decode_varint(rest_, entries_left_))
        return void(wrong(FaultKind::corrupt, "the header is cut off"));
    header_.at = Instant{static_cast<std::int64_t>(at)};
    seq_ = header_.first;
    if (header_.first != stored_.first || header_.facts == 0 || header_.first + header_.facts - 1 != stored_.last ||
        header_.at.ms < 0 || entries_left_ == 0)
        wrong(FaultKind::corrupt, "the header does not fit the row that it stands in");
}

bool BatchWalk::next_entry() {
    if (fault_) return false;
    if (facts_left_) return wrong(FaultKind::corrupt, "facts of an entry were left unread");
    if (entries_left_ == 0) {
        if (!rest_.empty()) return wrong(FaultKind::corrupt, "bytes behind the last entry");
        if (seq_ != stored_.last + 1) return wrong(FaultKind::corrupt, "fewer facts than its header says");
        return false;
    }
    --entries_left_;
    char keyed = 0;
    if (!decode_cbor(rest_, type_of<Actor>(), &who_) || !take(rest_, &keyed, 1) || (keyed != 0 && keyed != 1))
        return wrong(FaultKind::corrupt, "an entry header cannot be read");
    key_.reset();
    if (keyed) {
        key_.emplace();
        if (!take(rest_, key_->scope.data(), scope_bytes) || !take_u64(rest_, key_->body))
            return wrong(FaultKind::corrupt, "an idempotency key is cut off");
    }
    if (!decode_varint(rest_, entry_facts_) || entry_facts_ == 0 || entry_facts_ > stored_.last + 1 - seq_)
        return wrong(FaultKind::corrupt, "an entry says a wrong number of facts");
    facts_left_ = entry_facts_;
    entry_first_ = seq_;
    return true;
}

bool BatchWalk::next_fact(RawFact& out) {
    if (fault_ || facts_left_ == 0) return false;
    std::uint64_t code = 0, version = 0;
    if (!decode_varint(rest_, code) || !decode_varint(rest_, version))
        return wrong(FaultKind::corrupt, "fact " + std::to_string(seq_) + " is cut off");
    const auto* info = code <= 0xFFFF ? fact_info(static_cast<std::uint16_t>(code)) : nullptr;
    if (!info)
        return wrong(FaultKind::too_new, "fact " + std::to_string(seq_) + " has code " + std::to_string(code) +
                                             ", which this program does not know: use the newer program that wrote it");
    if (version != info->version)
        return wrong(version > info->version ? FaultKind::too_new : FaultKind::corrupt,
                     "fact " + std::to_string(seq_) + " is " + std::string(info->name) + " version " +
                         std::to_string(version) + ", this program reads version " + std::to_string(info->version));
    out = {seq_, info, scratch_.object(*info)};
    const auto before = rest_.size();
    if (!decode_cbor(rest_, *info->type, out.object) || before - rest_.size() > limits::fact_bytes_max)
        return wrong(FaultKind::corrupt,
                     "fact " + std::to_string(seq_) + " (" + std::string(info->name) + ") cannot be read");
    ++seq_, --facts_left_;
    return true;
}

Result<Batch, Fault> decode_batch(const StoredBatch& stored) {
    FactScratch scratch;
    BatchWalk walk(stored, scratch);
    Batch batch{walk.header().first, walk.header().at, walk.header().epoch, walk.header().previous, {}};
    while (walk.next_entry()) {
        auto& entry = batch.entries.emplace_back(Entry{walk.who(), walk.key(), {}});
        BatchWalk::RawFact raw;
        while (walk.next_fact(raw)) entry.facts.push_back(raw.info->take(raw.object));
    }
    if (walk.fault()) return Failure{*walk.fault()};
    return batch;
}

}  // namespace dropsmith::engine
