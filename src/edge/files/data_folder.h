// The data folder of a shop: made with mode 0700, locked by the one process that serves it, with the shop's keys
// (0600) and a note of what kind of shop it is. A folder of a simulated shop is never served as a real one, nor the
// other way round. The lock ends with the process, whatever ends it. One thread. Covered by
// edge/files/data_folder_test.cpp.
#pragma once

#include <cstdint>
#include <string>

#include "base/fault.h"

namespace dropsmith::files {

// Derived from the 32 random octets in shop.key, each for one use only. Losing the file loses every buyer's link: it
// belongs in the backup (docs/operations).
struct ShopKeys {
    std::string ids;           // 32 octets: PublicIds: the outside form of ids, and buyers' secrets
    std::string vault;         // 32 octets: MACs of e-mail addresses
    std::string tokens;        // 32 octets: quotes, cookies, waiting rooms
    std::string reports;       // 32 octets: the seed of the key that signs reports (signed_report.h)
};

enum class FolderKind : std::uint8_t { real, simulated };

class DataFolder {
public:
    // Makes the folder, its key and its note when they are missing, and takes the lock. busy: another process has it,
    // named by its pid.
    static Result<DataFolder, Fault> open(const std::string& path, FolderKind kind);
    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&& other) noexcept;
    ~DataFolder();                                   // gives up the lock

    const std::string& path() const { return path_; }
    const ShopKeys& keys() const { return keys_; }
    FolderKind kind() const { return kind_; }
    bool fresh() const { return fresh_; }            // the key was made by this open

    std::string control_socket() const { return path_ + "/control.sock"; }

private:
    DataFolder() = default;
    Status<Fault> lock();
    Status<Fault> read_or_make_note(FolderKind kind);
    Status<Fault> read_or_make_key();
    std::string path_;
    ShopKeys keys_;
    FolderKind kind_ = FolderKind::real;
    bool fresh_ = false;
    int lock_fd_ = -1;
};

// What a command needs that only reads: the keys and kind of a folder that exists, without the lock.
struct FolderGlance {
    ShopKeys keys;
    FolderKind kind = FolderKind::real;
};
Result<FolderGlance, Fault> glance(const std::string& path);

// Octets from the operating system, for seeds, tokens and keys.
std::string random_octets(std::size_t n);

}  // namespace dropsmith::files
