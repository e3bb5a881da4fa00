// A batch as it stands in the journal (docs/formats/journal.md): one header, then an entry per command that had an
// effect. Deterministic: one value, one form. The chain hash of a batch is BLAKE2b-256(previous hash || bytes).
// Decoding checks everything; a newer version is refused by name. Pure; any thread. Covered by engine/batch_test.cpp,
// engine/batch_fuzz.cpp.
#pragma once

#include <optional>
#include <vector>

#include "engine/dispatch.h"
#include "engine/journal.h"
#include "model/fact.h"
#include "model/moment.h"
#include "model/state.h"

namespace dropsmith::engine {

inline constexpr std::uint32_t journal_schema = 1;

struct Entry {
    Actor who;
    std::optional<KeyUse> key;
    Facts facts;               // at least one
};

struct BatchHeader {
    std::uint64_t first = 0;   // sequence of its first fact, 1-based
    std::uint64_t facts = 0;
    Instant at;
    std::uint64_t epoch = 0;
    Digest256 previous{};      // chain hash before this batch
};

struct Batch {
    std::uint64_t first = 0;
    Instant at;
    std::uint64_t epoch = 0;
    Digest256 previous{};
    std::vector<Entry> entries;
    std::uint64_t last() const;
};

// A fact's bytes: varint code, varint version, its fields. Limits: limits::fact_bytes_max.
void encode_fact(Bytes& out, const Fact& fact);

StoredBatch encode_batch(const Batch& batch);
Result<Batch, Fault> decode_batch(const StoredBatch& stored);
Digest256 chain(const Digest256& previous, ByteView bytes);

// Walks a stored batch without building Fact objects: replay's fast path. A fact's object lives in the scratch until
// the next one of its kind is read. After a false, fault() says whether that was the end (nullopt) or what is wrong.
class BatchWalk {
public:
    BatchWalk(const StoredBatch& stored, FactScratch& scratch);  // stored must outlive the walk

    struct RawFact {
        std::uint64_t seq = 0;
        const FactInfo* info = nullptr;
        void* object = nullptr;
    };
    const BatchHeader& header() const { return header_; }
    bool next_entry();                               // after all facts of the one before have been read
    const Actor& who() const { return who_; }
    const std::optional<KeyUse>& key() const { return key_; }
    std::uint64_t entry_first() const { return entry_first_; }
    std::uint64_t entry_facts() const { return entry_facts_; }
    bool next_fact(RawFact& out);                    // false at the end of the entry
    const std::optional<Fault>& fault() const { return fault_; }

private:
    bool wrong(FaultKind kind, std::string what);
    void read_header();
    const StoredBatch& stored_;
    FactScratch& scratch_;
    ByteView rest_;
    BatchHeader header_;
    std::uint64_t entries_left_ = 0;
    std::uint64_t facts_left_ = 0;                   // of the entry
    std::uint64_t seq_ = 0;                          // of the next fact
    std::uint64_t entry_first_ = 0;
    std::uint64_t entry_facts_ = 0;
    Actor who_;
    std::optional<KeyUse> key_;
    std::optional<Fault> fault_;
};

}  // namespace dropsmith::engine
