// The follower over tables.db and its lists; see sqlite_tables.h. Covered by edge/sqlite/tables_test.cpp.
#include "edge/sqlite/sqlite_tables.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "edge/sqlite/connection.h"
#include "edge/sqlite/projection.h"
#include "edge/sqlite/tables.sql.h"

namespace dropsmith::sqlite {

namespace tables = sql::tables;
using engine::Page;
using engine::PageAsk;
using engine::StoredBatch;

namespace {

constexpr std::int64_t layout = 5;
constexpr std::chrono::milliseconds wait_max{250};

template <class Choice>
Choice choice_of(std::string_view word) {
    const auto words = choice_words(Choice{});
    const auto it = std::find(words.begin(), words.end(), word);
    return static_cast<Choice>(it == words.end() ? 0 : it - words.begin());
}

std::uint64_t natural(const Statement& row, int column) { return static_cast<std::uint64_t>(row.number(column)); }

void bind_or_null(Statement& statement, int index, std::uint64_t id) {
    id ? statement.bind(index, id) : statement.bind_null(index);
}

// As a JSON list, which SQL reads as a table; none: NULL.
template <class IdType>
void bind_ids(Statement& statement, int index, const std::vector<IdType>& ids) {
    if (ids.empty()) return void(statement.bind_null(index));
    std::string list;
    for (const auto id : ids) list += (list.empty() ? "[" : ",") + std::to_string(id.n);
    statement.bind_text(index, list + "]");
}

std::int64_t before_of(const PageAsk& ask) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    return ask.before && *ask.before < static_cast<std::uint64_t>(most) ? static_cast<std::int64_t>(*ask.before) : most;
}

std::int64_t limit_of(const PageAsk& ask) {
    return static_cast<std::int64_t>(std::clamp<std::size_t>(ask.limit, 1, limits::list_page_max));
}

// One row more than asked was read: it is not shown, but says that there is a next page.
template <class Row, class Key>
void cut(Page<Row>& page, std::int64_t limit, Key key) {
    if (page.rows.size() <= static_cast<std::size_t>(limit)) return;
    page.rows.pop_back();
    page.next = key(page.rows.back());
}

// Facts by their sequence, read from the journal; those of one batch are decoded once.
class FactReader {
public:
    explicit FactReader(const engine::Journal& journal) : journal_(journal) {}

    Result<engine::FactRow, Fault> read(std::uint64_t seq) {
        if (!batch_ || seq < batch_->first || seq > batch_->last) {
            batch_.reset();
            auto found = journal_.read(seq, [&](const StoredBatch& stored) { return batch_ = stored, false; });
            if (!found) return Failure{found.error()};
        }
        if (!batch_ || seq < batch_->first || seq > batch_->last)
            return fault(FaultKind::corrupt,
                         "fact " + std::to_string(seq) + " is in the tables but not in the journal");
        engine::BatchWalk walk(*batch_, scratch_);
        while (walk.next_entry()) {
            engine::BatchWalk::RawFact raw;
            while (walk.next_fact(raw))
                if (raw.seq == seq)
                    return engine::FactRow{Stamp{walk.header().at, seq, walk.who()}, raw.info->take(raw.object)};
        }
        return fault(FaultKind::corrupt, walk.fault() ? walk.fault()->what : "a fact cannot be read");
    }

private:
    const engine::Journal& journal_;
    engine::FactScratch scratch_;
    std::optional<StoredBatch> batch_;
};

// The order that was put away with this fact.
Result<Order, Fault> archived_at(FactReader& reader, std::uint64_t seq) {
    auto fact = reader.read(seq);
    if (!fact) return Failure{fact.error()};
    if (const auto* archived = fact->fact.template as<OrderArchived>()) return archived->order;
    return fault(FaultKind::corrupt, "an archived order's row names a fact that is none");
}

}  // namespace

struct SqliteTables::Inside {
    std::string path;
    const engine::Journal& journal;
    std::optional<Connection> db;                    // the follower's
    std::unique_ptr<Projection> projection;
    std::mutex follower_mutex;                       // guards the two above
    std::mutex reader_mutex;                         // guards reader
    std::optional<Connection> reader;
    engine::FollowerThread* thread = nullptr;

    Inside(std::string path_, const engine::Journal& journal_) : path(std::move(path_)), journal(journal_) {}

    Status<Fault> connect() {
        projection.reset();
        auto opened = Connection::open(path, Open::create);
        if (!opened) return Failure{opened.error()};
        db.emplace(std::move(opened).value());
        if (auto set = db->run(tables::writer_settings); !set) return set;
        auto version = db->number(tables::user_version);
        if (!version) return Failure{version.error()};
        if (*version == 0) {
            if (auto made = db->run(tables::schema); !made) return made;
        } else if (*version != layout) {
            return fault(FaultKind::too_new, path + " has another layout");
        }
        projection = std::make_unique<Projection>(*db);
        return Nothing{};
    }

    // The tables hold nothing that is not in the journal: whatever is wrong with the file, it is made anew.
    Status<Fault> make_anew() {
        projection.reset();
        db.reset();
        {
            std::scoped_lock lock(reader_mutex);
            reader.reset();
        }
        std::error_code failed;
        for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end, failed);
        return connect();
    }

    bool write(std::span<const StoredBatch> batches, std::optional<Fault>& corrupt) {
        engine::FactScratch scratch;
        projection->begin();
        for (const auto& stored : batches) {
            engine::BatchWalk walk(stored, scratch);
            while (walk.next_entry()) {
                engine::BatchWalk::RawFact fact;
                while (walk.next_fact(fact))
                    if (!projection->apply(fact, Stamp{walk.header().at, fact.seq, walk.who()})) return false;
            }
            corrupt = walk.fault();
            if (corrupt) return false;
            if (&stored != &batches.back()) continue;
            if (!projection->finish()) return false;
            auto set = Statement::prepare(*db, tables::set_bookmark);
            if (!set || !set->bind(1, stored.last).bind(2, walk.header().at.ms).run()) return false;
        }
        return true;
    }

    template <class Row, class Fill>
    Result<Page<Row>, Fault> list(const PageAsk& ask, std::string_view sql, Fill fill) {
        if (thread && ask.at_least) thread->wait_for(ask.at_least, wait_max);
        std::scoped_lock lock(reader_mutex);
        if (!reader) {
            auto opened = Connection::open(path, Open::existing);
            if (!opened) return Failure{opened.error()};
            if (auto set = opened->run(tables::reader_settings); !set) return Failure{set.error()};
            reader.emplace(std::move(opened).value());
        }
        Page<Row> page;
        auto bookmark = Statement::prepare(*reader, tables::bookmark);
        if (!bookmark) return Failure{bookmark.error()};
        if (bookmark->step() == Statement::Step::row) {
            page.as_of_seq = natural(*bookmark, 0);
            page.as_of = Instant{bookmark->number(1)};
        }
        auto statement = Statement::prepare(*reader, sql);
        if (!statement) return Failure{statement.error()};
        if (std::optional<Fault> failed = fill(*statement, page)) return Failure{std::move(*failed)};
        return page;
    }

    std::optional<Fault> reading_failed(Statement::Step step) const {
        if (step != Statement::Step::failed) return std::nullopt;
        return reader->last_fault("read a list");
    }
};

SqliteTables::SqliteTables(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
SqliteTables::~SqliteTables() = default;

Result<std::unique_ptr<SqliteTables>, Fault> SqliteTables::open(const std::string& folder,
                                                                const engine::Journal& journal) {
    auto inside = std::make_unique<Inside>(folder + "/tables.db", journal);
    if (!inside->connect())
        if (auto anew = inside->make_anew(); !anew) return Failure{anew.error()};
    return std::make_unique<SqliteTables>(std::move(inside));
}

void SqliteTables::wait_on(engine::FollowerThread* thread) { inside_->thread = thread; }

Result<std::uint64_t, Fault> SqliteTables::bookmark() {
    std::scoped_lock lock(inside_->follower_mutex);
    auto seq = inside_->db->number(tables::bookmark);
    if (!seq) return Failure{seq.error()};
    return static_cast<std::uint64_t>(*seq);
}

Status<Fault> SqliteTables::take(std::span<const StoredBatch> batches) {
    std::scoped_lock lock(inside_->follower_mutex);
    auto& db = *inside_->db;
    std::optional<Fault> corrupt;
    if (auto begun = db.run(tables::begin); !begun) return begun;
    if (inside_->write(batches, corrupt))
        if (auto committed = db.run(tables::commit); committed) return Nothing{};
    auto why = corrupt ? *corrupt : db.last_fault("project facts");
    if (db.in_transaction()) (void)db.run(tables::rollback);
    return Failure{std::move(why)};
}

Status<Fault> SqliteTables::begin_anew() {
    std::scoped_lock lock(inside_->follower_mutex);
    return inside_->make_anew();
}

Result<Page<engine::OrderRow>, Fault> SqliteTables::orders(const engine::OrdersAsk& ask) {
    const auto limit = limit_of(ask.page);
    FactReader reader(inside_->journal);
    return inside_->list<engine::OrderRow>(ask.page, tables::list_orders, [&](Statement& rows, auto& page) {
        rows.bind(1, before_of(ask.page));
        ask.status ? rows.bind_text(2, word_of(*ask.status)) : rows.bind_null(2);
        bind_or_null(rows, 3, ask.drop.n);
        bind_or_null(rows, 4, ask.place.n);
        ask.due_before ? rows.bind(5, ask.due_before->ms) : rows.bind_null(5);
        rows.bind(6, limit + 1);
        bind_ids(rows, 7, ask.places);
        bind_ids(rows, 8, ask.channels);
        auto step = rows.step();
        for (; step == Statement::Step::row; step = rows.step()) {
            auto& row = page.rows.emplace_back();
            row.id = OrderId{natural(rows, 0)};
            row.number = natural(rows, 1);
            row.drop = DropId{natural(rows, 2)};
            row.channel = ChannelId{natural(rows, 3)};
            row.place = PlaceId{natural(rows, 4)};
            row.person = PersonId{natural(rows, 5)};
            row.status = choice_of<OrderStatus>(rows.text(6));
            row.refund_state = choice_of<RefundState>(rows.text(7));
            row.fulfilment = choice_of<FulfilmentMethod>(rows.text(8));
            row.units = Quantity{rows.number(9)};
            row.total = Money{rows.number(10)};
            row.paid = Money{rows.number(11)};
            row.refunded = Money{rows.number(12)};
            row.placed_at = Instant{rows.number(13)};
            row.due_at = Instant{rows.number(14)};
            if (const auto seq = natural(rows, 15)) {
                auto order = archived_at(reader, seq);
                if (!order) return std::optional<Fault>(order.error());
                row.archived = std::make_shared<const Order>(std::move(order).value());
            }
        }
        cut(page, limit, [](const auto& row) { return row.id.n; });
        return inside_->reading_failed(step);
    });
}

Result<std::vector<Order>, Fault> SqliteTables::archived(const engine::ArchivedAsk& ask) {
    FactReader reader(inside_->journal);
    auto found = inside_->list<Order>({ask.at_least, 0, {}}, tables::archived_orders, [&](Statement& rows, auto& page)
                                                                       -> std::optional<Fault> {
        bind_or_null(rows, 1, ask.order.n);
        bind_or_null(rows, 2, ask.drop.n);
        bind_or_null(rows, 3, ask.person.n);
        auto step = rows.step();
        for (; step == Statement::Step::row; step = rows.step()) {
            auto one = archived_at(reader, natural(rows, 0));
            if (!one) return one.error();
            page.rows.push_back(std::move(one).value());
        }
        return inside_->reading_failed(step);
    });
    if (!found) return Failure{found.error()};
    return std::move(found->rows);
}

Result<Page<engine::SubscriberRow>, Fault> SqliteTables::subscribers(const engine::SubscribersAsk& ask) {
    const auto limit = limit_of(ask.page);
    return inside_->list<engine::SubscriberRow>(ask.page, tables::list_subscribers, [&](Statement& rows, auto& page) {
        rows.bind(1, before_of(ask.page));
        rows.bind(2, ask.drop.n);
        ask.status ? rows.bind_text(3, word_of(*ask.status)) : rows.bind_null(3);
        rows.bind(4, limit + 1);
        auto step = rows.step();
        for (; step == Statement::Step::row; step = rows.step())
            page.rows.push_back({SubscriberId{natural(rows, 0)}, DropId{natural(rows, 1)}, PersonId{natural(rows, 2)},
                                 choice_of<SubscriberStatus>(rows.text(3)), Instant{rows.number(4)}});
        cut(page, limit, [](const auto& row) { return row.id.n; });
        return inside_->reading_failed(step);
    });
}

Result<Page<engine::DecisionRow>, Fault> SqliteTables::decisions(const engine::DecisionsAsk& ask) {
    const auto limit = limit_of(ask.page);
    FactReader reader(inside_->journal);
    return inside_->list<engine::DecisionRow>(
        ask.page, tables::list_decisions, [&](Statement& rows, auto& page) -> std::optional<Fault> {
            rows.bind(1, before_of(ask.page));
            bind_or_null(rows, 2, ask.drop.n);
            ask.kind ? rows.bind_text(3, word_of(*ask.kind)) : rows.bind_null(3);
            rows.bind(4, limit + 1);
            auto step = rows.step();
            for (; step == Statement::Step::row; step = rows.step()) {
                auto fact = reader.read(natural(rows, 1));
                if (!fact) return fact.error();
                const auto* set = fact->fact.template as<PriceSet>();
                if (!set) return Fault{FaultKind::corrupt, "a decision's row names a fact that is none"};
                page.rows.push_back({fact->stamp, *set});
            }
            cut(page, limit, [](const auto& row) { return row.set.decision.n; });
            return inside_->reading_failed(step);
        });
}

Result<Page<engine::FactRow>, Fault> SqliteTables::facts(const engine::FactsAsk& ask) {
    const auto limit = limit_of(ask.page);
    FactReader reader(inside_->journal);
    const auto sql = ask.drop ? tables::list_facts_of_drop : tables::list_facts;
    return inside_->list<engine::FactRow>(ask.page, sql, [&](Statement& rows, auto& page) -> std::optional<Fault> {
        rows.bind(1, before_of(ask.page));
        ask.code ? rows.bind(2, static_cast<std::int64_t>(*ask.code)) : rows.bind_null(2);
        rows.bind(3, limit + 1);
        if (ask.drop) rows.bind(4, ask.drop.n);
        auto step = rows.step();
        const auto wanted = static_cast<std::size_t>(limit) + 1;
        for (; step == Statement::Step::row && page.rows.size() < wanted; step = rows.step()) {
            const auto first = natural(rows, 0);  // a run of facts alike, the newest first
            const auto end = std::min(first + natural(rows, 1), static_cast<std::uint64_t>(before_of(ask.page)));
            for (auto seq = end; seq > first && page.rows.size() < wanted; --seq) {
                auto fact = reader.read(seq - 1);
                if (!fact) return fact.error();
                page.rows.push_back(std::move(fact).value());
            }
        }
        cut(page, limit, [](const auto& row) { return row.stamp.seq; });
        return inside_->reading_failed(step);
    });
}

Result<Page<engine::RefusalRow>, Fault> SqliteTables::refusals(DropId drop, const PageAsk& page_ask) {
    return inside_->list<engine::RefusalRow>(page_ask, tables::list_refusals, [&](Statement& rows, auto& page) {
        rows.bind(1, drop.n);
        auto step = rows.step();
        for (; step == Statement::Step::row; step = rows.step())
            page.rows.push_back(
                {DropId{natural(rows, 0)}, static_cast<std::uint16_t>(rows.number(1)), natural(rows, 2)});
        return inside_->reading_failed(step);
    });
}

}  // namespace dropsmith::sqlite
