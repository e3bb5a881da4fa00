// Journal: the durable log behind the loop. One interface, several stores (SQLite, memory; PostgreSQL later), one
// contract test (tests/contract/journal_contract.h). Only the loop's thread appends; reading is for start, replay,
// followers and verify, through connections of their own. Invariant: what append acknowledged is read back byte for
// byte, in order, without gaps.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/cbor.h"
#include "base/digest.h"
#include "base/fault.h"

namespace dropsmith::engine {

struct StoredBatch {
    std::uint64_t first = 0;   // sequence of its first fact, 1-based
    std::uint64_t last = 0;
    Bytes bytes;               // as engine/batch.h encodes them; the hash chain covers exactly these
};

// Personal data and secrets, in the same transaction as the facts that need them, never in a fact.
struct VaultWrite {
    enum class Act : std::uint8_t { put, erase } act = Act::put;
    std::string table;         // "person", "address", "secret" …
    Bytes key;
    Bytes value;
};

struct StoredSnapshot {
    std::uint64_t seq = 0;     // facts up to here are in it
    std::string schema;        // of the slices; another program's is ignored
    Digest256 journal_hash{};  // head of the chain at seq
    Bytes state;               // engine/slices.h
};

class Journal {
public:
    virtual ~Journal() = default;

    // Durable when it returns ok. refused_write: nothing was stored, the loop rebuilds; unknown: the process must end.
    virtual Status<Fault> append(const StoredBatch& batch, std::span<const VaultWrite> vault) = 0;

    // Every batch that holds a fact >= from, in order, until visit answers false.
    virtual Status<Fault> read(std::uint64_t from, const std::function<bool(const StoredBatch&)>& visit) const = 0;
    virtual Result<std::uint64_t, Fault> head() const = 0;  // last stored fact, 0 = empty

    virtual Status<Fault> put_snapshot(const StoredSnapshot& snapshot) = 0;
    virtual Result<std::optional<StoredSnapshot>, Fault> newest_snapshot(std::string_view schema) const = 0;

    virtual Result<std::optional<Bytes>, Fault> vault_get(std::string_view table, ByteView key) const = 0;
    virtual Status<Fault> vault_each(std::string_view table,
                                     const std::function<bool(ByteView key, ByteView value)>& visit) const = 0;
};

}  // namespace dropsmith::engine
