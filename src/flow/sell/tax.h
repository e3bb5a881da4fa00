// Tax arithmetic, exact in integers. Items of one rate and one habit (price includes tax, or not) form a pool:
//     exact tax of an item   amount * rate / (1 + rate) when the amount includes tax, amount * rate when it does not
//     tax of the pool        the exact sum, rounded half up to the minor unit
//     tax of an item         its exact tax rounded down; the units still missing go to the largest remainders, ties to
//     the earlier
// so the lines of an order add up to the tax on their sum, and no line is off by a whole minor unit. Worked numbers:
// docs/concepts/money-and-tax.md. Pure; any thread. Covered by flow/sell/tax_test.cpp, tests/scenarios/order_oracle.py.
#pragma once

#include <vector>

#include "model/order.h"

namespace dropsmith::sell {

struct Taxable {
    Money amount;  // 0 or more
    Rate rate;
    bool includes_tax = true;
};

struct Taxed {
    Money gross;  // what the buyer pays
    Money tax;    // inside gross
};

std::vector<Taxed> tax_of(const std::vector<Taxable>& items);

// By rate, ascending; items of amount 0 make no row.
std::vector<TaxRow> tax_rows(const std::vector<Taxable>& items, const std::vector<Taxed>& taxed);

}  // namespace dropsmith::sell
