// What whole units of an order line give back. The first k of n units are worth amount * k / n, rounded down, and all n
// the amount, so units from `before` to `before + units` are worth the difference: any order and split of refunds adds
// up to the line exactly. Tax is split by the same rule. Pure; any thread. Covered by flow/sell/proration_test.cpp.
#pragma once

#include "model/order.h"

namespace dropsmith::sell {

Money share_of_units(Money amount, Quantity all, Quantity before, Quantity units);

// Units of this line going back now, by the figures stored when the order was placed. units is at most what is left.
ReturnedLine returned_units(std::uint32_t index, const OrderLineState& line, Quantity units, bool restock);

}  // namespace dropsmith::sell
