// Covered by engine/full_price_tests_test.cpp.
#include "engine/full_price_tests.h"

#include <algorithm>
#include <utility>

#include "flow/decide/cannibal.h"
#include "flow/decide/opening.h"
#include "flow/decide/price.h"

namespace dropsmith::engine {
namespace {

measure::FullPriceTest reading_of(const Prices& prices, const MeterTerms& terms, const LineKey& key, Instant since,
                                  Instant at) {
    static const std::vector<SkuId> nobody;
    const auto& neighbours = key.line < terms.neighbours.size() ? terms.neighbours[key.line] : nobody;
    const auto sales = decide::neighbour_sales(prices, neighbours, since, at);
    measure::FullPriceTest test;
    test.key = key, test.since = since, test.until = at, test.neighbours = neighbours.size();
    test.units_before = sales.before, test.hours_before = sales.hours_before;
    test.units_during = sales.after, test.hours_during = sales.hours_after;
    test.borne = terms.borne, test.stops = decide::eats_full_price(sales, terms.borne, terms.reviews);
    return test;
}

template <class Each>
void each_test(const Prices& prices, DropId drop, Each each) {
    for (auto it = prices.lines.lower_bound({drop, 0, ChannelId{}}); it != prices.lines.end() && it->first.drop == drop;
         ++it)
        if (it->second.testing_since != Instant{}) each(it->first, it->second.testing_since);
}

}  // namespace

MeterTerms meter_terms(const State& state, const Drop& drop) {
    MeterTerms out;
    out.drop = drop.id;
    for (const auto& line : drop.lines) out.neighbours.push_back(decide::neighbours_of(state, line.terms.sku));
    out.borne = drop.terms.pricing.cannibalisation_max;
    out.reviews = decide::periods_left(drop.terms, drop.terms.opens_at);
    return out;
}

std::vector<measure::FullPriceTest> tests_running(const State& state, DropId id, Instant now) {
    std::vector<measure::FullPriceTest> out;
    const auto* drop = state.drops.find(id);
    if (!drop || (drop->status != DropStatus::open && drop->status != DropStatus::paused)) return out;
    const auto terms = meter_terms(state, *drop);
    each_test(state.prices, id, [&](const LineKey& key, Instant since) {
        out.push_back(reading_of(state.prices, terms, key, since, now));
        out.back().running = true;
    });
    return out;
}

template <class F>
bool FullPriceLog::take_in(const Fact& fact, const Stamp& stamp) {
    const auto* one = fact.as<F>();
    if (one) decide::evolve(prices_, *one, stamp);
    return one != nullptr;
}

// Evolves by a fact that may end tests of the drop or begin them anew, and reads those as they stood: such a fact
// leaves the sales as they are.
template <class Evolve>
void FullPriceLog::ends(DropId drop, Instant at, bool all, Evolve evolve) {
    std::vector<std::pair<LineKey, Instant>> before;
    if (drop == terms_.drop && sells_)
        each_test(prices_, drop, [&](const LineKey& key, Instant since) { before.emplace_back(key, since); });
    evolve();
    for (const auto& [key, since] : before) {
        const auto* now = prices_.find(key);
        if (all || !now || now->testing_since != since) ended_.push_back(reading_of(prices_, terms_, key, since, at));
    }
}

void FullPriceLog::saw(const Fact& fact, const Stamp& stamp) {
    last_ = stamp.at;
    // sales of all drops and of the shop beside them: what was sold at full price, and at which list price
    if (take_in<OrderPlaced>(fact, stamp) || take_in<SoldElsewhere>(fact, stamp)) return;
    if (const auto* opened = fact.as<DropOpened>()) {  // what a price did before anybody was asked it is no test
        decide::evolve(prices_, *opened, stamp);
        sells_ = sells_ || opened->drop == terms_.drop;
        return;
    }
    const auto over = [&](DropId drop, auto evolve) {
        ends(drop, stamp.at, true, evolve);
        if (drop == terms_.drop) sells_ = false;
    };
    if (const auto* set = fact.as<PriceSet>())
        ends(set->kind == DecisionKind::override_ended ? set->key.drop : DropId{}, stamp.at, false,
             [&] { decide::evolve(prices_, *set, stamp); });
    else if (const auto* undone = fact.as<KillUndone>())
        ends(undone->drop, stamp.at, false, [&] { decide::evolve(prices_, *undone, stamp); });
    else if (const auto* resumed = fact.as<PricesResumed>())
        ends(resumed->drop, stamp.at, false, [&] { decide::evolve(prices_, *resumed, stamp); });
    else if (const auto* closed = fact.as<DropClosed>())
        over(closed->drop, [&] { decide::evolve(prices_, *closed, stamp); });
    else if (const auto* cancelled = fact.as<DropCancelled>())
        over(cancelled->drop, [&] { decide::evolve(prices_, *cancelled, stamp); });
}

std::vector<measure::FullPriceTest> FullPriceLog::take() {
    auto out = std::move(ended_);
    if (sells_)
        each_test(prices_, terms_.drop, [&](const LineKey& key, Instant since) {
            out.push_back(reading_of(prices_, terms_, key, since, last_));
            out.back().running = true;
        });
    return out;
}

}  // namespace dropsmith::engine
