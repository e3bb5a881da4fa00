// Covered by flow/decide/governors_test.cpp.
#include "flow/decide/exposure.h"

#include <algorithm>

namespace dropsmith::decide {
namespace {

constexpr std::int64_t shares = 720'720;  // divides by every number of channels up to 16

bool on_offer(DropStatus status) {
    return status == DropStatus::scheduled || status == DropStatus::open || status == DropStatus::paused;
}

// Units on offer of a line in one channel, in parts of `shares`.
__int128 offered(const State& state, const LineKey& key) {
    const auto* drop = state.drops.find(key.drop);
    if (!drop || !on_offer(drop->status) || key.line >= drop->lines.size() || drop->lines[key.line].ended) return 0;
    const auto channels = static_cast<std::int64_t>(std::max<std::size_t>(1, drop->terms.channels.size()));
    return static_cast<__int128>(std::max<std::int64_t>(0, drop->lines[key.line].free().n)) * (shares / channels);
}

const std::string* brand_of(const State& state, SkuId id) {
    const auto* sku = state.catalogue.find(id);
    const auto* product = sku ? state.catalogue.find(sku->product) : nullptr;
    return product && !product->brand.empty() ? &product->brand : nullptr;
}

}  // namespace

BrandExposure exposure_of(const State& state, const std::string& brand, const LineKey* without) {
    BrandExposure out;
    for (const auto& [key, line] : state.prices.lines) {
        if (without && key == *without) continue;
        const auto units = offered(state, key);
        if (units == 0) continue;
        const auto* its = brand_of(state, line.sku);
        if (!its || *its != brand) continue;
        out.list += units * line.list_price.n;
        if (line.price < line.list_price) out.given += units * (line.list_price - line.price).n;
    }
    return out;
}

std::optional<Money> exposure_floor(const State& state, const LineKey& key) {
    const auto* line = state.prices.find(key);
    const auto* brand = line ? brand_of(state, line->sku) : nullptr;
    if (!brand) return std::nullopt;
    const auto& rules = state.prices.rules.brands;
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const BrandRule& r) { return r.brand == *brand; });
    const auto units = offered(state, key);
    if (rule == rules.end() || units == 0) return std::nullopt;
    const auto others = exposure_of(state, *brand, &key);
    const auto spare = (others.list + units * line->list_price.n) * rule->exposure_max.n / whole.n -
                       others.given;  // may be given here
    if (spare <= 0) return line->list_price;
    const auto fall = spare / units;
    return fall >= line->list_price.n ? Money{} : line->list_price - Money{static_cast<std::int64_t>(fall)};
}

}  // namespace dropsmith::decide
