// Covered by tests/http/waiting_room.py.
#include "edge/http/room_board.h"

#include <algorithm>
#include <set>

#include "edge/http/resolve.h"
#include "flow/sell/room.h"

namespace dropsmith::http {
namespace {

bool is_over(DropStatus status) {
    return status == DropStatus::closed || status == DropStatus::settled || status == DropStatus::cancelled;
}

// Of facts that can change what a room's view says.
DropId touched_by(const Fact& fact) {
    if (const auto* f = fact.as<RoomEntered>()) return f->drop;
    if (const auto* f = fact.as<RoomAdmitted>()) return f->drop;
    if (const auto* f = fact.as<RoomCommitted>()) return f->drop;
    if (const auto* f = fact.as<RoomDrawn>()) return f->drop;
    if (const auto* f = fact.as<AdmissionRateSet>()) return f->drop;
    if (const auto* f = fact.as<DropEdited>()) return f->drop;
    if (const auto* f = fact.as<DropOpened>()) return f->drop;
    if (const auto* f = fact.as<DropPaused>()) return f->drop;
    if (const auto* f = fact.as<DropResumed>()) return f->drop;
    if (const auto* f = fact.as<DropClosed>()) return f->drop;
    if (const auto* f = fact.as<DropSettled>()) return f->drop;
    if (const auto* f = fact.as<DropCancelled>()) return f->drop;
    return {};
}

}  // namespace

std::string_view word_of(PlaceStatus status) {
    static constexpr std::string_view words[] = {"entered", "waiting", "admitted", "expired", "over", "ended"};
    return words[static_cast<std::size_t>(status)];
}

Standing standing_of(const RoomView& room, std::uint32_t number, Instant now) {
    Standing out;
    if (is_over(room.status)) return out.status = PlaceStatus::ended, out;
    if (room.over) return out.status = PlaceStatus::over, out;
    const bool drawn = room.terms.kind == RoomKind::fifo || room.drawn_at;
    if (!drawn) return out;
    const auto rank = room.ranks && number <= room.ranks->size() ? (*room.ranks)[number - 1] : number - 1;
    if (rank < room.upto) {
        const auto step = std::upper_bound(room.steps.begin(), room.steps.end(), rank,
                                           [](std::uint32_t r, const AdmittedStep& s) { return r < s.upto; });
        out.expires_at = (step == room.steps.end() ? now : step->at) + room.terms.admission_for;
        out.status = *out.expires_at <= now ? PlaceStatus::expired : PlaceStatus::admitted;
        return out;
    }
    out.status = PlaceStatus::waiting;
    out.position = rank - room.upto + 1;
    if (room.status == DropStatus::paused) return out;
    // At today's rate, and at half of it: the rate follows what the shop can take, so nobody knows better.
    const auto until_open = std::max<std::int64_t>(0, (room.opens_at - now).n / 1000);
    const auto rate = static_cast<std::int64_t>(std::max<std::uint64_t>(1, room.per_second));
    const auto rounds = (static_cast<std::int64_t>(out.position) + rate - 1) / rate;
    out.wait_s.emplace(until_open + std::max<std::int64_t>(1, rounds), until_open + 2 * rounds + 1);
    return out;
}

void RoomBoard::load(const State& state) {
    for (const auto& [drop, room] : state.rooms.rooms) show(state, drop);
}

void RoomBoard::stored(const State& state, const engine::Batch& batch) {
    std::set<DropId> touched;
    for (const auto& entry : batch.entries)
        for (const auto& fact : entry.facts)
            if (const auto drop = touched_by(fact)) touched.insert(drop);
    for (const auto drop : touched) show(state, drop);
}

void RoomBoard::show(const State& state, DropId id) {
    const auto* room = state.rooms.find(id);
    const auto* drop = state.drops.find(id);
    if (!room || !drop || !drop->terms.room) return;
    const auto before = find(id);
    auto view = std::make_shared<RoomView>();
    view->drop = id;
    view->slug = drop->terms.slug, view->title = drop->terms.title, view->shop = state.shop.name;
    view->time_zone = drop->terms.time_zone;
    view->status = drop->status, view->terms = *drop->terms.room;
    view->opens_at = drop->terms.opens_at, view->closes_at = drop->terms.closes_at, view->draw_at = room->draw_at;
    view->commitment = room->commitment;
    view->entrants = static_cast<std::uint32_t>(room->entrants.size()), view->upto = room->upto;
    view->per_second = sell::admissions_now(*room, *drop->terms.room);
    view->over = room->over, view->steps = room->steps, view->drawn_at = room->drawn_at;
    view->sold_out = !drop->lines.empty();
    for (std::uint32_t i = 0; i < drop->lines.size(); ++i)
        if (available(state, *drop, i) > Quantity{0}) view->sold_out = false;
    if (room->drawn_at) {
        view->seed = room->seed;
        if (before && before->ranks) {
            view->ranks = before->ranks, view->tickets = before->tickets;
        } else {
            auto tickets = std::make_shared<std::vector<std::uint64_t>>();
            for (std::size_t i = 0; i < room->ranks.size(); ++i) tickets->push_back(room->entrants[i].ticket);
            view->tickets = std::move(tickets);
            view->ranks = std::make_shared<const std::vector<std::uint32_t>>(room->ranks);
        }
    }
    const std::lock_guard lock(mutex_);
    by_slug_[view->slug] = id;
    views_[id] = std::move(view);
}

std::shared_ptr<const RoomView> RoomBoard::find(DropId drop) const {
    const std::lock_guard lock(mutex_);
    const auto it = views_.find(drop);
    return it == views_.end() ? nullptr : it->second;
}

std::shared_ptr<const RoomView> RoomBoard::find(std::string_view id_or_slug, const PublicIds& ids) const {
    if (const auto id = ids.read<DropTag>(id_or_slug)) return find(*id);
    std::optional<DropId> named;
    {
        const std::lock_guard lock(mutex_);
        if (const auto it = by_slug_.find(id_or_slug); it != by_slug_.end()) named = it->second;
    }
    return named ? find(*named) : nullptr;
}

std::vector<std::shared_ptr<const RoomView>> RoomBoard::live() const {
    std::vector<std::shared_ptr<const RoomView>> out;
    const std::lock_guard lock(mutex_);
    for (const auto& [drop, view] : views_)
        if (view->status == DropStatus::open && !view->over && view->upto < view->entrants) out.push_back(view);
    return out;
}

}  // namespace dropsmith::http
