// Covered by flow/decide/governors_test.cpp.
#include "flow/decide/exposure.h"

#include <algorithm>
#include <map>

#include "flow/decide/guardrail.h"
#include "flow/decide/modes.h"

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

__int128 fall(Money list, Money price) { return std::max<std::int64_t>(0, (list - price).n); }

// What a unit gives away in mean over the sessions.
__int128 given_by(const LinePrice& line) {
    const auto all = fall(line.list_price, line.price);
    if (!line.cohort) return all;
    const auto share = std::clamp<std::int64_t>(line.cohort->share.n, 0, whole.n);
    return (all * (whole.n - share) + fall(line.list_price, line.cohort->price) * share) / whole.n;
}

template <class But>
BrandExposure exposure_but(const State& state, const std::string& brand, But but) {
    BrandExposure out;
    for (const auto& [key, line] : state.prices.lines) {
        if (but(key)) continue;
        const auto units = offered(state, key);
        if (units == 0) continue;
        const auto* its = brand_of(state, line.sku);
        if (!its || *its != brand) continue;
        out.list += units * line.list_price.n;
        out.given += units * given_by(line);
    }
    return out;
}

const BrandRule* rule_of(const State& state, const std::string& brand) {
    const auto& rules = state.prices.rules.brands;
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const BrandRule& r) { return r.brand == brand; });
    return rule == rules.end() ? nullptr : &*rule;
}

// The lowest price that a plan promises, or the highest that it can begin with.
Money promised(const DropTerms& terms, const LineTerms& line) {
    const auto mode = mode_of(terms.pricing);
    const auto bands = bands_of(line);
    if (mode == PriceMode::taper) return bands.front();
    return mode == PriceMode::fixed ? std::max(bands.front(), std::min(fixed_price(line), bands.back())) : bands.back();
}

}  // namespace

BrandExposure exposure_of(const State& state, const std::string& brand, const LineKey* without) {
    return exposure_but(state, brand, [&](const LineKey& key) { return without && key == *without; });
}

std::optional<OverExposed> over_exposed(const State& state, const DropTerms& terms, DropId self) {
    const auto* drop = state.drops.find(self);
    struct OfPlan {
        BrandExposure all;
        __int128 most = 0;  // given by one line: the one to look at
        std::size_t line = 0;
    };
    std::map<std::string, OfPlan> by_brand;
    for (std::size_t i = 0; i < terms.lines.size(); ++i) {
        const auto& line = terms.lines[i];
        const auto* brand = brand_of(state, line.sku);
        const auto* rule = brand ? rule_of(state, *brand) : nullptr;
        const auto* now = drop && i < drop->lines.size() ? &drop->lines[i] : nullptr;
        if (!rule || (now && now->ended)) continue;
        const auto gone = now ? now->held + now->sold : Quantity{};
        const auto sold_in = terms.channels.empty() ? std::vector{ChannelId{}} : terms.channels;
        const auto units = static_cast<__int128>(std::max<std::int64_t>(0, (line.cap - gone).n)) *
                           (shares / static_cast<std::int64_t>(sold_in.size()));
        auto [at, first] = by_brand.try_emplace(*brand);
        auto& plan = at->second;
        if (first) plan.all = exposure_but(state, *brand, [&](const LineKey& key) { return key.drop == self; });
        __int128 given = 0;
        for (const auto channel : sold_in) {
            const auto asked = in_channel(line, channel);
            plan.all.list += units * asked.list_price.n;
            given += units * fall(asked.list_price, promised(terms, asked));
        }
        plan.all.given += given;
        if (given > plan.most) plan.most = given, plan.line = i;
    }
    for (const auto& [brand, plan] : by_brand) {
        const auto allowed = rule_of(state, brand)->exposure_max;
        const auto& [list, given] = plan.all;
        if (plan.most > 0 && given * whole.n > list * allowed.n)
            return OverExposed{plan.line, brand, Rate{static_cast<std::int64_t>(given * whole.n / list)}, allowed};
    }
    return std::nullopt;
}

std::optional<Money> exposure_floor(const State& state, const LineKey& key) {
    const auto* line = state.prices.find(key);
    const auto* brand = line ? brand_of(state, line->sku) : nullptr;
    if (!brand) return std::nullopt;
    const auto* rule = rule_of(state, *brand);
    const auto units = offered(state, key);
    if (!rule || units == 0) return std::nullopt;
    const auto others = exposure_of(state, *brand, &key);
    auto spare = (others.list + units * line->list_price.n) * rule->exposure_max.n / whole.n -
                 others.given;  // may be given here
    auto share = whole.n;       // of the sessions, to whom what is decided applies
    const auto& pricing = state.drops.find(key.drop)->terms.pricing;
    if (mode_of(pricing) == PriceMode::cohort) {
        share = std::max<std::int64_t>(1, std::min(pricing.cohort_share, pricing.explore_share).n);
        spare -= units * fall(line->list_price, line->price) * (whole.n - share) / whole.n;
    }
    if (spare <= 0) return line->list_price;
    const auto most = spare * whole.n / (units * share);
    return most >= line->list_price.n ? Money{} : line->list_price - Money{static_cast<std::int64_t>(most)};
}

}  // namespace dropsmith::decide
