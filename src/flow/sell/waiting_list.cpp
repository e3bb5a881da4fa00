// Joining and leaving, and what facts do to the list. A wish whose units are there is not for the list: it would be a
// way past the waiting room and the order of holds. Loop's thread. Covered by flow/sell/waiting_list_test.cpp.
#include "flow/sell/waiting_list.h"

#include <algorithm>

#include "base/limits.h"
#include "flow/sell/allocation.h"
#include "flow/sell/catalogue.h"
#include "flow/sell/hold_status.h"
#include "flow/sell/person_limit.h"
#include "flow/sell/price_now.h"
#include "flow/sell/refusing.h"
#include "flow/sell/room.h"

namespace dropsmith::sell {
namespace {

using Refused = std::optional<Refusal>;

Refused lines_of(const State& state, const Drop& drop, const JoinWaitingList& command, std::vector<WaitLine>& lines) {
    using namespace refusals;
    if (command.lines.empty() || command.lines.size() > limits::lines_max)
        return refuse_field(bad_value, "lines", "/lines", "a wish has 1 to 64 lines").error;
    for (std::size_t i = 0; i < command.lines.size(); ++i) {
        const auto& wanted = command.lines[i];
        const auto code = code_of(state, wanted.sku);
        if (wanted.units.n < 1 || wanted.units.n > limits::units_max)
            return refuse_field(bad_value, "units", "/lines/" + std::to_string(i) + "/units", "units are 1 or more")
                .error;
        std::uint32_t index = 0;
        while (index < drop.lines.size() && (drop.lines[index].terms.sku != wanted.sku || drop.lines[index].ended))
            ++index;
        if (!wanted.sku || index == drop.lines.size())
            return refuse_line(no_such_line, "this drop does not sell that SKU", code).error;
        auto known = std::find_if(lines.begin(), lines.end(), [&](const WaitLine& l) { return l.line == index; });
        if (known == lines.end()) known = lines.insert(lines.end(), {index, wanted.sku, {}, {}});
        known->units += wanted.units;
    }
    return std::nullopt;
}

Refused over_a_limit(const State& state, const Drop& drop, const JoinWaitingList& command, PersonId person,
                     const std::vector<WaitLine>& lines) {
    for (const auto& line : lines) {
        const auto& terms = drop.lines[line.line].terms;
        if (!terms.per_person_limit) continue;  // a cap may rise: a wish above it waits for that
        const auto most =
            *terms.per_person_limit - std::max(taken_by(state.drops, drop.id, line.line, session_key(command.session)),
                                               taken_by(state.drops, drop.id, line.line, person.n));
        if (line.units > most)
            return refuse_units(refusals::over_limit, "more than one person may have of it", code_of(state, line.sku),
                                std::max(Quantity{0}, most))
                .error;
    }
    return std::nullopt;
}

Quantity there(const State& state, const Drop& drop, const WaitLine& wanted) {
    const auto& line = drop.lines[wanted.line];
    return free_in_line(line, free_by_place(state.stock, line, PlaceId{}));
}

bool all_there(const State& state, const Drop& drop, const std::vector<WaitLine>& lines) {
    return std::all_of(lines.begin(), lines.end(),
                       [&](const WaitLine& wanted) { return wanted.units <= there(state, drop, wanted); });
}

// Before the opening: units that are there are the opening's, for whoever comes then. Only of what has still to arrive
// can be ordered, so that who is early takes nothing from who is let in by the draw.
Refused is_the_openings(const State& state, const Drop& drop, const std::vector<WaitLine>& lines) {
    for (const auto& line : lines)
        if (there(state, drop, line) > Quantity{0})
            return refuse_line(refusals::wrong_state,
                               "some of it is there and is the opening's: it can be ordered ahead once that is gone",
                               code_of(state, line.sku))
                .error;
    return std::nullopt;
}

// Of the cap a stated part may be ordered before it has arrived; the price of today is the most it will cost.
Refused not_to_be_preordered(const State& state, const Drop& drop, ChannelId channel, Instant at,
                             std::vector<WaitLine>& lines) {
    for (auto& line : lines) {
        const auto& of = drop.lines[line.line];
        const auto it = state.waiting_list.preordered.find({drop.id, line.line});
        const auto taken = it == state.waiting_list.preordered.end() ? Quantity{0} : it->second;
        const auto left = std::max(Quantity{0}, of.terms.backorder_cap - taken);
        if (line.units > left)
            return refuse_units(refusals::preorder_full,
                                of.terms.backorder_cap == Quantity{0}
                                    ? "this SKU cannot be ordered before it is there"
                                    : "of the units that may be ordered ahead " + count_of(left) + " are left",
                                code_of(state, line.sku), left)
                .error;
        const auto price = price_now(state.prices, {drop.id, line.line, channel}, at);
        if (!price) return refuse_line(refusals::no_such_line, "it has no price yet", code_of(state, line.sku)).error;
        line.unit_price = price->price, line.ship_by = of.terms.ship_by;
    }
    return std::nullopt;
}

void change(WaitingList& list, WaitId id, const auto& how) {
    auto& entry = list.table.must(id);
    list.index(entry, false);
    how(entry);
    list.index(entry, true);
}

void end(WaitingList& list, WaitId id, WaitEnd why, Instant at) {
    change(list, id, [&](WaitEntry& e) { e.status = WaitStatus::over, e.why = why, e.ended_at = at; });
}

void end_all(WaitingList& list, DropId drop, bool but_preorders, WaitEnd why, Instant at) {
    const auto it = list.queue.find(drop);
    if (it == list.queue.end()) return;
    const auto turns = it->second;
    for (const auto& turn : turns)
        if (turn.first || !but_preorders) end(list, turn.second, why, at);
}

// In facts that fit the journal, however many there are.
constexpr std::size_t ended_per_fact = 2'000;

void tell_ended(Facts& out, DropId drop, WaitEnd why, const std::vector<WaitId>& entries) {
    for (std::size_t from = 0; from < entries.size(); from += ended_per_fact) {
        const auto first = entries.begin() + static_cast<std::ptrdiff_t>(from);
        const auto count = std::min(ended_per_fact, entries.size() - from);
        out.emplace_back(WishesEnded{drop, {first, first + static_cast<std::ptrdiff_t>(count)}, why});
    }
}

// The earliest date of its lines: the wish is sent whole.
std::optional<Instant> first_date(const std::vector<WaitLine>& lines) {
    std::optional<Instant> first;
    for (const auto& line : lines)
        if (line.ship_by) first = first ? std::min(*first, *line.ship_by) : *line.ship_by;
    return first;
}

}  // namespace

bool offers_pending(const State& state, DropId drop) {
    return state.timers.armed.contains({TimerKind::offers, drop.n, {}});
}

std::uint64_t ahead_of(const WaitingList& list, const WaitEntry& entry) {
    const auto it = list.queue.find(entry.drop);
    return it == list.queue.end() ? 0 : it->second.before({!entry.preorder, entry.id});
}

Facts end_wishes_for(const State& state, DropId drop, const std::vector<std::uint32_t>& lines) {
    Facts out;
    std::vector<WaitId> ended;
    const auto it = state.waiting_list.queue.find(drop);
    if (lines.empty() || it == state.waiting_list.queue.end()) return out;
    for (const auto& turn : it->second) {
        const auto& wanted = state.waiting_list.table.must(turn.second).lines;
        if (std::any_of(wanted.begin(), wanted.end(), [&](const WaitLine& line) {
                return std::find(lines.begin(), lines.end(), line.line) != lines.end();
            }))
            ended.push_back(turn.second);
    }
    tell_ended(out, drop, WaitEnd::line_ended, ended);
    return out;
}

std::optional<Instant> promised_by(const State& state, HoldId hold) {
    const auto it = state.waiting_list.offers.find(hold);
    if (it == state.waiting_list.offers.end()) return std::nullopt;
    return first_date(state.waiting_list.table.must(it->second).lines);
}

Verdict handle(const State& state, const JoinWaitingList& command, const Moment& moment) {
    using namespace refusals;
    const auto* drop = state.drops.find(command.drop);
    if (!drop || drop->status == DropStatus::draft) return refuse(not_found, "no such drop");
    const auto& channels = drop->terms.channels;
    const auto* channel = state.places.find(command.channel);
    if (!channel || channel->mode != ChannelMode::own ||
        std::find(channels.begin(), channels.end(), channel->id) == channels.end())
        return refuse(wrong_channel, "this drop is not sold through that channel");
    const bool open = drop->status == DropStatus::open || drop->status == DropStatus::paused;
    if (!open && !(command.preorder && drop->status == DropStatus::scheduled))
        return refuse(drop_not_open, "a drop has a waiting list while it is open");
    if (open)  // a list is no way round the room
        if (auto refused = not_admitted(state, drop->id, command.session, command.admission, moment))
            return Failure<Refusal>{std::move(*refused)};
    std::vector<WaitLine> lines;
    if (auto refused = lines_of(state, *drop, command, lines)) return Failure<Refusal>{std::move(*refused)};
    if (open && !offers_pending(state, drop->id) && all_there(state, *drop, lines))
        return refuse(wrong_state, "all of this is there: hold it");
    if (!open)
        if (auto refused = is_the_openings(state, *drop, lines)) return Failure<Refusal>{std::move(*refused)};
    if (command.preorder)
        if (auto refused = not_to_be_preordered(state, *drop, channel->id, moment.at, lines))
            return Failure<Refusal>{std::move(*refused)};
    if (auto refused = over_a_limit(state, *drop, command, moment.person, lines))
        return Failure<Refusal>{std::move(*refused)};
    WaitEntry asks;
    asks.session = command.session, asks.person = moment.person;
    const auto who = WaitingList::who_of(asks);
    if (who == 0) return refuse_field(bad_value, "session", "/session", "say who waits: a session or a person");
    if (state.waiting_list.live.contains({drop->id, who}))
        return refuse(already_waiting, "you wait for this drop already: leave first to ask for something else");
    const auto date = first_date(lines);
    if (date && *date <= moment.at)
        return refuse(wrong_state, "what was to arrive was to be sent by now: nothing more can be ordered ahead");
    const auto until = date ? std::optional(*date + drop->terms.preorder_grace) : std::nullopt;
    return facts(WaitJoined{state.waiting_list.table.next(), drop->id, channel->id, std::move(lines), command.session,
                            moment.person, command.preorder, until});
}

Verdict handle(const State& state, const PreordersDue& command, const Moment& moment) {
    Facts out;
    PreordersChecked checked{command.drop, {}};
    std::vector<WaitId> late;
    if (const auto it = state.waiting_list.dates.find(command.drop); it != state.waiting_list.dates.end())
        for (const auto& [until, entry] : it->second) {
            if (until > moment.at) {
                checked.next = until;
                break;
            }
            late.push_back(entry);
        }
    tell_ended(out, command.drop, WaitEnd::ship_by_passed, late);
    out.emplace_back(checked);
    return out;
}

Verdict handle(const State& state, const LeaveWaitingList& command, const Moment& moment) {
    const auto* entry = state.waiting_list.table.find(command.entry);
    if (!entry) return refuse(refusals::not_found, "nobody waits under this id");
    if (entry->status == WaitStatus::waiting) return facts(WaitLeft{entry->id, entry->drop});
    const auto* hold = state.holds.table.find(entry->hold);
    if (entry->status != WaitStatus::offered || no_longer_held(*hold, moment.at))
        return refuse(refusals::wrong_state, "this wish is " + std::string(word_of(entry->status)) + " already");
    return facts(HoldEnded{hold->id, hold->drop, HoldStatus::released, hold->lines, hold->preorder, hold->session,
                           hold->expires_at});
}

void evolve(WaitingList& list, const WaitJoined& fact, const Stamp& stamp) {
    WaitEntry entry{fact.entry, fact.drop,    fact.channel, WaitStatus::waiting,
                    fact.lines, fact.session, fact.person,  fact.preorder,
                    stamp.at,   {},           {},           {}, fact.until};
    list.add(fact.entry, std::move(entry));
}

void evolve(WaitingList& list, const WishesEnded& fact, const Stamp& stamp) {
    for (const auto entry : fact.entries) end(list, entry, fact.why, stamp.at);
}

void evolve(WaitingList& list, const WaitLeft& fact, const Stamp& stamp) {
    change(list, fact.entry, [&](WaitEntry& e) { e.status = WaitStatus::left, e.ended_at = stamp.at; });
}

void evolve(WaitingList& list, const UnitsOffered& fact, const Stamp& stamp) {
    change(list, fact.entry,
           [&](WaitEntry& e) { e.status = WaitStatus::offered, e.hold = fact.hold, e.offered_at = stamp.at; });
}

void evolve(WaitingList&, const OffersMade&, const Stamp&) {}

void evolve(WaitingList& list, const HoldEnded& fact, const Stamp& stamp) {
    const auto it = list.offers.find(fact.hold);
    if (it == list.offers.end()) return;
    change(list, it->second, [&](WaitEntry& e) {
        e.status = fact.status == HoldStatus::expired ? WaitStatus::lapsed : WaitStatus::left, e.ended_at = stamp.at;
    });
}

void evolve(WaitingList& list, const OrderPlaced& fact, const Stamp& stamp) {
    const auto it = list.offers.find(fact.hold);
    if (it == list.offers.end()) return;
    change(list, it->second, [&](WaitEntry& e) { e.status = WaitStatus::bought, e.ended_at = stamp.at; });
}

void evolve(WaitingList& list, const DropClosed& fact, const Stamp& stamp) {
    end_all(list, fact.drop, fact.preorders > 0, WaitEnd::drop_closed, stamp.at);
}
void evolve(WaitingList& list, const DropTidied& fact, const Stamp&) {
    const auto it = list.of_drop.find(fact.drop);
    if (it == list.of_drop.end()) return;
    PastWishes past;
    for (const auto id : it->second) {
        const auto& entry = list.table.must(id);
        if (entry.preorder) {
            ++past.wishes;
            for (const auto& line : entry.lines) past.units += line.units;
            if (entry.status == WaitStatus::over) ++past.ended;
            if (entry.status == WaitStatus::over && entry.why != WaitEnd::drop_cancelled) ++past.missed;
            if (entry.status == WaitStatus::lapsed || entry.status == WaitStatus::left) ++past.gave_up;
        }
        list.index(entry, false);
        list.table.forget(id);
    }
    list.of_drop.erase(it);
    if (past.wishes > 0) list.past[fact.drop] = past;
}
void evolve(WaitingList& list, const DropCancelled& fact, const Stamp& stamp) {
    end_all(list, fact.drop, false, WaitEnd::drop_cancelled, stamp.at);
}

}  // namespace dropsmith::sell
