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
        auto& [period, since, apart] = it->second;
        const bool now = offered(it->first);
        if (now && !since) since = at;
        if (!now && since) period.offered = period.offered + (at - *since), since.reset();
    }
}

std::vector<PriceChance> PeriodLog::chances_of(const Known& drop, const PriceSet& set, Money standing) {
    std::map<Money, double> chances;
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
    auto& [period, since, apart] = running_[key];
    period = {}, apart = set.cohort ? set.cohort->share : Rate{};
    if (set.cohort) split_.insert(set.decision);
    period.key = key, period.sku = terms.sku, period.decision = set.decision, period.from = at;
    period.price = set.price, period.list_price = terms.list_price;
    period.chances = chances_of(drop->second, set, standing);
    period.periods_left = set.inputs.periods_left;
    period.stock = drop->second.lines[key.line].free;
    since = offered(key) ? std::optional(at) : std::nullopt;
}

void PeriodLog::cut(const LineKey& key, Instant at) {
    const auto found = running_.find(key);
    if (found == running_.end()) return;
    auto& [period, since, apart] = found->second;
    if (since) period.offered = period.offered + (at - *since);
    period.to = at;
    if (period.offered.n > 0 || period.units != 0) {
        last_of_[period.decision] = done_.size(), done_.push_back(period);
        done_.back().offered.n -= checked(try_mul_div_floor(period.offered.n, apart.n, whole.n));
    }
    period.from = at, period.units = 0, period.offered = {}, period.chances = {{period.price, 1.0}};
    period.periods_left = 0;
    if (const auto drop = drops_.find(key.drop); drop != drops_.end()) period.stock = drop->second.lines[key.line].free;
    since = offered(key) ? std::optional(at) : std::nullopt;
}

void PeriodLog::give_back(DropId drop, const HeldLines& lines, bool preorder, Instant at) {
    const auto known = drops_.find(drop);
    if (known == drops_.end()) return;
    for (const auto& given : lines) {
        if (given.line < known->second.lines.size()) known->second.lines[given.line].free += given.units.n;
        if (preorder) continue;
        const auto earlier = last_of_.find(given.decision);
        if (earlier != last_of_.end()) {
            auto& period = done_[earlier->second];
            if (!split_.contains(given.decision) || given.unit_price == period.price) period.units -= given.units.n;
            continue;
        }
        for (auto it = running_.lower_bound({drop, given.line, ChannelId{}});
             it != running_.end() && it->first.drop == drop && it->first.line == given.line; ++it)
            if (it->second.period.decision == given.decision &&
                (it->second.apart == Rate{} || given.unit_price == it->second.period.price))
                it->second.period.units -= given.units.n;
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
    } else if (const auto* held = fact.as<UnitsHeld>()) {
        const auto found = drop_at(held->drop);
        if (found == drops_.end()) return;
        for (const auto& line : held->lines) {
            if (line.line < found->second.lines.size()) found->second.lines[line.line].free -= line.units.n;
            const auto running = running_.find({held->drop, line.line, held->channel});
            if (running == running_.end() || held->preorder) continue;
            auto& at = running->second;
            if (at.apart == Rate{} || line.unit_price == at.period.price) at.period.units += line.units.n;
        }
        settle_offers(held->drop, stamp.at);
    } else if (const auto* reduced = fact.as<HoldReduced>()) {
        if (wanted(reduced->drop)) give_back(reduced->drop, reduced->given_back, reduced->preorder, stamp.at);
    } else if (const auto* ended = fact.as<HoldEnded>()) {
        if (wanted(ended->drop)) give_back(ended->drop, ended->given_back, ended->preorder, stamp.at);
    }
}

std::vector<Period> PeriodLog::take(Instant until) {
    std::vector<LineKey> keys;
    for (const auto& [key, running] : running_) keys.push_back(key);
    for (const auto& key : keys) cut(key, std::max(until, running_[key].period.from));
    running_.clear();
    std::stable_sort(done_.begin(), done_.end(), [](const Period& a, const Period& b) {
        return std::tie(a.key, a.from) < std::tie(b.key, b.from);
    });
    last_of_.clear();
    return std::move(done_);
}

}  // namespace dropsmith::measure
