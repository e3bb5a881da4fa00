// What one unit leaves over at a shown price: net of tax, payment fee, expected delivery subsidy, expected
// returns and unit cost; and the
// lowest price that leaves a stated margin. Everything is rounded against the shop (tax and fee up), so that a floor
// solved here also holds on a real order. The subsidy is the dearest of the shop's delivery methods: nobody knows yet
// which one a buyer takes; the fixed fee is counted on every unit, as for an order of one. Pure integers; any thread.
// Covered by flow/decide/economics_test.cpp.
#pragma once

#include <optional>

#include "base/numbers.h"
#include "model/ids.h"
#include "model/state.h"

namespace dropsmith::decide {

struct UnitEconomics {
    Rate tax;
    bool includes_tax = true;        // whether shown prices include it
    Rate fee_share;                  // of the gross amount
    Money fee_fixed;                 // an order
    Money subsidy;                   // a unit delivered
    std::optional<Money> unit_cost;  // net; none: not known
    Money returns = {};              // expected cost of returns of a unit sold
};

// nullopt: no such SKU or channel.
std::optional<UnitEconomics> unit_economics(const State& state, SkuId sku, ChannelId channel, Instant at);
Money returns_of(const LineTerms& line);  // what returns are expected to cost, of a unit sold
// The same for a line of a drop, with the returns that its terms expect.
std::optional<UnitEconomics> unit_economics(const State& state, const LineTerms& line, ChannelId channel, Instant at);

Money net_price(const UnitEconomics& unit, Money shown);     // without tax
Money contribution(const UnitEconomics& unit, Money shown);  // an unknown cost counts as 0
// What the objective counts for a unit sold: its contribution by default. Where the plan says what a left-over unit is
// worth, its cost is spent either way: then what a sale adds is the contribution before cost, less that salvage.
Money gain_of_a_sale(const UnitEconomics& unit, const LineTerms& line, PriceObjective objective, Money shown);

// The lowest shown price from which on every price leaves at least `margin` of its net price as contribution; Rate{0}:
// break even. nullopt: no price up to limits::money_max does (the fee and the margin together eat the whole price).
std::optional<Money> lowest_price(const UnitEconomics& unit, Rate margin);

}  // namespace dropsmith::decide
