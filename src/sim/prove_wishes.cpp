// See the header. Covered by sim/prove_test.cpp.
#include "sim/prove_wishes.h"

#include <algorithm>

namespace dropsmith::sim {

namespace {

std::string named(const char* what, std::uint64_t n) { return std::string(what) + " " + std::to_string(n); }

}  // namespace

void ProveWishes::set_terms(DropId drop, const DropTerms& terms) {
    grace_[drop.n] = terms.preorder_grace;
    for (std::uint32_t i = 0; i < terms.lines.size(); ++i) {
        const auto& line = terms.lines[i];
        lines_[{drop.n, i}] = {line.backorder_cap.n, line.per_person_limit.has_value(), line.ship_by};
    }
}

void ProveWishes::set_price(const PriceSet& fact) {
    auto& asked = asked_[fact.key];
    if (fact.kind != DecisionKind::override_)
        asked.until.reset();
    else if (!asked.until)
        asked.under = asked.price;
    asked.price = fact.price;
    if (fact.kind == DecisionKind::override_) asked.until = fact.until;
}

std::optional<Money> ProveWishes::price_at(const LineKey& key, Instant at) const {
    const auto it = asked_.find(key);
    if (it == asked_.end()) return std::nullopt;
    const auto& [price, under, until] = it->second;
    return until && *until <= at ? under : price;  // an override ends at its moment, whenever that is written down
}

bool ProveWishes::is_served(const Wish& wish, Instant at) const {
    if (closed_.contains(wish.drop)) return wish.ahead;
    const auto closes = closes_.find(wish.drop);
    return selling_.contains(wish.drop) && (closes == closes_.end() || at < closes->second);
}

bool ProveWishes::could_be_met(const Wish& wish, const FreeUnits& free, const Units& more) const {
    if (wish.status != WaitStatus::waiting || wish.limited) return false;
    return std::all_of(wish.units.begin(), wish.units.end(), [&](const auto& wanted) {
        const auto extra = more.find(wanted.first);
        return wanted.second <= free(DropId{wish.drop}, wanted.first) + (extra == more.end() ? 0 : extra->second);
    });
}

std::string ProveWishes::held(const UnitsHeld& fact, const FreeUnits& free) const {
    if (!selling_.contains(fact.drop.n)) return {};  // with a pass, before the opening and before everybody
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
        last_ = {held->hold.n, {}, {}};
        for (const auto& line : held->lines) {
            last_.units[line.line] += line.units.n;
            auto& price = last_.prices[line.line];
            price = std::max(price, line.unit_price);
        }
        return {};
    }
    if (const auto* joins = fact.as<WaitJoined>()) return joined(*joins, at);
    if (const auto* left = fact.as<WaitLeft>()) return leave_waiting(left->entry, WaitStatus::left);
    if (const auto* offer = fact.as<UnitsOffered>()) return offered(*offer, at, free);
    if (const auto* round = fact.as<OffersMade>()) {
        could_be_met_.clear();  // they were looked at: what comes free after it is the next round's
        return round->again ? std::string{} : round_over(round->drop, at, free);
    }
    if (const auto* hold = fact.as<HoldEnded>())
        return ended(hold->hold, hold->status == HoldStatus::expired ? WaitStatus::lapsed : WaitStatus::left);
    if (const auto* order = fact.as<OrderPlaced>()) {
        const auto it = of_hold_.find(order->hold.n);
        const auto date = it == of_hold_.end() ? std::nullopt : wishes_.at(it->second).date;
        if (order->ship_by != date)
            return named("order", order->order.n) + " is promised for another day than its wish";
        return ended(order->hold, WaitStatus::bought);
    }
    if (const auto* over = fact.as<WishesEnded>()) return given_up(*over, at);
    if (const auto* price = fact.as<PriceSet>()) set_price(*price);
    if (const auto* set = fact.as<DropScheduled>()) closes_[set->drop.n] = set->closes_at;
    if (const auto* set = fact.as<DropEdited>()) closes_[set->drop.n] = set->terms.closes_at;
    if (const auto* opens = fact.as<DropOpened>()) selling_.insert(opens->drop.n);
    if (const auto* resumes = fact.as<DropResumed>()) selling_.insert(resumes->drop.n);
    if (const auto* pauses = fact.as<DropPaused>()) selling_.erase(pauses->drop.n);
    if (const auto* closes = fact.as<DropClosed>()) return closed(closes->drop, closes->preorders);
    if (const auto* settles = fact.as<DropSettled>()) closed_.erase(settles->drop.n);
    if (const auto* cancels = fact.as<DropCancelled>()) {
        selling_.erase(cancels->drop.n);
        for (auto& [id, wish] : wishes_)
            if (wish.drop == cancels->drop.n && wish.status == WaitStatus::waiting) wish.status = WaitStatus::over;
    }
    if (const auto* tidied = fact.as<DropTidied>())
        std::erase_if(wishes_, [&](const auto& wish) { return wish.second.drop == tidied->drop.n; });
    return {};
}

std::string ProveWishes::joined(const WaitJoined& fact, Instant at) {
    Wish wish;
    wish.drop = fact.drop.n, wish.channel = fact.channel.n, wish.ahead = fact.preorder;
    for (const auto& line : fact.lines) {
        wish.units[line.line] += line.units.n;
        if (lines_[{fact.drop.n, line.line}].limited) wish.limited = true;
    }
    auto wrong = wish.ahead ? promised(fact, wish, at) : std::string{};
    if (!wishes_.emplace(fact.entry.n, std::move(wish)).second) wrong = named("wish", fact.entry.n) + " is made twice";
    return wrong;
}

std::string ProveWishes::promised(const WaitJoined& fact, Wish& wish, Instant at) const {
    const auto name = named("wish", fact.entry.n);
    for (const auto& line : fact.lines) {
        const auto& terms = lines_.at({fact.drop.n, line.line});
        const auto price = price_at({fact.drop, line.line, fact.channel}, at);
        if (!line.unit_price || line.unit_price != price) return name + " is not promised the price of the moment";
        if (!line.ship_by || line.ship_by != terms.ship_by) return name + " is promised for another day than is said";
        wish.promised[line.line] = *line.unit_price;
        wish.date = wish.date ? std::min(*wish.date, *line.ship_by) : *line.ship_by;
    }
    wish.until = *wish.date + grace_.at(fact.drop.n);
    if (fact.until != wish.until) return name + " waits until another moment than its date and the grace";
    for (const auto& [line, units] : wish.units) {
        auto all = units;
        for (const auto& [id, other] : wishes_) {
            const bool counts = other.status == WaitStatus::waiting || other.status == WaitStatus::offered ||
                                other.status == WaitStatus::bought;
            const auto its = other.units.find(line);
            if (other.ahead && counts && other.drop == wish.drop && its != other.units.end()) all += its->second;
        }
        if (const auto most = lines_.at({wish.drop, line}).ahead_cap; all > most)
            return named("line", line) + named(": ordered ahead", static_cast<std::uint64_t>(all)) +
                   named(", may be", static_cast<std::uint64_t>(most));
    }
    return {};
}

std::string ProveWishes::leave_waiting(WaitId id, WaitStatus to) {
    const auto it = wishes_.find(id.n);
    if (it == wishes_.end() || it->second.status != WaitStatus::waiting)
        return named("wish", id.n) + " does not wait and is " + std::string(word_of(to));
    it->second.status = to;
    return {};
}

// The hold was made just before it, of what was wished for and no more; and nobody who came earlier could have had it.
std::string ProveWishes::offered(const UnitsOffered& fact, Instant at, const FreeUnits& free) {
    const auto name = named("wish", fact.entry.n);
    const auto it = wishes_.find(fact.entry.n);
    if (it == wishes_.end() || it->second.status != WaitStatus::waiting)
        return name + " does not wait and has an offer";
    auto& wish = it->second;
    if (last_.hold != fact.hold.n || wish.units != last_.units || of_hold_.contains(fact.hold.n))
        return name + " is offered a hold that is not its own, or not what it asked for";
    if (auto wrong = too_dear(wish, at); !wrong.empty()) return name + wrong;
    for (const auto& [id, other] : wishes_) {
        const bool earlier = other.ahead != wish.ahead ? other.ahead : id < fact.entry.n;
        if (earlier && other.drop == wish.drop && could_be_met(other, free, last_.units))
            return named("wish", id) + " was passed over for " + name;
    }
    wish.status = WaitStatus::offered, wish.hold = fact.hold.n;
    of_hold_[fact.hold.n] = fact.entry.n;
    return {};
}

// The price of the moment, and of what was ordered ahead never more than was said then.
std::string ProveWishes::too_dear(const Wish& wish, Instant at) const {
    for (const auto& [line, price] : last_.prices) {
        const auto now = price_at({DropId{wish.drop}, line, ChannelId{wish.channel}}, at);
        const auto said = wish.promised.find(line);
        if (said != wish.promised.end() && price > said->second) return " is offered for more than was promised";
        if (!now || price > *now) return " is offered for more than the price of the moment";
    }
    return {};
}

std::string ProveWishes::round_over(DropId drop, Instant at, const FreeUnits& free) const {
    for (const auto& [id, wish] : wishes_)
        if (wish.drop == drop.n && is_served(wish, at) && could_be_met(wish, free))
            return named("wish", id) + " could be met and waits";
    return {};
}

std::string ProveWishes::batch_over(Instant at, const FreeUnits& free) {
    std::set<std::uint64_t> could;
    for (const auto& [id, wish] : wishes_) {
        if (wish.status != WaitStatus::waiting) continue;
        if (wish.until && *wish.until <= at) return named("wish", id) + " waits past the date that it was told";
        if (!is_served(wish, at) || !could_be_met(wish, free)) continue;
        if (could_be_met_.contains(id)) return named("wish", id) + " could be met, and nothing looks at it";
        could.insert(id);
    }
    could_be_met_ = std::move(could);
    return {};
}

std::string ProveWishes::ended(HoldId hold, WaitStatus to) {
    const auto it = of_hold_.find(hold.n);
    if (it == of_hold_.end()) return {};
    if (const auto wish = wishes_.find(it->second); wish != wishes_.end()) wish->second.status = to;
    of_hold_.erase(it);
    return {};
}

std::string ProveWishes::given_up(const WishesEnded& fact, Instant at) {
    for (const auto id : fact.entries) {
        if (auto wrong = leave_waiting(id, WaitStatus::over); !wrong.empty()) return wrong;
        const auto& wish = wishes_.at(id.n);
        if (fact.why == WaitEnd::ship_by_passed && (!wish.until || at < *wish.until))
            return named("wish", id.n) + " ends before the date that it was told";
    }
    return {};
}

// What was ordered ahead outlives the closing; the rest of the list does not.
std::string ProveWishes::closed(DropId drop, std::uint64_t ahead) {
    selling_.erase(drop.n), closed_.insert(drop.n);
    std::uint64_t goes_on = 0;
    for (auto& [id, wish] : wishes_) {
        if (wish.drop != drop.n || wish.status != WaitStatus::waiting) continue;
        if (wish.ahead)
            ++goes_on;
        else
            wish.status = WaitStatus::over;
    }
    if (goes_on == ahead) return {};
    return named("drop", drop.n) + named(" closes with", ahead) + named(" orders ahead, by the ledger", goes_on);
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
