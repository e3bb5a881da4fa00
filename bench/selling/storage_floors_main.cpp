// storage_floors: what the disk alone allows, in the folder that is named. Two floors, one line of JSON each:
//   file    groups of records appended to a bare file, fdatasync after each group
//   sqlite  the reservation as a table in SQLite: 256 a transaction, WAL, synchronous FULL, time-ordered keys: take a
//           unit of one hot SKU if there is one, and insert the hold
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include "histogram.h"
#include "options.h"

namespace {

using dropsmith::load::Histogram;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kRecordBytes = 128;

std::int64_t nanoseconds_since(Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

void print(const char* name, std::uint64_t group, std::uint64_t records, double seconds, const Histogram& sync_ns) {
    std::printf(R"({"floor":"%s","group":%llu,"records":%llu,"seconds":%.6f,"per_second":%.1f,)"
                R"("latency_us":{"p50":%.1f,"p99":%.1f}})"
                "\n",
                name, static_cast<unsigned long long>(group), static_cast<unsigned long long>(records), seconds,
                static_cast<double>(records) / seconds, static_cast<double>(sync_ns.at_per_mille(500)) / 1e3,
                static_cast<double>(sync_ns.at_per_mille(990)) / 1e3);
}

bool bare_file(const std::filesystem::path& folder, std::uint64_t group, std::uint64_t groups) {
    const std::string path = folder / ("floor-" + std::to_string(group));
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    const std::string bytes(group * kRecordBytes, 'x');
    Histogram sync_ns;
    const Clock::time_point start = Clock::now();
    for (std::uint64_t i = 0; i < groups; ++i) {
        const Clock::time_point before = Clock::now();
        if (write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) || fdatasync(fd) != 0)
            return false;
        sync_ns.add(nanoseconds_since(before));
    }
    print("file", group, group * groups, static_cast<double>(nanoseconds_since(start)) / 1e9, sync_ns);
    close(fd);
    return unlink(path.c_str()) == 0;
}

bool run(sqlite3* shop, const char* sql) { return sqlite3_exec(shop, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

bool reserve_group(sqlite3* shop, sqlite3_stmt* take, sqlite3_stmt* hold, std::uint64_t first, std::uint64_t group) {
    if (!run(shop, "BEGIN IMMEDIATE")) return false;
    for (std::uint64_t id = first; id < first + group; ++id) {
        if (sqlite3_step(take) != SQLITE_DONE || sqlite3_changes(shop) != 1) return false;
        sqlite3_reset(take);
        const std::string key = "key-" + std::to_string(1'000'000'000'000 + id);
        sqlite3_bind_text(hold, 1, key.data(), static_cast<int>(key.size()), SQLITE_TRANSIENT);
        sqlite3_bind_int64(hold, 2, static_cast<sqlite3_int64>(id));
        if (sqlite3_step(hold) != SQLITE_DONE) return false;
        sqlite3_reset(hold);
    }
    return run(shop, "COMMIT");
}

bool grouped_sqlite(const std::filesystem::path& folder, std::uint64_t group, std::uint64_t groups) {
    const std::string path = folder / "rival.db";
    for (const char* more : {"", "-wal", "-shm"}) std::filesystem::remove(path + more);  // of an earlier round
    sqlite3* shop = nullptr;
    sqlite3_stmt* take = nullptr;
    sqlite3_stmt* hold = nullptr;
    if (sqlite3_open(path.c_str(), &shop) != SQLITE_OK ||
        !run(shop,
             "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
             "CREATE TABLE stock(sku TEXT PRIMARY KEY, free INTEGER NOT NULL CHECK (free >= 0)) WITHOUT ROWID;"
             "CREATE TABLE hold(key TEXT PRIMARY KEY, id INTEGER, sku TEXT, units INTEGER, price INTEGER,"
             "                  expires INTEGER, status TEXT) WITHOUT ROWID;"
             "INSERT INTO stock VALUES ('MUG-RED', 100000000);") ||
        sqlite3_prepare_v2(shop, "UPDATE stock SET free = free - 1 WHERE sku = 'MUG-RED' AND free >= 1", -1, &take,
                           nullptr) != SQLITE_OK ||
        sqlite3_prepare_v2(shop, "INSERT INTO hold VALUES (?, ?, 'MUG-RED', 1, 2990, 1800000000, 'held')", -1, &hold,
                           nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(shop));
        return false;
    }
    Histogram commit_ns;
    const Clock::time_point start = Clock::now();
    for (std::uint64_t i = 0; i < groups; ++i) {
        const Clock::time_point before = Clock::now();
        if (!reserve_group(shop, take, hold, i * group, group)) return false;
        commit_ns.add(nanoseconds_since(before));
    }
    print("sqlite", group, group * groups, static_cast<double>(nanoseconds_since(start)) / 1e9, commit_ns);
    sqlite3_finalize(take);
    sqlite3_finalize(hold);
    return sqlite3_close(shop) == SQLITE_OK;
}

}  // namespace

int main(int count, char** words) {
    using namespace dropsmith::load;
    const Options options(count, words, "folder groups only",
                          "storage_floors --folder EMPTY-FOLDER [--groups 2000] [--only file-64|sqlite-256]\n");
    const std::filesystem::path folder = options.text("folder");
    if (!std::filesystem::is_directory(folder)) refuse_use("--folder must name a folder that exists");
    const std::uint64_t groups = options.number("groups", 2000, 1'000'000);
    const std::string only = options.text("only");
    const auto wanted = [&](const std::string& name) { return only.empty() || only == name; };
    for (const std::uint64_t group : {1ULL, 64ULL, 256ULL})
        if (wanted("file-" + std::to_string(group)) && !bare_file(folder, group, groups)) return 1;
    return !wanted("sqlite-256") || grouped_sqlite(folder, 256, groups) ? 0 : 1;
}
