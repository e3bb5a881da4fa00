// See the header. Covered by edge/sqlite/bit_rot_test.cpp, tests/crash/backup.py.
#include "edge/sqlite/copy.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "edge/sqlite/connection.h"

namespace dropsmith::sqlite {

Status<Fault> copy_database(const std::string& from, const std::string& to) {
    if (::access(to.c_str(), F_OK) == 0) return fault(FaultKind::io, to + " is there already: choose another place");
    auto source = Connection::open(from, Open::existing);
    if (!source) return Failure{source.error()};
    auto target = Connection::open(to, Open::create);
    if (!target) return Failure{target.error()};
    auto* backup = sqlite3_backup_init(target->raw(), "main", source->raw(), "main");
    if (!backup) return Failure{target->last_fault("begin a copy of " + from)};
    // All pages in one step: the moment is the one at which it begins, and in WAL mode nobody waits for a reader.
    const int stepped = sqlite3_backup_step(backup, -1);
    const int finished = sqlite3_backup_finish(backup);
    if (stepped != SQLITE_DONE || finished != SQLITE_OK) return Failure{target->last_fault("copy " + from)};
    const int file = ::open(to.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!synced) return fault(FaultKind::io, "could not sync " + to);
    return Nothing{};
}

}  // namespace dropsmith::sqlite
