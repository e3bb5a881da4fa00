// One walk over the state, three users: write, read, hash. Pure. Covered by engine/slices_test.cpp.
#include "engine/slices.h"

#include <algorithm>
#include <array>
#include <functional>
#include <type_traits>
#include <utility>

namespace dropsmith::engine {

namespace {

using Sink = std::function<void(Bytes&)>;  // takes what has been written so far, and empties it

class Writer {
  public:
    explicit Writer(Sink sink) : sink_(std::move(sink)) {}
    ~Writer() { sink_(buffer_); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    template <class N>
    void number(const N& n) {  // signed ones fold their sign into the lowest bit
        if constexpr (std::is_signed_v<N>) {
            const auto wide = static_cast<std::int64_t>(n);
            encode_varint(buffer_, static_cast<std::uint64_t>(wide) << 1 ^ static_cast<std::uint64_t>(wide >> 63));
        } else {
            encode_varint(buffer_, static_cast<std::uint64_t>(n));
        }
    }
    void octets(const std::array<std::uint8_t, 16>& value) {
        buffer_.append(reinterpret_cast<const char*>(value.data()), value.size());
    }
    template <class T>
    void record(const T& value) {
        encode_cbor(buffer_, {&type_of<T>(), &value});
        if (buffer_.size() > (1 << 16)) sink_(buffer_);
    }
    template <class Map, class Each>
    void map(const Map& map, Each each) {
        number(map.size());
        for (const auto& [key, value] : map) each(key, value);
    }
    template <class Set>
    void numbers(const Set& set) {  // sorted, whatever the container's own order
        std::vector<std::uint64_t> sorted(set.begin(), set.end());
        if constexpr (!std::is_same_v<Set, std::set<std::uint64_t>>) std::sort(sorted.begin(), sorted.end());
        number(sorted.size());
        for (auto n : sorted) number(n);
    }
    template <class T>
    void list(const std::vector<T>& list) {
        number(list.size());
        for (const auto& value : list) record(value);
    }
    template <class IdType, class Record>
    void table(const Dense<IdType, Record>& table) {
        number(table.next().n);
        number(table.size());
        table.each([&](const Record& row) { record(row); });
    }
    void timers(const Timers& timers) {
        number(timers.due.size());
        for (const auto& timer : timers.due) record(timer);
    }
    void keys(const Keys& keys) {
        number(keys.oldest_first().size());
        for (const auto& [at, scope, effect] : keys.oldest_first()) {
            number(at.ms), octets(scope), number(effect.body), number(effect.first), number(effect.count);
        }
    }

  private:
    Sink sink_;
    Bytes buffer_;
};

class Reader {
  public:
    explicit Reader(ByteView in) : in_(in) {}
    bool ok() const { return ok_; }
    bool finished() const { return ok_ && in_.empty(); }

    template <class N>
    void number(N& n) {
        std::uint64_t wide = 0;
        ok_ = ok_ && decode_varint(in_, wide);
        if constexpr (std::is_signed_v<N>) wide = wide >> 1 ^ (0 - (wide & 1));
        n = static_cast<N>(wide);
    }
    std::uint64_t count() {  // of things that take at least a byte each
        std::uint64_t n = 0;
        number(n);
        if (n > in_.size()) ok_ = false;
        return ok_ ? n : 0;
    }
    void octets(std::array<std::uint8_t, 16>& value) {
        if (in_.size() < value.size()) ok_ = false;
        if (!ok_) return;
        std::copy_n(in_.begin(), value.size(), value.begin());
        in_.remove_prefix(value.size());
    }
    template <class T>
    void record(T& value) {
        ok_ = ok_ && decode_cbor(in_, type_of<T>(), &value);
    }
    template <class Map, class Each>
    void map(Map& map, Each each) {
        for (auto left = count(); left > 0 && ok_; --left) {
            typename Map::key_type key{};
            typename Map::mapped_type value{};
            each(key, value);
            if (!map.empty() && !(map.rbegin()->first < key)) ok_ = false;
            if (ok_) map.emplace_hint(map.end(), std::move(key), std::move(value));
        }
    }
    template <class Set>
    void numbers(Set& set) {
        for (auto left = count(); left > 0 && ok_; --left) {
            std::uint64_t n = 0;
            number(n);
            set.insert(set.end(), n);
        }
    }
    template <class T>
    void list(std::vector<T>& list) {
        for (auto left = count(); left > 0 && ok_; --left) record(list.emplace_back());
    }
    template <class IdType, class Record>
    void table(Dense<IdType, Record>& table) {
        IdType next, after{1};
        number(next.n);
        for (auto left = count(); left > 0 && ok_; --left) {
            Record row;
            record(row);
            if (row.id < after || row.id >= next) ok_ = false;
            if (!ok_) return;
            const auto id = row.id;
            after = IdType{id.n + 1};
            // A few that stayed while all around them went do not stretch the array.
            if (const auto gap = next.n - id.n; table.next().n == 1 && gap > 1'024 && left * 8 < gap) {
                table.add_old(id, std::move(row));
                continue;
            }
            table.skip_to(id);
            table.add(id, std::move(row));
        }
        if (next < table.next() || next.n - table.next().n > (1u << 31)) ok_ = false;
        if (ok_) table.skip_to(next);
    }
    void timers(Timers& timers) {
        for (auto left = count(); left > 0 && ok_; --left) {
            Timer timer;
            record(timer);
            if (ok_) timers.arm(timer);
        }
    }
    void keys(Keys& keys) {
        const auto left = count();
        if (ok_) keys.expect(left);
        // The places of a million keys lie all over the memory: some are on their way while others are filled.
        std::array<Keys::Remembered, 32> ahead;
        for (std::size_t read = 0, filled = 0; filled < left; ++filled) {
            for (; read < left && read < filled + ahead.size(); ++read) {
                auto& [at, scope, effect] = ahead[read % ahead.size()];
                number(at.ms), octets(scope), number(effect.body), number(effect.first), number(effect.count);
                if (!ok_) return;
                keys.soon(scope);
            }
            const auto& [at, scope, effect] = ahead[filled % ahead.size()];
            const auto& known = keys.oldest_first();
            if (!known.empty() && at < known.back().at) return void(ok_ = false);
            if (!keys.remember(at, scope, effect)) return void(ok_ = false);
        }
    }

  private:
    ByteView in_;
    bool ok_ = true;
};

template <class Io, class Drops>
void walk_drops(Io& io, Drops& drops) {
    io.list(drops.drops);
    io.map(drops.refused,
           [&](auto& key, auto& times) { io.number(key.first.n), io.number(key.second), io.number(times); });
    io.map(drops.taken, [&](auto& key, auto& units) {
        io.number(key.drop.n), io.number(key.line), io.number(key.who), io.number(units.n);
    });
}

template <class Io, class History>
void walk_history(Io& io, History& history) {
    io.list(history.imports);
    io.map(history.hours, [&](auto& key, auto& hour) {
        io.number(key.first), io.number(key.second), io.record(hour.sum), io.number(hour.by.n), io.record(hour.staged);
    });
    for (auto* seen : {&history.keys, &history.orders, &history.customers})
        io.map(*seen, [&](auto& digest, auto& import) { io.number(digest), io.number(import.n); });
}

template <class Io, class Prices>
void walk_price_memory(Io& io, Prices& prices) {
    io.record(prices.rules);
    io.map(prices.history, [&](auto& key, auto& periods) {
        io.number(key.first.n), io.number(key.second.n), io.list(periods);
    });
    io.map(prices.runs, [&](auto& drop, auto& run) { io.number(drop.n), io.record(run); });
    io.record(prices.falls), io.record(prices.rises);
    io.map(prices.full_price, [&](auto& sku, auto& hours) { io.number(sku.n), io.list(hours); });
    io.number(prices.counting_since.ms), io.number(prices.overrides);
    io.map(prices.asked, [&](auto& id, auto& asked) { io.number(id.n), io.record(asked); });
    io.list(prices.sign_offs);
    io.list(prices.ethics_sign_offs);
    io.map(prices.undos, [&](auto& drop, auto& asked) { io.number(drop.n), io.record(asked); });
    io.map(prices.curves, [&](auto& channel, auto& curves) { io.number(channel.n), io.list(curves); });
    io.list(prices.templates);
    io.map(prices.offers, [&](auto& drop, auto& offers) {
        io.number(drop.n);
        io.map(offers, [&](auto& session, auto& offer) { io.number(session), io.record(offer); });
    });
    io.map(prices.personal, [&](auto& hold, auto& lines) { io.number(hold.n), io.list(lines); });
    io.map(prices.announced, [&](auto& drop, auto& told) { io.number(drop.n), io.list(told); });
}

template <class Io, class S>
void walk_fair(Io& io, S& state) {
    io.map(state.rooms.rooms, [&](auto& drop, auto& room) { io.number(drop.n), io.record(room); });
    io.table(state.waiting_list.table);
    io.map(state.waiting_list.past, [&](auto& drop, auto& past) { io.number(drop.n), io.record(past); });
    io.table(state.passes.table);
    io.map(state.passes.live, [&](auto& hold, auto& pass) { io.number(hold.n), io.number(pass.n); });
    io.map(state.substitutes.uses,
           [&](auto& key, auto& use) {
               io.number(key.drop.n), io.number(key.gone.n), io.number(key.taken.n), io.record(use);
           });
    io.map(state.substitutes.live,
           [&](auto& key, auto& taken) { io.number(key.first.n), io.number(key.second), io.record(taken); });
}

template <class Io, class Payments>
void walk_payments(Io& io, Payments& payments) {
    io.record(payments.bank), io.record(payments.ways);
    io.table(payments.checkouts);
    io.map(payments.tasks, [&](auto& id, auto& task) { io.number(id.n), io.record(task); });
    io.number(payments.task_count);
    io.table(payments.items);
    io.map(payments.transfers, [&](auto& order, auto& expected) { io.number(order.n), io.record(expected); });
    io.numbers(payments.transfers_seen);
    io.map(payments.events, [&](auto& event, auto& at) { io.number(event), io.number(at.ms); });
}

template <class Io, class S>
void walk(Io& io, S& state) {
    io.number(state.at.ms), io.number(state.head);
    io.record(state.shop);
    io.record(state.access);
    io.record(state.catalogue);
    io.record(state.places);
    io.map(state.stock.rows,
           [&](auto& key, auto& row) { io.number(key.sku.n), io.number(key.place.n), io.record(row); });
    io.numbers(state.stock.reported);
    io.number(state.stock.receipts);
    io.map(state.stock.bundled,
           [&](auto& key, auto& units) { io.number(key.first.n), io.number(key.second.n), io.number(units.n); });
    walk_drops(io, state.drops);
    io.map(state.prices.lines, [&](auto& key, auto& line) { io.record(key), io.record(line); });
    io.number(state.prices.decisions);
    walk_price_memory(io, state.prices);
    io.table(state.holds.table);
    io.map(state.holds.details, [&](auto& id, auto& details) { io.number(id.n), io.record(details); });
    io.map(state.holds.late, [&](auto& id, auto& late) { io.number(id.n), io.record(late); });
    io.table(state.orders.table);
    io.map(state.orders.archived, [&](auto& key, auto& units) {
        io.number(key.drop.n), io.number(key.line), io.number(key.place.n), io.number(units.n);
    });
    io.number(state.orders.numbers), io.number(state.orders.refunds), io.number(state.orders.late_to_give_back.n);
    io.table(state.subscribers.table);
    walk_fair(io, state);
    walk_payments(io, state.payments);
    const auto row = [&](auto& key, auto& count) { io.record(key), io.number(count); };
    io.map(state.demand.minutes, row), io.map(state.demand.hours, row), io.map(state.demand.days, row);
    io.number(state.demand.folded_to);
    walk_history(io, state.history);
    io.timers(state.timers);
    io.keys(state.keys);
}

void derive(State& state) {
    for (const auto& sku : state.catalogue.skus) state.catalogue.by_code[sku.terms.sku] = sku.id;
    for (const auto& drop : state.drops.drops)
        if (drop.status != DropStatus::cancelled) state.drops.by_slug[drop.terms.slug] = drop.id;
    state.subscribers.table.each([&](const Subscriber& subscriber) {
        state.subscribers.note(subscriber, 1);
        if (subscriber.status != SubscriberStatus::ended)
            state.subscribers.running[{subscriber.drop, subscriber.person}] = subscriber.id;
    });
    state.waiting_list.table.each([&](const WaitEntry& entry) {
        state.waiting_list.of_drop[entry.drop].push_back(entry.id);
        state.waiting_list.index(entry, true);
        if (entry.status == WaitStatus::waiting) ++state.timers.waiting[entry.drop];
    });
    state.payments.checkouts.each([&](const Checkout& checkout) { state.payments.index(checkout); });
    for (const auto& [id, task] : state.payments.tasks) state.payments.tasks_of.emplace(task.checkout, id);
    for (const auto& [drop, room] : state.rooms.rooms)
        for (std::uint32_t i = 0; i < room.entrants.size(); ++i)
            if (room.entrants[i].session != 0 || room.entrants[i].person)  // else it was forgotten
                state.rooms.entered[drop][Rooms::who_of(room.entrants[i])] = i + 1;
}

}  // namespace

void write_slices(Bytes& out, const State& state) {
    Writer writer([&out](Bytes& part) { out += part, part.clear(); });
    walk(writer, state);
}

bool read_slices(ByteView in, State& state) {
    Reader reader(in);
    walk(reader, state);
    if (!reader.finished()) return false;
    derive(state);
    return true;
}

Digest256 state_hash(const State& state) {
    Blake2b digest;
    {
        Writer writer([&digest](Bytes& part) { digest.add(part), part.clear(); });
        walk(writer, state);
    }
    return digest.finish();
}

}  // namespace dropsmith::engine
