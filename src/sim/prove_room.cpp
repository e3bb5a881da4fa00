// See the header. Covered by sim/prove_test.cpp.
#include "sim/prove_room.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/digest.h"
#include "base/text.h"

namespace dropsmith::sim {

namespace {

std::string_view octets(const Digest256& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string sixteen_digits(std::uint64_t ticket) {
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[ticket >> shift & 15];
    return out;
}

std::string entrant_no(std::uint64_t number) { return "entrant " + std::to_string(number); }

}  // namespace

std::string ProveRoom::take(const Fact& fact, Instant at) {
    if (const auto* drafted = fact.as<DropDrafted>(); drafted && drafted->terms.room) terms_ = *drafted->terms.room;
    if (const auto* edited = fact.as<DropEdited>(); edited && edited->terms.room) terms_ = *edited->terms.room;
    if (const auto* committed = fact.as<RoomCommitted>()) runs_ = true, commitment_ = committed->commitment;
    if (const auto* rate = fact.as<AdmissionRateSet>()) measured_ = rate->per_second;
    if (fact.as<DropOpened>() || fact.as<DropResumed>()) selling_ = true;
    if (fact.as<DropPaused>()) selling_ = false;
    if (fact.as<DropClosed>() || fact.as<DropCancelled>()) selling_ = runs_ = false;
    if (const auto* enters = fact.as<RoomEntered>()) return entered(*enters, at);
    if (const auto* draw = fact.as<RoomDrawn>()) return drawn(*draw);
    if (const auto* round = fact.as<RoomAdmitted>()) return let_in(*round, at);
    return {};
}

// A session, or a person where the room counts people, is in once until its turn has run out.
std::string ProveRoom::entered(const RoomEntered& fact, Instant at) {
    const auto name = entrant_no(fact.number);
    if (!runs_) return name + " enters a room that is not there";
    if (fact.number != entrants_.size() + 1) return name + " is not the next in number";
    for (const auto& other : entrants_) {
        const bool same = terms_.by_person ? other.person == fact.person.n : other.session == fact.session;
        if (same && !(other.let_in && runs_out(other, at))) return name + " is in the room already";
        if (other.ticket == fact.ticket) return name + " has somebody else's ticket";
    }
    Entrant entrant{fact.ticket, fact.session, fact.person.n, {}, {}};
    if (terms_.kind == RoomKind::fifo || was_drawn_) {
        entrant.rank = static_cast<std::uint32_t>(order_.size());
        order_.push_back(static_cast<std::uint32_t>(entrants_.size()));
    }
    entrants_.push_back(entrant);
    return {};
}

std::string ProveRoom::drawn(const RoomDrawn& fact) {
    if (terms_.kind != RoomKind::ballot || was_drawn_ || upto_ > 0) return "a draw that is not due";
    if (fact.entrants != entrants_.size()) return "the draw is not of all who are in";
    const auto seed = parse_hex(fact.seed);
    if (!seed || hex(blake2b(*seed)) != commitment_) return "the seed of the draw is not the one that was committed to";
    std::string tickets;
    for (const auto& entrant : entrants_) tickets += (tickets.empty() ? "" : "\n") + sixteen_digits(entrant.ticket);
    const auto key = blake2b(*seed + std::string(octets(blake2b(tickets))));
    std::multimap<Digest256, std::uint32_t> by_score;  // equal ones stay in order of arrival
    for (std::uint32_t i = 0; i < entrants_.size(); ++i)
        by_score.emplace(blake2b(sixteen_digits(entrants_[i].ticket), octets(key)), i);
    for (const auto& [score, index] : by_score) {
        entrants_[index].rank = static_cast<std::uint32_t>(order_.size());
        order_.push_back(index);
    }
    was_drawn_ = true;
    return {};
}

std::string ProveRoom::let_in(const RoomAdmitted& fact, Instant at) {
    round_ = true;
    const auto most = terms_.per_second_max == 0 ? measured_ : std::min(measured_, terms_.per_second_max);
    if (fact.upto < upto_ || fact.upto > order_.size()) return "a round lets in who is not next, or nobody knows";
    if (fact.upto > upto_) {
        if (!selling_) return "a round lets in while the drop does not sell";
        if (fact.upto - upto_ > most) return "a round lets in more than it may";
        if (last_ && at < *last_ + seconds(1)) return "two rounds let in within a second";
        last_ = at;
    }
    for (; upto_ < fact.upto; ++upto_) entrants_[order_[upto_]].let_in = at;
    if (!fact.over) return {};
    if (upto_ < entrants_.size() || (last_ && at < *last_ + terms_.admission_for))
        return "the room is said to be over while somebody waits or has a turn";
    runs_ = false;
    return {};
}

std::string ProveRoom::took(const std::string& what, std::uint64_t session, Instant at) const {
    if (!runs_ || !selling_) return {};
    const bool may = std::any_of(entrants_.begin(), entrants_.end(), [&](const Entrant& entrant) {
        return entrant.session == session && entrant.let_in && !runs_out(entrant, at);
    });
    return may ? std::string{} : what + " was let in by nobody";
}

std::string ProveRoom::batch_over(Instant at) {
    const bool round = std::exchange(round_, false);
    if (!runs_ || !selling_ || upto_ == entrants_.size()) return waits_since_.reset(), std::string{};
    if (round || !waits_since_) waits_since_ = at;
    if (at < *waits_since_ + seconds(1)) return {};
    return entrant_no(upto_ + 1u) + " to be let in waits, and there is no round";
}

std::string ProveRoom::compare(const State& state) const {
    if (commitment_.empty() && entrants_.empty()) return {};
    const auto* room = state.rooms.find(DropId{1});
    if (!room) return "the shop has no waiting room";
    if (room->over == runs_) return "the shop's waiting room ends at another moment";
    if (room->entrants.size() != entrants_.size() || room->upto != upto_) return "the shop's waiting room holds others";
    for (std::uint32_t i = 0; i < entrants_.size(); ++i) {
        const auto& own = entrants_[i];
        const auto& its = room->entrants[i];
        const auto name = entrant_no(i + 1u);
        const bool forgotten = its.session == 0;  // long after the drop
        if (its.ticket != own.ticket || (!forgotten && (its.session != own.session || its.person.n != own.person)))
            return name + " is somebody else to the shop";
        const auto rank = room->rank_of(i + 1u);
        if (rank != own.rank) return name + " has another place in the shop's order";
        if (rank && room->admitted_at(*rank) != own.let_in) return name + " was let in at another moment, to the shop";
    }
    return {};
}

}  // namespace dropsmith::sim
