// The fold. Covered by flow/measure/periods_test.cpp.
#include "flow/measure/periods.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace dropsmith::measure {

bool PeriodLog::offered(const LineKey& key) const {
    const auto drop = drops_.find(key.drop);
    if (drop == drops_.end() || !drop->second.open || key.line >= drop->second.lines.size()) return false;
    const auto& line = drop->second.lines[key.line];
    return line.free > 0 && !line.ended;
}

// After anything that may open, close, sell out or give back: clocks of time on offer start and stop.
void PeriodLog::settle_offers(DropId drop, Instant at) {
    for (auto it = running_.lower_bound({drop, 0, ChannelId{}}); it != running_.end() && it->first.drop == drop; ++it) {
        auto& period = it->second.period;
        auto& since = it->second.on_offer_since;
        const bool now = offered(it->first);
        if (now && !since) since = at;
        if (!now && since) period.offered = period.offered + (at - *since), since.reset();
    }
}

std::vector<PriceChance> PeriodLog::chances_of(const Known& drop, const PriceSet& set, Money standing) {
    std::map<Money, double> chances;
    if (set.cohort) {  // who sees which price was drawn, session by session
        const double share = static_cast<double>(set.cohort->share.n) / 1e6;
        return {{set.cohort->price, share}, {set.price, 1 - share}};
    }
    // In a cohort drop the others go on at the standing price, whatever was drawn for the cohort.
    if (mode_of(drop.terms.pricing) == PriceMode::cohort) return {{set.price, 1.0}};
    if (set.kind == DecisionKind::bandit && set.key.line < drop.terms.lines.size())
        for (const auto& arm : set.inputs.arms) {
            if (arm.propensity == Rate{}) continue;
            const auto price = reach_(drop.terms.lines[set.key.line], drop.terms.pricing, set, arm.price, standing);
            if (price) chances[*price] += static_cast<double>(arm.propensity.n) / 1e6;
        }
    const double logged = static_cast<double>(set.propensity.n) / 1e6;
    const auto own = chances.find(set.price);
    if (own == chances.end() || std::fabs(own->second - logged) > 1e-9) {
        unexplained_ += set.kind == DecisionKind::bandit;
        return {{set.price, 1.0}};
    }
    std::vector<PriceChance> out;
    for (const auto& [price, chance] : chances) out.push_back({price, chance});
    return out;
}

void PeriodLog::begin(const LineKey& key, const PriceSet& set, Instant at) {
    const auto drop = drops_.find(key.drop);
    if (drop == drops_.end() || key.line >= drop->second.terms.lines.size()) return;
    const auto before = running_.find(key);
    const Money standing = before == running_.end() ? Money{} : before->second.period.price;
    cut(key, at);
    const auto& terms = drop->second.terms.lines[key.line];
    auto& running = running_[key] = {};
    auto& period = running.period;
    running.cohort = set.cohort;
    period.key = key, period.sku = terms.sku, period.decision = set.decision, period.from = at;
    period.price = set.price, period.list_price = list_price_in(terms, key.channel);
    period.chances = chances_of(drop->second, set, standing);
    period.periods_left = set.inputs.periods_left;
    period.stock = drop->second.lines[key.line].free;
    running.on_offer_since = offered(key) ? std::optional(at) : std::nullopt;
}

// A piece that has ended; one with a cohort as its sides.
void PeriodLog::keep(const Running& running) {
    const auto& whole_piece = running.period;
    const bool sold = whole_piece.units != 0 || running.apart.units != 0 || running.aside.units != 0;
    if (whole_piece.offered.n <= 0 && !sold) return;
    last_of_[whole_piece.decision] = done_.size();
    done_.push_back(whole_piece);
    if (!running.cohort) return;
    const Duration apart{
        checked(try_mul_div_floor(whole_piece.offered.n, running.cohort->share.n, whole.n))};
    Period side = whole_piece;
    done_.back().side = Side::rest, done_.back().offered.n -= apart.n;
    side.side = Side::cohort, side.price = running.cohort->price, side.offered = apart;
    side.units = running.apart.units, side.unit_squares = running.apart.squares;
    done_.push_back(side);
    Period aside = whole_piece;
    aside.offered = {}, aside.chances = {{aside.price, 1.0}}, aside.unit_squares = 0;
    aside.units = running.aside.units;
    done_.push_back(aside);  // also when it is nothing: units given back may find it
}

void PeriodLog::cut(const LineKey& key, Instant at) {
    const auto found = running_.find(key);
    if (found == running_.end()) return;
    auto& running = found->second;
    auto& period = running.period;
    auto& since = running.on_offer_since;
    if (since) period.offered = period.offered + (at - *since);
    period.to = at;
    keep(running);
    period.from = at, period.units = 0, period.unit_squares = 0, period.offered = {}, period.periods_left = 0;
    running.apart = running.aside = {};
    if (!running.cohort) period.chances = {{period.price, 1.0}};  // sessions keep the side that was drawn for them
    if (const auto drop = drops_.find(key.drop); drop != drops_.end()) period.stock = drop->second.lines[key.line].free;
    since = offered(key) ? std::optional(at) : std::nullopt;
}

Side PeriodLog::side_of(DropId drop, std::uint64_t session, Rate share) const {
    if (session == 0) return Side::all;
    return cohort_of_(drop, session, share) ? Side::cohort : Side::rest;
}

void PeriodLog::add(Running& running, std::uint64_t session, std::int64_t units, std::int64_t squares) {
    auto& period = running.period;
    const auto side = running.cohort ? side_of(period.key.drop, session, running.cohort->share) : Side::rest;
    if (side == Side::cohort) {
        running.apart.units += units, running.apart.squares += squares;
    } else if (side == Side::all) {
        running.aside.units += units;
    } else {
        period.units += units;
        if (running.cohort) period.unit_squares += squares;
    }
}

void PeriodLog::give_back(HoldId hold, DropId drop, const HeldLines& lines, bool preorder, std::uint64_t session,
                          Instant at) {
    const auto known = drops_.find(drop);
    if (known == drops_.end()) return;
    for (const auto& given : lines) {
        if (given.line < known->second.lines.size()) known->second.lines[given.line].free += given.units.n;
        if (preorder || personal_.contains({hold, given.line})) continue;
        const auto units = given.units.n;
        const auto earlier = last_of_.find(given.decision);
        if (earlier != last_of_.end()) {
            auto index = earlier->second;
            if (done_[index].side == Side::rest) {
                const double share = done_[index].chances.front().chance;
                const auto side = side_of(drop, session, Rate{std::llround(share * 1e6)});
                index += side == Side::cohort ? 1 : side == Side::all ? 2 : 0;
            }
            done_[index].units -= units;
            if (done_[index].side != Side::all) done_[index].unit_squares -= units * units;
            continue;
        }
        for (auto it = running_.lower_bound({drop, given.line, ChannelId{}});
             it != running_.end() && it->first.drop == drop && it->first.line == given.line; ++it)
            if (it->second.period.decision == given.decision) add(it->second, session, -units, -units * units);
    }
    settle_offers(drop, at);
}

void PeriodLog::saw(const Fact& fact, const Stamp& stamp) {
    last_ = std::max(last_, stamp.at);
    const auto drop_at = [&](DropId id) { return wanted(id) ? drops_.find(id) : drops_.end(); };
    const auto turn = [&](DropId id, bool open) {
        const auto found = drop_at(id);
        if (found == drops_.end()) return;
        found->second.open = open;
        settle_offers(id, stamp.at);
    };
    if (const auto* drafted = fact.as<DropDrafted>()) {
        if (!wanted(drafted->drop)) return;
        auto& known = drops_[drafted->drop];
        known.terms = drafted->terms;
        known.lines.clear();
        for (const auto& line : known.terms.lines) known.lines.push_back({line.cap.n, false});
    } else if (const auto* edited = fact.as<DropEdited>()) {
        const auto found = drop_at(edited->drop);
        if (found == drops_.end()) return;
        auto& known = found->second;
        for (std::size_t i = 0; i < edited->terms.lines.size(); ++i) {
            const auto cap = edited->terms.lines[i].cap.n;
            if (i < known.lines.size())
                known.lines[i].free += cap - known.terms.lines[i].cap.n;
            else
                known.lines.push_back({cap, false});
        }
        for (const auto line : edited->ended_lines)
            if (line < known.lines.size()) known.lines[line].ended = true;
        known.terms = edited->terms;
        settle_offers(edited->drop, stamp.at);
    } else if (const auto* opened = fact.as<DropOpened>()) {
        turn(opened->drop, true);
    } else if (const auto* resumed = fact.as<DropResumed>()) {
        turn(resumed->drop, true);
    } else if (const auto* paused = fact.as<DropPaused>()) {
        turn(paused->drop, false);
    } else if (const auto* closed = fact.as<DropClosed>()) {
        turn(closed->drop, false);
    } else if (const auto* cancelled = fact.as<DropCancelled>()) {
        turn(cancelled->drop, false);
    } else if (const auto* set = fact.as<PriceSet>()) {
        if (wanted(set->key.drop)) begin(set->key, *set, stamp.at);
    } else if (const auto* reviewed = fact.as<PriceReviewed>()) {
        if (wanted(reviewed->key.drop)) cut(reviewed->key, stamp.at);
    } else if (const auto* given = fact.as<PersonalPriceGiven>()) {
        if (wanted(given->drop))
            for (const auto& own : given->lines) personal_.insert({given->hold, own.line});
    } else if (const auto* held = fact.as<UnitsHeld>()) {
        const auto found = drop_at(held->drop);
        if (found == drops_.end()) return;
        for (const auto& line : held->lines) {
            if (line.line < found->second.lines.size()) found->second.lines[line.line].free -= line.units.n;
            const auto running = running_.find({held->drop, line.line, held->channel});
            if (running == running_.end() || held->preorder || personal_.contains({held->hold, line.line})) continue;
            add(running->second, held->session, line.units.n, line.units.n * line.units.n);
        }
        settle_offers(held->drop, stamp.at);
    } else if (const auto* reduced = fact.as<HoldReduced>()) {
        if (wanted(reduced->drop))
            give_back(reduced->hold, reduced->drop, reduced->given_back, reduced->preorder, reduced->session, stamp.at);
    } else if (const auto* ended = fact.as<HoldEnded>()) {
        if (wanted(ended->drop))
            give_back(ended->hold, ended->drop, ended->given_back, ended->preorder, ended->session, stamp.at);
    }
}

std::vector<Period> PeriodLog::take(Instant until) {
    std::vector<LineKey> keys;
    for (const auto& [key, running] : running_) keys.push_back(key);
    for (const auto& key : keys) cut(key, std::max(until, running_[key].period.from));
    running_.clear();
    std::erase_if(done_, [](const Period& piece) {  // what nobody without a session took
        return piece.side == Side::all && piece.offered.n <= 0 && piece.units == 0;
    });
    std::stable_sort(done_.begin(), done_.end(), [](const Period& a, const Period& b) {
        return std::tie(a.key, a.from) < std::tie(b.key, b.from);
    });
    last_of_.clear();
    return std::move(done_);
}

}  // namespace dropsmith::measure
