// Covered by engine/pricing_copy_test.cpp.
#include "engine/pricing_copy.h"

#include <algorithm>
#include <limits>
#include <set>

namespace dropsmith::engine {
namespace {

constexpr std::uint64_t drops_kept = 16;      // as far back as the engine looks for a SKU (flow/decide/propose.cpp)
constexpr std::size_t neighbours_kept = 400;  // of one brand, nearest in the catalogue: a cluster has at most 48
constexpr std::size_t rows_kept = 400'000;    // hours of imported history in all

bool on_offer(const Drop& drop) {
    return drop.status == DropStatus::scheduled || drop.status == DropStatus::open || drop.status == DropStatus::paused;
}

// SKUs whose past sales may speak for one of `skus`: of its brand, the nearest first.
std::vector<SkuId> speak_for(const Catalogue& catalogue, const std::vector<SkuId>& skus) {
    std::vector<SkuId> out;
    std::set<SkuId> taken;
    const auto take = [&](SkuId id) {
        if (taken.insert(id).second) out.push_back(id);
    };
    const auto brand_of = [&](SkuId id) -> const std::string* {
        const auto* sku = catalogue.find(id);
        const auto* product = sku ? catalogue.find(sku->product) : nullptr;
        return product ? &product->brand : nullptr;
    };
    for (const auto id : skus) take(id);
    for (const auto id : skus) {
        const auto* brand = brand_of(id);
        std::size_t found = 0;
        for (std::uint64_t away = 1; brand && away < 2'000 && found < neighbours_kept; ++away)
            for (const auto n : {id.n > away ? id.n - away : 0, id.n + away}) {
                const auto* other = brand_of(SkuId{n});
                if (other && *other == *brand) take(SkuId{n}), ++found;
            }
    }
    return out;
}

void copy_drops(const State& state, DropId next, Instant until, State& out) {
    out.drops.drops.assign(state.drops.drops.begin(),
                           state.drops.drops.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
                                                           next.n - 1, state.drops.drops.size())));
    for (auto& drop : out.drops.drops) {
        drop.terms.title.clear(), drop.terms.story.clear();
        if (drop.closed_at && *drop.closed_at > until) drop.status = DropStatus::open;  // it ran at that time
        if (drop.id.n + drops_kept < next.n && !on_offer(drop)) {
            drop.lines.clear();
            continue;
        }
        const auto first = state.prices.lines.lower_bound({drop.id, 0, ChannelId{}});
        for (auto it = first; it != state.prices.lines.end() && it->first.drop == drop.id; ++it) {
            auto& price = out.prices.lines[it->first] = it->second;
            price.seen.clear(), price.fresh.clear(), price.next_review = Instant{};
        }
    }
}

}  // namespace

State copy_of_shop(const State& state, const std::vector<SkuId>& skus, DropId next, Instant until) {
    State out;
    out.at = std::min(state.at, until), out.head = state.head, out.shop = state.shop, out.places = state.places;
    out.shop.speed = 1;
    out.catalogue = state.catalogue;
    for (auto& product : out.catalogue.products) product.title.clear(), product.story.clear();
    copy_drops(state, next, until, out);
    out.prices.decisions = state.prices.decisions, out.prices.rules = state.prices.rules;
    for (const auto& [channel, curves] : state.prices.curves)
        for (const auto& curve : curves)
            if (curve.drop < next && curve.closes <= until) out.prices.curves[channel].push_back(curve);
    for (const auto& [key, periods] : state.prices.history)
        if (std::find(skus.begin(), skus.end(), key.first) != skus.end()) out.prices.history[key] = periods;
    out.history.imports = state.history.imports;  // which say what of the rows is published, and the hours of the day
    const auto last = until.ms / hours(1).n;
    std::size_t rows = 0;
    for (const auto sku : speak_for(state.catalogue, skus)) {
        const auto n = static_cast<std::uint32_t>(sku.n);
        for (auto row = state.history.hours.lower_bound({n, std::numeric_limits<std::int64_t>::min()});
             row != state.history.hours.end() && row->first.first == n && row->first.second < last && rows < rows_kept;
             ++row, ++rows)
            out.history.hours.insert(out.history.hours.end(), *row);
    }
    return out;
}

State copy_of_shop(const State& state, const std::vector<SkuId>& skus) {
    return copy_of_shop(state, skus, DropId{state.drops.drops.size() + 1},
                        Instant{std::numeric_limits<std::int64_t>::max()});
}

}  // namespace dropsmith::engine
