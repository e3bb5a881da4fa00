// Raw events in SQLite; see signal_store.h. Covered by edge/sqlite/signal_store_test.cpp.
#include "edge/sqlite/signal_store.h"

#include <map>
#include <mutex>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "edge/sqlite/connection.h"
#include "edge/sqlite/signals.sql.h"

namespace dropsmith::sqlite {

using engine::SignalEvent;
using engine::SignalsKept;

namespace {

constexpr std::size_t same_octets = 16;
constexpr std::size_t raw_rows_max = 100'000;        // of one fold: its digest is computed over all of them

std::string same_of(const SignalEvent& event) {
    Bytes both;
    encode_varint(both, event.source.size());
    both += event.source;
    both += event.id;
    const auto digest = blake2b(both);
    return {reinterpret_cast<const char*>(digest.data()), same_octets};
}

void add_number(Bytes& out, std::int64_t n) { encode_varint(out, static_cast<std::uint64_t>(n)); }

DemandKey key_of(const Statement& row) {
    return {row.number(1),
            DropId{static_cast<std::uint64_t>(row.number(2))},
            SkuId{static_cast<std::uint64_t>(row.number(3))},
            PlaceId{static_cast<std::uint64_t>(row.number(4))},
            ChannelId{static_cast<std::uint64_t>(row.number(5))},
            static_cast<Signal>(row.number(6))};
}

}  // namespace

struct SignalStore::Inside {
    Connection db;
    Statement put, after, forget;
    std::mutex mutex;

    Inside(Connection db_, Statement put_, Statement after_, Statement forget_)
        : db(std::move(db_)), put(std::move(put_)), after(std::move(after_)), forget(std::move(forget_)) {}

    bool write(const SignalEvent& event, SignalsKept& kept) {
        const auto same = same_of(event);
        const auto& key = event.key;
        put.bind_blob(1, same).bind_text(2, event.source).bind_text(3, event.id).bind(4, event.received.ms);
        put.bind(5, key.minute).bind(6, key.drop.n).bind(7, key.sku.n).bind(8, key.place.n).bind(9, key.channel.n);
        put.bind(10, static_cast<std::int64_t>(key.kind)).bind(11, event.count).bind_text(12, event.data);
        if (!put.run()) return false;
        ++(db.changes() > 0 ? kept.accepted : kept.duplicates);
        return true;
    }
};

SignalStore::SignalStore(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
SignalStore::~SignalStore() = default;

Result<std::unique_ptr<SignalStore>, Fault> SignalStore::open(const std::string& folder) {
    auto db = Connection::open(folder + "/signals.db", Open::create);
    if (!db) return Failure{db.error()};
    if (auto set = db->run(sql::signals::writer_settings); !set) return Failure{set.error()};
    if (auto made = db->run(sql::signals::schema); !made) return Failure{made.error()};
    auto put = Statement::prepare(*db, sql::signals::put);
    if (!put) return Failure{put.error()};
    auto after = Statement::prepare(*db, sql::signals::after);
    if (!after) return Failure{after.error()};
    auto forget = Statement::prepare(*db, sql::signals::forget);
    if (!forget) return Failure{forget.error()};
    return std::make_unique<SignalStore>(
        std::make_unique<Inside>(std::move(*db), std::move(*put), std::move(*after), std::move(*forget)));
}

Result<SignalsKept, Fault> SignalStore::append(std::span<const SignalEvent> events) {
    std::scoped_lock lock(inside_->mutex);
    auto& db = inside_->db;
    SignalsKept kept;
    if (auto begun = db.run(sql::signals::begin); !begun) return Failure{begun.error()};
    bool written = true;
    for (const auto& event : events) written = written && inside_->write(event, kept);
    if (written)
        if (db.run(sql::signals::commit)) return kept;
    auto why = db.last_fault("store signals");
    if (db.in_transaction()) (void)db.run(sql::signals::rollback);
    return Failure{std::move(why)};
}

Result<std::optional<FoldDemand>, Fault> SignalStore::next_fold(std::uint64_t folded_to) {
    std::scoped_lock lock(inside_->mutex);
    std::map<DemandKey, std::int64_t> sum;
    FoldDemand fold;
    Blake2b digest;
    auto& rows = inside_->after;
    rows.bind(1, folded_to);
    auto step = rows.step();
    for (std::size_t taken = 0; step == Statement::Step::row && taken < raw_rows_max; step = rows.step(), ++taken) {
        const auto key = key_of(rows);
        if (sum.size() == limits::import_slice_rows && !sum.contains(key)) break;
        sum[key] += rows.number(7);
        fold.last = static_cast<std::uint64_t>(rows.number(0));
        if (!fold.first) fold.first = fold.last;
        Bytes raw;
        for (int column = 0; column < 8; ++column) add_number(raw, rows.number(column));
        raw += rows.blob(8);
        encode_varint(raw, rows.text(9).size());
        raw += rows.text(9);
        digest.add(raw);
    }
    const bool failed = step == Statement::Step::failed;
    auto why = failed ? inside_->db.last_fault("read signals") : Fault{};
    rows.reset();
    if (failed) return Failure{std::move(why)};
    if (!fold.first) return std::optional<FoldDemand>{};
    fold.segment_digest = hex(digest.finish());
    for (const auto& [key, count] : sum) fold.rows.push_back({key, count});
    return std::optional(std::move(fold));
}

Result<std::uint64_t, Fault> SignalStore::forget(std::uint64_t folded_to, Instant received_before) {
    std::scoped_lock lock(inside_->mutex);
    if (!inside_->forget.bind(1, folded_to).bind(2, received_before.ms).run())
        return Failure{inside_->db.last_fault("forget old signals")};
    return static_cast<std::uint64_t>(inside_->db.changes());
}

}  // namespace dropsmith::sqlite
