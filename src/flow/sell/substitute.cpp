// See the header. Covered by flow/sell/substitute_test.cpp.
#include "flow/sell/substitute.h"

#include "flow/sell/allocation.h"

namespace dropsmith::sell {
namespace {

bool is_there(const State& state, const DropLine& line) {
    return !line.ended && free_in_line(line, free_by_place(state.stock, line, PlaceId{})) > Quantity{0};
}

}  // namespace

std::optional<std::uint32_t> substitute_for(const State& state, const Drop& drop, SkuId sku) {
    for (const auto& gone : drop.lines) {
        if (gone.terms.sku != sku || !gone.terms.substitute || is_there(state, gone)) continue;
        for (std::uint32_t i = 0; i < drop.lines.size(); ++i)
            if (drop.lines[i].terms.sku == gone.terms.substitute && is_there(state, drop.lines[i])) return i;
    }
    return std::nullopt;
}

void evolve(Substitutes& slice, const SubstituteTaken& fact, const Stamp&) {
    auto& use = slice.uses[{fact.drop, fact.gone, fact.sku}];
    ++use.holds;
    use.taken += fact.units;
    slice.live[{fact.hold, fact.line}] = fact;
}

void evolve(Substitutes& slice, const HoldEnded& fact, const Stamp&) {
    const auto from = slice.live.lower_bound({fact.hold, 0});
    const auto to = slice.live.lower_bound({HoldId{fact.hold.n + 1}, 0});
    slice.live.erase(from, to);
}

void evolve(Substitutes& slice, const RefusalsCounted& fact, const Stamp&) {
    for (const auto& row : fact.rows)
        if (row.substitute) slice.uses[{row.drop, row.gone, row.substitute}].refused += row.times;
}

// What was bought is what is left of it: a hold may have been reduced.
void evolve(Substitutes& slice, const OrderPlaced& fact, const Stamp&) {
    auto it = slice.live.lower_bound({fact.hold, 0});
    while (it != slice.live.end() && it->first.first == fact.hold) {
        Quantity units;
        for (const auto& line : fact.lines)
            if (line.sku == it->second.sku) units += line.units;
        auto& use = slice.uses[{it->second.drop, it->second.gone, it->second.sku}];
        if (units > Quantity{0}) ++use.orders;
        use.bought += std::min(units, it->second.units);
        it = slice.live.erase(it);
    }
}

}  // namespace dropsmith::sell
