// See the header. Covered by sim/prove_test.cpp.
#include "sim/prove_wishes.h"

#include <algorithm>

namespace dropsmith::sim {

namespace {

std::string named(const char* what, std::uint64_t n) { return std::string(what) + " " + std::to_string(n); }

}  // namespace

void ProveWishes::set_lines(DropId drop, const std::vector<LineTerms>& lines) {
    for (std::uint32_t i = 0; i < lines.size(); ++i)
        if (lines[i].per_person_limit) limited_.insert({drop.n, i});
}

bool ProveWishes::could_be_met(const Wish& wish, const FreeUnits& free, const Units& more) const {
    if (wish.status != WaitStatus::waiting || wish.limited) return false;
    return std::all_of(wish.units.begin(), wish.units.end(), [&](const auto& wanted) {
        const auto extra = more.find(wanted.first);
        return wanted.second <= free(DropId{wish.drop}, wanted.first) + (extra == more.end() ? 0 : extra->second);
    });
}

std::string ProveWishes::held(const UnitsHeld& fact, const FreeUnits& free) const {
    for (const auto& [id, wish] : wishes_) {
        if (wish.drop != fact.drop.n || !could_be_met(wish, free)) continue;
        for (const auto& line : fact.lines)
            if (wish.units.contains(line.line))
                return named("hold", fact.hold.n) + named(" took what was there for wish", id);
    }
    return {};
}

std::string ProveWishes::take(const Fact& fact, Instant at, const FreeUnits& free) {
    if (const auto* held = fact.as<UnitsHeld>()) {
        last_held_ = {held->hold.n, {}};
        for (const auto& line : held->lines) last_held_.second[line.line] += line.units.n;
        return {};
    }
    if (const auto* joins = fact.as<WaitJoined>()) return joined(*joins);
    if (const auto* left = fact.as<WaitLeft>()) return leave_waiting(left->entry, WaitStatus::left);
    if (const auto* offer = fact.as<UnitsOffered>()) return offered(*offer, free);
    if (const auto* round = fact.as<OffersMade>())
        return round->again ? std::string{} : round_over(round->drop, at, free);
    if (const auto* hold = fact.as<HoldEnded>())
        return ended(hold->hold, hold->status == HoldStatus::expired ? WaitStatus::lapsed : WaitStatus::left);
    if (const auto* order = fact.as<OrderPlaced>()) return ended(order->hold, WaitStatus::bought);
    if (const auto* over = fact.as<WishesEnded>()) {
        for (const auto id : over->entries)
            if (auto wrong = leave_waiting(id, WaitStatus::over); !wrong.empty()) return wrong;
        return {};
    }
    if (const auto* set = fact.as<DropScheduled>()) closes_[set->drop.n] = set->closes_at;
    if (const auto* set = fact.as<DropEdited>()) closes_[set->drop.n] = set->terms.closes_at;
    if (const auto* opens = fact.as<DropOpened>()) selling_.insert(opens->drop.n);
    if (const auto* resumes = fact.as<DropResumed>()) selling_.insert(resumes->drop.n);
    if (const auto* pauses = fact.as<DropPaused>()) selling_.erase(pauses->drop.n);
    if (const auto* closes = fact.as<DropClosed>()) closed(closes->drop, closes->preorders > 0);
    if (const auto* cancels = fact.as<DropCancelled>()) closed(cancels->drop, false);
    if (const auto* tidied = fact.as<DropTidied>())
        std::erase_if(wishes_, [&](const auto& wish) { return wish.second.drop == tidied->drop.n; });
    return {};
}

std::string ProveWishes::joined(const WaitJoined& fact) {
    Wish wish;
    wish.drop = fact.drop.n, wish.ahead = fact.preorder;
    for (const auto& line : fact.lines) {
        wish.units[line.line] += line.units.n;
        if (limited_.contains({fact.drop.n, line.line})) wish.limited = true;
    }
    return wishes_.emplace(fact.entry.n, std::move(wish)).second ? std::string{}
                                                                 : named("wish", fact.entry.n) + " is made twice";
}

std::string ProveWishes::leave_waiting(WaitId id, WaitStatus to) {
    const auto it = wishes_.find(id.n);
    if (it == wishes_.end() || it->second.status != WaitStatus::waiting)
        return named("wish", id.n) + " does not wait and is " + std::string(word_of(to));
    it->second.status = to;
    return {};
}

// The hold was made just before it, of what was wished for and no more; and nobody who came earlier could have had it.
std::string ProveWishes::offered(const UnitsOffered& fact, const FreeUnits& free) {
    const auto name = named("wish", fact.entry.n);
    const auto it = wishes_.find(fact.entry.n);
    if (it == wishes_.end() || it->second.status != WaitStatus::waiting)
        return name + " does not wait and has an offer";
    auto& wish = it->second;
    if (last_held_.first != fact.hold.n || wish.units != last_held_.second || of_hold_.contains(fact.hold.n))
        return name + " is offered a hold that is not its own, or not what it asked for";
    for (const auto& [id, other] : wishes_) {
        const bool earlier = other.ahead != wish.ahead ? other.ahead : id < fact.entry.n;
        if (earlier && other.drop == wish.drop && could_be_met(other, free, last_held_.second))
            return named("wish", id) + " was passed over for " + name;
    }
    wish.status = WaitStatus::offered, wish.hold = fact.hold.n;
    of_hold_[fact.hold.n] = fact.entry.n;
    return {};
}

std::string ProveWishes::round_over(DropId drop, Instant at, const FreeUnits& free) const {
    const auto closes = closes_.find(drop.n);  // a round may be due at the very moment of the closing, before it
    if (!selling_.contains(drop.n) || (closes != closes_.end() && at >= closes->second)) return {};
    for (const auto& [id, wish] : wishes_)
        if (wish.drop == drop.n && could_be_met(wish, free)) return named("wish", id) + " could be met and waits";
    return {};
}

std::string ProveWishes::ended(HoldId hold, WaitStatus to) {
    const auto it = of_hold_.find(hold.n);
    if (it == of_hold_.end()) return {};
    if (const auto wish = wishes_.find(it->second); wish != wishes_.end()) wish->second.status = to;
    of_hold_.erase(it);
    return {};
}

void ProveWishes::closed(DropId drop, bool but_ahead) {
    selling_.erase(drop.n);
    for (auto& [id, wish] : wishes_)
        if (wish.drop == drop.n && wish.status == WaitStatus::waiting && !(but_ahead && wish.ahead))
            wish.status = WaitStatus::over;
}

std::string ProveWishes::compare(const State& state) const {
    for (const auto& [id, wish] : wishes_) {
        const auto* entry = state.waiting_list.table.find(WaitId{id});
        if (!entry) return named("wish", id) + ": only the ledger has it";
        if (entry->status != wish.status)
            return named("wish", id) + " is " + std::string(word_of(entry->status)) + ", by the ledger " +
                   std::string(word_of(wish.status));
        if (wish.status == WaitStatus::offered && entry->hold.n != wish.hold)
            return named("wish", id) + " has another hold than it was offered";
    }
    return {};
}

std::uint64_t ProveWishes::waiting() const {
    return static_cast<std::uint64_t>(std::count_if(wishes_.begin(), wishes_.end(), [](const auto& wish) {
        return wish.second.status == WaitStatus::waiting || wish.second.status == WaitStatus::offered;
    }));
}

}  // namespace dropsmith::sim
