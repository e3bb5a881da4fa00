// dropsmith backup: a copy of a shop, one moment of it, also while it serves. Made beside and renamed when it is
// whole and has been verified, so that half a backup never looks like one. It reads the folder itself, as verify does:
// no route, since none may write files where the caller says. Covered by tests/crash/backup.py.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "app/command_parts.h"
#include "app/commands.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/files/data_folder.h"
#include "edge/sqlite/copy.h"
#include "edge/sqlite/sqlite_journal.h"
#include "engine/verify.h"

namespace dropsmith::app {
namespace {

namespace fs = std::filesystem;

Status<Fault> copy_small(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::copy_file(from, to, error))
        return fault(FaultKind::io, "could not copy " + from.string() + ": " + error.message());
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write, error);
    return Nothing{};
}

bool sync(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    return synced;
}

// The journal first: whatever else is copied may only be ahead of it where that does no harm.
Status<Fault> copy_all(const fs::path& from, const fs::path& to) {
    for (const auto* name : {"kind", "shop.key"}) {
        if (auto copied = copy_small(from / name, to / name); !copied) return copied;
        if (!sync(to / name)) return fault(FaultKind::io, "could not sync " + (to / name).string());
    }
    for (const auto* name : {"shop.db", "signals.db"}) {
        std::error_code error;
        if (!fs::exists(from / name, error)) continue;
        if (auto copied = sqlite::copy_database((from / name).string(), (to / name).string()); !copied) return copied;
    }
    return Nothing{};
}

int backup(const std::string& data, const std::string& to, bool json) {
    if (auto shop = files::glance(data); !shop) return fail(shop.error());
    std::error_code error;
    if (fs::exists(to, error)) return fail({FaultKind::io, to + " is there already: name a folder that is not"});
    const auto part = to + ".part";
    fs::remove_all(part, error);
    if (::mkdir(part.c_str(), 0700) != 0)
        return fail({FaultKind::io, "could not make " + part + ": make its parent first, or choose another with --to"});
    if (auto copied = copy_all(data, part); !copied) return fail(copied.error());
    auto journal = sqlite::SqliteJournal::open(part, sqlite::SqliteJournal::Role::reader);
    if (!journal) return fail(journal.error());
    const auto report = engine::verify(**journal, {}, [&] { return (*journal)->inspect(); });
    journal->reset();
    for (const auto& law : report.laws)
        if (!law.holds) std::fprintf(stderr, "dropsmith: broken: %s: %s\n", law.law.c_str(), law.first_breach.c_str());
    if (!report.holds()) return 1;
    for (const auto* ending : {"-wal", "-shm"}) fs::remove(part + "/shop.db" + ending, error);
    const auto parent = fs::absolute(to).parent_path();
    if (!sync(part) || ::rename(part.c_str(), to.c_str()) != 0 || !sync(parent))
        return fail({FaultKind::io, "could not put the finished backup at " + to});
    std::string body;
    JsonWriter writer(body);
    writer.object().key("backup").text(to).key("facts").natural(report.facts);
    writer.key("head_hash").text(hex(report.head_hash)).key("state_hash").text(hex(report.state_hash)).end();
    return cli::print_answer({200, std::move(body)}, json);
}

}  // namespace

void add_backup(Verb program) {
    struct Asked {
        Common common;
        std::string to;
    };
    auto asked = std::make_shared<Asked>();
    const auto sub = program.command("backup", "A verified copy of the shop's folder, also while it serves",
                                     "dropsmith backup --data ~/shop --to /backups/shop-2026-12-05");
    common(sub, asked->common);
    sub.add_option("--to", asked->to, "The copy, a folder that is not there yet; serve it to restore")
        .type_name("DIR")
        .required();
    sub.runs([asked] { return backup(asked->common.data, asked->to, asked->common.json); });
}

}  // namespace dropsmith::app
