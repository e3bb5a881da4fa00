// A batch as it stands in the journal (docs/formats/journal.md): one header, then an entry per command that had an effect. Deterministic
// CBOR; the chain hash of a batch is BLAKE2b-256(previous hash || bytes). Decoding checks everything; a newer version is refused by name.
// Covered by engine/batch_test.cpp, engine/batch_fuzz.cpp.
#pragma once

#include <optional>
#include <vector>

#include "engine/journal.h"
#include "model/fact.h"
#include "model/moment.h"
#include "model/state.h"

namespace dropsmith::engine {

inline constexpr std::uint32_t journal_schema = 1;

struct Entry {
    Actor who;
    std::optional<KeyUse> key;
    Facts facts;
};

struct Batch {
    std::uint64_t first = 0;
    Instant at;
    std::uint64_t epoch = 0;
    Digest256 previous{};      // chain hash before this batch
    std::vector<Entry> entries;
    std::uint64_t last() const;
};

StoredBatch encode_batch(const Batch& batch);
Result<Batch, Fault> decode_batch(const StoredBatch& stored);
Digest256 chain(const Digest256& previous, ByteView bytes);

// Walks a stored batch without building Fact objects: replay's fast path.
struct RawFact {
    std::uint64_t seq;
    std::uint16_t code;
    const void* object;        // valid during the call
};

}  // namespace dropsmith::engine
