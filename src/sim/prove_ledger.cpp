// Covered by sim/prove_test.cpp.
#include "sim/prove_ledger.h"

#include <algorithm>

namespace dropsmith::sim {

namespace {

std::string text(const char* what, std::uint64_t n) { return std::string(what) + " " + std::to_string(n); }
std::string figures(const char* a, std::int64_t x, const char* b, std::int64_t y) {
    return ": " + std::string(a) + " " + std::to_string(x) + ", " + b + " " + std::to_string(y);
}
void first(std::string& breach, std::string next) {
    if (breach.empty()) breach = std::move(next);
}

// Not an offer, and not what money that came late had paid for already.
bool somebody_asked_for(const UnitsHeld& made, const Facts& beside) {
    return std::none_of(beside.begin(), beside.end(), [&](const Fact& fact) {
        const auto* offer = fact.as<UnitsOffered>();
        const auto* order = fact.as<OrderPlaced>();
        return (offer && offer->hold == made.hold) || (order && order->hold == made.hold);
    });
}

}  // namespace

std::string ProveLedger::read(const engine::Journal& journal, Duration boot) {
    std::string breach;
    const auto head = journal.head();
    const FreeUnits free = [this](DropId drop, std::uint32_t line) { return free_units(drop, line); };
    if (!head || *head < read_to_) return text("facts that were told are gone: the journal ends at", head ? *head : 0);
    (void)journal.read(read_to_ + 1, [&](const engine::StoredBatch& stored) {
        const auto batch = engine::decode_batch(stored);
        if (!batch) return breach = batch.error().what, false;
        bool began = false;  // a writer that starts lets no timer run
        for (const auto& entry : batch->entries)
            for (const auto& fact : entry.facts) {
                ++read_to_;
                began = fact.as<WriterStarted>() != nullptr;
                first(breach, room_.take(fact, batch->at));
                first(breach, passes_.take(fact, entry.facts, batch->at));
                if (const auto* made = fact.as<UnitsHeld>(); made && somebody_asked_for(*made, entry.facts)) {
                    first(breach, wishes_.held(*made, free));
                    if (entry.who.kind == ActorKind::buyer)
                        first(breach, room_.took(text("hold", made->hold.n), made->session, batch->at));
                }
                if (const auto* waits = fact.as<WaitJoined>(); waits && entry.who.kind == ActorKind::buyer)
                    first(breach, room_.took(text("wish", waits->entry.n), waits->session, batch->at));
                first(breach, take(fact, batch->at, boot));
                first(breach, wishes_.take(fact, batch->at, free));
            }
        if (!began) {
            first(breach, wishes_.batch_over(batch->at, free));
            first(breach, room_.batch_over(batch->at));
        }
        return breach.empty();
    });
    return breach.empty() ? breach : text("fact", read_to_) + ": " + breach;
}

std::string ProveLedger::take(const Fact& fact, Instant at, Duration boot) {
    std::string breach;
    if (const auto* f = fact.as<StockReceived>()) {
        for (const auto& line : f->lines) {
            auto& units = stock_[{line.sku.n, f->place.n}];
            units.in += line.units.n, units.free += line.units.n;
        }
    } else if (const auto* moved = fact.as<StockMoved>()) {
        for (const auto& line : moved->lines) {
            auto& from = stock_[{line.sku.n, moved->from.n}];
            from.in -= line.units.n, from.free -= line.units.n;
            auto& to = stock_[{line.sku.n, moved->to.n}];
            to.in += line.units.n, to.free += line.units.n;
            first(breach, check(line.sku, moved->from));
        }
    } else if (const auto* made = fact.as<BundlesMade>()) {
        const auto move = [&](SkuId sku, std::int64_t change) {
            auto& units = stock_[{sku.n, made->place.n}];
            units.in += change, units.free += change;
            first(breach, check(sku, made->place));
        };
        const std::int64_t sign = made->apart ? -1 : 1;
        move(made->sku, sign * made->units.n);
        for (const auto& part : made->parts) move(part.sku, -sign * part.units.n * made->units.n);
    } else if (const auto* counted = fact.as<StockCounted>()) {
        for (const auto& line : counted->lines) {
            auto& units = stock_[{line.sku.n, counted->place.n}];
            units.in += line.found.n, units.free += line.found.n;
            first(breach, check(line.sku, counted->place));
        }
    } else if (const auto* elsewhere = fact.as<SoldElsewhere>()) {
        for (const auto& line : elsewhere->lines) {
            auto& units = stock_[{line.sku.n, elsewhere->place.n}];
            const auto there = line.units.n - line.short_units.n;  // negative: returned
            units.free -= there;
            if (there < 0)
                units.in -= there;
            else
                units.sold += line.units.n, units.in += line.short_units.n;
            first(breach, check(line.sku, elsewhere->place));
        }
    } else if (const auto* drafted = fact.as<DropDrafted>()) {
        set_caps(drafted->drop, drafted->terms);
    } else if (const auto* edited = fact.as<DropEdited>()) {
        set_caps(edited->drop, edited->terms);
    } else if (const auto* held = fact.as<UnitsHeld>()) {
        breach = hold(*held, at, boot);
    } else if (const auto* reduced = fact.as<HoldReduced>()) {
        breach = give_back(reduced->hold, reduced->given_back);
    } else if (const auto* ended = fact.as<HoldEnded>()) {
        breach = end(*ended, at, boot);
    } else if (const auto* placed = fact.as<OrderPlaced>()) {
        breach = order(*placed, at);
    } else if (const auto* cancelled = fact.as<OrderCancelled>()) {
        breach = take_back(cancelled->lines, cancelled->drop, true);
    } else if (const auto* refunded = fact.as<OrderRefunded>()) {
        breach = take_back(refunded->lines, refunded->drop, false);
    }
    return breach;
}

void ProveLedger::set_caps(DropId drop, const DropTerms& terms) {
    const auto& lines = terms.lines;
    for (std::uint32_t i = 0; i < lines.size(); ++i) {
        auto& line = lines_[{drop.n, i}];
        line.cap = lines[i].cap.n, line.sku = lines[i].sku.n;
        line.place = lines[i].places.size() == 1 ? lines[i].places[0].place.n : 0;
    }
    wishes_.set_terms(drop, terms);
}

std::int64_t ProveLedger::free_units(DropId drop, std::uint32_t index) const {
    const auto line = lines_.find({drop.n, index});
    if (line == lines_.end()) return 0;
    const auto units = stock_.find({line->second.sku, line->second.place});
    if (units == stock_.end()) return 0;
    return std::min(line->second.cap - line->second.held - line->second.sold, units->second.free);
}

std::string ProveLedger::hold(const UnitsHeld& fact, Instant at, Duration boot) {
    std::string breach;
    auto [it, added] = holds_.try_emplace(fact.hold.n);
    if (!added) return text("hold", fact.hold.n) + " is made twice";
    auto& known = it->second;
    known.drop = fact.drop.n, known.boot = boot, known.expires_at = fact.expires_at;
    known.promised = fact.expires_at - at;
    ++open_;
    for (const auto& line : fact.lines) {
        auto& units = stock_[{line.sku.n, line.place.n}];
        units.free -= line.units.n, units.held += line.units.n;
        known.units[{line.sku.n, line.place.n}] += line.units.n;
        lines_[{fact.drop.n, line.line}].held += line.units.n;
        first(breach, check(line.sku, line.place));
        first(breach, check(fact.drop, line.line));
    }
    return breach;
}

std::string ProveLedger::give_back(HoldId id, const HeldLines& lines) {
    std::string breach;
    auto& known = holds_[id.n];
    if (known.status != HoldStatus::held) return text("hold", id.n) + " gives back what it no longer has";
    for (const auto& line : lines) {
        auto& units = stock_[{line.sku.n, line.place.n}];
        units.held -= line.units.n, units.free += line.units.n;
        auto& own = known.units[{line.sku.n, line.place.n}];
        own -= line.units.n;
        lines_[{known.drop, line.line}].held -= line.units.n;
        if (own < 0) first(breach, text("hold", id.n) + " gives back more than it has");
    }
    return breach;
}

std::string ProveLedger::end(const HoldEnded& fact, Instant at, Duration boot) {
    auto breach = give_back(fact.hold, fact.given_back);
    auto& known = holds_[fact.hold.n];
    known.status = fact.status;
    --open_;
    if (fact.status != HoldStatus::expired) return breach;
    if (at < known.expires_at) first(breach, text("hold", fact.hold.n) + " is let go before the time it was promised");
    // The shop's clock may run a thousandth faster than time itself, no more; over a restart it goes by the wall.
    const auto lived = boot - known.boot;
    if (known.boot > restarted_ && lived.n < known.promised.n * 1000 / 1001 - 10)
        first(breach, text("hold", fact.hold.n) + figures("lived ms", lived.n, "promised", known.promised.n));
    return breach;
}

std::string ProveLedger::order(const OrderPlaced& fact, Instant at) {
    std::string breach;
    auto& known = holds_[fact.hold.n];
    const auto name = text("order", fact.order.n) + text(" of hold", fact.hold.n);
    if (known.status != HoldStatus::held) return name + ": the hold had ended";
    if (at >= known.expires_at) breach = name + ": the hold had expired";
    known.status = HoldStatus::confirmed;
    --open_;
    for (const auto& line : fact.lines) {
        auto& units = stock_[{line.sku.n, line.place.n}];
        units.held -= line.units.n, units.sold += line.units.n;
        known.units[{line.sku.n, line.place.n}] -= line.units.n;
        auto& of_drop = lines_[{fact.drop.n, line.line}];
        of_drop.held -= line.units.n, of_drop.sold += line.units.n;
    }
    for (const auto& [key, units] : known.units)
        if (units != 0) first(breach, name + figures("units not those of the hold", units, "SKU",
                                                     static_cast<std::int64_t>(key.first)));
    return breach;
}

std::string ProveLedger::take_back(const std::vector<ReturnedLine>& lines, DropId drop, bool cancelled) {
    for (const auto& line : lines) {
        if (line.restock) {
            auto& units = stock_[{line.sku.n, line.place.n}];
            units.in += line.units.n, units.free += line.units.n;
        }
        if (cancelled) lines_[{drop.n, line.drop_line}].sold -= line.units.n;
    }
    return {};
}

std::string ProveLedger::check(SkuId sku, PlaceId place) const {
    const auto& units = stock_.at({sku.n, place.n});
    if (units.free < 0 || units.held < 0)
        return text("oversold: SKU", sku.n) + text(" at place", place.n) +
               figures("free", units.free, "held", units.held);
    return {};
}

std::string ProveLedger::check(DropId drop, std::uint32_t index) const {
    const auto& line = lines_.at({drop.n, index});
    if (line.held + line.sold > line.cap)
        return text("oversold: drop", drop.n) + text(" line", index) +
               figures("held and sold", line.held + line.sold, "cap", line.cap);
    return {};
}

std::string ProveLedger::compare(const State& state, Duration boot) const {
    for (const auto& [key, units] : stock_) {
        const auto* row = state.stock.find(SkuId{key.first}, PlaceId{key.second});
        const auto name = text("SKU", key.first) + text(" at place", key.second);
        if (!row) return name + ": the shop has no row";
        if (row->free.n != units.free) return name + figures("free", row->free.n, "by the ledger", units.free);
        if (row->held.n != units.held) return name + figures("held", row->held.n, "by the ledger", units.held);
        if (row->sold.n != units.sold) return name + figures("sold", row->sold.n, "by the ledger", units.sold);
        if (units.in != units.free + units.held + units.sold)
            return name + figures("came in", units.in, "is there", units.free + units.held + units.sold);
    }
    for (const auto& [id, known] : holds_) {
        if (known.status != HoldStatus::held) continue;
        const auto* hold = state.holds.table.find(HoldId{id});
        if (!hold || hold->status != HoldStatus::held) return text("hold", id) + ": only the ledger has it";
        if (known.expires_at <= state.at) return text("hold", id) + " outlives what it was promised";
        if (known.boot > restarted_ && boot - known.boot > Duration{known.promised.n * 1000 / 999 + 1000})
            return text("hold", id) + figures("lives for ms", (boot - known.boot).n, "promised", known.promised.n);
    }
    auto breach = wishes_.compare(state);
    first(breach, room_.compare(state));
    first(breach, passes_.compare(state));
    return breach;
}

}  // namespace dropsmith::sim
