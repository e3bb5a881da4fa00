// The data folder on a POSIX file system; see data_folder.h. Covered by edge/files/data_folder_test.cpp.
#include "edge/files/data_folder.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/digest.h"

namespace dropsmith::files {

namespace {

constexpr std::size_t key_octets = 32;
constexpr std::string_view note_real = "dropsmith 1 real\n";
constexpr std::string_view note_simulated = "dropsmith 1 simulated\n";

std::string why() { return std::strerror(errno); }

Failure<Fault> cannot(const std::string& doing, const std::string& path) {
    return fault(FaultKind::io, "could not " + doing + " " + path + ": " + why());
}

// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_;
};

// nullopt: there is no such file.
Result<std::optional<std::string>, Fault> read_small(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) {
        if (errno == ENOENT) return std::optional<std::string>{};
        return cannot("read", path);
    }
    std::string text(256, '\0');
    const auto n = ::read(file.get(), text.data(), text.size());
    if (n < 0) return cannot("read", path);
    text.resize(static_cast<std::size_t>(n));
    return std::optional(std::move(text));
}

// All or nothing, and durable: written beside, synced, renamed, the folder synced.
Status<Fault> write_small(const std::string& folder, const std::string& name, std::string_view text) {
    const auto path = folder + "/" + name, beside = path + ".new";
    {
        ::unlink(beside.c_str());
        const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file) return cannot("make", beside);
        if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
            ::fsync(file.get()) != 0)
            return cannot("write", beside);
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) return cannot("rename to", path);
    const Descriptor inside(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!inside || ::fsync(inside.get()) != 0) return cannot("sync", folder);
    return Nothing{};
}

std::string derive(std::string_view master, std::string_view use) {
    const auto digest = blake2b(use, master);
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

ShopKeys derive_keys(std::string_view master) {
    return {derive(master, "dropsmith ids"), derive(master, "dropsmith vault"), derive(master, "dropsmith tokens"),
            derive(master, "dropsmith reports")};
}

Status<Fault> make_folder(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return fault(FaultKind::io, "could not make the data folder " + path + ": " + why() +
                                        "; make its parent first, or choose another with --data");
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return cannot("look at", path);
    if (!S_ISDIR(found.st_mode)) return fault(FaultKind::io, path + " is not a folder: choose another with --data");
    if ((found.st_mode & 077) != 0 && ::chmod(path.c_str(), 0700) != 0) return cannot("close to others", path);
    return Nothing{};
}

Result<FolderKind, Fault> parse_note(const std::string& note, const std::string& path) {
    if (note == note_real) return FolderKind::real;
    if (note == note_simulated) return FolderKind::simulated;
    return fault(FaultKind::too_new, path + "/kind is not one that this program knows: use the newer program that "
                                            "wrote it, or restore the folder from a backup");
}

}  // namespace

std::string random_octets(std::size_t n) {
    CHECK_BECAUSE(sodium_init() >= 0, "libsodium could not start");
    std::string out(n, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

Result<DataFolder, Fault> DataFolder::open(const std::string& path, FolderKind kind) {
    DataFolder folder;
    folder.path_ = path;
    while (folder.path_.size() > 1 && folder.path_.ends_with('/')) folder.path_.pop_back();
    if (auto made = make_folder(folder.path_); !made) return Failure{made.error()};
    if (auto locked = folder.lock(); !locked) return Failure{locked.error()};
    if (auto noted = folder.read_or_make_note(kind); !noted) return Failure{noted.error()};
    if (auto keyed = folder.read_or_make_key(); !keyed) return Failure{keyed.error()};
    return folder;
}

DataFolder::DataFolder(DataFolder&& other) noexcept { *this = std::move(other); }

DataFolder& DataFolder::operator=(DataFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(keys_, other.keys_);
    std::swap(kind_, other.kind_);
    std::swap(fresh_, other.fresh_);
    std::swap(lock_fd_, other.lock_fd_);
    return *this;
}

DataFolder::~DataFolder() {
    if (lock_fd_ >= 0) ::close(lock_fd_);
}

Status<Fault> DataFolder::lock() {
    const auto path = path_ + "/lock";
    lock_fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock_fd_ < 0) return cannot("open", path);
    if (::flock(lock_fd_, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return cannot("lock", path);
        auto holder = read_small(path);
        std::string who = holder && *holder ? **holder : "";
        while (!who.empty() && who.back() == '\n') who.pop_back();
        return fault(FaultKind::busy, "the data folder " + path_ + " is in use by process " +
                                          (who.empty() ? "(unknown)" : who) +
                                          ": stop it, or talk to it through its control socket");
    }
    const auto pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock_fd_, 0) != 0 ||
        ::pwrite(lock_fd_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        return cannot("write", path);
    return Nothing{};
}

Status<Fault> DataFolder::read_or_make_note(FolderKind kind) {
    auto note = read_small(path_ + "/kind");
    if (!note) return Failure{note.error()};
    if (!*note) {
        kind_ = kind;
        return write_small(path_, "kind", kind == FolderKind::real ? note_real : note_simulated);
    }
    auto found = parse_note(**note, path_);
    if (!found) return Failure{found.error()};
    kind_ = *found;
    if (kind_ == kind) return Nothing{};
    return fault(FaultKind::refused_write,
                 kind_ == FolderKind::simulated
                     ? path_ + " holds a simulated shop: its sales never happened, so it is not served as a real one"
                     : path_ + " holds a real shop: a simulation does not touch it; choose another folder with --data");
}

Status<Fault> DataFolder::read_or_make_key() {
    auto stored = read_small(path_ + "/shop.key");
    if (!stored) return Failure{stored.error()};
    fresh_ = !*stored;
    std::string master;
    if (fresh_) {
        if (::access((path_ + "/shop.db").c_str(), F_OK) == 0)
            return fault(FaultKind::corrupt, path_ +
                                                 "/shop.key is missing beside a journal: restore it from the backup; "
                                                 "with a new key every buyer's link would be dead");
        master = random_octets(key_octets);
        if (auto written = write_small(path_, "shop.key", master); !written) return written;
    } else {
        master = **stored;
    }
    if (master.size() != key_octets)
        return fault(FaultKind::corrupt, path_ + "/shop.key has " + std::to_string(master.size()) +
                                             " octets, not 32: restore it from the backup");
    keys_ = derive_keys(master);
    return Nothing{};
}

Result<FolderGlance, Fault> glance(const std::string& path) {
    auto note = read_small(path + "/kind");
    if (!note) return Failure{note.error()};
    auto key = read_small(path + "/shop.key");
    if (!key) return Failure{key.error()};
    if (!*note || !*key || (*key)->size() != key_octets)
        return fault(FaultKind::io,
                     path + " is not the data folder of a shop: start one with dropsmith serve --data " + path);
    auto kind = parse_note(**note, path);
    if (!kind) return Failure{kind.error()};
    return FolderGlance{derive_keys(**key), *kind};
}

}  // namespace dropsmith::files
