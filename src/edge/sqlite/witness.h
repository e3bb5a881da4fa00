// shop.head: how far the journal was acknowledged, in a small file of its own, written after each sync of the journal.
// SQLite takes a damaged write-ahead log for one that ends there, so a turned bit in it would take acknowledged
// batches away and nobody would know. Invariant: what it says was synced before it was said; it may say less (it is
// not synced itself), never more. The journal's writer thread; reading: any. Covered by edge/sqlite/bit_rot_test.cpp.
#pragma once

#include <cstdint>
#include <string>

namespace dropsmith::sqlite {

class Witness {
public:
    explicit Witness(const std::string& folder);  // for the writer; where no file can be made it goes without
    ~Witness();
    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;
    void saw(std::uint64_t last);                 // fact `last` is durable
    static std::uint64_t told(const std::string& folder);  // 0: it says nothing
    static std::string path(const std::string& folder) { return folder + "/shop.head"; }

private:
    int file_ = -1;
};

}  // namespace dropsmith::sqlite
