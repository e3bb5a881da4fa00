// The reserve file; see reserve.h. Covered by edge/sqlite/sqlite_journal_test.cpp.
#include "edge/sqlite/reserve.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <utility>

namespace dropsmith::sqlite {

Reserve::Reserve(std::string folder) : folder_(std::move(folder)), path_(folder_ + "/reserve") {
    there_ = ::access(path_.c_str(), F_OK) == 0;
    make_when_plenty();
}

void Reserve::give_up() {
    if (there_) ::unlink(path_.c_str());
    there_ = false;
}

void Reserve::make_when_plenty() {
    if (there_) return;
    struct statvfs disk {};
    if (::statvfs(folder_.c_str(), &disk) != 0) return;
    if (static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize) < 4 * octets) return;
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return;
    there_ = ::posix_fallocate(file, 0, octets) == 0;
    ::close(file);
    if (!there_) ::unlink(path_.c_str());
}

}  // namespace dropsmith::sqlite
