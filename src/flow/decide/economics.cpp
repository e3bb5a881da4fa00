// Contribution of a unit and the lowest lawful price. Covered by flow/decide/economics_test.cpp.
#include "flow/decide/economics.h"

#include <algorithm>

#include "base/limits.h"
#include "model/tax.h"

namespace dropsmith::decide {
namespace {

constexpr std::int64_t million = 1'000'000;

std::int64_t up(std::int64_t a, std::int64_t b, std::int64_t c) { return checked(try_mul_div_ceil(a, b, c)); }

Money gross_price(const UnitEconomics& unit, Money shown) {
    return unit.includes_tax ? shown : shown + Money{up(shown.n, unit.tax.n, million)};
}

bool leaves(const UnitEconomics& unit, Money shown, Rate margin) {
    const auto want = static_cast<__int128>(net_price(unit, shown).n) * margin.n;
    return static_cast<__int128>(contribution(unit, shown).n) * million >= want;
}

}  // namespace

std::optional<UnitEconomics> unit_economics(const State& state, SkuId sku_id, ChannelId channel_id, Instant at) {
    const auto* sku = state.catalogue.find(sku_id);
    const auto* channel = state.places.find(channel_id);
    const auto* product = sku ? state.catalogue.find(sku->product) : nullptr;
    if (!product || !channel) return std::nullopt;
    UnitEconomics unit;
    unit.tax = tax_rate(state.shop.tax, product->tax_category, "", at);
    unit.includes_tax = channel->prices_include_tax;
    unit.fee_share = state.shop.payment_fee.share;
    unit.fee_fixed = state.shop.payment_fee.fixed;
    for (const auto& method : state.shop.delivery) unit.subsidy = std::max(unit.subsidy, method.subsidy);
    unit.unit_cost = unit_cost_of(state.catalogue, sku->terms);
    return unit;
}

std::optional<UnitEconomics> unit_economics(const State& state, const LineTerms& line, ChannelId channel, Instant at) {
    auto unit = unit_economics(state, line.sku, channel, at);
    if (unit) unit->returns = returns_of(line);
    return unit;
}

Money returns_of(const LineTerms& line) { return Money{up(line.return_cost.n, line.return_share.n, million)}; }

Money net_price(const UnitEconomics& unit, Money shown) {
    return unit.includes_tax ? shown - Money{up(shown.n, unit.tax.n, million + unit.tax.n)} : shown;
}

Money contribution(const UnitEconomics& unit, Money shown) {
    const Money fee = Money{up(gross_price(unit, shown).n, unit.fee_share.n, million)} + unit.fee_fixed;
    return net_price(unit, shown) - fee - unit.subsidy - unit.returns - unit.unit_cost.value_or(Money{});
}

Money gain_of_a_sale(const UnitEconomics& unit, const LineTerms& line, PriceObjective objective, Money shown) {
    switch (objective) {
        case PriceObjective::margin:
            return line.salvage ? contribution(unit, shown) + unit.unit_cost.value_or(Money{}) - *line.salvage
                                : contribution(unit, shown);
        case PriceObjective::revenue:
            return net_price(unit, shown);
        case PriceObjective::units:
            return Money{1};
    }
    return Money{};
}

std::optional<Money> lowest_price(const UnitEconomics& unit, Rate margin) {
    // In exact arithmetic price * slope >= burden * scale. Rounding costs less than three minor units in all, so the
    // price for a burden greater by three is safe together with every higher one; from there walk down as long as the
    // rounded figures agree.
    const auto slope = static_cast<__int128>(million - margin.n) * million -
                       static_cast<__int128>(unit.fee_share.n) * (million + unit.tax.n);
    if (slope <= 0) return std::nullopt;
    const auto scale = static_cast<__int128>(unit.includes_tax ? million + unit.tax.n : million) * million;
    const auto burden =
        static_cast<__int128>((unit.fee_fixed + unit.subsidy + unit.returns + unit.unit_cost.value_or(Money{})).n) + 3;
    const auto safe = (std::max<__int128>(burden, 0) * scale + slope - 1) / slope;
    if (safe > limits::money_max) return std::nullopt;
    Money price{static_cast<std::int64_t>(safe)};
    while (price.n > 0 && leaves(unit, price - Money{1}, margin)) price -= Money{1};
    return price;
}

}  // namespace dropsmith::decide
