// Editing a drop. A draft may become anything. What is announced binds: a scheduled drop keeps its slug and its lines'
// SKUs; an open or paused one may be extended, get units, lines and texts, lose a line or shift units between places,
// always with a reason. No edit goes below what is held or sold, and no edit touches a hold. Prices of new lines and
// bands are decide's (flow/decide/plan.h). Loop's thread. Covered by flow/sell/drop_edit_test.cpp.
#include <algorithm>

#include "flow/sell/drop.h"

#include "base/digest.h"
#include "base/limits.h"
#include "flow/sell/drop_terms.h"
#include "flow/sell/refusing.h"
#include "flow/sell/waiting_list.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

using Refused = std::optional<Refusal>;

Refused promise(const std::string& pointer, std::string detail) {
    return refuse_field(refusals::breaks_promise, "breaks_promise", pointer, std::move(detail)).error;
}
Refused fixed(const std::string& pointer, std::string detail) {
    return refuse_field(refusals::wrong_state, "fixed", pointer, std::move(detail)).error;
}

template <class T>
bool same(const T& a, const T& b) {  // field by field, whatever the record is
    return Blake2b().add(AnyRef{&type_of<T>(), &a}).finish() == Blake2b().add(AnyRef{&type_of<T>(), &b}).finish();
}

bool is_ended(const EditDrop& command, const Drop& drop, std::size_t i) {
    const auto& ends = command.end_lines;
    return drop.lines[i].ended || std::find(ends.begin(), ends.end(), i) != ends.end();
}

// The document without what an open drop may still change.
DropTerms frozen(DropTerms terms) {
    terms.title.clear(), terms.story.clear(), terms.lines.clear();
    terms.closes_at = Instant{};
    terms.show = ShowAvailable::exact, terms.few_under = Quantity{1};
    terms.offer_for = Duration{};
    terms.preorder_grace = Duration{};
    if (terms.room) terms.room->per_second_max = 0;  // how fast people are let in stays the merchant's
    return terms;
}
LineTerms frozen(LineTerms line) {
    line.cap = Quantity{};
    line.places.clear();
    line.substitute = SkuId{};
    return line;
}

// A line that sells from one place sells its whole cap there: the allotment follows when only the cap was changed.
void follow_cap(const DropLine& was, LineTerms& now) {
    const auto& before = was.terms.places;
    if (before.size() == 1 && now.places.size() == 1 && same(before[0], now.places[0]) &&
        before[0].units == was.terms.cap)
        now.places[0].units = now.cap;
}

// What was ordered ahead binds: how many, and by when they are sent.
Refused below_preorders(const State& state, const Drop& drop, std::uint32_t line, const LineTerms& now,
                        const std::string& at) {
    const auto it = state.waiting_list.preordered.find({drop.id, line});
    if (it == state.waiting_list.preordered.end() || it->second <= Quantity{0}) return std::nullopt;
    if (now.backorder_cap < it->second)
        return promise(at + "/backorder_cap", count_of(it->second) + " units are ordered ahead already: it cannot be "
                                                                     "below that");
    const auto& by = drop.lines[line].terms.ship_by;
    if (by && (!now.ship_by || *now.ship_by > *by))
        return promise(at + "/ship_by", "buyers were promised this date: it can become earlier, not later");
    return std::nullopt;
}

Refused below_promise(const DropLine& was, const LineTerms& now, const std::string& at) {
    const auto used = was.held + was.sold;
    if (now.sku != was.terms.sku) return promise(at + "/sku", "a line keeps its SKU: end it and add another line");
    if (now.cap < used)
        return promise(at + "/cap", count_of(was.held) + " are held and " + count_of(was.sold) +
                                        " sold: the cap cannot be below " + count_of(used));
    const auto reserved = was.preorder_held + was.preorder_sold;
    if (share_of(now.cap, now.preorder_share) < reserved && now.preorder_share != was.terms.preorder_share)
        return promise(at + "/preorder_share", count_of(reserved) + " units are pre-ordered already");
    for (const auto& use : was.places) {
        const auto it = std::find_if(now.places.begin(), now.places.end(),
                                     [&](const Allotment& a) { return a.place == use.place; });
        const auto allotted = it == now.places.end() ? Quantity{0} : it->units;
        if (allotted < use.held + use.sold)
            return promise(at + "/places", "a place's allotment cannot be below the " + count_of(use.held + use.sold) +
                                               " units that are held or sold there");
    }
    return std::nullopt;
}

Refused allotments_add_up(const LineTerms& line, const std::string& at) {
    Quantity sum;
    for (const auto& allotment : line.places) sum += allotment.units;
    if (sum == line.cap) return std::nullopt;
    return refuse_field(
               refusals::bad_value, "allotments", at + "/places",
               "the places add up to " + count_of(sum) + ", the cap is " + count_of(line.cap) + ": make them equal")
        .error;
}

// A cap may rise within what is free in the shop at the line's places.
Refused raised_over_stock(const State& state, const DropLine* was, const LineTerms& now, const std::string& at) {
    Quantity to_come = now.backorder_cap;  // may be sold before it is there
    for (const auto& allotment : now.places) {
        Quantity used;
        Quantity before;
        for (const auto& use : was ? was->places : std::vector<PlaceUse>{})
            if (use.place == allotment.place) used = use.held + use.sold, before = use.allotted;
        if (allotment.units <= before) continue;
        const auto* row = state.stock.find(now.sku, allotment.place);
        const auto free = row ? row->free : Quantity{0};
        if (allotment.units - used > free && allotment.units - used - free <= to_come)
            to_come -= allotment.units - used - free;
        else if (allotment.units - used > free)
            return refuse_field(refusals::insufficient_free, "promised_over_stock", at + "/places",
                                count_of(allotment.units - used) + " more units are promised, " + count_of(free) +
                                    " are free there: receive or move stock first")
                .error;
    }
    return std::nullopt;
}

Refused wrong_lines(const State& state, const EditDrop& command, const Drop& drop, DropTerms& terms) {
    const bool open = drop.status != DropStatus::scheduled;
    if (terms.lines.size() < drop.lines.size())
        return promise("/lines", "lines are not removed: name them in end_lines");
    for (std::size_t i = 0; i < terms.lines.size(); ++i) {
        const auto at = "/lines/" + std::to_string(i);
        auto& now = terms.lines[i];
        const auto* was = i < drop.lines.size() ? &drop.lines[i] : nullptr;
        if (was) {
            follow_cap(*was, now);
            if (auto refusal = below_promise(*was, now, at)) return refusal;
            if (auto refusal = below_preorders(state, drop, static_cast<std::uint32_t>(i), now, at)) return refusal;
            if (was->ended && !same(was->terms, now)) return fixed(at, "this line has ended: add another line");
            if (open && !same(frozen(was->terms), frozen(now)))
                return fixed(at, "of an open drop's line only the cap and its places can be changed");
            if (is_ended(command, drop, i)) continue;
        }
        for (std::size_t j = 0; j < i; ++j)
            if (terms.lines[j].sku == now.sku && !(j < drop.lines.size() && is_ended(command, drop, j)))
                return refuse_field(refusals::bad_value, "sku", at + "/sku",
                                    "this SKU has a line already: end that one first")
                    .error;
        if (auto refusal = allotments_add_up(now, at)) return refusal;
        if (auto refusal = raised_over_stock(state, was, now, at)) return refusal;
    }
    return std::nullopt;
}

Refused wrong_window(const Drop& drop, const DropTerms& terms, Instant at) {
    const bool open = drop.status != DropStatus::scheduled;
    const auto room = [](const DropTerms& of) {
        DropTerms only;
        only.room = frozen(of).room;
        return only;
    };
    if (!same(room(terms), room(drop.terms)))
        return fixed("/room", "the waiting room is announced: only per_second_max can be changed");
    if (!open)
        return terms.opens_at > at ? std::nullopt
                                   : fixed("/opens_at", "the opening lies in the past: choose a later one");
    if (terms.opens_at != drop.terms.opens_at) return fixed("/opens_at", "the drop has opened already");
    if (terms.closes_at < drop.terms.closes_at)
        return promise("/closes_at", "an open drop can be extended, not shortened: close it");
    if (!same(frozen(terms), frozen(drop.terms)))
        return fixed(
            "",
            "of an open drop only the title, the story, the end, lines, caps, places and what is shown can be changed");
    return std::nullopt;
}

}  // namespace

Verdict handle(const State& state, const EditDrop& command, const Moment& moment) {
    using namespace refusals;
    const auto* drop = state.drops.find(command.drop);
    if (!drop) return refuse(not_found, "no such drop");
    if (command.if_version && *command.if_version != drop->version)
        return refuse(version_conflict, "the drop is at version " + std::to_string(drop->version) + ": read it again");
    const auto status = drop->status;
    const bool open = status == DropStatus::open || status == DropStatus::paused;
    if (!open && status != DropStatus::draft && status != DropStatus::scheduled)
        return refuse(wrong_state, "the drop is " + std::string(word_of(status)) + ": it can no longer be edited");
    if (open && command.reason.empty())
        return refuse_field(bad_value, "reason", "/reason", "an open drop is edited with a reason");
    if (command.reason.size() > limits::name_max)
        return refuse_field(bad_value, "reason", "/reason", "a reason has at most 200 bytes");
    for (auto line : command.end_lines)
        if (line >= drop->lines.size())
            return refuse_field(no_such_line, "end_lines", "/end_lines", "there is no such line to end");
    if (status != DropStatus::draft && command.terms.slug != drop->terms.slug)
        return Failure<Refusal>{*fixed("/slug", "the slug is announced and stays")};
    DropTerms terms = command.terms;
    if (auto wrong = complete(state, terms)) return Failure<Refusal>{std::move(*wrong)};
    if (auto wrong = wrong_terms(state, terms, drop->id)) return Failure<Refusal>{std::move(*wrong)};
    if (status == DropStatus::draft) {
        for (std::size_t i = 0; i < terms.lines.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (terms.lines[i].sku == terms.lines[j].sku)
                    return refuse_field(bad_value, "sku", "/lines/" + std::to_string(i) + "/sku",
                                        "this SKU has a line already");
    } else {
        if (auto wrong = wrong_window(*drop, terms, moment.at)) return Failure<Refusal>{std::move(*wrong)};
        if (auto wrong = wrong_lines(state, command, *drop, terms)) return Failure<Refusal>{std::move(*wrong)};
    }
    if (terms.preorder_grace < drop->terms.preorder_grace && state.waiting_list.ahead_of_stock(drop->id) > 0)
        return Failure<Refusal>{
            *promise("/preorder_grace_seconds", "units are ordered ahead: it can only be prolonged")};
    auto out = bounded_facts(DropEdited{drop->id, std::move(terms), command.end_lines, command.reason});
    if (out)
        for (auto& fact : end_wishes_for(state, drop->id, command.end_lines)) out->push_back(std::move(fact));
    return out;
}

}  // namespace dropsmith::sell
