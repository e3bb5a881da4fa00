// Facts to rows; see projection.h. Follower's thread. Covered by edge/sqlite/tables_test.cpp.
#include "edge/sqlite/projection.h"

#include <utility>

#include "edge/sqlite/tables.sql.h"

namespace dropsmith::sqlite {

namespace tables = sql::tables;

namespace {

void bind_one(Statement& to, int index, std::int64_t n) { to.bind(index, n); }
void bind_one(Statement& to, int index, std::uint64_t n) { to.bind(index, n); }
void bind_one(Statement& to, int index, std::uint32_t n) { to.bind(index, static_cast<std::int64_t>(n)); }
void bind_one(Statement& to, int index, std::uint16_t n) { to.bind(index, static_cast<std::int64_t>(n)); }
void bind_one(Statement& to, int index, bool yes) { to.bind(index, static_cast<std::int64_t>(yes)); }
void bind_one(Statement& to, int index, Money amount) { to.bind(index, amount.n); }
void bind_one(Statement& to, int index, Quantity units) { to.bind(index, units.n); }
void bind_one(Statement& to, int index, Rate rate) { to.bind(index, rate.n); }
void bind_one(Statement& to, int index, Instant at) { to.bind(index, at.ms); }
void bind_one(Statement& to, int index, const std::string& text) { to.bind_text(index, text); }
void bind_one(Statement& to, int index, std::string_view text) { to.bind_text(index, text); }
template <class Tag>
void bind_one(Statement& to, int index, Id<Tag> id) {
    to.bind(index, id.n);
}
template <class T>
void bind_one(Statement& to, int index, const std::optional<T>& value) {
    value ? bind_one(to, index, *value) : void(to.bind_null(index));
}

// The drop that a fact is about, found in its field table: a field of that kind of id, at the top or one record deep.
std::uint64_t drop_of(const Type& type, const void* object, int depth) {
    for (const auto& field : type.fields) {
        const auto* at = static_cast<const char*>(object) + field.offset;
        if (field.type->kind == Kind::id && field.type->name == DropTag::prefix)
            return reinterpret_cast<const DropId*>(at)->n;
        if (depth > 0 && field.type->kind == Kind::record)
            if (const auto drop = drop_of(*field.type, at, depth - 1)) return drop;
    }
    return 0;
}

constexpr std::uint64_t run_max = 1'024;             // as many numbers as the views count

template <class F>
const F& as(const engine::BatchWalk::RawFact& fact) {
    return *static_cast<const F*>(fact.object);
}

}  // namespace

Statement* Projection::prepared(std::string_view sql) {
    auto it = statements_.find(sql.data());
    if (it == statements_.end()) {
        auto made = Statement::prepare(db_, sql);
        if (!made) return nullptr;
        it = statements_.emplace(sql.data(), std::move(made).value()).first;
    }
    return &it->second;
}

template <class... Values>
bool Projection::run(std::string_view sql, const Values&... values) {
    auto* statement = prepared(sql);
    if (!statement) return false;
    int index = 0;
    (bind_one(*statement, ++index, values), ...);
    return statement->run();
}

bool Projection::apply(const engine::BatchWalk::RawFact& fact, const Stamp& stamp) {
    return note(fact, stamp) && shop_fact(fact, stamp) && stock_fact(fact) && drop_fact(fact, stamp) &&
           sale_fact(fact, stamp);
}

bool Projection::note(const engine::BatchWalk::RawFact& fact, const Stamp& stamp) {
    const auto drop = fact.info->code == UnitsHeld::code.n ? as<UnitsHeld>(fact).drop.n
                                                           : drop_of(*fact.info->type, fact.object, 1);
    auto& run = facts_;
    if (run.length > 0 && run.length < run_max && run.first + run.length == fact.seq && run.info == fact.info &&
        run.at == stamp.at && run.who.kind == stamp.who.kind && run.who.grant == stamp.who.grant && run.drop == drop)
        return ++run.length, true;
    if (!write_facts()) return false;
    run = {fact.seq, 1, fact.info, stamp.at, stamp.who, drop};
    return true;
}

bool Projection::write_facts() {
    const auto done = std::exchange(facts_, {});
    return done.length == 0 || run(tables::facts, done.first, done.length, done.at, done.info->code, done.info->name,
                                   word_of(done.who.kind), done.who.grant, done.drop);
}

bool Projection::write_holds() {
    const auto done = std::exchange(holds_, {});
    return done.length == 0 || run(tables::holds, done.first, done.length, done.drop, done.channel, done.units,
                                   done.total, done.placed_at, done.expires_at, done.preorder);
}

bool Projection::stock(SkuId sku, PlaceId place, const StockChange& by) {
    auto& sum = stock_[{sku, place}];
    for (const auto part : {&StockChange::received, &StockChange::returned, &StockChange::moved_in,
                            &StockChange::short_units, &StockChange::free, &StockChange::held, &StockChange::sold,
                            &StockChange::moved_out, &StockChange::written_off})
        sum.*part += by.*part;
    return true;
}

bool Projection::use(DropId drop, std::uint32_t line, Quantity held, Quantity sold, Quantity refunded) {
    auto& sum = used_[{drop, line}];
    sum.held += held, sum.sold += sold, sum.refunded += refunded;
    return true;
}

void Projection::begin() { stock_.clear(), used_.clear(), facts_ = {}, holds_ = {}; }

bool Projection::finish() {
    if (!write_facts() || !write_holds()) return false;
    for (const auto& [key, by] : stock_)
        if (!run(tables::stock, key.first, key.second, by.received, by.returned, by.moved_in, by.short_units, by.free,
                 by.held, by.sold, by.moved_out, by.written_off))
            return false;
    for (const auto& [key, by] : used_)
        if (!run(tables::drop_use, key.first, key.second, by.held, by.sold, by.refunded)) return false;
    begin();
    return true;
}

bool Projection::skus(ProductId product, const std::vector<SkuRow>& rows) {
    for (const auto& row : rows)
        if (!run(tables::sku, row.id, product, row.terms.sku, row.terms.size, row.terms.unit_cost,
                 row.terms.list_price, row.terms.gtin))
            return false;
    return true;
}

bool Projection::staged(const HistoryStaged& fact) {
    for (std::size_t i = 0; i < fact.new_skus.size(); ++i) {
        const auto& sku = fact.new_skus[i];
        const ProductId product{fact.first_product.n + i};
        if (!run(tables::product, product, sku.title, std::string_view(), std::string_view("standard")) ||
            !run(tables::sku, SkuId{fact.first_sku.n + i}, product, sku.sku, std::string_view(),
                 std::optional<Money>{}, std::optional<Money>{}, std::string_view()))
            return false;
    }
    return true;
}

bool Projection::shop_fact(const engine::BatchWalk::RawFact& fact, const Stamp&) {
    switch (fact.info->code) {
        case ProductAdded::code.n: {
            const auto& f = as<ProductAdded>(fact);
            return run(tables::product, f.product, f.title, f.brand, f.tax_category) && skus(f.product, f.skus);
        }
        case ProductChanged::code.n: {
            const auto& f = as<ProductChanged>(fact);
            return run(tables::product, f.product, f.title, f.brand, f.tax_category) && skus(f.product, f.skus);
        }
        case PlaceSet::code.n: {
            const auto& place = as<PlaceSet>(fact).place;
            return run(tables::place, place.id, place.name, word_of(place.kind), place.time_zone);
        }
        case ChannelSet::code.n: {
            const auto& channel = as<ChannelSet>(fact).channel;
            return run(tables::channel, channel.id, channel.name, word_of(channel.mode));
        }
        case RefusalsCounted::code.n:
            for (const auto& row : as<RefusalsCounted>(fact).rows)
                if (!run(tables::refusal, row.drop, row.refusal, row.times)) return false;
            return true;
        case DemandFolded::code.n:
            for (const auto& row : as<DemandFolded>(fact).rows)
                if (!run(tables::demand, row.key.minute, row.key.drop, row.key.sku, row.key.place, row.key.channel,
                         word_of(row.key.kind), row.count))
                    return false;
            return true;
        case ImportBegun::code.n: {
            const auto& f = as<ImportBegun>(fact);
            return run(tables::import_begun, f.import, f.file_name, f.file_digest, f.format);
        }
        case HistoryStaged::code.n: return staged(as<HistoryStaged>(fact));
        case HistoryImported::code.n: {
            const auto& f = as<HistoryImported>(fact);
            return run(tables::import_done, f.import, word_of(ImportStatus::published), f.totals.rows,
                       f.totals.unchanged, f.totals.gross, f.totals.net);
        }
        case ImportAbandoned::code.n: {
            const HistoryTotals none;
            return run(tables::import_done, as<ImportAbandoned>(fact).import, word_of(ImportStatus::abandoned),
                       none.rows, none.unchanged, none.gross, none.net);
        }
        default: return true;
    }
}

bool Projection::stock_fact(const engine::BatchWalk::RawFact& fact) {
    switch (fact.info->code) {
        case StockReceived::code.n:
            for (const auto& line : as<StockReceived>(fact).lines)
                if (!stock(line.sku, as<StockReceived>(fact).place, {.received = line.units.n, .free = line.units.n}))
                    return false;
            return true;
        case StockMoved::code.n: return move(as<StockMoved>(fact));
        case BundlesMade::code.n: return bundles(as<BundlesMade>(fact));
        case StockCounted::code.n:
            for (const auto& line : as<StockCounted>(fact).lines) {
                const auto found = line.found.n;
                if (!stock(line.sku, as<StockCounted>(fact).place,
                           {.received = found > 0 ? found : 0, .free = found, .written_off = found < 0 ? -found : 0}))
                    return false;
            }
            return true;
        case SoldElsewhere::code.n:
            for (const auto& line : as<SoldElsewhere>(fact).lines) {
                const auto units = line.units.n, beyond = line.short_units.n;
                if (!stock(line.sku, as<SoldElsewhere>(fact).place,
                           units < 0 ? StockChange{.returned = -units, .free = -units}
                                     : StockChange{.short_units = beyond, .free = beyond - units, .sold = units}))
                    return false;
            }
            return true;
        default: return true;
    }
}

bool Projection::move(const StockMoved& fact) {
    for (const auto& line : fact.lines)
        if (!stock(line.sku, fact.from, {.free = -line.units.n, .moved_out = line.units.n}) ||
            !stock(line.sku, fact.to, {.moved_in = line.units.n, .free = line.units.n}))
            return false;
    return true;
}

bool Projection::bundles(const BundlesMade& fact) {
    const auto move_one = [&](SkuId sku, std::int64_t units, bool in) {
        const auto change = in ? StockChange{.moved_in = units, .free = units}
                               : StockChange{.free = -units, .moved_out = units};
        return stock(sku, fact.place, change);
    };
    if (!move_one(fact.sku, fact.units.n, !fact.apart)) return false;
    for (const auto& part : fact.parts)
        if (!move_one(part.sku, part.units.n * fact.units.n, fact.apart)) return false;
    return true;
}

bool Projection::drop(DropId id, const DropTerms& terms) {
    if (!used_.empty() && !finish()) return false;  // lines may go or come anew
    if (!run(tables::drop, id, terms.slug, terms.title, terms.kind, terms.opens_at, terms.closes_at) ||
        !run(tables::cut_drop_lines, id, terms.lines.size()) || !run(tables::cut_drop_line_channels, id))
        return false;
    for (std::uint32_t i = 0; i < terms.lines.size(); ++i) {
        const auto& line = terms.lines[i];
        if (!run(tables::drop_line, id, i, line.sku, line.cap, line.list_price, line.floor)) return false;
        for (const auto& own : line.channels)
            if (!run(tables::drop_line_channel, id, i, own.channel, list_price_in(line, own.channel),
                     own.floor ? own.floor : line.floor))
                return false;
    }
    return true;
}

bool Projection::drop_fact(const engine::BatchWalk::RawFact& fact, const Stamp& stamp) {
    switch (fact.info->code) {
        case DropDrafted::code.n: return drop(as<DropDrafted>(fact).drop, as<DropDrafted>(fact).terms);
        case DropEdited::code.n: {
            const auto& f = as<DropEdited>(fact);
            if (!drop(f.drop, f.terms) || !run(tables::orders_due_anew, f.drop, f.terms.closes_at)) return false;
            for (const auto line : f.ended_lines)
                if (!run(tables::end_drop_line, f.drop, line)) return false;
            return true;
        }
        case DropScheduled::code.n:
            return run(tables::drop_status, as<DropScheduled>(fact).drop, word_of(DropStatus::scheduled));
        case DropOpened::code.n: return run(tables::drop_opened, as<DropOpened>(fact).drop, stamp.at);
        case DropPaused::code.n:
            return run(tables::drop_status, as<DropPaused>(fact).drop, word_of(DropStatus::paused));
        case DropResumed::code.n:
            return run(tables::drop_status, as<DropResumed>(fact).drop, word_of(DropStatus::open));
        case DropClosed::code.n: return run(tables::drop_closed, as<DropClosed>(fact).drop, stamp.at);
        case DropSettled::code.n: return run(tables::drop_settled, as<DropSettled>(fact).drop, stamp.at);
        case DropCancelled::code.n:
            return run(tables::drop_status, as<DropCancelled>(fact).drop, word_of(DropStatus::cancelled));
        case PriceSet::code.n: return decided(as<PriceSet>(fact), stamp);
        case Subscribed::code.n: {
            const auto& f = as<Subscribed>(fact);
            return run(tables::subscribed, f.subscriber, f.drop, f.person, stamp.at);
        }
        case SubscriptionConfirmed::code.n:
            return run(tables::subscriber_status, as<SubscriptionConfirmed>(fact).subscriber,
                       word_of(SubscriberStatus::confirmed));
        case SubscriptionEnded::code.n:
            return run(tables::subscriber_status, as<SubscriptionEnded>(fact).subscriber,
                       word_of(SubscriberStatus::ended));
        case PersonErased::code.n: return run(tables::person_erased, as<PersonErased>(fact).person);
        default: return true;
    }
}

bool Projection::decided(const PriceSet& fact, const Stamp& stamp) {
    return run(tables::decision, fact.decision, stamp.seq, stamp.at, fact.key.drop, fact.key.line, fact.key.channel,
               word_of(fact.kind), fact.price, fact.wanted, fact.floor, fact.arm, fact.propensity, fact.inputs.policy,
               fact.reason, fact.until);
}

bool Projection::sale_fact(const engine::BatchWalk::RawFact& fact, const Stamp& stamp) {
    switch (fact.info->code) {
        case UnitsHeld::code.n: return held(as<UnitsHeld>(fact), stamp);
        case HoldReduced::code.n: {
            const auto& f = as<HoldReduced>(fact);
            return given_back(f.hold, f.drop, f.given_back, true);
        }
        case HoldEnded::code.n: {
            const auto& f = as<HoldEnded>(fact);
            return given_back(f.hold, f.drop, f.given_back, false) &&
                   run(tables::hold_ended, f.hold, word_of(f.status), stamp.at);
        }
        case OrderPlaced::code.n: return placed(as<OrderPlaced>(fact), stamp);
        case OrderMoved::code.n: {
            const auto& f = as<OrderMoved>(fact);
            const bool done = f.to == OrderStatus::handed_over || f.to == OrderStatus::delivered;
            return run(tables::order_status, f.order, word_of(f.to), done ? std::optional(stamp.at) : std::nullopt);
        }
        case PaymentRecorded::code.n: {
            const auto& f = as<PaymentRecorded>(fact);
            return f.late || f.give_back || run(tables::order_paid, f.order, f.amount);
        }
        case OrderCancelled::code.n: {
            const auto& f = as<OrderCancelled>(fact);
            return taken_back(f.order, f.drop, f.lines, true, f.refund > Money{0}) &&
                   run(tables::order_refunded, f.order, f.refund) &&
                   run(tables::order_status, f.order, word_of(OrderStatus::cancelled), std::optional(stamp.at));
        }
        case OrderRefunded::code.n: {
            const auto& f = as<OrderRefunded>(fact);
            return taken_back(f.order, f.drop, f.lines, false, true) &&
                   run(tables::order_refunded, f.order, f.amount);
        }
        case OrderArchived::code.n: return run(tables::order_archived, as<OrderArchived>(fact).order.id, stamp.seq);
        case OrderRecalled::code.n:
            return run(tables::order_archived, as<OrderRecalled>(fact).order.id, std::uint64_t{0});
        default: return true;
    }
}

bool Projection::held(const UnitsHeld& fact, const Stamp& stamp) {
    Quantity units;
    Money total;
    for (const auto& line : fact.lines) {
        units += line.units;
        total += line.unit_price * line.units;
        if (!stock(line.sku, line.place, {.free = -line.units.n, .held = line.units.n}) ||
            !use(fact.drop, line.line, line.units, Quantity{}, Quantity{}))
            return false;
    }
    HoldRun next{fact.hold.n,  1,     fact.drop, fact.channel,    units,
                 total,        stamp.at, fact.expires_at, fact.preorder};
    auto& run = holds_;
    if (run.length > 0 && run.length < run_max && run.first + run.length == next.first && run.drop == next.drop &&
        run.channel == next.channel && run.units == next.units && run.total == next.total &&
        run.placed_at == next.placed_at && run.expires_at == next.expires_at && run.preorder == next.preorder)
        return ++run.length, true;
    if (!write_holds()) return false;
    run = next;
    return true;
}

bool Projection::given_back(HoldId hold, DropId drop, const HeldLines& lines, bool reduced) {
    Quantity units;
    Money total;
    for (const auto& line : lines) {
        units += line.units;
        total += line.unit_price * line.units;
        if (!stock(line.sku, line.place, {.free = line.units.n, .held = -line.units.n}) ||
            !use(drop, line.line, -line.units, Quantity{}, Quantity{}))
            return false;
    }
    return !reduced || run(tables::hold_reduced, hold, units, total);
}

bool Projection::placed(const OrderPlaced& fact, const Stamp& stamp) {
    Quantity units;
    Money tax = fact.delivery_tax;
    for (std::uint32_t i = 0; i < fact.lines.size(); ++i) {
        const auto& line = fact.lines[i];
        units += line.units;
        tax += line.tax;
        if (!run(tables::order_line, fact.order, i, line.line, line.sku, line.place, line.units, line.unit_price,
                 line.gross, line.discount, line.tax, line.tax_rate, line.decision, line.unit_cost) ||
            !stock(line.sku, line.place, {.held = -line.units.n, .sold = line.units.n}) ||
            !use(fact.drop, line.line, -line.units, line.units, Quantity{}))
            return false;
    }
    const auto paid = fact.status == OrderStatus::paid ? fact.total : Money{0};
    return run(tables::order, fact.order, fact.number, fact.hold, fact.drop, fact.channel, fact.place, fact.person,
               word_of(fact.status), word_of(fact.fulfilment), units, fact.delivery_charge, tax, fact.total, paid,
               stamp.at, fact.ship_by) &&
           run(tables::hold_ended, fact.hold, word_of(HoldStatus::confirmed), stamp.at);
}

bool Projection::taken_back(OrderId order, DropId drop, const std::vector<ReturnedLine>& lines, bool cancelled,
                            bool paid) {
    for (const auto& line : lines) {
        const auto units = line.units;
        if (line.restock && !stock(line.sku, line.place, {.returned = units.n, .free = units.n})) return false;
        if (!use(drop, line.drop_line, Quantity{}, cancelled ? -units : Quantity{},
                 cancelled ? Quantity{} : units) ||
            !run(tables::order_line_refunded, order, line.line, cancelled ? Quantity{} : units,
                 paid ? line.amount : Money{}))
            return false;
    }
    return true;
}

}  // namespace dropsmith::sqlite
