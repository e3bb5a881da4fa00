// One pass over the journal: each batch is replayed, each fact's own figures are checked just after its evolve, the
// laws over the whole state at the end. One thread. Covered by engine/verify_test.cpp.
#include "engine/verify.h"

#include <algorithm>
#include <exception>
#include <map>
#include <set>
#include <utility>

#include "base/checks_throw.h"
#include "engine/personal_laws.h"
#include "engine/price_laws.h"
#include "engine/replay.h"
#include "engine/slices.h"
#include "flow/sell/fair_laws.h"
#include "flow/sell/laws.h"
#include "flow/sell/price_now.h"

namespace dropsmith::engine {

namespace {

std::string text(std::string_view what, std::uint64_t n) { return std::string(what) + " " + std::to_string(n); }
std::string text(std::string_view what, Money amount) { return std::string(what) + " " + std::to_string(amount.n); }
std::string text(std::string_view what, Quantity units) { return std::string(what) + " " + std::to_string(units.n); }

struct Laws {
    LawResult store{"the store is whole and ends where it was acknowledged", true, 0, ""};
    LawResult chain{"hash chain and sequence", true, 0, ""};
    LawResult facts{"every fact can follow those before it", true, 0, ""};
    LawResult replay{"replay gives the state of the snapshots", true, 0, ""};
    LawResult stock{"stock by SKU and place", true, 0, ""};
    LawResult caps{"caps and allotments of drops", true, 0, ""};
    LawResult orders{"money of orders", true, 0, ""};
    LawResult prices{"prices inside their bands, at or above the floor", true, 0, ""};
    LawResult held_prices{"holds at the price that was decided", true, 0, ""};
    LawResult keys{"one effect per idempotency key", true, 0, ""};

    LawResult offers{"offers to waiting lists and units ordered ahead", true, 0, ""};
    LawResult passes{"uses of passes", true, 0, ""};
    LawResult payments{"what providers captured and give back", true, 0, ""};
    LawResult rooms{"draws and admissions of waiting rooms", true, 0, ""};

    std::vector<LawResult> all() const {
        return {store, chain, facts, replay, stock, caps, orders, prices, held_prices, keys, offers, passes, payments,
                rooms};
    }
};

// What one fact touched, so that only that is looked at.
struct Touched {
    std::set<StockKey> stock;
    std::set<std::pair<DropId, std::uint32_t>> lines;
};

void touch(Touched& out, DropId drop, const HeldLines& lines) {
    for (const auto& line : lines) out.stock.insert({line.sku, line.place}), out.lines.insert({drop, line.line});
}
void touch(Touched& out, DropId drop, const std::vector<ReturnedLine>& lines) {
    for (const auto& line : lines) out.stock.insert({line.sku, line.place}), out.lines.insert({drop, line.drop_line});
}

class Verifier {
public:
    Verifier(const State& state, Laws& laws) : state_(state), laws_(laws) {}

    void look(const BatchWalk::RawFact& fact, const Stamp& stamp) {
        Touched touched;
        if (fact.info->code != OrderPlaced::code.n) explain(fact);
        switch (fact.info->code) {
            case StockReceived::code.n: {
                const auto& received = as<StockReceived>(fact);
                for (const auto& line : received.lines) touched.stock.insert({line.sku, received.place});
                break;
            }
            case StockMoved::code.n: {
                const auto& moved = as<StockMoved>(fact);
                for (const auto& line : moved.lines)
                    touched.stock.insert({line.sku, moved.from}), touched.stock.insert({line.sku, moved.to});
                break;
            }
            case BundlesMade::code.n: {
                const auto& made = as<BundlesMade>(fact);
                touched.stock.insert({made.sku, made.place});
                for (const auto& part : made.parts) touched.stock.insert({part.sku, made.place});
                break;
            }
            case StockCounted::code.n: {
                const auto& counted = as<StockCounted>(fact);
                for (const auto& line : counted.lines) touched.stock.insert({line.sku, counted.place});
                break;
            }
            case SoldElsewhere::code.n: {
                const auto& sold = as<SoldElsewhere>(fact);
                for (const auto& line : sold.lines) touched.stock.insert({line.sku, sold.place});
                break;
            }
            case UnitsHeld::code.n:
                touch(touched, as<UnitsHeld>(fact).drop, as<UnitsHeld>(fact).lines);
                look_at_held_prices(as<UnitsHeld>(fact), stamp);
                break;
            case HoldReduced::code.n:
                touch(touched, as<HoldReduced>(fact).drop, as<HoldReduced>(fact).given_back);
                break;
            case HoldEnded::code.n: touch(touched, as<HoldEnded>(fact).drop, as<HoldEnded>(fact).given_back); break;
            case OrderPlaced::code.n: {
                const auto& placed = as<OrderPlaced>(fact);
                for (const auto& line : placed.lines)
                    touched.stock.insert({line.sku, line.place}), touched.lines.insert({placed.drop, line.line});
                look_at_total(placed, stamp.seq);
                break;
            }
            case OrderCancelled::code.n:
                touch(touched, as<OrderCancelled>(fact).drop, as<OrderCancelled>(fact).lines);
                break;
            case OrderRefunded::code.n:
                touch(touched, as<OrderRefunded>(fact).drop, as<OrderRefunded>(fact).lines);
                look_at_refunds(as<OrderRefunded>(fact).order, stamp.seq);
                break;
            case PriceSet::code.n: look_at_price(as<PriceSet>(fact), stamp.seq); break;
            default: break;
        }
        for (const auto& key : touched.stock) look_at_stock(key, stamp.seq);
        for (const auto& [drop, line] : touched.lines) look_at_line(drop, line, stamp.seq);
    }
    void end() { ring_unexplained(); }

private:
    template <class F>
    static const F& as(const BatchWalk::RawFact& fact) {
        return *static_cast<const F*>(fact.object);
    }

    void look_at_stock(const StockKey& key, std::uint64_t seq) {
        ++laws_.stock.checked;
        const auto* row = state_.stock.find(key.sku, key.place);
        if (!row) return breach(laws_.stock, seq, text("SKU", key.sku.n) + ": no row at its place");
        const auto in = row->received + row->returned + row->moved_in + row->short_units;
        const auto out = row->free + row->held + row->sold + row->moved_out + row->written_off;
        const auto least = std::min({row->received, row->returned, row->moved_in, row->short_units, row->free,
                                     row->held, row->sold, row->moved_out, row->written_off});
        if (in != out || least < Quantity{0})
            breach(laws_.stock, seq,
                   text("SKU", key.sku.n) + text(" at place", key.place.n) + text(": in", in) + text(", out", out) +
                       text(", least", least));
    }

    void look_at_line(DropId id, std::uint32_t index, std::uint64_t seq) {
        ++laws_.caps.checked;
        const auto* drop = state_.drops.find(id);
        const auto name = text("drop", id.n) + text(" line", index);
        if (!drop || index >= drop->lines.size()) return breach(laws_.caps, seq, name + " is not there");
        const auto& line = drop->lines[index];
        if (line.held + line.sold > line.terms.cap || line.held < Quantity{0} || line.sold < Quantity{0})
            breach(laws_.caps, seq,
                   name + text(": held", line.held) + text(", sold", line.sold) + text(", cap", line.terms.cap));
        for (const auto& use : line.places)
            if (use.held + use.sold > use.allotted || use.held < Quantity{0} || use.sold < Quantity{0})
                breach(laws_.caps, seq,
                       name + text(" place", use.place.n) + text(": held", use.held) + text(", sold", use.sold) +
                           text(", allotted", use.allotted));
    }

    void look_at_total(const OrderPlaced& order, std::uint64_t seq) {
        ++laws_.orders.checked;
        auto total = order.delivery_charge;
        for (const auto& line : order.lines) total += line.gross;
        if (total != order.total)
            breach(laws_.orders, seq,
                   text("order", order.number) + text(": lines and delivery", total) + text(", total", order.total));
    }

    void look_at_refunds(OrderId id, std::uint64_t seq) {
        ++laws_.orders.checked;
        const auto* order = state_.orders.table.find(id);
        if (order && order->refunded > order->total)
            breach(laws_.orders, seq,
                   text("order", order->number) + text(": refunded", order->refunded) + text(" of", order->total));
    }

    // Kill switch: the list price, whatever the bands; override: a person's leave with reason and end; neither is
    // free of the rest. Where costs have lifted the floor over every band, the floor itself is asked.
    void look_at_price(const PriceSet& set, std::uint64_t seq) {
        ++laws_.prices.checked;
        ever_[set.key].insert(set.price.n);
        if (set.cohort) {
            ever_[set.key].insert(set.cohort->price.n);
            if (set.cohort->price < set.floor)
                return breach(laws_.prices, seq, text("decision", set.decision.n) + ": a cohort below the floor");
        }
        const auto* drop = state_.drops.find(set.key.drop);
        const auto name = text("decision", set.decision.n);
        if (!drop || set.key.line >= drop->lines.size())
            return breach(laws_.prices, seq, name + " is about a line that is not there");
        const auto terms = in_channel(drop->lines[set.key.line].terms, set.key.channel);
        const bool leave = set.kind == DecisionKind::override_;
        if (leave && (!set.until || set.reason.empty()))
            return breach(laws_.prices, seq, name + ": an override without end or reason");
        if (!leave && set.kind != DecisionKind::kill) {
            const auto low = terms.bands.empty() ? terms.list_price : terms.bands.front();
            const auto high = terms.bands.empty() ? terms.list_price : terms.bands.back();
            if (set.price < low || (set.price > high && set.price != set.floor))
                return breach(laws_.prices, seq,
                              name + text(": price", set.price) + text(" outside", low) + text(" to", high));
        }
        const auto floor = std::max(set.floor, terms.floor.value_or(Money{0}));
        if (!leave && set.price < floor)
            breach(laws_.prices, seq, name + text(": price", set.price) + text(" below the floor", floor));
    }

    // A hold's price is the standing one with its decision; under a quote it may be one that stood before, if that is
    // lower. One's own have a law of their own (personal_laws.h).
    void look_at_held_prices(const UnitsHeld& held, const Stamp& stamp) {
        const auto own = state_.prices.personal.find(held.hold);
        for (const auto& line : held.lines) {
            const auto is_its = [&](const PersonalPrice& price) { return price.line == line.line; };
            if (own != state_.prices.personal.end() &&
                std::any_of(own->second.begin(), own->second.end(), is_its))
                continue;
            ++laws_.held_prices.checked;
            const LineKey key{held.drop, line.line, held.channel};
            const auto standing = sell::price_now(state_.prices, key, stamp.at, held.session);
            const auto name = text("hold", held.hold.n) + text(" line", line.line);
            if (!standing) {
                breach(laws_.held_prices, stamp.seq, name + ": no price stands");
                continue;
            }
            const bool as_decided = line.unit_price == standing->price && line.decision == standing->decision;
            const bool as_quoted =
                !line.decision && line.unit_price <= standing->price && ever_[key].contains(line.unit_price.n);
            if (as_decided || as_quoted || unexplained_) continue;
            unexplained_ = {held, stamp.seq,
                            name + text(": price", line.unit_price) + text(", standing", standing->price)};
        }
    }

    // Money that came when its hold had ended makes the hold again, at the price that it was held for: the payment that
    // stands two facts later says which hold that was.
    void explain(const BatchWalk::RawFact& fact) {
        if (!unexplained_) return;
        HoldId before;
        if (fact.info->code == PaymentRecorded::code.n && as<PaymentRecorded>(fact).late)
            before = as<PaymentRecorded>(fact).hold;
        if (fact.info->code == PaymentAuthorised::code.n && as<PaymentAuthorised>(fact).late)
            if (const auto* checkout = state_.payments.checkouts.find(as<PaymentAuthorised>(fact).checkout))
                before = checkout->hold;
        const auto* ended = state_.holds.table.find(before);
        const auto& lines = unexplained_->held.lines;
        const bool the_same = ended && std::all_of(lines.begin(), lines.end(), [&](const HeldLine& line) {
            return std::any_of(ended->lines.begin(), ended->lines.end(), [&](const HeldLine& was) {
                return was.line == line.line && was.unit_price == line.unit_price && was.decision == line.decision;
            });
        });
        if (the_same) unexplained_.reset();
        ring_unexplained();
    }
    void ring_unexplained() {
        if (unexplained_) breach(laws_.held_prices, unexplained_->seq, unexplained_->what);
        unexplained_.reset();
    }

    struct Unexplained {
        UnitsHeld held;
        std::uint64_t seq = 0;
        std::string what;
    };

    const State& state_;
    Laws& laws_;
    std::map<LineKey, std::set<std::int64_t>> ever_;  // every price that stood, by line
    std::optional<Unexplained> unexplained_;
};

// Over the whole state. Forged figures may leave every range: then the law does not hold either.
void at_the_end(LawResult& law, const State& state, sell::Law (*look)(const State&)) {
    try {
        const ChecksThrow guard;
        const auto found = look(state);
        law.checked += found.checked;
        if (!found.holds()) breach(law, state.head, "after it, " + found.breach);
    } catch (const std::exception& error) {
        breach(law, state.head, std::string("after it the figures leave their range: ") + error.what());
    }
}

}  // namespace

void breach(LawResult& law, std::uint64_t seq, std::string what) {
    if (!law.holds) return;
    law.holds = false;
    law.first_breach = text("fact", seq) + ": " + std::move(what);
}

bool VerifyReport::holds() const {
    return std::all_of(laws.begin(), laws.end(), [](const auto& law) { return law.holds; });
}

VerifyReport verify(const Journal& journal, const std::function<void(std::uint64_t facts)>& progress,
                    const std::function<Status<Fault>()>& inspect) {
    Laws laws;
    State state;
    Digest256 hash{};
    Replay replay(state, hash);
    Verifier verifier(state, laws);
    PriceLaws price_laws(state);
    PersonalLaws personal_laws(state);
    replay.watch([&](const BatchWalk& walk, const BatchWalk::RawFact& fact, const Stamp& stamp) {
        ++laws.facts.checked;
        if (fact.seq == walk.entry_first() && walk.key()) ++laws.keys.checked;
        verifier.look(fact, stamp);
        price_laws.look(fact, stamp), personal_laws.look(fact, stamp);
        if (progress && stamp.seq % 65'536 == 0) progress(stamp.seq);
    });
    if (inspect) {
        ++laws.store.checked;
        if (const auto inspected = inspect(); !inspected) breach(laws.store, 0, inspected.error().what);
    }
    const auto snapshot = journal.newest_snapshot(slices_schema);
    if (!snapshot) breach(laws.replay, 0, snapshot.error().what);
    const auto* taken = snapshot && *snapshot ? &**snapshot : nullptr;
    const auto head = journal.head();  // taken first: a running shop goes on writing; what comes later is not judged
    const auto went_well = [&](const Status<Fault>& applied) {
        if (!applied) {
            if (replay.impossible())
                breach(laws.facts, replay.impossible(), applied.error().what);
            else
                breach(replay.key_twice() ? laws.keys : laws.chain, state.head + 1, applied.error().what);
            return false;
        }
        if (taken && taken->seq == state.head) {
            ++laws.replay.checked;
            if (taken->journal_hash != hash || blake2b(taken->state) != state_hash(state))
                breach(laws.replay, state.head, "the snapshot taken here holds another state");
        }
        return true;
    };
    const auto read = journal.read(1, [&](const StoredBatch& stored) {
        if (head && stored.first > *head) return false;
        ++laws.chain.checked;
        return went_well(replay.apply(stored));
    });
    const auto whole = [&] { return laws.chain.holds && laws.keys.holds && laws.facts.holds; };
    if (whole()) went_well(replay.finish());
    verifier.end();
    if (!read) breach(laws.chain, state.head + 1, read.error().what);
    if (!head) breach(laws.chain, state.head + 1, head.error().what);
    if (whole() && *head != state.head)
        breach(laws.chain, state.head, "the journal's head is another fact");
    auto all = [&] {
        auto out = laws.all();
        if (!inspect) out.erase(out.begin());  // the store was not asked
        for (auto& law : price_laws.all()) out.push_back(std::move(law));
        out.push_back(personal_laws.law());
        return out;
    };
    if (!whole()) return {state.head, hash, {}, all()};  // the state stands in the middle: no law speaks of it
    at_the_end(laws.stock, state, sell::stock_law);
    at_the_end(laws.caps, state, sell::cap_law);
    at_the_end(laws.orders, state, sell::order_law);
    at_the_end(laws.offers, state, sell::offer_law);
    at_the_end(laws.passes, state, sell::pass_law);
    at_the_end(laws.payments, state, sell::payment_law);
    at_the_end(laws.rooms, state, sell::room_law);
    return {state.head, hash, state_hash(state), all()};
}

}  // namespace dropsmith::engine
