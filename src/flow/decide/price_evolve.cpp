// What facts do to the slice of prices. Covered by flow/decide/price_test.cpp, flow/decide/prior_price_test.cpp.
#include <algorithm>
#include <iterator>

#include "flow/decide/arrivals.h"
#include "flow/decide/cannibal.h"
#include "flow/decide/cascade.h"
#include "flow/decide/price.h"
#include "flow/decide/prior_price.h"

namespace dropsmith::decide {
namespace {

constexpr std::size_t sign_offs_max = 100, periods_kept = 512, announced_kept = 32;
constexpr std::uint64_t looks_max = 1'000'000'000'000;

// The bands as the decision names them; what is known of a price stays with it.
std::vector<ArmStats> arms_after(const std::vector<ArmStats>& before, const std::vector<ArmInput>& inputs) {
    std::vector<ArmStats> arms;
    for (const auto& input : inputs) {
        const auto known =
            std::find_if(before.begin(), before.end(), [&](const ArmStats& arm) { return arm.price == input.price; });
        arms.push_back(known == before.end() ? ArmStats{input.price, 0, 0, 0, 0, 0} : *known);
    }
    return arms;
}

template <class Each>
void each_line(Prices& slice, DropId drop, Each each) {
    for (auto it = slice.lines.lower_bound({drop, 0, ChannelId{}});
         it != slice.lines.end() && it->first.drop == drop; ++it)
        each(it->first, it->second);
}

std::uint64_t& units_at(std::vector<FreshUnits>& units, Money price) {
    for (auto& at : units)
        if (at.price == price) return at.units;
    return units.emplace_back(FreshUnits{price, 0}).units;
}

std::uint64_t take_from(std::uint64_t& there, std::uint64_t units) {  // what is still to be taken
    const auto part = std::min(there, units);
    there -= part;
    return units - part;
}

// From the running period, then from the one before it if that did not count; what is left was learned from, and goes
// from the newest periods that sold at this price.
void take_back(LinePrice& line, Money price, std::uint64_t units) {
    units = take_from(units_at(line.fresh, price), units);
    units = take_from(units_at(line.spared, price), units);
    for (auto& arm : line.arms)
        if (arm.price == price) arm.sales -= std::min(arm.sales, units);
    for (auto it = line.seen.rbegin(); it != line.seen.rend() && units > 0; ++it)
        if (it->price == price) units = take_from(it->units, units);
}

// What the running period sold becomes evidence, or is kept from it.
void learn_sales(LinePrice& line) {
    for (const auto& fresh : line.fresh)
        for (auto& arm : line.arms)
            if (arm.price == fresh.price) arm.sales += fresh.units;
    line.spared.clear();
}
void spare_sales(LinePrice& line) {
    for (const auto& fresh : line.fresh) units_at(line.spared, fresh.price) += fresh.units;
}

// The period that a review ends, at one price.
void keep_period(LinePrice& line, Money price, std::uint64_t exposure, Instant now) {
    if (line.seen.size() >= periods_kept) line.seen.erase(line.seen.begin());
    line.seen.push_back({line.period_from, now, price, exposure, units_at(line.fresh, price), line.fresh_looks,
                         line.fresh_footfall});
}

void begin_counting(LinePrice& line, Instant now) {
    line.fresh.clear(), line.fresh_looks = line.fresh_footfall = 0, line.period_from = now;
}

void add_up(std::uint64_t& there, std::int64_t count) {
    there = std::min(there + static_cast<std::uint64_t>(count), looks_max);
}

// Sensors tell late: what they counted is of the period in which it was counted, as long as that is kept.
void hear_footfall(LinePrice& line, Instant at, std::int64_t count) {
    if (at >= line.period_from) return add_up(line.fresh_footfall, count);
    for (auto it = line.seen.rbegin(); it != line.seen.rend() && it->to > at; ++it)
        if (it->from <= at) add_up(it->footfall, count);
}

void hear_row(Prices& slice, const DemandRow& row, const std::vector<Hearing>& hearing) {
    const auto& said = row.key;
    const auto from = said.channel ? PlaceId{} : said.place;
    for (const auto& heard : hearing) {
        if (heard.place != from || (said.channel && heard.channel != said.channel)) continue;
        if (said.drop && heard.drop != said.drop) continue;
        each_line(slice, heard.drop, [&](const LineKey& key, LinePrice& line) {
            if (key.channel == heard.channel && (!said.sku || said.sku == line.sku))
                hear_footfall(line, Instant{said.minute * 60'000 + 59'999}, row.count);  // where it ends
        });
    }
}

// By instant; one instant counts once. The first ones stay when there are too many.
void keep_announcement(std::vector<Announcement>& known, const Announcement& told) {
    if (known.size() >= announced_kept || std::find(known.begin(), known.end(), told) != known.end()) return;
    const auto after = [](const Announcement& a, const Announcement& b) { return a.at < b.at; };
    known.insert(std::upper_bound(known.begin(), known.end(), told, after), told);
}

bool by_override(const LinePrice& line, const HeldLine& held) {
    return line.overridden && held.decision == line.overridden;
}

// Asked of one session, it says nothing of what everybody would have done at that price.
bool personal(const Prices& slice, HoldId hold, std::uint32_t line) {
    if (slice.personal.empty()) return false;
    const auto found = slice.personal.find(hold);
    return found != slice.personal.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const auto& own) { return own.line == line; });
}

// Units given back were not sold after all. The facts do not say the channel: it is the only one, or the one whose
// decision it was; failing that (several channels, an older decision) they stay counted, on the side of asking more.
void give_back(Prices& slice, HoldId hold, DropId drop, const HeldLines& lines, bool preorder) {
    if (preorder) return;  // they were never counted
    for (const auto& given : lines) {
        if (personal(slice, hold, given.line)) continue;  // nor were these
        const auto first = slice.lines.lower_bound({drop, given.line, ChannelId{}});
        auto last = first, found = slice.lines.end();
        for (; last != slice.lines.end() && last->first.drop == drop && last->first.line == given.line; ++last)
            if (last->second.decision == given.decision) found = last;
        if (first != last && std::next(first) == last) found = first;
        if (found == slice.lines.end() || by_override(found->second, given)) continue;
        const auto units = std::max<std::int64_t>(0, given.units.n);
        take_back(found->second, given.unit_price, static_cast<std::uint64_t>(units));
    }
}

// The drop's own run, and those over drops that it has a part in.
void forget_runs(Prices& slice, DropId drop) {
    slice.runs.erase(drop);
    for (auto* run : {&slice.falls, &slice.rises})
        if (std::any_of(run->moved.begin(), run->moved.end(), [&](const LineKey& key) { return key.drop == drop; }))
            *run = {};
}

bool moved_by_engine(DecisionKind kind) { return kind == DecisionKind::bandit || kind == DecisionKind::override_; }

}  // namespace

void evolve(Prices& slice, const PriceSet& fact, const Stamp& stamp) {
    if (moved_by_engine(fact.kind)) {
        auto run = run_after(slice, fact.key, fact.price);
        auto falls = shop_run_after(slice, fact.key, fact.price, stamp.at, -1);
        slice.rises = shop_run_after(slice, fact.key, fact.price, stamp.at, 1);
        slice.runs[fact.key.drop] = std::move(run), slice.falls = std::move(falls);
    }
    auto& line = slice.lines[fact.key];
    const bool first = !line.decision;
    if (fact.kind == DecisionKind::override_ && !line.override_until) line.before_override = line.price;
    line.override_until = fact.kind == DecisionKind::override_ ? fact.until : std::nullopt;
    if (fact.kind == DecisionKind::override_) line.touched = true, line.overridden = fact.decision;
    if (first) line.opened_at = fact.price;
    if (first || line.price != fact.price) line.changed_at = stamp.at;
    line.price = fact.price;
    line.decision = fact.decision;
    line.kind = fact.kind;
    line.arm = fact.arm;
    line.set_at = stamp.at;
    line.last_set_seq = stamp.seq;
    line.next_review = fact.next_review;
    line.sku = fact.sku, line.list_price = fact.list_price;
    line.prior_price = fact.prior_price, line.floor = fact.floor;
    line.cohort = fact.cohort;
    if (fact.kind == DecisionKind::kill) line.killed = true;
    if (fact.inputs.level) line.level = fact.inputs.level;
    const bool falls = fact.price < line.opened_at || fact.cohort;
    if (falls && line.testing_since == Instant{}) line.testing_since = stamp.at;
    if (!falls && fact.kind == DecisionKind::override_ended) line.testing_since = Instant{};  // the cut is over
    if (!fact.inputs.arms.empty()) line.arms = arms_after(line.arms, fact.inputs.arms);
    slice.decisions = std::max(slice.decisions, fact.decision.n);
    move_period(slice, fact.key, stamp.at);
}

void evolve(Prices& slice, const PriceReviewed& fact, const Stamp& stamp) {
    auto& line = slice.lines[fact.key];
    const bool learned = fact.counted && !line.touched;
    if (fact.counted) ++line.reviews;
    if (learned) {
        const auto share = line.cohort ? line.cohort->share : Rate{};
        const auto see = [&](std::optional<std::uint32_t> arm, Rate part, bool standing) {
            if (!arm || *arm >= line.arms.size()) return;
            auto& stats = line.arms[*arm];
            if (standing) ++stats.periods, ++stats.looks;
            const auto seen = checked(try_mul_div_floor(std::max<std::int64_t>(0, part.n),
                                                        std::clamp<std::int64_t>(fact.seen.n, 0, whole.n), whole.n));
            stats.exposure += static_cast<std::uint64_t>(seen);
            keep_period(line, stats.price, static_cast<std::uint64_t>(seen), stamp.at);
        };
        see(line.arm, whole - share, true);
        if (line.cohort) see(line.cohort->arm, share, false);
        learn_sales(line);
    } else {
        spare_sales(line);
    }
    line.touched = line.override_until.has_value();
    begin_counting(line, stamp.at);
    line.last_review_seq = stamp.seq;
    line.next_review = fact.next_review;
}

void evolve(Prices& slice, const PricesKilled& fact, const Stamp&) {
    each_line(slice, fact.drop, [](const LineKey&, LinePrice& line) {
        line.killed = true;
        line.next_review = Instant{};
        line.override_until.reset();
        line.cohort.reset();
    });
    forget_runs(slice, fact.drop), slice.offers.erase(fact.drop);
}

void evolve(Prices& slice, const KillUndoAsked& fact, const Stamp& stamp) {
    slice.undos[fact.drop] = {fact.reason, stamp.who, stamp.at};
}

void evolve(Prices& slice, const KillUndoRejected& fact, const Stamp&) { slice.undos.erase(fact.drop); }

// The running period was not the engine's; what a test ate before the switch is not held against what comes.
void evolve(Prices& slice, const KillUndone& fact, const Stamp&) {
    each_line(slice, fact.drop, [](const LineKey&, LinePrice& line) {
        line.killed = false, line.touched = true;
        line.testing_since = Instant{};
    });
    slice.undos.erase(fact.drop);
}

void evolve(Prices& slice, const PriceRulesSet& fact, const Stamp&) { slice.rules = fact.rules; }

void evolve(Prices& slice, const PricesHalted& fact, const Stamp&) {
    if (fact.key) return void(slice.lines[*fact.key].halted_by = fact.by);
    forget_runs(slice, fact.drop);
    each_line(slice, fact.drop, [&](const LineKey&, LinePrice& line) { line.halted_by = fact.by; });
}

void evolve(Prices& slice, const PricesResumed& fact, const Stamp& stamp) {
    each_line(slice, fact.drop, [&](const LineKey&, LinePrice& line) {
        line.halted_by.reset();
        if (line.testing_since != Instant{}) line.testing_since = stamp.at;  // what came before is not held against it
    });
    forget_runs(slice, fact.drop);
}

void evolve(Prices& slice, const OverrideAsked& fact, const Stamp& stamp) {
    std::erase_if(slice.asked, [&](const auto& row) { return row.second.until <= stamp.at; });
    slice.asked[fact.id] = {fact.id, fact.key, fact.price, fact.until, fact.reason, fact.cost, stamp.who, stamp.at};
    slice.overrides = std::max(slice.overrides, fact.id.n);
}

void evolve(Prices& slice, const OverrideAnswered& fact, const Stamp&) { slice.asked.erase(fact.id); }

void evolve(Prices& slice, const AuditSigned& fact, const Stamp& stamp) {
    slice.sign_offs.push_back({fact.result, fact.note, stamp.who, stamp.at});
    if (slice.sign_offs.size() > sign_offs_max) slice.sign_offs.erase(slice.sign_offs.begin());
}

void evolve(Prices& slice, const EthicsSigned& fact, const Stamp& stamp) {
    slice.ethics_sign_offs.push_back({fact.result, fact.note, stamp.who, stamp.at});
    if (slice.ethics_sign_offs.size() > sign_offs_max) slice.ethics_sign_offs.erase(slice.ethics_sign_offs.begin());
}

void evolve(Prices& slice, const UnitsHeld& fact, const Stamp& stamp) {
    for (const auto& held : fact.lines) {
        const LineKey key{fact.drop, held.line, fact.channel};
        const auto found = slice.lines.find(key);
        if (found == slice.lines.end()) continue;
        auto& line = found->second;
        line.sold_at = stamp.at;
        if (fact.preorder)
            begin_period(slice, key, stamp.at);  // no demand of a period
        else if (const auto units = std::max<std::int64_t>(0, held.units.n);
                 !by_override(line, held) && !personal(slice, fact.hold, held.line))
            units_at(line.fresh, held.unit_price) += static_cast<std::uint64_t>(units);
    }
}

// Views and scrolls of the drop, or of one of its lines, are looks; a cart comes after the price and is none. Footfall
// is of whom the fact says.
void evolve(Prices& slice, const DemandFolded& fact, const Stamp&) {
    for (const auto& told : fact.announced) keep_announcement(slice.announced[told.drop], told);
    for (const auto& row : fact.rows) {
        if (row.count <= 0) continue;
        if (row.key.kind == Signal::footfall_counted) hear_row(slice, row, fact.hearing);
        if (!row.key.drop) continue;
        if (row.key.kind != Signal::page_viewed && row.key.kind != Signal::page_scrolled) continue;
        each_line(slice, row.key.drop, [&](const LineKey& key, LinePrice& line) {
            const bool here = (!row.key.channel || row.key.channel == key.channel) &&
                              (!row.key.sku || row.key.sku == line.sku);
            if (here) add_up(line.fresh_looks, row.count);
        });
    }
}

void evolve(Prices& slice, const HoldReduced& fact, const Stamp&) {
    give_back(slice, fact.hold, fact.drop, fact.given_back, fact.preorder);
}
void evolve(Prices& slice, const HoldEnded& fact, const Stamp&) {
    give_back(slice, fact.hold, fact.drop, fact.given_back, fact.preorder);
}

void evolve(Prices& slice, const OrderPlaced& fact, const Stamp& stamp) {
    for (const auto& sold : fact.lines) {
        const auto found = slice.lines.find({fact.drop, sold.line, fact.channel});
        if (found != slice.lines.end() && sold.unit_price >= found->second.list_price)
            count_full_price(slice, sold.sku, sold.units.n, stamp.at);
    }
}

// What a shop sells elsewhere is its ordinary trade.
void evolve(Prices& slice, const SoldElsewhere& fact, const Stamp& stamp) {
    for (const auto& sold : fact.lines)
        if (sold.units > Quantity{}) count_full_price(slice, sold.sku, sold.units.n, stamp.at);
}

void evolve(Prices& slice, const DropEdited& fact, const Stamp& stamp) {
    each_line(slice, fact.drop, [&](const LineKey& key, const LinePrice&) {
        if (std::find(fact.ended_lines.begin(), fact.ended_lines.end(), key.line) != fact.ended_lines.end())
            end_period(slice, key, stamp.at);
    });
}

void evolve(Prices& slice, const DropOpened& fact, const Stamp& stamp) {
    each_line(slice, fact.drop, [&](const LineKey& key, LinePrice& line) {
        begin_period(slice, key, stamp.at);
        line.changed_at = std::max(line.changed_at, stamp.at);
        line.closes_at = fact.closes_at;
        begin_counting(line, stamp.at);
        if (line.testing_since != Instant{}) line.testing_since = stamp.at;  // nobody was asked it before
        line.touched = line.override_until.has_value();
    });
}

// What was open for a part of a period only does not count.
void evolve(Prices& slice, const DropPaused& fact, const Stamp&) {
    each_line(slice, fact.drop, [](const LineKey&, LinePrice& line) { line.touched = true; });
}
void evolve(Prices& slice, const DropResumed& fact, const Stamp&) {
    each_line(slice, fact.drop, [](const LineKey&, LinePrice& line) { line.touched = true; });
}

void evolve(Prices& slice, const DropClosed& fact, const Stamp& stamp) {
    each_line(slice, fact.drop, [&](const LineKey& key, LinePrice& line) {
        end_period(slice, key, stamp.at);
        line.next_review = Instant{};
        line.override_until.reset();
        spare_sales(line);  // since the last review: its exposure is not known
    });
    learn_arrivals(slice, fact.drop, stamp.at);
    forget_runs(slice, fact.drop), slice.undos.erase(fact.drop), slice.announced.erase(fact.drop);
    slice.offers.erase(fact.drop);
}

void evolve(Prices& slice, const DropCancelled& fact, const Stamp& stamp) {
    each_line(slice, fact.drop, [&](const LineKey& key, const LinePrice&) { end_period(slice, key, stamp.at); });
    const auto first = slice.lines.lower_bound({fact.drop, 0, ChannelId{}});
    auto last = first;
    while (last != slice.lines.end() && last->first.drop == fact.drop) ++last;
    slice.lines.erase(first, last);
    forget_runs(slice, fact.drop), slice.undos.erase(fact.drop), slice.announced.erase(fact.drop);
    slice.offers.erase(fact.drop);
}

}  // namespace dropsmith::decide
